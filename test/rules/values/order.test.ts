import * as fc from 'fast-check';
import { inOrder } from '../../../src/rules/values/order.ts';
import { failureOf, outcomeOf } from '../outcome.ts';
import { runs } from '../../runs.ts';

/** Compares by code points, in a slow and simple way. */
function byCodePoints(left: string, right: string): number {
  const [a, b] = [Array.from(left), Array.from(right)];
  for (const [i, char] of a.entries()) {
    const other = b[i];
    if (other === undefined) return 1;
    const difference = (char.codePointAt(0) ?? 0) - (other.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

const text = fc.string({
  unit: fc.constantFrom('a', 'b', 'é', '\ud7ff', '\ue000', '\uffff', '😀', '😁', '\u{10ffff}'),
});

describe('inOrder', () => {
  it('orders strings by code points, not by UTF-16 units', () => {
    expect(inOrder('<', '\uffff', '😀')).toBe(true);
    fc.assert(
      fc.property(text, text, (a, b) => {
        const order = byCodePoints(a, b);
        expect(inOrder('<', a, b)).toBe(order < 0);
        expect(inOrder('<=', a, b)).toBe(order <= 0);
        expect(inOrder('>', a, b)).toBe(order > 0);
        expect(inOrder('>=', a, b)).toBe(order >= 0);
      }),
      { numRuns: runs(1000) },
    );
  });

  it('orders whole numbers and floats exactly', () => {
    expect(inOrder('<', 2 ** 53, 2n ** 53n + 1n)).toBe(true);
    expect(inOrder('<', 1e300, 10n ** 300n)).toBe(false);
    expect(inOrder('>=', 1n, true)).toBe(true);
  });

  it('does not order NaN', () => {
    for (const operator of ['<', '<=', '>', '>='] as const) {
      expect(inOrder(operator, NaN, 1)).toBe(false);
      expect(inOrder(operator, 1n, NaN)).toBe(false);
    }
  });

  it.each([
    ['[] < [1]', true],
    ['[1, 2] < [1, 3]', true],
    ['[1, 2] < [1, 2]', false],
    ['[1, 2] <= [1, 2]', true],
    ['[2] > [1, 5]', true],
    ['[1, None] < [2, 3]', true],
    ['[1, None] < [1, 3]', 'type'],
    ['[[1], "b"] < [[1], "c"]', true],
    ['(1, 2) < (1, 2, 0)', true],
    ['{1} < {1, 2}', true],
    ['{1, 2} < {1, 2}', false],
    ['{1, 2} <= {True, 2.0}', true],
    ['{1, 2} > {2}', true],
    ['{1} >= {2}', false],
    ['{1} < {2, 3}', false],
    ['tags <= {"a", "b"}', true],
    ['early < late and late >= late', true],
    ['early > late', false],
    ['True < 2 and False <= 0', true],
  ])('decides %s: %s', (rule, result) => {
    const context = { tags: new Set(['a']), early: new Date(1), late: new Date(2) };
    expect(outcomeOf(rule, context)).toBe(result);
  });

  it.each([
    ['1 < "1"', '"<" can\'t compare a number with a string'],
    ['None >= 0', '">=" can\'t compare None with a number'],
    ['[1] < (1,)', '"<" can\'t compare a list with a tuple'],
    ['{} < {}', '"<" can\'t compare an object with an object'],
    ['{1} > [1]', '">" can\'t compare a set with a list'],
    ['day < 5', '"<" can\'t compare a date with a number'],
    ['user < user', '"<" can\'t compare an object with an object'],
  ])('refuses %s: %s', (rule, reason) => {
    const error = failureOf(rule, {
      day: new Date(0),
      user: new (class User {
        id = 1;
      })(),
    });
    expect([error.code, error.reason]).toEqual(['type', reason]);
  });

  it('refuses to go deeper than 100 levels', () => {
    const cycle = (last: number): unknown[] => {
      const list: unknown[] = [];
      list.push(list, last);
      return list;
    };
    expect(outcomeOf('a < b', { a: cycle(1), b: cycle(2) })).toBe('limit');
    // Lists of different lengths differ at every level.
    const [short, long]: [unknown[], unknown[]] = [[], []];
    short.push(short);
    long.push(long, 1);
    expect(outcomeOf('a < b', { a: short, b: long })).toBe('limit');
  });
});
