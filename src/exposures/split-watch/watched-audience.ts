import type { AllocationSpec } from '../../specification/types.ts';
import { SequentialMultinomialTest } from '../../stats/sequential-multinomial.ts';
import { DistinctUnits } from './distinct-units.ts';

/**
 * An always-valid p below this is an alarm. The level that A. Fabijan et al., "Diagnosing Sample Ratio
 * Mismatch in Online Controlled Experiments", KDD 2019, advise for one look; here it holds for all
 * looks together.
 */
export const ALARM_LEVEL = 0.0005;

/** Before as many units, who is testing and who is in a hurry can look like anything. */
export const MIN_UNITS = 1000;

/** How one variant of an audience is dealt. */
export interface VariantSplit {
  readonly variant: string;
  /** The percent of the audience that should have it, [0, 100]. */
  readonly percent: number;
  /** How many different units are counted with it. */
  readonly units: number;
  /** How many exposures there were that no other one had made superfluous. */
  readonly exposures: number;
}

/** How one audience of an experiment is dealt, in this process since it began. */
export interface Split {
  readonly experiment: string;
  /** Of the specification that is counted. */
  readonly checksum: string;
  /** The audience's place among the experiment's, from 0 on. */
  readonly audience: number;
  /** In the order of the allocations. */
  readonly variants: readonly VariantSplit[];
  /** How many different units are counted, all variants together. */
  readonly units: number;
  /** The share of new units that are counted, (0, 1]: less than 1 past 65,536 units. */
  readonly sampledShare: number;
  /**
   * How likely chance alone had ever led to a split as odd as the oddest so far, at most: [0, 1].
   * Always valid: it may be looked at as often as one likes.
   */
  readonly p: number;
  /** Whether the split is wrong beyond chance: p below 0.0005 with 1,000 units or more. */
  readonly alarm: boolean;
}

/** Counts one audience. */
export class WatchedAudience {
  private readonly variants: readonly string[];
  private readonly percents: readonly number[];
  private readonly exposures: Float64Array;
  private readonly units: DistinctUnits;
  private readonly test: SequentialMultinomialTest;
  private alarm = false;

  constructor(allocations: readonly AllocationSpec[], random: () => number) {
    const percents = new Map<string, number>();
    for (const { variant, percent } of allocations) {
      percents.set(variant, (percents.get(variant) ?? 0) + percent);
    }
    this.variants = [...percents.keys()];
    this.percents = [...percents.values()];
    this.exposures = new Float64Array(percents.size);
    this.units = new DistinctUnits(random);
    this.test = new SequentialMultinomialTest(this.percents.map((percent) => percent / 100));
  }

  /**
   * Counts an exposure.
   *
   * @param unit undefined for a draw, of which each is one of its own
   * @returns whether it raised the alarm: true once
   */
  add(variant: string, unit: string | undefined): boolean {
    const index = this.variants.indexOf(variant);
    if (index === -1) return false;
    this.exposures[index] = (this.exposures[index] ?? 0) + 1;
    if (unit !== undefined && !this.units.admit(unit)) return false;
    this.test.add(index);
    if (this.alarm || this.test.total < MIN_UNITS || !this.test.rejectsAt(ALARM_LEVEL)) {
      return false;
    }
    this.alarm = true;
    return true;
  }

  /** What has been counted. */
  split(experiment: string, checksum: string, audience: number): Split {
    const { counts } = this.test;
    return {
      experiment,
      checksum,
      audience,
      variants: this.variants.map((variant, index) => ({
        variant,
        percent: this.percents[index] ?? 0,
        units: counts[index] ?? 0,
        exposures: this.exposures[index] ?? 0,
      })),
      units: this.test.total,
      sampledShare: this.units.share,
      p: this.test.p,
      alarm: this.alarm,
    };
  }
}
