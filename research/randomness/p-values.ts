import { goodnessOfFit } from '../../src/stats/split/goodness-of-fit.ts';

/** The number of equal parts of [0, 1] in which p-values are counted. */
export const P_BINS = 20;

/** The fewest p-values whose evenness can be tested: five for each part. */
const MIN_FOR_EVENNESS = 5 * P_BINS;

/** A summary of the p-values of many tests of one kind. */
export interface PSummary {
  /** The number of tests. */
  readonly tests: number;
  /** The smallest p, and the name of its test. */
  readonly worst: number;
  readonly worstOf: string;
  /** The number of p-values in each part of [0, 1]. */
  readonly bins: readonly number[];
  /**
   * The p of a chi-square test of whether the p-values are spread evenly over the parts, like those
   * of fair draws. Null if there are too few tests. Results that are too regular show here.
   */
  readonly evenness: number | null;
}

/** Collects p-values. */
export class PValues {
  readonly #bins = Array.from({ length: P_BINS }, () => 0);
  #tests = 0;
  #worst = 1;
  #worstOf = '';

  /**
   * @param of the name of the test, for people
   */
  add(p: number, of: string): void {
    const bin = Math.min(P_BINS - 1, Math.floor(p * P_BINS));
    this.#bins[bin] = (this.#bins[bin] ?? 0) + 1;
    this.#tests++;
    if (p < this.#worst || this.#tests === 1) {
      this.#worst = p;
      this.#worstOf = of;
    }
  }

  summary(): PSummary {
    const classes = this.#bins.map((count) => ({ count, share: 1 / P_BINS }));
    return {
      tests: this.#tests,
      worst: this.#worst,
      worstOf: this.#worstOf,
      bins: [...this.#bins],
      evenness: this.#tests < MIN_FOR_EVENNESS ? null : (goodnessOfFit(classes)?.p ?? null),
    };
  }
}

/**
 * Applies Bonferroni's correction: returns an upper bound for the probability that chance alone
 * makes the smallest of this many p-values as small.
 */
export function bonferroni(p: number, tests: number): number {
  return Math.min(1, p * tests);
}

/**
 * Returns the p of a two-sided test, which finds both too much and too little: twice the smaller
 * tail.
 */
export function twoSided(upperTail: number): number {
  return Math.min(1, 2 * Math.min(upperTail, 1 - upperTail));
}
