/** The digits of a number in a sentence. */
const DIGITS = 3;

const wholeFormat = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

const decimalFormat = new Intl.NumberFormat('en-US', { maximumSignificantDigits: DIGITS });

const preciseFormat = new Intl.NumberFormat('en-US', { maximumSignificantDigits: DIGITS + 1 });

/** Writes a count with separators: `4,200`. */
export function countText(count: number): string {
  return wholeFormat.format(count);
}

/** The count from which words stand for zeros. */
const MILLION = 1e6;

/** Writes a round count: `4,200`, `2.8 million`. */
export function roundCountText(count: number): string {
  return count < MILLION ? countText(count) : `${decimalFormat.format(count / MILLION)} million`;
}

/** Writes a count with its noun: `1 unit`, `4,200 units`. */
export function countOf(count: number, noun: string): string {
  return `${countText(count)} ${count === 1 ? noun : `${noun}s`}`;
}

/** Writes a share as a percentage with at most three digits, or whole: `12.3%`, `0.833%`, `1,234%`. */
export function percentText(share: number): string {
  const percent = share * 100;
  return `${(Math.abs(percent) >= 1000 ? wholeFormat : decimalFormat).format(percent)}%`;
}

/** Writes a lift with its sign: `+12.3%`. */
export function liftText(share: number): string {
  return share > 0 ? `+${percentText(share)}` : percentText(share);
}

/** Writes a number of new units a day, which may be small: `780`, `0.25`. */
export function rateText(count: number): string {
  return count >= 10 ? wholeFormat.format(count) : decimalFormat.format(count);
}

/** Writes a chance, which is never rounded to 100%: `80%`, `more than 99.9%`. */
export function chanceText(chance: number): string {
  if (chance > 0.999) return 'more than 99.9%';
  return chance < 0.001 ? 'less than 0.1%' : percentText(chance);
}

/** Writes a value of a metric: as percent if it is a share of units. */
export function valueText(value: number, isShare: boolean): string {
  if (isShare) return percentText(value);
  return Math.abs(value) >= 1e4 ? wholeFormat.format(value) : preciseFormat.format(value);
}

/** Rounds a number of units up to three figures, for a sentence that begins with "About". */
export function roundedUp(count: number): number {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, count))) - 2);
  return Math.ceil(count / step) * step;
}

/** The p-value below which its power of ten is written instead. */
const SMALL_P = 0.0001;

/** The natural logarithm of 10. */
const LN10 = Math.LN10;

/** Writes a p-value: `p = 0.0123`, or below 0.0001 with its power of ten: `p = 2e-9`. */
export function pValueText(pValue: number, lnPValue: number | null): string {
  if (pValue >= SMALL_P) return `p = ${pValue.toPrecision(2).replace(/\.?0+$/, '')}`;
  if (lnPValue === null || !Number.isFinite(lnPValue)) return 'p = 0';
  const power = Math.floor(lnPValue / LN10);
  const digit = Math.exp(lnPValue - power * LN10);
  return `p = ${Math.min(9, Math.round(digit))}e${power}`;
}

/** The units of durations, in milliseconds, the longest first. */
const DURATIONS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
  ['millisecond', 1],
] as const;

/** Writes a duration in the largest unit that divides it: `7 days`, `36 hours`. */
export function durationText(ms: number): string {
  const [noun, size] = DURATIONS.find(([, length]) => ms % length === 0) ?? ['millisecond', 1];
  return countOf(ms / size, noun);
}

/** Joins words: `a`, `a and b`, `a, b and c`. */
export function listText(words: readonly string[], last = 'and'): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1) ?? ''}`;
}
