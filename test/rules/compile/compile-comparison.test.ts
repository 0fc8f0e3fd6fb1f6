import { failureOf, outcomeOf, placeOf } from '../outcome.ts';

describe('a comparison', () => {
  // The commonest forms have their own code, which must mean the same.
  it.each([
    ['x == "a"', 'a', true],
    ['x == "a"', ['a'], false],
    ['x == "1"', 1, false],
    ['x != "a"', null, true],
    ['"a" == x', 'a', true],
    ['x in ["a", "b"]', 'b', true],
    ['x in ("a", "b")', 'c', false],
    ['x not in ["a", "b"]', 'c', true],
    ['x in ["a", "b"]', ['a'], false],
    ['x in ["1"]', 1, false],
    ['x in ["a"]', undefined, false],
    ['x in []', 'a', false],
    ['x in []', undefined, false],
    ['x not in []', undefined, true],
    ['x not in ()', 'a', true],
    ['x in ["a", 1]', true, true],
    ['x in {"a", "b"}', 'a', true],
    ['x in {"a", "b"}', ['a'], 'type'],
    ['x in {"a": 1}', 'a', true],
    ['x in "abc"', 'bc', true],
  ])('decides %s for %p: %s', (rule, x, outcome) => {
    expect(outcomeOf(rule, { x })).toBe(outcome);
  });

  it.each([9, 10, 500])('with a list of %i strings finds each and no other', (count) => {
    const items = Array.from({ length: count }, (_, i) => `item-${i}`);
    const rule = `x in [${items.map((item) => `"${item}"`).join(',')}]`;
    for (const x of [items[0], items[count >> 1], items.at(-1)]) {
      expect(outcomeOf(rule, { x })).toBe(true);
    }
    for (const x of ['item', '', `item-${count}`, 0, null, ['item-0']]) {
      expect(outcomeOf(rule, { x })).toBe(false);
    }
  });
});

describe('a chain of comparisons', () => {
  it.each([
    ['1 < 2 < 3', true],
    ['1 < 3 < 2', false],
    ['3 > 1 < 2 != 5 <= 5', true],
    ['1 == 1 == True', true],
    ['(1 == 1) == (2 == 2)', true],
    ['1 < 2 in [2] == [2]', true],
    ['"a" in "ab" in ["ab"] is not None', true],
    ['1 is not None is None', true],
    ['2 < 1 < "a"', false],
    ['1 < 2 < "a"', 'type'],
    ['2 < 1 < 1 / 0', false],
    ['1 < 2 < 1 / 0', 'zero-division'],
    ['2 == 1 in 5', false],
  ])('decides %s: %s', (rule, outcome) => {
    expect(outcomeOf(rule)).toBe(outcome);
  });

  it('points at the whole chain', () => {
    expect(placeOf(failureOf('x and 1 < 2 < "a" or x', { x: true }))).toBe('1 < 2 < "a"');
  });
});
