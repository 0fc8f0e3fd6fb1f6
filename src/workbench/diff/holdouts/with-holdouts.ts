import { controlOf } from '../../../specification/control.ts';
import type { ExperimentSpec } from '../../../specification/types.ts';
import { add, type Movement, movementOf, rounded } from '../movement.ts';
import type { HeldShares } from './held-shares.ts';

/** An experiment before and after a change, and the participants who are held out of it. */
export interface HeldExperiment {
  readonly before: ExperimentSpec;
  readonly after: ExperimentSpec;
  readonly held: HeldShares;
}

/**
 * Returns the movement of all participants, of whom some are held out before or after the change.
 *
 * @param own the movement without holdouts
 */
export function withHoldouts(
  own: Movement,
  { before, after, held }: HeldExperiment,
  parked: ReadonlySet<string>,
): Movement {
  const [oldControl, newControl] = [controlOf(before.variants), controlOf(after.variants)];
  const all = new Map<string, Map<string, number>>();
  const changing = new Map<string, Map<string, number>>();
  for (const [i, from] of own.rows.entries()) {
    for (const [j, to] of own.columns.entries()) {
      const share = own.shares[i]?.[j] ?? 0;
      addPositive(all, from, to, share * held.neither);
      addPositive(all, oldControl, newControl, share * held.both);
      for (const counts of [all, changing]) {
        addPositive(counts, from, newControl, share * held.enters);
        addPositive(counts, oldControl, to, share * held.leaves);
      }
    }
  }
  const names = ({ variants }: ExperimentSpec): string[] => variants.map(({ name }) => name);
  const movementIn = (counts: typeof all): Movement =>
    movementOf(counts, names(before), names(after), parked);
  const { harmful, parked: toOrFromParked } = movementIn(changing);
  const part = held.enters + held.leaves;
  return {
    ...movementIn(all),
    harmful: rounded(own.harmful * held.neither + harmful * part),
    parked: rounded(own.parked * held.neither + toOrFromParked * part),
  };
}

function addPositive(
  counts: Map<string, Map<string, number>>,
  from: string,
  to: string,
  share: number,
): void {
  if (share > 0) add(counts, from, to, share);
}
