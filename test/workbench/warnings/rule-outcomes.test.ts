import * as fc from 'fast-check';
import { outcomesOf } from '../../../src/workbench/warnings/rule-outcomes.ts';
import { RuleError } from '../../../src/errors/rule-error.ts';
import { compileRule, parseAndCheck } from '../../../src/rules/compile/compile.ts';
import { contexts, trees, write } from '../../rules/reference/random-rules.ts';
import { runs } from '../../runs.ts';

const NAMES = [
  [1, 'true'],
  [2, 'false'],
  [4, 'truthy'],
  [8, 'falsy'],
] as const;

/** The possible outcomes in words. */
function wordsFor(rule: string): string[] {
  const outcomes = outcomesOf(parseAndCheck(rule), rule);
  return NAMES.filter(([bit]) => (outcomes & bit) !== 0).map(([, name]) => name);
}

/** Returns the outcome of a rule in a context. */
function outcomeIn(rule: string, context: object): string {
  try {
    return String(compileRule(rule)(context));
  } catch (error) {
    if (!(error instanceof RuleError) || error.code !== 'not-boolean') return 'failure';
    return compileRule(`not (${rule})`)(context) ? 'falsy' : 'truthy';
  }
}

describe('outcomesOf', () => {
  it.each([
    ['True', ['true']],
    ['1 == 1 and not False', ['true']],
    ['"" or 0', ['falsy']],
    ['1 < "a"', []],
    ['user.id == 1', ['true', 'false']],
    ['user', ['true', 'false', 'truthy', 'falsy']],
    ['user.age + 1', ['truthy', 'falsy']],
    ['-user.age', ['truthy', 'falsy']],
    ['user.tags[1:]', ['truthy', 'falsy']],
    ['a & b', ['true', 'false', 'truthy', 'falsy']],
    ['[user]', ['truthy']],
    ['not [user]', ['false']],
    ['{user: 1}', ['truthy']],
    ['[x for x in user.tags]', ['truthy', 'falsy']],
    ['user.id == 1 or True', ['true']],
    ['user.id == 1 and False', ['false']],
    ['user.id == 1 and "yes"', ['false', 'truthy']],
    ['user.id == 1 or user.age + 1', ['true', 'truthy', 'falsy']],
    ['True or user', ['true']],
    ['0 and user', ['falsy']],
    ['user.id == 1 if True else 5', ['true', 'false']],
    ['1 if user else True', ['true', 'truthy']],
    ['(1 < "a") or user', []],
  ])('computes the outcomes of %s', (rule, outcomes) => {
    expect(wordsFor(rule)).toEqual(outcomes);
  });

  it('never misses an outcome of a rule', () => {
    fc.assert(
      fc.property(trees, contexts, (tree, context) => {
        const rule = write(tree);
        const outcome = outcomeIn(rule, context);
        fc.pre(outcome !== 'failure');
        expect(wordsFor(rule)).toContain(outcome);
      }),
      { numRuns: runs(1000) },
    );
  });
});
