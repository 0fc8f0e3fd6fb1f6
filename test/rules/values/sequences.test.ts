import * as fc from 'fast-check';
import { ATTRIBUTES, MISSING } from '../../../src/rules/values/attributes.ts';
import { contains, itemAt, iterate, slice } from '../../../src/rules/values/sequences.ts';
import { failureOf, outcomeOf } from '../outcome.ts';
import { runs } from '../../runs.ts';

class User {
  plan = 'pro';
  get initial(): string {
    return 'p';
  }
  greet(): void {}
}

const context = {
  list: ['a', 'b'],
  set: new Set<unknown>([1, 'a']),
  map: new Map<unknown, unknown>([
    [1, 'one'],
    ['a', 'letter'],
    ['run', () => {}],
  ]),
  dict: { a: 1, none: undefined, run: () => {}, 1: 'one' },
  user: new User(),
  day: new Date(0),
  word: 'a😀b',
};

describe('in', () => {
  it.each([
    ['"bc" in "abcd"', true],
    ['"" in ""', true],
    ['"ac" in "abc"', false],
    ['"😀" in word', true],
    ['1 in "1"', 'type'],
    ['None in "None"', 'type'],
    ['"a" in list', true],
    ['"A" not in list', true],
    ['["a"] in [list[:1]]', true],
    ['1 in [True]', true],
    ['None in [0, ""]', false],
    ['(1, 2) in ((1, 2), 3)', true],
    ['1 in set and True in set and "a" in set', true],
    ['1.5 in set', false],
    ['[1] in set', 'type'],
    ['{1} in set', false],
    ['{} in {1, 2}', 'type'],
    ['{1} in {2}', false],
    ['"a" in dict and "none" in dict and "1" in dict', true],
    ['1 in dict', false],
    ['"run" in dict', false],
    ['"toString" in dict', false],
    ['"__proto__" in dict', false],
    ['[] in dict', 'type'],
    ['1 in map and True in map and 1.0 in map', true],
    ['"1" in map', false],
    ['"run" in map', false],
    ['"size" in map', false],
    ['"a" in {"a": 0}', true],
    ['0 in {"a": 0}', false],
    ['None in {None: 1}', true],
    ['"plan" in user', 'type'],
    ['1 in 1', 'type'],
    ['1 in None', 'type'],
    ['1 in day', 'type'],
  ])('decides %s: %s', (rule, outcome) => {
    expect(outcomeOf(rule, context)).toBe(outcome);
  });

  it('says what is wrong', () => {
    expect(failureOf('1 in "a"').reason).toBe(
      '"in" can only find a string in a string, not a number',
    );
    expect(failureOf('1 in 2').reason).toBe(
      '"in" needs a list, string, set or plain object on its right, not a number',
    );
    expect(failureOf('[] in {1}').reason).toBe("a list can't be a set element or a key");
  });

  it('asks an object that answers for its own attributes', () => {
    const view = { [ATTRIBUTES]: (name: string) => (name === 'plan' ? 'pro' : MISSING) };
    class View {
      [ATTRIBUTES] = view[ATTRIBUTES];
    }
    expect(outcomeOf('"plan" in user and "other" not in user', { user: new View() })).toBe(true);
    expect(outcomeOf('1 in user', { user: new View() })).toBe(false);
  });

  it('calls no getter of a dict', () => {
    const dict = {
      get trap(): never {
        throw new Error('called');
      },
    };
    expect(contains(dict, 'trap')).toBe(true);
  });
});

