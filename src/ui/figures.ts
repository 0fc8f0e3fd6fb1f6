/** The minus sign, which is as wide as a plus sign. */
const MINUS = '\u2212';

/** The text for a figure that is not defined. */
export const NONE = '–';

/** The figures that are shown of a number. */
const SIGNIFICANT = 4;

/** The most decimals of a percentage; what is smaller is shown as zero. */
const MAX_DECIMALS = 6;

/** The smallest p-value that is written out. */
const SMALLEST_P = 0.0001;

const WHOLE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const PRECISE = new Intl.NumberFormat('en-US', {
  minimumSignificantDigits: SIGNIFICANT,
  maximumSignificantDigits: SIGNIFICANT,
});

/** Formats a count: `24,180`. */
export function formatCount(count: number): string {
  return withMinus(WHOLE.format(count));
}

/** Formats a count with its noun: `1 unit`, `3 units`. */
export function formatPlural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** Formats a share of 0 to 1 as percent, with more decimals if it is small: `11.84%`, `0.083%`. */
export function formatShare(share: number | null): string {
  if (share === null || !Number.isFinite(share)) return NONE;
  const percent = share * 100;
  return `${withMinus(percent.toFixed(decimalsOf(percent, 2)))}%`;
}

/** Formats a number without a unit: `8.403`, `1,204`. */
export function formatNumber(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return NONE;
  const size = Math.abs(value);
  if (size >= 1e12 || (size > 0 && size < 1e-6)) return withMinus(value.toExponential(3));
  const isWhole = size >= 1000 || Number.isInteger(value);
  return withMinus(isWhole ? WHOLE.format(value) : PRECISE.format(value));
}

/** Formats a relative difference, with its sign: `+6.0%`, `−0.42%`. */
export function formatChange(share: number | null): string {
  if (share === null || !Number.isFinite(share)) return NONE;
  const percent = share * 100;
  const size = Math.abs(percent);
  const text =
    size >= 1000 ? WHOLE.format(size) : size.toFixed(size >= 100 ? 0 : decimalsOf(size, 1));
  return `${signOf(percent, text)}${text}%`;
}

/** Formats the limits of a relative difference: `+1.1% to +10.9%`, `−2.0% or more`. */
export function formatChangeInterval(
  interval: readonly [number | null, number | null] | null,
): string {
  return formatInterval(interval, formatChange);
}

/** Formats a deviation of a share in percentage points: `+0.30`. */
export function formatPoints(share: number): string {
  const text = Math.abs(share * 100).toFixed(2);
  return `${signOf(share, text)}${text}`;
}

/** Formats a p-value; a tiny one by its logarithm: `p = 0.041`, `p = 3e−12`, `p < 1e−300`. */
export function formatP(p: number | null, lnP: number | null = null): string {
  if (p === null) return `p = ${NONE}`;
  if (p >= SMALLEST_P) return `p = ${p >= 0.1 ? p.toFixed(2) : String(Number(p.toPrecision(2)))}`;
  if (p > 0) return `p = ${withMinus(p.toExponential(0))}`;
  if (lnP === null || !Number.isFinite(lnP)) return 'p < 1e\u2212300';
  return `p = 1e${withMinus(String(Math.round(lnP / Math.LN10)))}`;
}

/** Formats a probability: `97.2%`, `> 99.9%`. */
export function formatChance(chance: number): string {
  if (chance > 0.999) return '> 99.9%';
  if (chance < 0.001) return '< 0.1%';
  return `${(chance * 100).toFixed(1)}%`;
}

/** Formats an ISO 8601 time: `2026-11-30`, or `2026-11-30 14:00 UTC` if it is not midnight. */
export function formatTime(iso: string): string {
  const [date = iso, time = ''] = iso.split('T');
  const minutes = time.slice(0, 'hh:mm'.length);
  return minutes === '' || minutes === '00:00' ? date : `${date} ${minutes} UTC`;
}

/** Formats the limits of an interval; null is an open end. */
export function formatInterval(
  interval: readonly [number | null, number | null] | null,
  format: (value: number) => string,
): string {
  if (interval === null) return NONE;
  const [low, high] = interval;
  if (low === null && high === null) return 'no limit';
  if (low === null) return `${format(high ?? 0)} or less`;
  return high === null ? `${format(low)} or more` : `${format(low)} to ${format(high)}`;
}

/** The decimals that leave two figures of a small number. */
export function decimalsOf(value: number, usual: number): number {
  const size = Math.abs(value);
  // Slightly less, because 0.9999999 percent is written as 1.0, not as 1.00.
  if (size === 0 || size >= 0.995 * 10 ** (1 - usual)) return usual;
  const needed = 1 - Math.floor(Math.log10(size));
  return needed > MAX_DECIMALS ? usual : needed;
}

/** Removes the zeros at the end of a decimal: `15%` for `15.0%`. */
export function trimZeros(text: string): string {
  return text.replace(/(\.\d*?)0+(%?)$/, '$1$2').replace(/\.(%?)$/, '$1');
}

/** The sign of a value as it is written: none for zero. */
export function signOf(value: number, text: string): string {
  if (/^[0.,]*$/.test(text)) return '';
  return value < 0 ? MINUS : '+';
}

function withMinus(text: string): string {
  const isZero = /^-[0.]+$/.test(text);
  return isZero ? text.slice(1) : text.replaceAll('-', MINUS);
}
