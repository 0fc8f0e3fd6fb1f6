/** A variant and its share of an audience's buckets. */
export interface VariantShare {
  readonly variant: string;
  /** 0–100; with two decimals for 10,000 buckets. */
  readonly percent: number;
}

/** Neighbouring buckets of one allocation: `from` belongs to it, `to` does not. */
export interface Run {
  readonly variant: string;
  readonly from: number;
  readonly to: number;
}

/** Buckets that change hands: `from` belongs to them, `to` does not. Null: no variant. */
export interface MovedRun {
  readonly from: number;
  readonly to: number;
  readonly before: string | null;
  readonly after: string | null;
  /** True if people switch between two shown variants; false if they join or leave. */
  readonly isSwitch: boolean;
}

/** Percents are of a hundred. */
const WHOLE = 100;

/** Lays out the allocations in their order on `buckets` buckets, as the assignment does; without empty ones. */
export function runsOf(shares: readonly VariantShare[], buckets: number): readonly Run[] {
  const runs: Run[] = [];
  let from = 0;
  for (const { variant, percent } of shares) {
    const size = percent > 0 ? Math.round((percent / WHOLE) * buckets) : 0;
    const to = Math.min(buckets, from + size);
    if (to > from) runs.push({ variant, from, to });
    from = to;
  }
  return runs;
}

/** Returns the run that holds a bucket; undefined if none does. */
export function runAt(runs: readonly Run[], bucket: number): Run | undefined {
  return runs.find(({ from, to }) => bucket >= from && bucket < to);
}

/**
 * Returns the buckets that change hands, in order. Neighbours with the same change are one.
 *
 * @param isParked returns true for a variant that shows nothing
 */
export function movedRuns(
  before: readonly Run[],
  after: readonly Run[],
  isParked: (variant: string) => boolean,
): readonly MovedRun[] {
  const borders = [...before, ...after].flatMap(({ from, to }) => [from, to]);
  const inOrder = [...new Set(borders)].sort((a, b) => a - b);
  const moved: MovedRun[] = [];
  for (const [i, from] of inOrder.entries()) {
    const to = inOrder[i + 1];
    if (to === undefined) break;
    const old = runAt(before, from)?.variant ?? null;
    const now = runAt(after, from)?.variant ?? null;
    if (old === now) continue;
    const isSwitch = old !== null && now !== null && !isParked(old) && !isParked(now);
    const last = moved.at(-1);
    if (last?.to === from && last.before === old && last.after === now) {
      moved[moved.length - 1] = { ...last, to };
    } else moved.push({ from, to, before: old, after: now, isSwitch });
  }
  return moved;
}

/** Formats a percent with the decimals it has, at most two: `25%`, `12.5%`. */
export function percentText(percent: number): string {
  return `${Number(percent.toFixed(2))}%`;
}
