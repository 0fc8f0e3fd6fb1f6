import { BUCKETS } from '../../src/hash/bucket.ts';
import { chiSquareTail } from '../../src/stats/distributions/chi-square.ts';
import { goodnessOfFit } from '../../src/stats/split/goodness-of-fit.ts';
import { type PSummary, PValues, twoSided } from './p-values.ts';
import { coarsened, pairTest } from './sequences.ts';

/** A hash of 64 bits. */
export type Hash64 = (text: string) => bigint;

/** Bits of a hash. */
export const HASH_BITS = 64;

/** The effect of small changes of a text on its hash. */
export interface Avalanche {
  readonly summary: AvalancheSummary;
  /** The number of changes that flipped each bit of the hash, the lowest first. */
  readonly flipped: readonly number[];
  /** The number of changes that flipped 0, 1, … 64 bits. */
  readonly distances: readonly number[];
}

export interface AvalancheSummary {
  readonly changes: number;
  /**
   * The share of flips over all bits, ½ by chance, and of the bits that flip least and most often.
   */
  readonly mean: number;
  readonly lowest: number;
  readonly highest: number;
  /** The share of changes after which the bucket was the same: one in a hundred by chance. */
  readonly sameBucket: number;
  /** The p of all bits together: it is small if they flip too unevenly or too evenly. */
  readonly total: number;
  /**
   * Tests of each bit (does it flip half the time?), of the number of flips, and of the buckets
   * before and after.
   */
  readonly tests: PSummary;
}

/** The effect of flipping each bit of texts of one length. */
export interface BitAvalanche {
  readonly summary: BitSummary;
  /** The share of changes that flipped each bit of the hash, for each character of the text. */
  readonly flipped: readonly (readonly number[])[];
}

export interface BitSummary {
  /** The length in characters. */
  readonly length: number;
  /** The number of texts. Each is changed in each of its bits. */
  readonly texts: number;
  /** The lowest and highest share of any bit of the text and any of the hash. */
  readonly lowest: number;
  readonly highest: number;
  /** The p of all pairs of bits together: it is small if they flip too unevenly or too evenly. */
  readonly total: number;
  readonly tests: PSummary;
}

/**
 * Compares the hashes of texts that differ slightly.
 *
 * @param changes a pair of texts for each change: before and after
 */
export function avalancheOf(
  hash: Hash64,
  changes: Iterable<readonly [before: string, after: string]>,
): Avalanche {
  const flips = new Float64Array(HASH_BITS);
  const distances = Array.from({ length: HASH_BITS + 1 }, () => 0);
  const before: number[] = [];
  const after: number[] = [];
  for (const [from, to] of changes) {
    const first = hash(from);
    const second = hash(to);
    const distance = countFlips(first ^ second, flips);
    distances[distance] = (distances[distance] ?? 0) + 1;
    before.push(Number(first % BigInt(BUCKETS)));
    after.push(Number(second % BigInt(BUCKETS)));
  }
  const count = before.length;
  const values = new PValues();
  let statistic = 0;
  for (const [bit, flipped] of flips.entries()) {
    const square = halfSquare(flipped, count);
    statistic += square;
    values.add(chiSquareTail(square, 1), `bit ${bit}`);
  }
  const classes = distances.map((found, bits) => ({ count: found, share: binomialHalf(bits) }));
  const spread = goodnessOfFit(classes);
  if (spread !== undefined) values.add(spread.p, 'how many bits flip');
  const buckets = pairTest(
    coarsened(Uint8Array.from(before), BUCKETS),
    coarsened(Uint8Array.from(after), BUCKETS),
  );
  if (buckets !== undefined) values.add(buckets.p, 'bucket before × after');
  const same = before.filter((bucket, i) => bucket === after[i]).length;
  values.add(
    chiSquareTail((same - count / BUCKETS) ** 2 / ((count / BUCKETS) * (1 - 1 / BUCKETS)), 1),
    'same bucket',
  );
  const flipped = [...flips];
  const summary = {
    changes: count,
    mean: flipped.reduce((sum, flips) => sum + flips, 0) / HASH_BITS / count,
    lowest: Math.min(...flipped) / count,
    highest: Math.max(...flipped) / count,
    sameBucket: same / count,
    total: twoSided(chiSquareTail(statistic, HASH_BITS)),
    tests: values.summary(),
  };
  return { summary, flipped, distances };
}

/** Bits of an ASCII character. */
const CHARACTER_BITS = 7;

/** Flips each bit of each text: the strict avalanche criterion. */
export function bitAvalancheOf(hash: Hash64, texts: readonly string[]): BitAvalanche {
  const length = texts[0]?.length ?? 0;
  const hashes = texts.map(hash);
  const values = new PValues();
  const flipped: number[][] = [];
  let statistic = 0;
  let lowest = 1;
  let highest = 0;
  for (let at = 0; at < length; at++) {
    const ofCharacter = new Float64Array(HASH_BITS);
    for (let bit = 0; bit < CHARACTER_BITS; bit++) {
      const flips = new Float64Array(HASH_BITS);
      for (const [i, text] of texts.entries()) {
        const code = text.charCodeAt(at) ^ (1 << bit);
        const other = text.slice(0, at) + String.fromCharCode(code) + text.slice(at + 1);
        countFlips((hashes[i] ?? 0n) ^ hash(other), flips);
      }
      for (const [i, count] of flips.entries()) {
        const share = count / texts.length;
        lowest = Math.min(lowest, share);
        highest = Math.max(highest, share);
        ofCharacter[i] = (ofCharacter[i] ?? 0) + share / CHARACTER_BITS;
        const square = halfSquare(count, texts.length);
        statistic += square;
        values.add(chiSquareTail(square, 1), `character ${at}, bit ${bit} → bit ${i}`);
      }
    }
    flipped.push([...ofCharacter]);
  }
  const tests = values.summary();
  const total = twoSided(chiSquareTail(statistic, tests.tests));
  const summary = { length, texts: texts.length, lowest, highest, total, tests };
  return { summary, flipped };
}

/** Adds the set bits to their counts, and returns their number. */
function countFlips(difference: bigint, flips: Float64Array): number {
  const low = Number(difference & 0xffff_ffffn);
  const high = Number(difference >> 32n);
  return countWord(low, 0, flips) + countWord(high, 32, flips);
}

function countWord(word: number, from: number, flips: Float64Array): number {
  let set = 0;
  for (let bit = 0; bit < 32; bit++) {
    const one = (word >>> bit) & 1;
    const index = from + bit;
    flips[index] = (flips[index] ?? 0) + one;
    set += one;
  }
  return set;
}

/** Returns the chi-square, with one degree of freedom, of a fair coin's count. */
function halfSquare(count: number, throws: number): number {
  return (count - throws / 2) ** 2 / (throws / 4);
}

/** Returns the probability that this many of 64 bits flip, if each flips half the time. */
export function binomialHalf(bits: number): number {
  let ways = 1;
  for (let i = 1; i <= bits; i++) ways = (ways * (HASH_BITS - i + 1)) / i;
  return ways / 2 ** HASH_BITS;
}
