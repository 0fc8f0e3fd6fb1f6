import {
  identityLabel,
  identityPaths,
  type IdentitySpec,
} from '../../specification/identity-paths.ts';
import { RANDOM_IDENTITY } from '../../specification/reserved-identities.ts';
import type { ExperimentSpec } from '../../specification/types.ts';

/** The paths by which a participant is decided before and after a change. */
export interface IdentityMove {
  readonly from: string;
  readonly to: string;
}

/**
 * Finds the participants whom another path decides after a change, among those with an available identity
 * before and after. A list is decided by its first available path. So a move from one path to another
 * needs a participant who has both, and in neither list the other one may come first.
 */
export function identityMoves(before: IdentitySpec, after: IdentitySpec): IdentityMove[] {
  const [old, now] = [identityPaths(before), identityPaths(after)];
  return old.flatMap((from, i) =>
    now.flatMap((to, j) => {
      if (from === to) return [];
      const isEarlier = old.slice(0, i).includes(to) || now.slice(0, j).includes(from);
      return isEarlier ? [] : [{ from, to }];
    }),
  );
}

/** The most moves that a description lists. */
const MAX_LISTED = 3;

/**
 * Describes a change of the identity. If a list is involved, says who gets another bucket; a change from
 * one path to another gives everyone another bucket.
 */
export function describeIdentityChange(before: ExperimentSpec, after: ExperimentSpec): string {
  const change = `identity ${identityLabel(before.identity)} → ${identityLabel(after.identity)}`;
  const isList = [before, after].some(({ identity }) => typeof identity !== 'string');
  const isDrawn = [before, after].some(({ identity }) => identity === RANDOM_IDENTITY);
  // A new seed gives everyone another bucket too.
  if (!isList || isDrawn || before.seed !== after.seed) return change;
  return `${change}: ${describeMoves(identityPaths(before.identity), identityPaths(after.identity))}`;
}

function describeMoves(old: readonly string[], now: readonly string[]): string {
  const moves = identityMoves(old, now);
  if (moves.length > 0) {
    const listed = moves
      .slice(0, MAX_LISTED)
      .map(
        ({ from, to }) => `participants with ${from} and ${to} get a bucket by ${to}, not ${from}`,
      );
    return [...listed, ...(moves.length > MAX_LISTED ? ['…'] : [])].join('; ');
  }
  // Without moves, paths were only added at the end, or only removed from there.
  const added = now.filter((path) => !old.includes(path));
  return added.length > 0
    ? `participants without ${identityLabel(old)} now get a bucket by ${identityLabel(added)}; everyone else keeps theirs`
    : `participants without ${identityLabel(now)} no longer get a bucket; everyone else keeps theirs`;
}
