import type { ExperimentSpec } from '../../specification/types.ts';

/** A transition from an audience of the old experiment to one of the new; both are indexes. */
export interface Transition {
  readonly from: number;
  readonly to: number;
}

/**
 * Finds the possible transitions between audiences when an experiment changes, from the texts of the
 * rules alone: for one context, equal texts have equal outcomes. So no one can go from an audience to
 * one that requires the first audience's rule to be false. With equal rules in the same order, everyone
 * stays.
 */
export function possibleTransitions(before: ExperimentSpec, after: ExperimentSpec): Transition[] {
  const oldRules = before.audiences.map(({ rule }) => rule);
  const newRules = after.audiences.map(({ rule }) => rule);
  return oldRules.flatMap((_, from) =>
    newRules.flatMap((_, to) =>
      contradicts(oldRules, from, newRules, to) || contradicts(newRules, to, oldRules, from)
        ? []
        : [{ from, to }],
    ),
  );
}

/** Returns true if the audiences have the same rules in the same order, so that everyone stays. */
export function hasSameRules(before: ExperimentSpec, after: ExperimentSpec): boolean {
  return (
    before.audiences.length === after.audiences.length &&
    before.audiences.every(({ rule }, i) => rule === after.audiences[i]?.rule)
  );
}

/** Returns true if the rule that holds in one audience must be false to reach the other. */
function contradicts(
  rules: readonly (string | undefined)[],
  index: number,
  others: readonly (string | undefined)[],
  otherIndex: number,
): boolean {
  const rule = rules[index];
  return rule !== undefined && others.slice(0, otherIndex).includes(rule);
}
