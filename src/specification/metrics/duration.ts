/** The pattern of a duration: a whole number of minutes, hours, days or weeks. */
export const DURATION = '^[0-9]{1,6}(m|h|d|w)$';

const PATTERN = new RegExp(DURATION);

/** The description of a duration for messages. */
export const DURATION_MUST_BE = 'a duration such as "30m", "12h", "7d" or "2w"';

const MS_PER_MINUTE = 60_000;
const MS_PER_HOUR = 60 * MS_PER_MINUTE;

/** A day has 24 hours, whatever clocks do: windows of all units are equally long. */
const MS_PER_DAY = 24 * MS_PER_HOUR;

/** The units, the longest first, with their milliseconds. */
const UNITS = [
  ['w', 7 * MS_PER_DAY],
  ['d', MS_PER_DAY],
  ['h', MS_PER_HOUR],
  ['m', MS_PER_MINUTE],
] as const;

/** The longest duration: ten years. Longer ones are typing errors. */
const MAX_MS = 3653 * MS_PER_DAY;

/**
 * Reads a duration such as `7d`.
 *
 * @returns milliseconds; undefined for any other text, and above ten years
 */
export function readDuration(text: string): number | undefined {
  if (!PATTERN.test(text)) return undefined;
  const [, msPerUnit] = UNITS.find(([unit]) => text.endsWith(unit)) ?? [];
  if (msPerUnit === undefined) return undefined;
  const ms = Number(text.slice(0, -1)) * msPerUnit;
  return ms <= MAX_MS ? ms : undefined;
}

/** Formats a duration by its largest whole unit: `7d`. Weeks are written as days. */
export function formatDuration(ms: number): string {
  const [unit, msPerUnit] =
    UNITS.find(([one, each]) => one !== 'w' && ms % each === 0) ?? (['m', MS_PER_MINUTE] as const);
  return `${ms / msPerUnit}${unit}`;
}

/** Durations as people and programs write them: `7 days`, `P7D`, `PT12H`. */
const LOOSE = /^\s*P?T?\s*(\d{1,6})\s*(m|h|d|w)[a-z]*\s*$/i;

/**
 * Returns the duration that a text probably stands for: `7d` for `7 days` and `P7D`.
 *
 * @returns undefined if it is not clear
 */
export function meantDuration(text: string): string | undefined {
  const [, number, unit = ''] = LOOSE.exec(text) ?? [];
  // P1M and "1 month" are months, which differ in length.
  if (number === undefined || /^\s*P\s*\d+\s*M|mo/i.test(text)) return undefined;
  return `${Number(number)}${unit.toLowerCase()}`;
}
