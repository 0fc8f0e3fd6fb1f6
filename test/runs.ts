/** True in `npm run test:all`, which sets the variable; see jest.config.js. */
export const TESTS_EVERYTHING = process.env['EVENHAND_TEST'] === 'all';

/** `npm test` makes one run of so many. */
const SHARE = 10;

/** `npm test` makes at least so many runs of each property. */
const LEAST = 10;

/**
 * Returns the number of runs of a property-based or statistical test: all of them in `npm run test:all`,
 * a tenth of them in `npm test`.
 */
export function runs(count: number): number {
  return TESTS_EVERYTHING ? count : Math.min(count, Math.max(LEAST, Math.ceil(count / SHARE)));
}
