import { BINARY, COMPARE, UNARY } from '../../../src/rules/values/operators.ts';
import { failureOf, outcomeOf } from '../outcome.ts';

const context = {
  set: new Set([1, 2]),
  map: new Map([['a', 1]]),
  dict: { a: 1 },
  day: new Date(0),
  user: new (class User {
    id = 1;
  })(),
};

describe('+', () => {
  it.each([
    ['"a" + "b" == "ab"', true],
    ['[1] + [2] == [1, 2]', true],
    ['(1,) + (2,) == (1, 2)', true],
    ['True + True == 2', true],
    ['+True == 1', true],
    ['[1] + (2,)', 'type'],
    ['"a" + 1', 'type'],
    ['1 + None', 'type'],
    ['{1} + {2}', 'type'],
    ['dict + dict', 'type'],
    ['day + 1', 'type'],
    ['+"1"', 'type'],
    ['+[]', 'type'],
  ])('decides %s: %s', (rule, outcome) => {
    expect(outcomeOf(rule, context)).toBe(outcome);
  });
});

describe('*', () => {
  it.each([
    ['"ab" * 2 == "abab" and 2 * "ab" == "abab"', true],
    ['[1, 2] * 2 == [1, 2, 1, 2]', true],
    ['2 * (1, 2) == (1, 2, 1, 2)', true],
    ['"a" * 0 == "" and "a" * -1 == "" and [1] * -1 == []', true],
    ['"a" * True == "a"', true],
    ['"a" * 2.0 == "aa"', true],
    ['"" * 10 ** 9 == "" and [] * 10 ** 9 == []', true],
    ['"a" * -(10 ** 30) == ""', 'limit'],
    ['"a" * 1.5', 'type'],
    ['"a" * "a"', 'type'],
    ['"a" * None', 'type'],
    ['[1] * [1]', 'type'],
    ['{1} * 2', 'type'],
  ])('decides %s: %s', (rule, outcome) => {
    expect(outcomeOf(rule, context)).toBe(outcome);
  });
});

describe('- & | ^', () => {
  it.each([
    ['{1, 2} - {2} == {1}', true],
    ['{1, 2} & {2.0, 3} == {2}', true],
    ['{1} | {2} | {True} == {1, 2}', true],
    ['{1, 2} ^ {2, 3} == {1, 3}', true],
    ['set - {1} == {2} and {1, 3} - set == {3}', true],
    ['set & set == set', true],
    ['{1} - [1]', 'type'],
    ['{1} | [1]', 'type'],
    ['{1} & 1', 'type'],
    ['dict | {"b": 2} == {"a": 1, "b": 2}', true],
    ['map | {"a": 2} == {"a": 2}', true],
    ['{"a": 2} | map | dict == dict', true],
    ['dict & dict', 'type'],
    ['dict | [1]', 'type'],
    ['user | dict', 'type'],
    ['"a" - "a"', 'type'],
    ['-"a"', 'type'],
    ['~"a"', 'type'],
    ['-None', 'type'],
  ])('decides %s: %s', (rule, outcome) => {
    expect(outcomeOf(rule, context)).toBe(outcome);
  });
});

describe('%', () => {
  it('does not format strings', () => {
    expect(failureOf('"%s" % 1 == "1"').reason).toBe('"%" can\'t format strings in a rule');
    expect(outcomeOf('1 % "a"')).toBe('type');
  });
});

describe('an operator', () => {
  it.each([
    ['1 + "a"', '"+" can\'t combine a number and a string'],
    ['[1] / 2', '"/" can\'t combine a list and a number'],
    ['None ** 2', '"**" can\'t combine None and a number'],
    ['user // 2', '"//" can\'t combine an object and a number'],
    ['{1} << 2', '"<<" can\'t combine a set and a number'],
    ['1 & 0.5', '"&" needs whole numbers'],
    ['-"a"', '"-" needs a number, not a string'],
    ['~0.5', '"~" needs a whole number'],
  ])('reports for %s: %s', (rule, reason) => {
    expect(failureOf(rule, context).reason).toBe(reason);
  });

  it('does not change its operands', () => {
    const values = { list: [1], set: new Set([1]), dict: { a: 1 } };
    const before = structuredClone(values);
    expect(outcomeOf('list + [2] == [] or list * 3 == [] or list[::-1] == []', values)).toBe(false);
    expect(outcomeOf('set | {2} == {1} or set - {1} == {1}', values)).toBe(false);
    expect(outcomeOf('dict | {"a": 2} == dict', values)).toBe(false);
    expect(values).toEqual(before);
  });

  it('is in exactly one of the tables', () => {
    const all = [...Object.keys(COMPARE), ...Object.keys(BINARY)];
    expect(new Set(all).size).toBe(all.length);
    expect(Object.keys(UNARY)).toEqual(['-', '+', '~']);
  });
});
