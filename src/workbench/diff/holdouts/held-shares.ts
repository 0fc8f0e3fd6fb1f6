import type { HoldoutSpec } from '../../../specification/types.ts';

/** The holdouts before and after a change. */
export interface HoldoutPair {
  readonly before: readonly HoldoutSpec[];
  readonly after: readonly HoldoutSpec[];
}

/** The shares of participants by whether some holdout holds them out, [0, 1]; the sum is 1. */
export interface HeldShares {
  /** Neither before nor after. */
  readonly neither: number;
  /** Only after. */
  readonly enters: number;
  /** Only before. */
  readonly leaves: number;
  readonly both: number;
}

const WHOLE = 100;

/**
 * Computes who is held out before and after a change. Holdouts with one identity and seed hold out the
 * first buckets, so the largest percent counts; others are independent.
 */
export function heldShares({ before, after }: HoldoutPair): HeldShares {
  const groups = new Map<string, [before: number, after: number]>();
  for (const [side, holdouts] of [before, after].entries()) {
    for (const { identity, seed, percent } of holdouts) {
      const key = JSON.stringify([identity, seed]);
      const group = groups.get(key) ?? [0, 0];
      groups.set(key, group);
      group[side] = Math.max(group[side] ?? 0, percent / WHOLE);
    }
  }
  let [freeBefore, freeAfter, neither] = [1, 1, 1];
  for (const [was, is] of groups.values()) {
    freeBefore *= 1 - was;
    freeAfter *= 1 - is;
    neither *= 1 - Math.max(was, is);
  }
  const enters = freeBefore - neither;
  const leaves = freeAfter - neither;
  return { neither, enters, leaves, both: 1 - neither - enters - leaves };
}

/** Returns true if a change leaves everyone where they are: held out or not. */
export function holdsOutTheSame(pair: HoldoutPair): boolean {
  const { enters, leaves } = heldShares(pair);
  return Math.max(enters, leaves) < SMALLEST_SHARE;
}

/** The share below which a difference is a rounding error. */
const SMALLEST_SHARE = 1e-9;
