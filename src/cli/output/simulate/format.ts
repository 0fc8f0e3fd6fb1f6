import type { Tested } from '../../../workbench/simulate/summary/tested.ts';

const WHOLE = new Intl.NumberFormat('en-US');

/** Smaller p-values are all the same to a reader. */
const SMALLEST_P = 0.0001;

/** Below this, a p-value is what people often take for a finding. */
const NOTICED = 0.05;

/** How many characters a bar has. */
const BAR_WIDTH = 20;

/** A whole number with separators: `100,000`. */
export function formatCount(count: number): string {
  return WHOLE.format(count);
}

/** A share as a percentage with two decimals: `24.96%`. */
export function formatShare(share: number): string {
  return `${(share * 100).toFixed(2)}%`;
}

/** A p-value: `p 0.6123`, `p < 0.0001`. */
export function formatP(p: number): string {
  return p < SMALLEST_P ? `p < ${SMALLEST_P}` : `p ${p.toFixed(4)}`;
}

/** A test's p-value; the corrected one too, where the plain one could be taken for a finding. */
export function formatTest({ p, corrected }: Tested): string {
  const [plain, other] = [formatP(p), formatP(corrected)];
  return p < NOTICED && plain !== other ? `${plain} (corrected ${other})` : plain;
}

/** A share as a bar of characters. */
export function formatBar(share: number): string {
  const full = Math.round(Math.min(1, share) * BAR_WIDTH);
  return '█'.repeat(full) + '░'.repeat(BAR_WIDTH - full);
}

/** A number of things: `1 pair`, `3 pairs`. */
export function formatPlural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
