import type { Logger } from '../../runtime/logger.ts';
import { quote } from '../../errors/show-value.ts';
import type { ExperimentSpec } from '../../specification/types.ts';
import type { ExposureRecord } from '../records/record.ts';
import { type Split, WatchedAudience } from './watched-audience.ts';

/** The fields of an exposure that are needed to count it. */
export type CountedExposure = Pick<
  ExposureRecord,
  'experiment' | 'checksum' | 'variant' | 'audience' | 'unit' | 'overridden'
> &
  Partial<Pick<ExposureRecord, 'identity'>>;

/** The dependencies of a {@link SplitWatch}. */
export interface SplitWatchSetup {
  /** The logger of alarms. */
  readonly logger: Logger;
  /**
   * Returns the current experiment of this name. The counts of other experiments are deleted, and a
   * late exposure of a replaced specification does not reset the counts of the current one. Without
   * this function, the specification added last is the current one, and no counts are deleted.
   */
  readonly inForce?: (experiment: string) => ExperimentSpec | undefined;
  /** Returns a random number in [0, 1). @default Math.random */
  readonly random?: () => number;
}

interface WatchedExperiment {
  spec: ExperimentSpec;
  readonly checksum: string;
  /** The audiences by position; an audience without exposures is undefined. */
  readonly audiences: (WatchedAudience | undefined)[];
}

/**
 * Counts the units that see each variant of each audience, and warns when the split is off. After
 * such a sample ratio mismatch the results of the experiment can't be trusted. Each process counts
 * separately. The counts of an experiment restart from 0 when its checksum changes.
 *
 * A unit is counted once. With the identity `random` there are no units, and every exposure is
 * counted.
 */
export class SplitWatch {
  private readonly logger: Logger;
  private readonly inForce: ((experiment: string) => ExperimentSpec | undefined) | undefined;
  private readonly random: () => number;
  private readonly watched = new Map<string, WatchedExperiment>();

  constructor({ logger, inForce, random = Math.random }: SplitWatchSetup) {
    this.logger = logger;
    this.inForce = inForce;
    this.random = random;
  }

  /**
   * Counts an exposure that passed deduplication. Exposures of overrides are not counted. Never
   * throws.
   *
   * @param spec the specification that decided; its percents are the expected shares
   */
  add(exposure: CountedExposure, spec: ExperimentSpec): void {
    const { audience } = exposure;
    if (exposure.overridden || audience === undefined) return;
    let experiment = this.watched.get(exposure.experiment);
    if (experiment?.spec !== spec) {
      experiment = this.begin(exposure, spec, experiment);
      if (experiment === undefined) return;
    }
    let counts = experiment.audiences[audience];
    if (counts === undefined) {
      const allocations = spec.audiences[audience]?.allocations;
      if (allocations === undefined) return;
      counts = new WatchedAudience(allocations, this.random);
      experiment.audiences[audience] = counts;
    }
    if (counts.add(exposure.variant, unitIn(exposure, spec))) {
      this.logger.warn(
        describeAlarm(counts.split(exposure.experiment, experiment.checksum, audience)),
      );
    }
  }

  /** Returns the splits of the current experiments, one for each audience. */
  splits(): Split[] {
    return [...this.watched].flatMap(([name, { checksum, audiences }]) => {
      if (this.inForce !== undefined && this.inForce(name) === undefined) {
        this.watched.delete(name);
        return [];
      }
      return audiences.flatMap((counts, place) => counts?.split(name, checksum, place) ?? []);
    });
  }

  /** Selects the counts for a specification object that is not the one being counted. */
  private begin(
    { experiment: name, checksum }: CountedExposure,
    spec: ExperimentSpec,
    known: WatchedExperiment | undefined,
  ): WatchedExperiment | undefined {
    if (known?.checksum === checksum) {
      known.spec = spec;
      return known;
    }
    // A request that started before the change must not reset the counts of the new specification.
    if (known !== undefined && this.inForce !== undefined && this.inForce(name) !== spec) {
      return undefined;
    }
    const begun = { spec, checksum, audiences: [] };
    this.watched.set(name, begun);
    return begun;
  }
}

/** Returns the unit's text. In a list of identities, one text may be the id of two participants. */
function unitIn({ identity, unit }: CountedExposure, spec: ExperimentSpec): string | undefined {
  return typeof spec.identity === 'string' || unit === undefined ? unit : `${identity} ${unit}`;
}

/** The possible causes, the most common first. */
const ADVICE = `  Don't trust the results until you have found the cause. Check for: a variant that fails, redirects or
  is slower, so that some of its participants are never recorded; code that reads or exposes the
  variant only in cases that depend on the variant; a cache that serves one participant's variant to
  others; bots; an identity that changes during the experiment.`;

function describeAlarm({ experiment, audience, units, p, variants }: Split): string {
  const lines = variants.map(({ variant, percent, units: counted }) => {
    const share = ((100 * counted) / units).toFixed(2);
    return `  ${variant}: ${counted} units, ${share}% (expected ${percent}%)`;
  });
  return [
    `evenhand: experiment ${quote(experiment)}, audience ${audience}: the split is off (sample ratio mismatch, p = ${p.toPrecision(2)} after ${units} units)`,
    ...lines,
    ADVICE,
  ].join('\n');
}
