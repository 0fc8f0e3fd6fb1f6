import { OptionError } from '../errors/usage-errors.ts';
import type { EventRecord, ExposureRecord, OutcomeRecord } from '../exposures/records/record.ts';
import type { Sink } from '../exposures/delivery/sink.ts';

/** A sink that keeps its records in memory. */
export interface RecordingSink extends Sink {
  /** All records, in order. */
  readonly records: readonly EventRecord[];
  /** Returns the exposures; with a name, those of one experiment. */
  exposures(experiment?: string): ExposureRecord[];
  /** Returns the outcomes; with a name, those of that name. */
  outcomes(name?: string): OutcomeRecord[];
  /** Removes all records. */
  clear(): void;
}

/**
 * Returns a sink for tests. It receives records in batches, so call `await exposures.flush()` first.
 *
 * ```ts
 * const sink = recordingSink();
 * const experiments = evenhand({ exposures: { sink } });
 * …
 * await experiments.exposures.flush();
 * expect(sink.exposures('button')).toHaveLength(1);
 * ```
 *
 * An experiment that gives everyone one variant, as with `fixedExperiments()`, records no exposures. A
 * participant with an override is still recorded.
 */
export function recordingSink(name = 'recording'): RecordingSink {
  if (typeof name !== 'string')
    throw new OptionError('recordingSink() takes a name, which must be a string, or nothing');
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
