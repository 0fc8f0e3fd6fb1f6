import { type MovedRun, type Run, runAt } from './runs.ts';

/** The figures of a strip. */
export interface StripFigures {
  readonly runs: readonly Run[];
  readonly moved: readonly MovedRun[];
  readonly buckets: number;
  readonly pin?: number;
}

const WHOLE = new Intl.NumberFormat('en-US');

/** The most changes that a label lists. */
const MAX_LISTED = 4;

/** Describes a strip in words, for people who don't see it. */
export function stripLabel({ runs, moved, buckets, pin }: StripFigures): string {
  const parts = [
    `${WHOLE.format(buckets)} buckets: ${runs.map((run) => `${run.variant} ${rangeText(run)}`).join(', ')}`,
  ];
  if (pin !== undefined) {
    const holder = runAt(runs, pin)?.variant;
    parts.push(`this user has bucket ${pin}${holder === undefined ? '' : `, ${holder}`}`);
  }
  if (moved.length > 0) parts.push(movedText(moved));
  return parts.join('; ');
}

/** Formats the numbers of buckets: `25–49`, or `25`. */
export function rangeText({ from, to }: { readonly from: number; readonly to: number }): string {
  return to - from === 1 ? String(from) : `${from}–${to - 1}`;
}

function movedText(moved: readonly MovedRun[]): string {
  const total = moved.reduce((sum, { from, to }) => sum + to - from, 0);
  const list = moved
    .slice(0, MAX_LISTED)
    .map((run) => `${rangeText(run)} from ${run.before ?? 'none'} to ${run.after ?? 'none'}`);
  const rest = moved.length > MAX_LISTED ? `, and ${moved.length - MAX_LISTED} more changes` : '';
  return `${WHOLE.format(total)} ${total === 1 ? 'bucket changes' : 'buckets change'} hands: ${list.join(', ')}${rest}`;
}
