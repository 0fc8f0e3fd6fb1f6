import * as fc from 'fast-check';
import { RuleError } from '../../../src/errors/rule-error.ts';
import { compileRule } from '../../../src/rules/compile/compile.ts';
import { parseRule } from '../../../src/rules/syntax/parse.ts';
import { typedRules } from '../../generators/typed-rules.ts';
import { contexts, trees, write } from './random-rules.ts';
import { evaluate } from './reference.ts';
import { PythonError, TooLarge, type Value } from './reference-values.ts';

/** Compares the compiled rule with a plain walk of its tree. */

/** A rule and its context. */
export const cases = fc.record({
  rule: fc.oneof({ arbitrary: typedRules, weight: 3 }, { arbitrary: trees, weight: 1 }).map(write),
  context: contexts,
  form: fc.constantFrom('plain', 'Map', 'no prototype'),
});

/** A rule, a JSON context, and the form of the dicts that the compiled rule gets. */
export type Case = typeof cases extends fc.Arbitrary<infer One> ? One : never;

/** The result of one evaluation: `True`, `False`, or an error's code with its place. */
type Outcome = string;

/** Both results of an evaluation; undefined if the walk can't compute it. */
export interface Compared {
  readonly compiled: Outcome;
  readonly walked: Outcome | undefined;
}

/** Evaluates a case both ways. */
export function compareBoth({ rule, context, form }: Case): Compared {
  return {
    compiled: compiledOutcome(rule, dressed(context, form) as object),
    walked: walkedOutcome(rule, context),
  };
}

function compiledOutcome(rule: string, context: object): Outcome {
  try {
    return String(compileRule(rule)(context));
  } catch (error) {
    if (!(error instanceof RuleError)) throw error;
    return `${error.code} ${error.range.start}-${error.range.end}`;
  }
}

function walkedOutcome(rule: string, context: object): Outcome | undefined {
  const names = new Map(Object.entries(context).map(([key, value]) => [key, fromJson(value)]));
  try {
    const value = evaluate(parseRule(rule), names);
    return typeof value === 'boolean' ? String(value) : `not-boolean 0-${rule.length}`;
  } catch (error) {
    if (error instanceof TooLarge) return undefined;
    if (!(error instanceof PythonError)) throw error;
    const { start, end } = error.range ?? { start: 0, end: rule.length };
    return `${error.code} ${start}-${end}`;
  }
}

/** Converts a context value to the walk's values. */
function fromJson(value: unknown): Value {
  if (Array.isArray(value)) return value.map(fromJson);
  if (typeof value !== 'object' || value === null) return value as Value;
  return { dict: Object.entries(value).map(([key, inner]) => [key, fromJson(inner)] as const) };
}

/** Returns the context with its dicts in another form, which must make no difference. */
function dressed(value: unknown, form: Case['form']): unknown {
  if (Array.isArray(value)) return value.map((item) => dressed(item, form));
  if (typeof value !== 'object' || value === null || form === 'plain') return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, dressed(inner, form)] as const);
  return form === 'Map'
    ? new Map(entries)
    : Object.assign(Object.create(null) as object, Object.fromEntries(entries));
}
