import { runInNewContext } from 'node:vm';
import * as fc from 'fast-check';
import {
  describe as kindOf,
  Dict,
  type DictLike,
  hashKey,
  isDict,
  isSet,
  RuleSet,
  toDict,
  toRuleSet,
  Tuple,
} from '../../../src/rules/values/collections.ts';
import { equals } from '../../../src/rules/values/equality.ts';
import { RuleFault } from '../../../src/rules/values/fault.ts';
import { runs } from '../../runs.ts';

/** Values that can be in a set. Many of them are equal but not identical. */
const hashable = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(null, undefined, true, false, 0, 1, 2, -0, 0.5, NaN, Infinity, 2 ** 53, 1e300),
    fc.constantFrom<unknown>(1n, 2n, 2n ** 53n, 2n ** 53n + 1n, BigInt(1e300)),
    fc.constantFrom('', 'a', '1', 'number1', '\u0000', '\u0000()', '\u0000d0', '\u0000\u0000'),
    fc.constantFrom(new Date(0), new Date(1)),
    fc.array(tie('value'), { maxLength: 3 }).map((items) => new Tuple(items)),
  ),
})).value;

describe('hashKey', () => {
  it('is equal for equal values only', () => {
    const same = (a: unknown, b: unknown) => new Map([[hashKey(a), 1]]).has(hashKey(b));
    fc.assert(
      fc.property(hashable, hashable, (a, b) => {
        // NaN equals nothing, but a set finds it again.
        fc.pre(!hasNaN(a));
        expect(same(a, b)).toBe(equals(a, b));
      }),
      { numRuns: runs(3000) },
    );
  });

  it.each([
    [[]],
    [{}],
    [new Set()],
    [new Map()],
    [new RuleSet([])],
    [new Dict([])],
    [new Tuple([[]])],
  ])('is refused for %p, as in Python', (value) => {
    expect(() => hashKey(value)).toThrow(RuleFault);
  });

  it('is the object itself for other objects, which a tuple as a key can not contain', () => {
    const instance = new (class Thing {
      id = 1;
    })();
    expect(hashKey(instance)).toBe(instance);
    expect(() => hashKey(new Tuple([instance]))).toThrow(
      "a tuple with an object can't be a set element",
    );
  });

  it('distinguishes tuples whose joined texts are equal', () => {
    const keys = [['ab', 'c'], ['a', 'bc'], ['abc'], ['a', 'b', 'c'], [new Tuple(['a']), 'b']].map(
      (items) => hashKey(new Tuple(items)),
    );
    expect(new Set(keys).size).toBe(keys.length);
  });
});

function hasNaN(value: unknown): boolean {
  return value instanceof Tuple ? value.items.some(hasNaN) : Number.isNaN(value);
}

describe('RuleSet', () => {
  it('keeps the first of equal elements', () => {
    expect([...new RuleSet([true, 1, 1n, '1', 2, 2n]).elements.values()]).toEqual([true, '1', 2]);
  });
});

describe('Dict', () => {
  it('keeps the first of equal keys with the last value', () => {
    const dict = new Dict([
      [1, 'a'],
      ['1', 'b'],
      [true, 'c'],
    ]);
    expect([...dict.entries.values()]).toEqual([
      { key: 1, value: 'c' },
      { key: '1', value: 'b' },
    ]);
  });
});

describe('isDict', () => {
  it.each([
    [{}],
    [Object.create(null) as object],
    [new Map()],
    [new Dict([])],
    [runInNewContext('({})') as object],
    [JSON.parse('{"hasOwnProperty": 1}') as object],
  ])('is true for %p', (value) => {
    expect(isDict(value)).toBe(true);
  });

  it.each([
    [[]],
    [null],
    [undefined],
    ['a'],
    [5],
    [() => {}],
    [new Set()],
    [new RuleSet([])],
    [new Tuple([])],
    [new Date()],
    [
      new (class User {
        id = 1;
      })(),
    ],
    [Object.create({ plan: 'pro' }) as object],
    [runInNewContext('[]') as object],
    [runInNewContext('new Date()') as object],
  ])('is false for %p', (value) => {
    expect(isDict(value)).toBe(false);
  });
});

describe('toDict', () => {
  it('reads the own entries of plain objects and Maps, except functions', () => {
    const keysOf = (value: DictLike) => [...toDict(value).entries.values()].map(({ key }) => key);
    expect(keysOf({ a: 1, b: undefined, run: () => {} })).toEqual(['a', 'b']);
    expect(
      keysOf(
        new Map<unknown, unknown>([
          [1, 1],
          [null, 2],
          ['run', () => {}],
        ]),
      ),
    ).toEqual([1, null]);
    expect(keysOf(JSON.parse('{"__proto__": 1}') as DictLike)).toEqual(['__proto__']);
  });

  it('returns a dict of a rule unchanged', () => {
    const dict = new Dict([]);
    expect(toDict(dict)).toBe(dict);
  });
});

describe('toRuleSet', () => {
  it('converts a Set by Python’s equality', () => {
    expect([...toRuleSet(new Set([1, true, '1'])).elements.values()]).toEqual([1, '1']);
    const set = new RuleSet([]);
    expect(toRuleSet(set)).toBe(set);
    expect(isSet(set) && isSet(new Set()) && !isSet([]) && !isSet(new Map())).toBe(true);
  });

  it('refuses a Set of values that Python can not hash', () => {
    expect(() => toRuleSet(new Set([{}]))).toThrow("an object can't be a set element or a key");
  });
});

describe('the kind of a value in words', () => {
  it.each([
    [null, 'None'],
    [undefined, 'None'],
    [true, 'True'],
    [false, 'False'],
    [1, 'a number'],
    [1n, 'a number'],
    ['x', 'a string'],
    [[], 'a list'],
    [new Tuple([]), 'a tuple'],
    [new Set(), 'a set'],
    [new RuleSet([]), 'a set'],
    [{}, 'an object'],
    [new Map(), 'an object'],
    [new Dict([]), 'an object'],
    [new Date(), 'a date'],
    [
      new (class User {
        id = 1;
      })(),
      'an object',
    ],
    [() => {}, 'a function'],
    [Symbol('x'), 'a symbol'],
  ])('calls %p %s', (value, kind) => {
    expect(kindOf(value)).toBe(kind);
  });
});
