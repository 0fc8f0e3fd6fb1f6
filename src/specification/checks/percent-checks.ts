import { FINE_BUCKETS } from '../../hash/bucket.ts';
import type { Note } from '../note.ts';
import { hasTwoDecimals, hundredthsOf, percentOfHundredths } from '../percents.ts';
import { meantPercents } from '../schema/meant-percents.ts';

/** The required sum of the percents of an audience's allocations. */
const WHOLE = 100;

/** The most percents that a remedy lists. */
const MAX_LISTED = 4;

/** The percents of one audience, and their place. */
export interface AudiencePercents {
  readonly percents: readonly unknown[];
  /** The experiment's number of buckets, as it is written. */
  readonly buckets: unknown;
  /** Position of the audience, from 0. */
  readonly audience: number;
  /** JSON Pointer to the allocations. */
  readonly path: string;
}

/**
 * Reports percents with more decimals than the experiment's number of buckets allows, and sums other than
 * 100. The schema reports percents that are not numbers from 0 to 100; then there is no sum to report.
 */
export function checkPercents(place: AudiencePercents, note: Note): void {
  const { percents, buckets } = place;
  const isCoarse = buckets === undefined || buckets === WHOLE;
  const decimals = isCoarse ? 0 : 2;
  const isAllowed = isCoarse ? Number.isInteger : hasTwoDecimals;
  const wrong = percents.flatMap((percent, i) =>
    isPercent(percent) && !isAllowed(percent) ? [i] : [],
  );
  const meant = meantPercents(percents, decimals);
  if (!percents.every(isPercent)) {
    // If texts have a clear meaning, `common-mistakes.ts` reports all percents at once.
    const isExplained = percents.some((one) => typeof one !== 'number') && meant !== undefined;
    if (!isExplained) noteDecimals(wrong, place, isCoarse, note);
    return;
  }
  const sum = percents.reduce((total, percent) => total + hundredthsOf(percent), 0);
  const isWhole = sum === hundredthsOf(WHOLE);
  const [first] = wrong;
  if (first === undefined && isWhole) return;
  const isShares = sum === hundredthsOf(1);
  if (meant !== undefined && (first !== undefined || isShares)) {
    const at = first === undefined ? place.path : `${place.path}/${first}/percent`;
    note(at, () => (isCoarse ? sayWhole(meant, place) : sayDecimals(meant, place)));
  } else if (first === undefined) {
    noteSum(sum, Math.max(...percents), place, note);
  } else {
    noteDecimals(wrong, place, isCoarse, note);
  }
}

function isPercent(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= WHOLE;
}

function sayWhole(meant: readonly number[], { percents, audience }: AudiencePercents): string {
  const fine = meantPercents(percents, 2) ?? meant;
  const setBuckets = `set "buckets": ${FINE_BUCKETS} on the experiment`;
  const remedy = fine.every(Number.isInteger)
    ? `write ${listed(meant)}`
    : fine.every((percent, i) => percent === percents[i])
      ? `${setBuckets}, or write ${listed(meant)}`
      : `write ${listed(meant)}, or ${setBuckets} and write ${listed(fine)}`;
  return `percents must be whole numbers that sum to 100; for audience ${audience + 1}, ${remedy}`;
}

function sayDecimals(meant: readonly number[], { audience }: AudiencePercents): string {
  return `percents must have at most two decimals and sum to 100; for audience ${audience + 1}, write ${listed(meant)}`;
}

/** @param wrong the positions of the percents with too many decimals */
function noteDecimals(
  wrong: readonly number[],
  { percents, path }: AudiencePercents,
  isCoarse: boolean,
  note: Note,
): void {
  for (const i of wrong) {
    const percent = Number(percents[i]);
    const rounded = percentOfHundredths(hundredthsOf(percent));
    note(`${path}/${i}/percent`, () =>
      isCoarse
        ? `percent must be a whole number from 0 to 100, not ${percent}; for two decimals, set "buckets": ${FINE_BUCKETS} on the experiment`
        : `percent must have at most two decimals, not ${percent}; round it, for example to ${rounded}`,
    );
  }
}

function noteSum(
  sum: number,
  largest: number,
  { audience, path }: AudiencePercents,
  note: Note,
): void {
  note(path, () => {
    const excess = sum - hundredthsOf(WHOLE);
    const by = percentOfHundredths(Math.abs(excess));
    const remedy =
      excess < 0
        ? `raise one of them by ${by}`
        : excess <= hundredthsOf(largest)
          ? `lower one of them by ${by}`
          : `lower them by ${by} in total`;
    return `allocations of audience ${audience + 1} sum to ${percentOfHundredths(sum)}, not ${WHOLE}; ${remedy}`;
  });
}

/** Lists the first percents; an audience may have thousands. */
function listed(percents: readonly number[]): string {
  const shown = percents.slice(0, MAX_LISTED).join(', ');
  return percents.length > MAX_LISTED ? `${shown}, …` : shown;
}
