import { goodnessOfFit } from '../../src/stats/goodness-of-fit.ts';

/** In how many equal parts of [0, 1] p-values are counted. */
export const P_BINS = 20;

/** With fewer, their evenness can't be told: five in each part. */
const MIN_FOR_EVENNESS = 5 * P_BINS;

/** What is kept of the p-values of many tests of one kind. */
export interface PSummary {
  /** How many tests. */
  readonly tests: number;
  /** The smallest p, and what it was the test of. */
  readonly worst: number;
  readonly worstOf: string;
  /** How many p-values lie in each part of [0, 1]. */
  readonly bins: readonly number[];
  /**
   * Whether the p-values themselves are spread evenly, as those of fair draws are: the p of a
   * chi-square test over the parts. Null with too few tests. What is too regular shows here.
   */
  readonly evenness: number | null;
}

/** Collects p-values. */
export class PValues {
  readonly #bins = Array.from({ length: P_BINS }, () => 0);
  #tests = 0;
  #worst = 1;
  #worstOf = '';

  /** @param of what was tested, for people */
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
 * Bonferroni's correction: how often chance alone makes the smallest of so many p-values as small, at
 * most.
 */
export function bonferroni(p: number, tests: number): number {
  return Math.min(1, p * tests);
}

/** The p of a test that finds both too much and too little: twice the smaller tail. */
export function twoSided(upperTail: number): number {
  return Math.min(1, 2 * Math.min(upperTail, 1 - upperTail));
}