describe('container[key]', () => {
  it.each([
    ['list[0] == "a" and list[-1] == "b" and list[True] == "b"', true],
    ['list[2]', 'index'],
    ['list[-3]', 'index'],
    ['list[10 ** 30]', 'index'],
    ['list["0"]', 'type'],
    ['list["length"]', 'type'],
    ['list[0.5]', 'type'],
    ['list[None]', 'type'],
    ['list[1.0] == "b"', true],
    ['[][0]', 'index'],
    ['(1, 2)[-1] == 2', true],
    ['(1, 2)[2]', 'index'],
    ['word[1] == "😀" and word[-1] == "b" and word[2] == "b"', true],
    ['word[3]', 'index'],
    ['dict["a"] == 1 and dict["1"] == "one" and dict["none"] is None', true],
    ['dict["b"]', 'key'],
    ['dict[1]', 'key'],
    ['dict["run"]', 'key'],
    ['dict["toString"]', 'key'],
    ['dict[[]]', 'type'],
    ['map[1] == "one" and map[True] == "one" and map["a"] == "letter"', true],
    ['map["1"]', 'key'],
    ['map["run"]', 'key'],
    ['{1: "x"}[1.0] == "x" and {(1, 2): "y"}[1, 2] == "y"', true],
    ['{1: "x"}["1"]', 'key'],
    ['user["plan"] == "pro" and user["initial"] == "p"', true],
    ['user["greet"]', 'key'],
    ['user[0]', 'key'],
    ['set[0]', 'type'],
    ['{1}[0]', 'type'],
    ['5[0]', 'type'],
    ['None["a"]', 'type'],
    ['True["a"]', 'type'],
  ])('decides %s: %s', (rule, outcome) => {
    expect(outcomeOf(rule, context)).toBe(outcome);
  });

  it('says what is wrong', () => {
    expect(failureOf('list[5]', context).reason).toBe('index 5 is out of range: the length is 2');
    expect(failureOf('list["a"]', context).reason).toBe(
      'an index must be a whole number, not a string',
    );
    expect(failureOf('dict["b\\n"]', context).reason).toBe('there is no key "b\\n"');
    expect(failureOf('{}[1]').reason).toBe('there is no key a number');
    expect(failureOf('None[0]').reason).toBe('None has no items');
    expect(failureOf(`dict["${'x'.repeat(60)}"]`, context).reason).toBe(
      `there is no key "${'x'.repeat(50)}"`,
    );
  });

  it('hides functions and inherited properties', () => {
    for (const key of ['__proto__', 'constructor', 'hasOwnProperty', 'length', 'size']) {
      for (const value of [{}, new User(), new Map()]) {
        if (key === 'size' && value instanceof Map) continue;
        expect(() => itemAt(value, key)).toThrow(`there is no key "${key}"`);
      }
    }
  });
});

describe('slice', () => {
  /** Python's definition, item by item. */
  function plain<T>(items: readonly T[], lower: number | null, upper: number | null, step: number) {
    const wrap = (bound: number) => (bound < 0 ? bound + items.length : bound);
    const result: T[] = [];
    if (step > 0) {
      const end = upper === null ? items.length : wrap(upper);
      for (let i = Math.max(0, lower === null ? 0 : wrap(lower)); i < end; i += step) {
        const item = items[i];
        if (item !== undefined) result.push(item);
      }
    } else {
      const end = upper === null ? -1 : Math.max(-1, wrap(upper));
      const last = items.length - 1;
      for (let i = Math.min(last, lower === null ? last : wrap(lower)); i > end; i += step) {
        const item = items[i];
        if (item !== undefined) result.push(item);
      }
    }
    return result;
  }

  it('selects the same items as Python, of lists and strings alike', () => {
    const bound = fc.option(fc.integer({ min: -8, max: 8 }));
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'b', 'é', '😀'), { maxLength: 6 }),
        bound,
        bound,
        fc.integer({ min: -4, max: 4 }),
        (items, lower, upper, step) => {
          fc.pre(step !== 0);
          const expected = plain(items, lower, upper, step);
          expect(slice(items, lower, upper, step)).toEqual(expected);
          expect(slice(items.join(''), lower, upper, step)).toBe(expected.join(''));
        },
      ),
      { numRuns: runs(2000) },
    );
  });

  it.each([
    ['list[:] == list and list[None:None:None] == list', true],
    ['(1, 2, 3)[1:] == (2, 3)', true],
    ['list[10 ** 30:] == [] and list[:10 ** 30] == list and list[-10 ** 30:] == list', true],
    ['list[::10 ** 30] == ["a"] and list[::-10 ** 30] == ["b"]', true],
    ['list[::10 ** 400] == ["a"] and list[:-10 ** 400] == []', true],
    ['list[True:] == ["b"]', true],
    ['list[::0]', 'index'],
    ['list["a":]', 'type'],
    ['list[:0.5]', 'type'],
    ['dict[:1]', 'type'],
    ['{1}[:]', 'type'],
    ['5[:]', 'type'],
    ['None[::0]', 'type'],
    ['list["a"::0]', 'index'],
  ])('decides %s: %s', (rule, outcome) => {
    expect(outcomeOf(rule, context)).toBe(outcome);
  });
});

