import { chiSquareTail } from '../../src/stats/distributions/chi-square.ts';
import { goodnessOfFit } from '../../src/stats/split/goodness-of-fit.ts';
import type { Dealt } from './deal.ts';
import { type PSummary, PValues, twoSided } from './p-values.ts';
import { coarsened, pairTest, runsTest, serialCorrelation, serialTest } from './sequences.ts';

/** The distances at which ids are compared. */
export const LAGS: readonly number[] = [1, 2, 10, 100, 1000];

/** Tests of whether each seed deals evenly. */
export interface Uniformity extends PSummary {
  /** The p of the sum of all seeds' statistics: it is small if they are too uneven or too even. */
  readonly total: number;
  /** The largest relative deviation of a bucket from its share. */
  readonly farthest: number;
}

/** Tests of whether two seeds deal independently of each other. */
export interface PairIndependence extends PSummary {
  /** The number of ids in each table. With few ids, neighbouring buckets are joined. */
  readonly ids: number;
  /** The p of the sum of all pairs' statistics. */
  readonly total: number;
  /** Cramér's V: the mean over all pairs, the largest, and the mean that chance gives. */
  readonly meanStrength: number;
  readonly largestStrength: number;
  readonly strengthByChance: number;
}

/** Tests of whether an id's bucket predicts the buckets of later ids. */
export interface Order {
  /** Cross-tables of the buckets of ids that are {@link LAGS} apart. */
  readonly serial: PSummary;
  /** Tests of runs of low and high buckets. */
  readonly runs: PSummary;
  readonly correlation: PSummary & { readonly largest: number };
}

/** Computes chi-square for each seed over all its buckets. */
export function uniformityOf({ seeds, ids, counts }: Dealt): Uniformity {
  const values = new PValues();
  let statistic = 0;
  let degrees = 0;
  let farthest = 0;
  for (const [s, seed] of seeds.entries()) {
    const inBuckets = [...(counts[s] ?? [])];
    const share = 1 / inBuckets.length;
    const test = goodnessOfFit(inBuckets.map((count) => ({ count, share })));
    if (test === undefined) continue;
    values.add(test.p, seedName(seed));
    statistic += test.statistic;
    degrees += test.degrees;
    for (const count of inBuckets) {
      farthest = Math.max(farthest, Math.abs(count / (share * ids) - 1));
    }
  }
  return { ...values.summary(), total: twoSided(chiSquareTail(statistic, degrees)), farthest };
}

/** Tests a cross-table for each pair of seeds. */
export function pairsOf({ seeds, kept }: Dealt, buckets: number): PairIndependence {
  const sequences = kept.map((sequence) => coarsened(sequence, buckets));
  const values = new PValues();
  let statistic = 0;
  let degrees = 0;
  let strengths = 0;
  let largestStrength = 0;
  for (const [a, sequence] of sequences.entries()) {
    for (const [b, other] of sequences.slice(0, a).entries()) {
      const test = pairTest(other, sequence);
      if (test === undefined) continue;
      values.add(test.p, `${seedName(seeds[b] ?? '')} × ${seedName(seeds[a] ?? '')}`);
      statistic += test.statistic;
      degrees += test.degrees;
      strengths += test.strength;
      largestStrength = Math.max(largestStrength, test.strength);
    }
  }
  const summary = values.summary();
  const ids = kept[0]?.length ?? 0;
  const classes = sequences[0]?.classes ?? buckets;
  return {
    ...summary,
    ids,
    total: twoSided(chiSquareTail(statistic, degrees)),
    meanStrength: strengths / summary.tests,
    largestStrength,
    // The mean of a chi-square variable is its degrees of freedom, (classes - 1)^2.
    strengthByChance: Math.sqrt((classes - 1) / ids),
  };
}

/** Tests the order of the ids, for each seed. */
export function orderOf({ seeds, kept }: Dealt, buckets: number): Order {
  const serial = new PValues();
  const runs = new PValues();
  const correlation = new PValues();
  let largest = 0;
  for (const [s, seed] of seeds.entries()) {
    const sequence = kept[s] ?? new Uint8Array(0);
    const name = seedName(seed);
    const coarse = coarsened(sequence, buckets);
    for (const lag of LAGS) {
      const test = serialTest(coarse, lag);
      if (test !== undefined) serial.add(test.p, `${name}, ${lag} apart`);
    }
    runs.add(runsTest(sequence, buckets / 2), name);
    const { r, p } = serialCorrelation(sequence);
    correlation.add(p, name);
    largest = Math.max(largest, Math.abs(r));
  }
  return {
    serial: serial.summary(),
    runs: runs.summary(),
    correlation: { ...correlation.summary(), largest },
  };
}

/** Formats a seed for tables: short, and never empty. */
export function seedName(seed: string): string {
  return seed.length > 20
    ? `${JSON.stringify(seed.slice(0, 8))}… (${seed.length})`
    : JSON.stringify(seed);
}
