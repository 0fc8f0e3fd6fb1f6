import type { AllocationSpec } from '../../specification/types.ts';
import { percentsByVariant } from '../../specification/percents.ts';
import { SequentialMultinomialTest } from '../../stats/sequential/sequential-multinomial.ts';
import { keyedHash } from '../deduplication/seen-units.ts';

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

/** The most remembered units; beyond that, a sample is remembered. */
const MAX_REMEMBERED = 65_536;

/** The number of slots for each unit: a table that is half empty has short probes. */
const SLOTS_PER_UNIT = 2;
const FIRST_SLOTS = 256;

/** The most slots that are probed for one unit; hardly any unit needs that many. */
const MAX_PROBES = 64;

/** One more than the largest hash. */
const HASHES = 2 ** 32;

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
    const percents = percentsByVariant(allocations);
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

/**
 * Selects the units to count, so that no unit is counted twice. It needs at most half a megabyte
 * for any number of units. Deduplication forgets units after a day, so it would count a daily
 * visitor every day. The counts would then vary more than independent observations do, and the test
 * would see differences where there are none.
 *
 * The class remembers the units whose hash is below a limit. When there are too many, the limit is
 * halved and the units above it are forgotten. This is M. Wegman's adaptive sampling, after P.
 * Flajolet, "On adaptive sampling", Computing 43 (1990). A unit above the limit is not counted any
 * more. So all of the first 65,536 units are counted, half of the next 65,536, a quarter of the
 * next 131,072, and so on: about 33,000 more each time the number of units doubles. The hash is
 * independent of the buckets, so the shares of the variants stay correct.
 */
export class DistinctUnits {
  /** The hashes of remembered units; 0 marks a free slot. */
  private slots = new Uint32Array(FIRST_SLOTS);
  private remembered = 0;
  private limit = HASHES;
  private readonly key0: number;
  private readonly key1: number;

  /** @param random draws in [0, 1), so that no visitor can predict which units share a slot */
  constructor(random: () => number) {
    this.key0 = (random() * HASHES) | 0;
    this.key1 = (random() * HASHES) | 0;
  }

  /** Returns true if this unit is to be counted; at most once for each unit. */
  admit(unit: string): boolean {
    // 0 marks a free slot.
    const hash = keyedHash(this.key0, this.key1, 0, unit) >>> 0 || 1;
    if (hash >= this.limit || !this.remember(hash)) return false;
    if (this.remembered > MAX_REMEMBERED) this.halve();
    else if (this.remembered * SLOTS_PER_UNIT > this.slots.length)
      this.refill(this.slots.length * 2);
    return true;
  }

  /** The share of new units that are counted from now on: 1, 1/2, 1/4 and so on. */
  get share(): number {
    return this.limit / HASHES;
  }

  /** Remembers a hash. Returns false if it is known already or there is no room for it. */
  private remember(hash: number): boolean {
    const { slots } = this;
    const mask = slots.length - 1;
    for (let probe = 0; probe < MAX_PROBES; probe++) {
      const slot = (hash + probe) & mask;
      const found = slots[slot];
      if (found === hash) return false;
      if (found === 0) {
        slots[slot] = hash;
        this.remembered++;
        return true;
      }
    }
    return false;
  }

  /**
   * Halves the limit. It runs when the number of units has doubled, and takes less than a
   * millisecond.
   */
  private halve(): void {
    while (this.remembered > MAX_REMEMBERED && this.limit > 1) {
      this.limit /= 2;
      this.refill(this.slots.length);
    }
  }

  private refill(slotCount: number): void {
    const old = this.slots;
    this.slots = new Uint32Array(slotCount);
    this.remembered = 0;
    for (const hash of old) if (hash !== 0 && hash < this.limit) this.remember(hash);
  }
}
