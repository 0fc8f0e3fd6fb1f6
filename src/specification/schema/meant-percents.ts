const WHOLE = 100;

/** The farthest that a sum may be from 100 (or 1) and still be meant as 100: 33.3 three times is 99.9. */
const MOST_OFF = 1;

/**
 * Returns the percents that fractions, shares or texts probably stand for. They sum to exactly 100 and
 * are as near as possible: 33.3 three times becomes 34, 33 and 33; 0.5 twice becomes 50 and 50.
 *
 * @param percents the percents of one audience, as they are written
 * @param decimals the number of decimals that they may have: 0 or 2
 * @returns undefined if they are whole numbers, or if it is not clear what they mean
 */
export function meantPercents(
  percents: readonly unknown[],
  decimals: 0 | 2,
): readonly number[] | undefined {
  if (percents.every((percent) => Number.isInteger(percent))) return undefined;
  const numbers = percents.map(numberOf);
  const sum = numbers.reduce((total, number) => total + number, 0);
  // Shares: 0.5 and 0.5.
  const factor = Math.abs(sum - 1) <= MOST_OFF / WHOLE ? WHOLE : 1;
  // NaN, for a percent that is not a number, is not near 100 either.
  if (!(Math.abs(sum * factor - WHOLE) <= MOST_OFF) || numbers.some((number) => number < 0)) {
    return undefined;
  }
  const units = 10 ** decimals;
  const scaled = numbers.map((number) => (number / sum) * WHOLE * units);
  const floors = scaled.map((number) => Math.floor(number + Number.EPSILON * WHOLE * units));
  let missing = WHOLE * units - floors.reduce((total, number) => total + number, 0);
  const byRemainder = scaled
    .map((number, i) => ({ i, remainder: number - (floors[i] ?? 0) }))
    .sort((a, b) => b.remainder - a.remainder || a.i - b.i);
  for (const { i } of byRemainder) {
    if (missing-- <= 0) break;
    floors[i] = (floors[i] ?? 0) + 1;
  }
  return floors.map((floor) => floor / units);
}

function numberOf(percent: unknown): number {
  if (typeof percent === 'number') return percent;
  const [, digits = 'NaN'] =
    typeof percent === 'string' ? (/^\s*(\d+(?:\.\d+)?)\s*%?\s*$/.exec(percent) ?? []) : [];
  return Number(digits);
}
