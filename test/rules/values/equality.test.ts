import * as fc from 'fast-check';
import { Dict, RuleSet, Tuple } from '../../../src/rules/values/collections.ts';
import { equals, isSame, isSubset } from '../../../src/rules/values/equality.ts';
import { outcomeOf } from '../outcome.ts';

describe('equals', () => {
  const day = new Date(5);
  it.each([
    [1, 1],
    [1, true],
    [0, false],
    [0, -0],
    [1n, 1],
    [1n, true],
    [2n ** 64n, 2 ** 64],
    ['a', 'a'],
    [null, undefined],
    [[], []],
    [
      [1, [2, 'x']],
      [true, [2n, 'x']],
    ],
    [new Tuple([1]), new Tuple([1])],
    [new RuleSet([1, 'a']), new Set(['a', true])],
    [new Set([1]), new Set([1])],
    [
      { a: [1], b: null },
      { b: undefined, a: [1] },
    ],
    [{ a: 1 }, new Map([['a', 1]])],
    [new Map([[1, 'x']]), new Dict([[true, 'x']])],
    [{}, Object.create(null)],
    [{ a: 1, run: () => {} }, { a: 1 }],
    [day, new Date(5)],
  ])('considers %p and %p equal in both orders', (left, right) => {
    expect(equals(left, right)).toBe(true);
    expect(equals(right, left)).toBe(true);
  });

  it.each([
    [1, '1'],
    ['a', 'A'],
    ['', null],
    [0, null],
    [0, ''],
    [0, []],
    [false, null],
    [NaN, NaN],
    [2n ** 53n + 1n, 2 ** 53],
    [[1], [1, 2]],
    [
      [1, 2],
      [2, 1],
    ],
    [[1], new Tuple([1])],
    [[1], new Set([1])],
    [[], {}],
    [{ a: 1 }, { a: 2 }],
    [{ a: 1 }, { b: 1 }],
    [{ a: 1 }, { a: 1, b: 1 }],
    [{ a: undefined }, {}],
    [new Map([[1, 1]]), new Map([['1', 1]])],
    [new Set([1]), new Set([2])],
    [new Set([1]), new Set([1, 2])],
    [day, new Date(6)],
    [day, 5],
    [new Date(NaN), new Date(NaN)],
    [
      new (class A {
        id = 1;
      })(),
      new (class A {
        id = 1;
      })(),
    ],
    [
      new (class A {
        id = 1;
      })(),
      {},
    ],
    [() => {}, () => {}],
  ])('considers %p and %p different in both orders', (left, right) => {
    expect(equals(left, right)).toBe(false);
    expect(equals(right, left)).toBe(false);
  });

  it.each([
    ['nan == nan', false],
    ['nan in [nan] and nan in (1, nan) and nan in {nan}', true],
    ['[nan] == [nan] and (1, nan) == (1, nan)', true],
    ['{1: nan} == {1: nan} and [[nan]] == [[nan]]', true],
    ['[nan, 1] < [nan, 2] and [nan] <= [nan]', true],
    ['[nan] < [nan] or nan in [1] or [nan] == [1]', false],
  ])('considers NaN the same object in collections, as Python does: %s', (rule, outcome) => {
    expect(outcomeOf(rule, { nan: NaN })).toBe(outcome);
  });

  it('considers every value except NaN equal to itself', () => {
    const instance = new (class A {
      id = 1;
    })();
    for (const value of [instance, Symbol.iterator, () => {}, [NaN]]) {
      expect(equals(value, value)).toBe(true);
    }
  });

  it('considers a copy of any JSON equal, and is symmetric', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        expect(equals(a, JSON.parse(JSON.stringify(a)))).toBe(true);
        expect(equals(a, b)).toBe(equals(b, a));
      }),
    );
  });

  it('refuses values deeper than 100 levels, such as values that contain themselves', () => {
    const cycle = (): unknown[] => {
      const list: unknown[] = [];
      list.push(list, list);
      return list;
    };
    const ring: Record<string, unknown> = {};
    ring['self'] = ring;
    const other: Record<string, unknown> = {};
    other['self'] = other;
    expect(outcomeOf('a == b', { a: cycle(), b: cycle() })).toBe('limit');
    expect(outcomeOf('a == b', { a: ring, b: other })).toBe('limit');
    expect(outcomeOf('a == a and a in [a]', { a: ring })).toBe(true);
    const nest = (depth: number) => JSON.parse('['.repeat(depth) + ']'.repeat(depth)) as unknown;
    expect(outcomeOf('a == b', { a: nest(100), b: nest(100) })).toBe(true);
    expect(outcomeOf('a == b', { a: nest(102), b: nest(102) })).toBe('limit');
  });
});

describe('isSame', () => {
  it.each([
    ['None is None', true],
    ['missing is None', true],
    ['True is True', true],
    ['1 is 1', true],
    ['"a" is "a"', true],
    ['xs is xs', true],
    ['1 is True', false],
    ['0 is False', false],
    ['"" is None', false],
    ['[] is []', false],
    ['xs is not ys', true],
    ['10 ** 20 is 10 ** 20', true],
    ['five is 5', true],
    ['five is True', false],
  ])('decides %s: %s', (rule, result) => {
    expect(outcomeOf(rule, { missing: undefined, xs: [1], ys: [1], five: 5n })).toBe(result);
  });

  it('treats undefined and null as the same', () => {
    expect(isSame(undefined, null)).toBe(true);
  });
});

describe('isSubset', () => {
  it('checks every element of the first set', () => {
    expect(isSubset(new RuleSet([1]), new RuleSet([true, 2]))).toBe(true);
    expect(isSubset(new RuleSet([]), new RuleSet([]))).toBe(true);
    expect(isSubset(new RuleSet([1, 3]), new RuleSet([1, 2]))).toBe(false);
  });
});
