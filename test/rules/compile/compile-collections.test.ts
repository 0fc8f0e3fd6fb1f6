import { failureOf, outcomeOf, placeOf } from '../outcome.ts';

const context = {
  xs: [1, 2, 3],
  pairs: [
    ['a', 1],
    ['b', 2],
  ],
  x: [7],
};

describe('a literal', () => {
  it.each([
    ['[xs[0], (xs[1], [xs[2]])] == [1, (2, [3])]', true],
    ['{xs[0], xs[0]} == {1}', true],
    ['{xs} == {1}', 'type'],
    ['{(1, xs)} == {1}', 'type'],
    ['{"a": xs[0], "a": xs[1]} == {"a": 2}', true],
    ['{xs: 1} == {}', 'type'],
    ['{[1]} == {}', 'type'],
    ['True or {[1]}', true],
    ['{"plan": xs}.plan == xs', true],
    ['{"plan": xs}.other', 'attribute'],
    ['{1: 2}.length', 'attribute'],
  ])('decides %s: %s', (rule, outcome) => {
    expect(outcomeOf(rule, context)).toBe(outcome);
  });
});

describe('a comprehension', () => {
  // As in CPython, which adds each item before it evaluates the next one.
  it.each([
    ['{[] for x in [1, 0] if 1 / x} == {1}', 'type'],
    ['{[]: 1 / x for x in [1, 0]} == {}', 'type'],
    ['{[]: 1 / x for x in [0]} == {}', 'zero-division'],
    ['[[] for x in [1, 0] if 1 / x] == []', 'zero-division'],
  ])('fails at the first item that fails: %s gives %s', (rule, outcome) => {
    expect(outcomeOf(rule, context)).toBe(outcome);
  });

  it.each([
    ['[x * 2 for x in xs] == [2, 4, 6]', true],
    ['(x for x in xs) == xs', true],
    ['{x % 2 for x in xs} == {0, 1}', true],
    ['{x: x * x for x in xs} == {1: 1, 2: 4, 3: 9}', true],
    ['{x % 2: x for x in xs} == {1: 3, 0: 2}', true],
    ['[x for x in xs if x > 1 if x < 3] == [2]', true],
    ['[x for x in xs if "" or x == 1] == [1]', true],
    ['[a + b for a in xs for b in xs if a < b] == [3, 4, 5]', true],
    ['[b for a in [xs, xs] for b in a if b == 1] == [1, 1]', true],
    ['[[a for a in range_] for range_ in [xs, []]] == [xs, []]', true],
    ['[k for k, v in pairs if v > 1] == ["b"]', true],
    ['{k: v for k, v in pairs} == {"a": 1, "b": 2}', true],
    ['[c for a, (b, c) in [(1, (2, 3))]] == [3]', true],
    ['[a for [a, b] in pairs] == ["a", "b"] and [a for a, in ["x"]] == ["x"]', true],
    ['[a for [a] in [[1], [2]]] == [1, 2] and [a for (a) in xs] == xs', true],
    ['[k + v for k, v in ["ab", "cd"]] == ["ab", "cd"]', true],
    ['[a for a, b in {1: 2}] == []', 'type'],
    ['[a for a, b in [(1, 2, 3)]] == []', 'type'],
    ['[a for a, b in [(1,)]] == []', 'type'],
    ['[a for a, b in xs] == []', 'type'],
    ['[1 / 0 for a in []] == []', true],
    ['[1 / 0 for a in xs if a > 5] == []', true],
    ['[nowhere for a in xs] == []', 'name'],
    ['{[a] for a in xs} == []', 'type'],
    ['{a for a in [xs]} == []', 'type'],
    ['{[a]: 1 for a in xs} == []', 'type'],
  ])('decides %s: %s', (rule, outcome) => {
    expect(outcomeOf(rule, context)).toBe(outcome);
  });

  it.each([
    ['a text', 'x'.repeat(1_000_000)],
    ['a list', Array.from({ length: 1_000_000 }, (_, i) => i)],
    ['a Set', new Set(Array.from({ length: 100_000 }, (_, i) => i))],
  ])('reads only the first items of %s that has too many for the names', (_what, xs) => {
    const error = failureOf('[a for a, b in [xs]] == []', { xs });
    expect(error).toMatchObject({ code: 'type', reason: expect.stringMatching(/ has .* items$/) });
  });

  it('reports the numbers of names and items if they differ', () => {
    const error = failureOf('[a for (a, b), c in [((1, 2, 3), 4)]] == []');
    expect(error.reason).toBe('"for" assigns 2 names here, but a tuple has more than 2 items');
    expect(placeOf(error)).toBe('a, b');
  });

  it.each([
    ['[x for x in x] == [7]', true],
    ['[x for x in xs] == xs and x == [7]', true],
    ['[x for x in xs for x in [x, -x]] == [1, -1, 2, -2, 3, -3]', true],
    ['[[x for x in [x]] for x in xs] == [[1], [2], [3]]', true],
    ['[[x for x in "ab"] + [x] for x in [1]] == [["a", "b", 1]]', true],
    ['[a for a in xs if [a for a in [9]] == [9]] == xs', true],
    ['[a for a in xs] == a', 'name'],
    ['[1 for a in xs for b in b] == []', 'name'],
    ['[xs.length for xs in [[], [1]]] == [0, 1]', true],
  ])('has its own variables: %s is %s', (rule, outcome) => {
    expect(outcomeOf(rule, context)).toBe(outcome);
  });

  it('hides a context value behind a variable of the same name', () => {
    expect(outcomeOf('[user for user in ["a"]] == ["a"] and user == 1', { user: 1 })).toBe(true);
  });

  it('evaluates in Python’s order', () => {
    const seen: string[] = [];
    const log = (name: string, value: unknown) => ({
      get: () => {
        seen.push(name);
        return value;
      },
    });
    const logged = Object.defineProperties(
      {},
      {
        outer: log('outer', [1, 2]),
        inner: log('inner', [1]),
        test: log('test', true),
        key: log('key', 'k'),
        value: log('value', 'v'),
      },
    );
    expect(outcomeOf('{key: value for a in outer if test for b in inner} == {}', logged)).toBe(
      false,
    );
    const round = ['test', 'inner', 'key', 'value'];
    expect(seen).toEqual(['outer', ...round, ...round]);
  });
});
