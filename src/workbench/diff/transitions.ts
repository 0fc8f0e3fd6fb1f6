import { isDeepStrictEqual } from 'node:util';
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
  const isSame = usesSame(before, after);
  const oldRules = before.audiences.map(({ rule }) => meaningOf(rule, isSame, 'before'));
  const newRules = after.audiences.map(({ rule }) => meaningOf(rule, isSame, 'after'));
  return oldRules.flatMap((_, from) =>
    newRules.flatMap((_, to) =>
      contradicts(oldRules, from, newRules, to) || contradicts(newRules, to, oldRules, from)
        ? []
        : [{ from, to }],
    ),
  );
}

/**
 * Returns true if everyone stays in their audience: the rules are the same in the same order, and so are
 * their segments and the experiments that they ask for.
 */
export function hasSameRules(before: ExperimentSpec, after: ExperimentSpec): boolean {
  return hasSameTexts(before, after) && usesSame(before, after);
}

/** Returns true if the segments of the rules and the experiments that they ask for are the same. */
function usesSame(before: ExperimentSpec, after: ExperimentSpec): boolean {
  return isDeepStrictEqual(usesIn(before), usesIn(after));
}

/** The segments and experiments that the rules in force use. */
type Uses = Required<Pick<ExperimentSpec, 'segments' | 'prerequisites'>>;

/** Returns the segments and experiments whose names are in the rules in force, not only in later steps. */
export function usesIn({ audiences, segments = [], prerequisites = [] }: ExperimentSpec): Uses {
  if (segments.length + prerequisites.length === 0) return { segments, prerequisites };
  const words = new Set(
    [...audiences, ...segments].flatMap(({ rule }) => rule?.match(/\w+/g) ?? []),
  );
  const isUsed = ({ name }: { readonly name: string }): boolean => words.has(name);
  return { segments: segments.filter(isUsed), prerequisites: prerequisites.filter(isUsed) };
}

/** A rule that may use a segment, or ask for an experiment. */
const MAY_USE = /segments|experiments/;

/** Returns a key that is equal for rules whose outcomes are equal for each context. */
function meaningOf(
  rule: string | undefined,
  isSame: boolean,
  side: 'before' | 'after',
): string | undefined {
  return rule === undefined || isSame || !MAY_USE.test(rule) ? rule : `${side}: ${rule}`;
}

/** Returns true if the audiences have the same rules in the same order, as texts. */
export function hasSameTexts(before: ExperimentSpec, after: ExperimentSpec): boolean {
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
