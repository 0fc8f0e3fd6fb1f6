import { SegmentAllocations } from '../../src/planout/namespaces/segment-allocations.ts';
import { chiSquareTail } from '../../src/stats/distributions/chi-square.ts';
import { goodnessOfFit } from '../../src/stats/split/goodness-of-fit.ts';
import { deal, type Dealt } from './deal.ts';
import { seedName } from './evenness.ts';
import type { Family } from './families.ts';
import { type PSummary, PValues, twoSided } from './p-values.ts';
import type { Operator } from './planout-draws.ts';
import { coarsened, pairTest } from './sequences.ts';

/** Tests of whether an operator draws the expected shares. */
export interface OperatorEvenness {
  /** Tests of the shares, for each salt. */
  readonly shares: PSummary;
  /** The p of the sum of all salts' statistics. */
  readonly total: number;
  /**
   * Tests of cross-tables of the draws of two salts for the same units. Null if a class is too
   * rare.
   */
  readonly pairs: PSummary | null;
}

/** The most classes that are compared in pairs: each class is stored in a byte. */
const MAX_CLASSES_IN_PAIRS = 100;

/** Draws for several units under each salt. */
export function operatorEvenness(
  { shares, dealing }: Operator,
  units: Pick<Family, 'ids' | 'count'>,
  salts: readonly string[],
): OperatorEvenness {
  const inPairs = shares.length <= MAX_CLASSES_IN_PAIRS;
  const keep = inPairs ? units.count : 0;
  const dealt = deal(units, dealing, { seeds: salts, keep, buckets: shares.length });
  const values = new PValues();
  let statistic = 0;
  let degrees = 0;
  for (const [s, salt] of salts.entries()) {
    const counts = dealt.counts[s] ?? [];
    const test = goodnessOfFit(shares.map((share, i) => ({ share, count: counts[i] ?? 0 })));
    if (test === undefined) continue;
    values.add(test.p, seedName(salt));
    statistic += test.statistic;
    degrees += test.degrees;
  }
  return {
    shares: values.summary(),
    total: twoSided(chiSquareTail(statistic, degrees)),
    pairs: inPairs ? pairsOfSalts(dealt, shares.length) : null,
  };
}

function pairsOfSalts({ seeds, kept }: Dealt, classes: number): PSummary {
  const sequences = kept.map((sequence) => coarsened(sequence, classes));
  const values = new PValues();
  for (const [a, sequence] of sequences.entries()) {
    for (const [b, other] of sequences.slice(0, a).entries()) {
      const test = pairTest(other, sequence);
      if (test === undefined) continue;
      values.add(test.p, `${seedName(seeds[b] ?? '')} × ${seedName(seeds[a] ?? '')}`);
    }
  }
  return values.summary();
}

/** The segments and experiments of each namespace of {@link segmentsGiven}. */
const SEGMENTS = 100;
const GIVEN = 10;

/**
 * Tests whether experiments get each segment of their namespace equally often, and whether first
 * and second experiments get them alike.
 *
 * @param namespaces the number of namespaces, each with ten experiments of ten of its hundred
 *   segments
 */
export function segmentsGiven(namespaces: number): PSummary {
  const experiments = SEGMENTS / GIVEN;
  const counts = Array.from({ length: experiments }, () => new Float64Array(SEGMENTS));
  for (let n = 0; n < namespaces; n++) {
    const allocations = new SegmentAllocations(`namespace_${n}`, SEGMENTS, 'full');
    for (let e = 0; e < experiments; e++) allocations.add(`experiment_${e}`, GIVEN);
    for (const [segment, addition] of allocations.table.entries()) {
      const count = counts[addition - 1] ?? new Float64Array(0);
      count[segment] = (count[segment] ?? 0) + 1;
    }
  }
  const values = new PValues();
  for (const [e, given] of counts.entries()) {
    // Each namespace draws without replacement, which reduces the variance by this factor.
    const spread = (SEGMENTS - GIVEN) / (SEGMENTS - 1);
    const expected = (namespaces * GIVEN) / SEGMENTS;
    const statistic = given.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    values.add(chiSquareTail(statistic / spread, SEGMENTS - 1), `experiment ${e + 1}`);
  }
  return values.summary();
}
