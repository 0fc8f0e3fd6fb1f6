import { RuleSet, Tuple } from '../../../src/rules/values/collections.ts';
import { constantOf, NO_CONSTANT } from '../../../src/rules/compile/evaluate.ts';
import { parseRule } from '../../../src/rules/syntax/parse.ts';
import { outcomeOf } from '../outcome.ts';

const constant = (rule: string) => constantOf(parseRule(rule));

describe('constantOf', () => {
  it('returns the value of a literal or of a collection of literals', () => {
    expect(constant('5')).toBe(5);
    expect(constant('-5')).toBe(-5);
    expect(constant('None')).toBeNull();
    expect(constant('["a", [1, -2]]')).toEqual(['a', [1, -2]]);
    expect(constant('(1, 2)')).toBeInstanceOf(Tuple);
    expect(constant('{1, 2}')).toBeInstanceOf(RuleSet);
  });

  it.each([
    'x',
    '[x]',
    '{1: x}',
    '(1, [x])',
    '1 + 1',
    '[1 for x in y]',
    'not 1',
    '-x',
    '-"a"',
    '{[1]}',
    '{[]: 1}',
    '~0.5',
  ])('returns no constant for %s', (rule) => {
    expect(constant(rule)).toBe(NO_CONSTANT);
  });

  it('leaves errors of a literal to the evaluation', () => {
    expect(outcomeOf('x or {[1]} == 1', { x: true })).toBe(true);
    expect(outcomeOf('x or {[1]} == 1', { x: false })).toBe('type');
    expect(outcomeOf('x or -"a" == 1', { x: false })).toBe('type');
  });
});
