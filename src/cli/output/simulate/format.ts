import type { Tested } from '../../../workbench/simulate/summary/tested.ts';

/** The smallest p-value that is printed; smaller ones differ in nothing that matters to a reader. */
const SMALLEST_P = 0.0001;

/** The usual threshold of significance: below it, the corrected p-value is printed too. */
const NOTICED = 0.05;

/** The width of a bar in characters. */
const BAR_WIDTH = 20;

/** Formats a share as a percentage with two decimals: `24.96%`. */
export function formatShare(share: number): string {
  return `${(share * 100).toFixed(2)}%`;
}

/** Formats a p-value: `p 0.6123`, `p < 0.0001`. */
export function formatP(p: number): string {
  return p < SMALLEST_P ? `p < ${SMALLEST_P}` : `p ${p.toFixed(4)}`;
}

/** Formats a test's p-value, with the corrected p-value if the plain one is small. */
export function formatTest({ p, corrected }: Tested): string {
  const [plain, other] = [formatP(p), formatP(corrected)];
  return p < NOTICED && plain !== other ? `${plain} (corrected ${other})` : plain;
}

/** Draws a share as a bar of characters. */
export function formatBar(share: number): string {
  const full = Math.round(Math.min(1, share) * BAR_WIDTH);
  return '█'.repeat(full) + '░'.repeat(BAR_WIDTH - full);
}
