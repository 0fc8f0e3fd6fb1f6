import type { ExperimentSpec } from '../../specification/types.ts';

/** A way from an audience of the old experiment to one of the new: indexes. */
export interface Transition {
  readonly from: number;
  readonly to: number;
}

/**
 * The ways on which somebody may go from an audience to another when an experiment changes. Without
 * knowing who there is, it goes by the rules' texts: one text is true or false for one context. So
 * nobody can leave an audience for one that only takes those for whom its rule is false. With the same
 * rules in the same order everybody stays.
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

/** Whether the audiences have the same rules in the same order, so that everybody stays. */
export function hasSameRules(before: ExperimentSpec, after: ExperimentSpec): boolean {
  return (
    before.audiences.length === after.audiences.length &&
    before.audiences.every(({ rule }, i) => rule === after.audiences[i]?.rule)
  );
}

/** Whether the rule that is true in one audience must be false for the other to be reached. */
function contradicts(
  rules: readonly (string | undefined)[],
  index: number,
  others: readonly (string | undefined)[],
  otherIndex: number,
): boolean {
  const rule = rules[index];
  return rule !== undefined && others.slice(0, otherIndex).includes(rule);
}
