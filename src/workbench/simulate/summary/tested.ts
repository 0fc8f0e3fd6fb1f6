import type { ChiSquareTest } from '../../../stats/distributions/chi-square.ts';

/** The result of a test. */
export interface Tested extends ChiSquareTest {
  /** The p-value corrected for the number of tests, [0, 1]. */
  readonly corrected: number;
}