describe('a slice of a long string', () => {
  const long = 'a'.repeat(150_000);

  it.each([
    ['x[:100000].length == 100000', long, true],
    ['x[50000:].length == 100000', long, true],
    ['x[::-2].length == 75000', long, true],
    ['x[:] == x', long, 'limit'],
    ['x[::-1] == x', long, 'limit'],
    ['x[:100001] == x', long, 'limit'],
    ['x[:100000].length == 100000', '😀'.repeat(100_001), true],
    ['x[1:].length == 100000', '😀'.repeat(100_001), true],
    ['x[::-1] == x', '😀'.repeat(100_001), 'limit'],
    ['x[-2:] == "a😀"', `${'a'.repeat(900_000)}😀`, true],
    ['x[900000] == "😀" and x[-1] == "😀" and x[899999] == "a"', `${'a'.repeat(900_000)}😀`, true],
    ['x[900001] == "a"', `${'a'.repeat(900_000)}😀`, 'index'],
  ])('has at most 100,000 characters: %s', (rule, x, outcome) => {
    expect(outcomeOf(rule, { x })).toBe(outcome);
  });

  it('keeps halves of characters as they are', () => {
    const x = 'a\ud83db\ude00\ud83d\ude00';
    expect(slice(x, undefined, undefined, -1)).toBe('\ud83d\ude00\ude00b\ud83da');
    expect(slice(x, 1, 4, undefined)).toBe('\ud83db\ude00');
    expect(itemAt(x, 4)).toBe('\ud83d\ude00');
    expect(itemAt(x, 3)).toBe('\ude00');
  });
});

describe('the number of repetitions', () => {
  it.each([
    ['[1] * -(2 ** 63) == []', true],
    ['"a" * -(2 ** 63) == ""', true],
    ['[1] * -(10 ** 20) == []', 'limit'],
    ['-(10 ** 20) * (1,) == ()', 'limit'],
    ['"" * 10 ** 20 == ""', 'limit'],
    ['[] * (2 ** 63 - 1) == []', true],
    ['[] * 2 ** 63 == []', 'limit'],
  ])('has at most 64 bits, as in Python: %s', (rule, outcome) => {
    expect(outcomeOf(rule)).toBe(outcome);
  });
});

describe('iterate', () => {
  it.each([
    ['[x for x in list] == list', true],
    ['[x for x in word] == ["a", "😀", "b"]', true],
    ['[x for x in (1, 2)] == [1, 2]', true],
    ['[x for x in {3}] == [3]', true],
    ['[x for x in set] == [1, "a"]', true],
    ['[x for x in map] == [1, "a"]', true],
    ['[x for x in dict] == ["1", "a", "none"]', true],
    ['[x for x in {"b": 1, 2: 3}] == ["b", 2]', true],
    ['[x for x in 5] == []', 'type'],
    ['[x for x in None] == []', 'type'],
    ['[x for x in user] == []', 'type'],
    ['[x for x in day] == []', 'type'],
  ])('decides %s: %s', (rule, outcome) => {
    expect(outcomeOf(rule, context)).toBe(outcome);
  });

  it('refuses other JavaScript iterables', () => {
    expect(() => iterate([1][Symbol.iterator]())).toThrow('"for … in" needs a list');
    expect(() => iterate(new Uint8Array(2))).toThrow('"for … in" needs a list');
  });
});
