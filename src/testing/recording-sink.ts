import { OptionError } from '../errors/usage-errors.ts';
import type { EventRecord, ExposureRecord, OutcomeRecord } from '../exposures/records/record.ts';
import type { Sink } from '../exposures/delivery/sink.ts';

/** A sink that keeps what it is given. */
export interface RecordingSink extends Sink {
  /** Everything it was given, in order. */
  readonly records: readonly EventRecord[];
  /** The exposures among it; to one experiment, if that is named. */
  exposures(experiment?: string): ExposureRecord[];
  /** The outcomes among it; of one name, if that is given. */
  outcomes(name?: string): OutcomeRecord[];
  /** Forgets what it was given. */
  clear(): void;
}

/**
 * A sink for tests. Records come to it in batches: `await exposures.flush()` first.
 *
 * ```ts
 * const sink = recordingSink();
 * const experiments = evenhand({ exposures: { sink } });
 * …
 * await experiments.exposures.flush();
 * expect(sink.exposures('button')).toHaveLength(1);
 * ```
 *
 * Where everybody has one variant, as with `fixedExperiments()`, nothing is dealt and nobody is
 * exposed; a participant with an override is.
 */
export function recordingSink(name = 'recording'): RecordingSink {
  if (typeof name !== 'string') throw new OptionError('recordingSink() takes a name, or nothing');
  const records: EventRecord[] = [];
  return {
    name,
    records,
    exposures(experiment) {
      const exposures = records.filter((record) => record.event === 'exposure');
      return exposures.filter((one) => experiment === undefined || one.experiment === experiment);
    },
    outcomes(wanted) {
      const outcomes = records.filter((record) => record.event === 'outcome');
      return outcomes.filter((one) => wanted === undefined || one.name === wanted);
    },
    clear() {
      records.length = 0;
    },
    async write(batch) {
      records.push(...batch);
    },
  };
}
