import type { AllocationSpec } from '../../specification/types.ts';
import { SequentialMultinomialTest } from '../../stats/sequential-multinomial.ts';
import { DistinctUnits } from './distinct-units.ts';

/**
 * The always-valid p-value below which the alarm is raised. A. Fabijan et al., "Diagnosing Sample
 * Ratio Mismatch in Online Controlled Experiments", KDD 2019, recommend this level for a single
 * test; here it holds for all tests together.
 */
export const ALARM_LEVEL = 0.0005;

/**
 * The number of units before which there is no alarm, because a few testers can distort a small
 * split.
 */
export const MIN_UNITS = 1000;

/** The counts of one variant of an audience. */
export interface VariantSplit {
  readonly variant: string;
  /** The percent of the audience that should see the variant, 0 to 100. */
  readonly percent: number;
  /** The number of distinct units counted with the variant. */
  readonly units: number;
  /** The number of exposures after deduplication. */
  readonly exposures: number;
}

/** The split of one audience of an experiment, counted in this process since it started. */
export interface Split {
  readonly experiment: string;
  /** The checksum of the counted experiment. */
  readonly checksum: string;
  /** The audience's position in the experiment, from 0. */
  readonly audience: number;
  /** The variants, in the order of the allocations. */
  readonly variants: readonly VariantSplit[];
  /** The number of distinct units counted with all variants. */
  readonly units: number;
  /** The share of new units that are counted: 1 up to 65,536 units, then less. */
  readonly sampledShare: number;
  /**
   * The p-value, 0 to 1: an upper bound for the probability that chance alone ever leads to a split
   * as extreme as the most extreme so far. It is always valid, so it may be checked at any time.
   */
  readonly p: number;
  /** True if the split is off: p below 0.0005 with at least 1,000 units. */
  readonly alarm: boolean;
}

/** Counts the units of one audience and tests its split. */
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
   * @param unit undefined for a random draw, which is always counted
   * @returns true if this exposure raised the alarm, which happens once
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

  /** Returns the counts and the test's result. */
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
