import type { Logger } from '../../runtime/logger.ts';
import { quote } from '../../errors/show-value.ts';
import type { ExperimentSpec } from '../../specification/types.ts';
import type { ExposureRecord } from '../records/record.ts';
import { type Split, WatchedAudience } from './watched-audience.ts';

/** What an exposure is counted by. */
export type CountedExposure = Pick<
  ExposureRecord,
  'experiment' | 'checksum' | 'variant' | 'audience' | 'unit' | 'overridden'
>;

/** What a {@link SplitWatch} needs. */
export interface SplitWatchSetup {
  /** Where alarms go. */
  readonly logger: Logger;
  /**
   * The experiment of this name in force. Those that are not are forgotten, and an exposure of a
   * specification that has been replaced does not end the count of the one in force. Default: what
   * was added last is in force, and nothing is forgotten.
   */
  readonly inForce?: (experiment: string) => ExperimentSpec | undefined;
  /** Draws in [0, 1). @default Math.random */
  readonly random?: () => number;
}

interface WatchedExperiment {
  spec: ExperimentSpec;
  readonly checksum: string;
  /** By place; those nobody was in yet are absent. */
  readonly audiences: (WatchedAudience | undefined)[];
}

/**
 * Counts the units that meet each variant of each audience, and warns when the variants do not have
 * their shares: a sample ratio mismatch, after which an experiment's results can't be trusted. Each
 * process counts for itself. The counts of an experiment begin anew when its checksum changes.
 *
 * A draw (the identity `random`) is counted each time it is added, a unit once.
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
   * Counts an exposure that deduplication let through. Those of overridden participants are not
   * counted. Takes no time to speak of, and throws nothing.
   *
   * @param spec the specification that decided, for the percents
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
    if (counts.add(exposure.variant, exposure.unit)) {
      this.logger.warn(
        describeAlarm(counts.split(exposure.experiment, experiment.checksum, audience)),
      );
    }
  }

  /** What has been counted for the experiments in force, audience by audience. */
  splits(): Split[] {
    return [...this.watched].flatMap(([name, { checksum, audiences }]) => {
      if (this.inForce !== undefined && this.inForce(name) === undefined) {
        this.watched.delete(name);
        return [];
      }
      return audiences.flatMap((counts, place) => counts?.split(name, checksum, place) ?? []);
    });
  }

  /** Of a specification that is not the one being counted: the same loaded again, or another. */
  private begin(
    { experiment: name, checksum }: CountedExposure,
    spec: ExperimentSpec,
    known: WatchedExperiment | undefined,
  ): WatchedExperiment | undefined {
    if (known?.checksum === checksum) {
      known.spec = spec;
      return known;
    }
    // A request or a job that began before the change must not end the count of what came after.
    if (known !== undefined && this.inForce !== undefined && this.inForce(name) !== spec) {
      return undefined;
    }
    const begun = { spec, checksum, audiences: [] };
    this.watched.set(name, begun);
    return begun;
  }
}

/** What to look for, with the commonest first. */
const ADVICE = `  Its results can't be trusted until the cause is found. Look for: a variant that fails, redirects or
  is slower, so that some of its participants are never recorded; code that asks for the variant, or
  exposes it, only in some cases that depend on the variant; caches that serve one variant to others;
  bots; an identity that changes during the experiment.`;

function describeAlarm({ experiment, audience, units, p, variants }: Split): string {
  const lines = variants.map(({ variant, percent, units: counted }) => {
    const share = ((100 * counted) / units).toFixed(2);
    return `  ${variant}: ${counted} units, ${share}% instead of ${percent}%`;
  });
  return [
    `evenhand: experiment ${quote(experiment)}, audience ${audience}: the variants do not have their shares (sample ratio mismatch, p = ${p.toPrecision(2)} after ${units} units)`,
    ...lines,
    ADVICE,
  ].join('\n');
}
