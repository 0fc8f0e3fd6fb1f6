import type { ExperimentSpec } from '../../specification/types.ts';
import { kindOfMove } from '../../changes/parked.ts';
import type { Movement } from './movement.ts';

/**
 * Returns true if participants keep their variants through a change: the experiment is sticky before and
 * after it, and has the same name and seed.
 */
export function keepsVariants(before: ExperimentSpec, after: ExperimentSpec): boolean {
  const isSticky = before.sticky === true && after.sticky === true;
  return isSticky && before.name === after.name && before.seed === after.seed;
}

/**
 * Returns a movement in which only participants of removed variants move. The shares stay: they show
 * what new participants get.
 */
export function onlyRemoved(
  movement: Movement,
  after: ExperimentSpec,
  parked: ReadonlySet<string>,
): Movement {
  const { rows, columns, shares } = movement;
  let harmful = 0;
  let moved = 0;
  for (const [i, from] of rows.entries()) {
    if (isDeclared(after, from)) continue;
    for (const [j, to] of columns.entries()) {
      const kind = kindOfMove(from, to, parked);
      const share = shares[i]?.[j] ?? 0;
      if (kind === 'harmful') harmful += share;
      if (kind === 'parked') moved += share;
    }
  }
  return { ...movement, harmful, parked: moved };
}

/** Returns true if an experiment declares a variant. */
export function isDeclared({ variants }: ExperimentSpec, variant: string): boolean {
  return variants.some(({ name }) => name === variant);
}
