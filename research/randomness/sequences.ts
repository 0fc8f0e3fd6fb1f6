import { chiSquareTail } from '../../src/stats/distributions/chi-square.ts';
import {
  type CrossTable,
  independence,
  type IndependenceTest,
} from '../../src/stats/split/independence.ts';

/** The smallest expected count of a cell of a cross-table. With less, buckets are joined first. */
const MIN_PER_CELL = 10;

/** Buckets, or classes of several neighbouring buckets. */
export interface Coarsened {
  readonly classes: number;
  readonly sequence: Uint8Array;
}

/**
 * Returns the buckets, if there are enough ids for a table of all their pairs. Otherwise it joins
 * neighbouring buckets into classes of equal size.
 */
export function coarsened(sequence: Uint8Array, buckets: number): Coarsened {
  const most = Math.sqrt(sequence.length / MIN_PER_CELL);
  let classes = buckets;
  while (classes > most && classes > 2) {
    do classes--;
    while (buckets % classes !== 0);
  }
  const size = buckets / classes;
  return {
    classes,
    sequence: size === 1 ? sequence : sequence.map((bucket) => Math.floor(bucket / size)),
  };
}

/** Counts how often each pair of buckets occurs at the same places of two lists. */
export function crossTable(
  a: Uint8Array,
  b: Uint8Array,
  buckets: number,
  length = Math.min(a.length, b.length),
): CrossTable {
  const counts = new Uint32Array(buckets * buckets);
  for (let i = 0; i < length; i++) {
    const cell = (a[i] ?? 0) * buckets + (b[i] ?? 0);
    counts[cell] = (counts[cell] ?? 0) + 1;
  }
  return Array.from({ length: buckets }, (_, row) =>
    Array.from(counts.subarray(row * buckets, (row + 1) * buckets)),
  );
}

/**
 * Tests whether the class of an id predicts the class of the id this many places later. The pairs
 * overlap, which does not change the chi-square distribution: P. Billingsley, "Statistical methods
 * in Markov chains", Annals of Mathematical Statistics 32 (1961).
 */
export function serialTest(
  { sequence, classes }: Coarsened,
  lag: number,
): IndependenceTest | undefined {
  return independence([crossTable(sequence, sequence.subarray(lag), classes)]);
}

/** Tests whether the class in one list predicts the class at the same place of another. */
export function pairTest(a: Coarsened, b: Coarsened): IndependenceTest | undefined {
  return independence([crossTable(a.sequence, b.sequence, a.classes)]);
}

/**
 * Runs test: tests whether low and high buckets alternate as often as by chance. A. Wald, J.
 * Wolfowitz, "On a test whether two samples are from the same population", Annals of Mathematical
 * Statistics 11 (1940).
 *
 * @param middle the first high bucket
 * @returns the two-sided p
 */
export function runsTest(sequence: Uint8Array, middle: number): number {
  let high = 0;
  let runs = 0;
  let last: boolean | undefined;
  for (const bucket of sequence) {
    const isHigh = bucket >= middle;
    if (isHigh) high++;
    if (isHigh !== last) runs++;
    last = isHigh;
  }
  const all = sequence.length;
  const product = 2 * high * (all - high);
  // All on one side: one run, while chance gives half as many runs as there are ids.
  if (product === 0) return 0;
  const expected = product / all + 1;
  const variance = (product * (product - all)) / (all * all * (all - 1));
  return chiSquareTail((runs - expected) ** 2 / variance, 1);
}

/**
 * Computes the correlation of each bucket with the next, as numbers.
 *
 * @returns the coefficient, [-1, 1], and p: √n times the coefficient is a standard normal variable
 */
export function serialCorrelation(sequence: Uint8Array): { r: number; p: number } {
  const n = sequence.length;
  let sum = 0;
  for (const bucket of sequence) sum += bucket;
  const mean = sum / n;
  let squares = 0;
  let products = 0;
  for (let i = 0; i < n; i++) {
    const here = (sequence[i] ?? 0) - mean;
    squares += here * here;
    if (i + 1 < n) products += here * ((sequence[i + 1] ?? 0) - mean);
  }
  const r = squares === 0 ? 1 : products / squares;
  return { r, p: chiSquareTail(n * r * r, 1) };
}
