import * as fc from 'fast-check';
import { RuleError } from '../../../src/errors/rule-error.ts';
import { traceRule } from '../../../src/rules/trace.ts';
import { runs } from '../../runs.ts';
import { outcomeOf } from '../outcome.ts';
import { contexts, trees, write } from '../reference/random-rules.ts';
import { compiledWith, type Declared, declarationsOf } from '../declared.ts';

/** Returns the error of a rule in a context. */
function errorOf(rule: string, declared: Declared, context: object): RuleError {
  try {
    compiledWith(rule, declared).holds(context);
  } catch (error) {
    if (error instanceof RuleError) return error;
    throw error;
  }
  throw new Error('the rule does not fail');
}

/** Returns the result of an evaluation: true, false, or the code of its error. */
function resultOf(evaluate: () => boolean): boolean | string {
  try {
    return evaluate();
  } catch (error) {
    if (error instanceof RuleError) return error.code;
    throw error;
  }
}

/** The shapes of rules that use a segment, with the segment's place. */
const uses = fc.constantFrom<(use: string) => string>(
  (use) => use,
  (use) => `not ${use}`,
  (use) => `yes and ${use}`,
  (use) => `${use} or none is None`,
  (use) => `${use} == yes`,
  (use) => `(${use} if yes else not ${use})`,
  (use) => `[i for i in list if ${use}] == list`,
  (use) => `{"a": ${use}}["a"]`,
);

describe('a segment', () => {
  it('has the value of its rule in brackets in its place', () => {
    let decided = 0;
    fc.assert(
      fc.property(trees, contexts, uses, (tree, context, use) => {
        // A segment is True or False, so both rules are made so.
        const rule = `(${write(tree)}) == yes`;
        const inPlace = outcomeOf(use(`(${rule})`), context);
        const named = resultOf(() =>
          compiledWith(use('segments.s'), { segments: { s: rule } }).holds(context),
        );
        expect(named).toEqual(inPlace);
        if (typeof named === 'boolean') decided++;
      }),
      { numRuns: runs(2000) },
    );
    expect(decided).toBeGreaterThan(0);
  });

  it('is traced with the outcome of the rule', () => {
    fc.assert(
      fc.property(trees, contexts, uses, (tree, context, use) => {
        const declared = { segments: { s: `(${write(tree)}) == yes`, t: 'segments.s' } };
        const rule = use('segments.t');
        const outcome = resultOf(() => compiledWith(rule, declared).holds(context));
        const traced = resultOf(() => {
          const trace = traceRule(rule, context, declarationsOf(declared));
          if (trace.outcome === undefined) throw trace.error;
          return trace.outcome;
        });
        expect(traced).toBe(outcome);
      }),
      { numRuns: runs(1000) },
    );
  });

  it('names itself in errors, and marks the place in its own rule', () => {
    const declared = { segments: { staff: 'user.role == "staff"', paying: 'segments.staff or x' } };
    const error = errorOf('user.id == 1 and segments.paying', declared, { user: { id: 1 } });
    expect(error.message).toBe(
      'segment "staff": an object has no attribute "role"\n  user.role == "staff"\n  ^^^^^^^^^',
    );
    expect([error.code, error.rule]).toEqual(['attribute', 'user.role == "staff"']);
  });

  it.each([
    ['a rule', 'segments.s'],
    ['a comprehension', '[1 for x in [1] if segments.s] == [1]'],
    ['arithmetic', '1 + segments.s == 2'],
  ])('must be True or False in %s', (_where, rule) => {
    const error = errorOf(rule, { segments: { s: 'user.id' } }, { user: { id: 7 } });
    expect(error.code).toBe('not-boolean');
    expect(error.message).toBe(
      'segment "s": its rule evaluates to a number, not to True or False; add a comparison\n  user.id\n  ^^^^^^^',
    );
  });

  it('keeps the variables of its comprehensions to itself', () => {
    const declared = { segments: { s: '[x for x in [9]] == [9]' } };
    const rule = compiledWith('[x for x in [1, 2] if segments.s] == [1, 2]', declared);
    expect(rule.holds({})).toBe(true);
  });

  it('counts its work within the budget of the rule', () => {
    const items = Array.from({ length: 9000 }, (_, i) => i);
    const heavy = `${'user.id == 1 and '.repeat(400)}True`;
    const declared = { segments: { heavy } };
    const once = compiledWith('segments.heavy', declared);
    expect(once.holds({ user: { id: 1 } })).toBe(true);
    const error = errorOf('[x for x in items if segments.heavy] != []', declared, {
      items,
      user: { id: 1 },
    });
    expect(error.code).toBe('limit');
  });

  it('starts with a whole budget in each evaluation of a rule', () => {
    const declared = { segments: { many: '[x for x in [1, 2, 3]] == [1, 2, 3]' } };
    const rule = compiledWith('segments.many', declared);
    // All evaluations together create more items than the limit allows for one.
    const results = Array.from({ length: 4000 }, () => rule.holds({}));
    expect(new Set(results)).toEqual(new Set([true]));
  });
});
