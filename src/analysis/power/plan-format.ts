const WHOLE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const PRECISE = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 4 });
const PERCENT = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3 });

/** Formats a count: `12,400`. */
export function countText(count: number): string {
  return WHOLE.format(count);
}

/** Formats a count with its noun: `1 day`, `3 days`. */
export function pluralText(count: number, noun: string): string {
  return `${WHOLE.format(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** Formats a number of new units a day, which may be small: `780`, `0.25`. */
export function rateText(count: number): string {
  return count >= 10 ? WHOLE.format(count) : PERCENT.format(count);
}

/** Formats a share as percent with at most three figures: `5%`, `0.833%`, `-4.2%`. */
export function percentText(share: number): string {
  const percent = share * 100;
  return `${Math.abs(percent) >= 1000 ? WHOLE.format(percent) : PERCENT.format(percent)}%`;
}

/** Formats a chance, which is never rounded to 100%: `80%`, `more than 99.9%`. */
export function chanceText(chance: number): string {
  if (chance > 0.999) return 'more than 99.9%';
  return chance < 0.001 ? 'less than 0.1%' : percentText(chance);
}

/** Formats a value of a metric: as percent if it is a share of units. */
export function valueText(value: number, isShare: boolean): string {
  if (isShare) return percentText(value);
  return Math.abs(value) >= 1e4 ? WHOLE.format(value) : PRECISE.format(value);
}

/** Rounds a number of units up to three figures, for a sentence that begins with "About". */
export function roundedUp(count: number): number {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, count))) - 2);
  return Math.ceil(count / step) * step;
}
