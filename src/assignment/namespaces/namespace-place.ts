import { PlanoutError } from '../../errors/planout-error.ts';
import { quote } from '../../errors/show-value.ts';
import type { Assignment } from '../../planout/assignment.ts';
import { segmentOf, unitTextOf } from '../../planout/namespaces/namespace-unit.ts';
import { FREE } from '../../planout/namespaces/segment-allocations.ts';
import type { AddedExperiment, CompiledNamespace } from '../compiled-namespace.ts';
import { isInexact, warnOfInexact } from '../identity.ts';
import type { AssignmentPolicy } from '../policy.ts';

/** The position of a unit in a namespace. */
export interface Place {
  /** The text of the unit that was hashed; undefined after an error. */
  readonly unit: string | undefined;
  /** Undefined after an error. */
  readonly segment: number | undefined;
  /** The experiment that has the segment. */
  readonly added: AddedExperiment | undefined;
}

/** The place of a unit that could not be read, and of every unit of an unknown namespace. */
export const NOWHERE: Place = Object.freeze({
  unit: undefined,
  segment: undefined,
  added: undefined,
});

/** The result of an experiment for a unit. */
export interface Drawn {
  readonly assignment: Assignment | undefined;
  readonly inExperiment: boolean;
}

/** The result of a unit in no experiment. */
export const NOTHING: Drawn = Object.freeze({ assignment: undefined, inExperiment: false });

/**
 * Returns the place of a unit.
 *
 * @param values the values of the namespace's paths, in order
 * @throws PlanoutError `namespace` if a value is missing or can't tell units apart
 */
export function placeOf(
  { spec, table, added }: CompiledNamespace,
  values: readonly unknown[],
  { once }: AssignmentPolicy,
): Place {
  const unit = unitTextOf(values, (i, reason) => {
    const why = values[i] === undefined ? 'is not in the context' : reason;
    const path = spec.unit[i] ?? '';
    throw new PlanoutError('namespace', `the unit "${path}" ${why}`);
  });
  const inexact = values.findIndex(isInexact);
  if (inexact >= 0) {
    const what = `namespace ${quote(spec.name)}: the unit ${quote(spec.unit[inexact] ?? '')}`;
    warnOfInexact(once, what, Number(values[inexact]));
  }
  const segment = segmentOf(spec.name, unit, table.length);
  return { unit, segment, added: added[table[segment] ?? FREE] };
}
