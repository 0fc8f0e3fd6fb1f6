import * as fc from 'fast-check';
import { createContext, runInContext } from 'node:vm';
import {
  ATTRIBUTES,
  attributeOf,
  MISSING,
  readerOf,
} from '../../../src/rules/values/attributes.ts';
import { runs } from '../../runs.ts';

/**
 * More names than have their own line: some that objects inherit, and some that arrays and strings
 * have.
 */
const NAMES = [
  ...'user id plan locale country name tags value key size length age email role team'.split(' '),
  ...'a b c d e f g h i j k l m n o p'.split(' '),
  ...'toString constructor hasOwnProperty __proto__ valueOf isPrototypeOf'.split(' '),
];

const readers = new Map(NAMES.map((name) => [name, readerOf(name)]));

/** Returns the result of a reader, or its error. */
function outcome(read: () => unknown): unknown {
  try {
    return { value: read() };
  } catch (thrown) {
    return { thrown };
  }
}

/** Returns an owner's values for all names, by the fast reader and the plain one. */
function bothWays(owner: unknown): [fast: unknown, plain: unknown] {
  const all = (read: (name: string) => unknown) =>
    NAMES.map((name) => [name, outcome(() => read(name))]);
  return [all((name) => readers.get(name)?.(owner)), all((name) => attributeOf(owner, name))];
}

/** A class with a field, a getter, a method and a static property. */
class Account {
  id = 7;
  static plan = 'static';
  get plan(): string {
    return `plan of ${this.id}`;
  }
  get value(): never {
    throw new RangeError('no value');
  }
  name(): string {
    return 'a method';
  }
}

class Premium extends Account {
  override get plan(): string {
    return 'premium';
  }
}

/** A plain object that has own properties of all kinds. */
function oddities(): object {
  return Object.defineProperties(
    { id: undefined, plan: null, name: () => 'invisible', age: Number.NaN },
    {
      user: { get: () => 'from a getter', enumerable: true },
      email: { set: () => {}, enumerable: true },
      team: { value: 'hidden', enumerable: false },
      value: {
        get: () => {
          throw new RangeError('no value');
        },
      },
    },
  );
}

const OWNERS: readonly (readonly [string, unknown])[] = [
  ['undefined', undefined],
  ['null', null],
  ['a boolean', true],
  ['a number', 1.5],
  ['a bigint', 7n],
  ['a text', 'plan 😀'],
  ['a symbol', Symbol('plan')],
  ['a function', Object.assign(() => 1, { plan: 1 })],
  ['an empty object', {}],
  ['Object.prototype', Object.prototype],
  ['own properties of all kinds', oddities()],
  ['an own __proto__', JSON.parse('{"__proto__": {"plan": "own"}, "plan": "pro"}')],
  [
    'own properties with inherited names',
    { constructor: 1, toString: 2, hasOwnProperty: 3, plan: 4 },
  ],
  ['no prototype', Object.assign(Object.create(null), { plan: 'pro', toString: 'own' })],
  ['another object as its prototype', Object.create({ plan: 'inherited' })],
  [
    'an object below that',
    Object.create(Object.create({ plan: 'inherited' }), { id: { value: 1 } }),
  ],
  ['a class instance', new Account()],
  ['an instance of a subclass', Object.assign(new Premium(), { tags: ['a'] })],
  ['a class', Account],
  ['a list', Object.assign([1, 2], { plan: 'on a list' })],
  [
    'a Map',
    new Map<unknown, unknown>([
      ['plan', 'entry'],
      ['size', 3],
      ['name', () => 1],
    ]),
  ],
  ['a Map with a property', Object.assign(new Map([['plan', 'entry']]), { plan: 'own' })],
  ['a Set', new Set(['plan'])],
  ['a Date', new Date(0)],
  [
    'an object that answers for its own attributes',
    { [ATTRIBUTES]: (name: string) => `asked for ${name}`, plan: 'own' },
  ],
  ['a proxy of a plain object', new Proxy({ plan: 'pro', id: undefined }, {})],
  ['another realm’s object', runInContext('({ plan: "pro", name() {} })', createContext())],
  ['a frozen object', Object.freeze({ plan: 'pro', length: 3 })],
  ['an object that was many shapes', Object.fromEntries(NAMES.map((name) => [name, name]))],
];

describe('readerOf', () => {
  it.each(OWNERS)('reads %s like attributeOf, by any name', (_what, owner) => {
    // Repeated, because V8 adapts to the objects it meets.
    for (let i = 0; i < 3; i++) {
      const [fast, plain] = bothWays(owner);
      expect(fast).toStrictEqual(plain);
    }
  });

  it('reads any JSON like attributeOf', () => {
    const json = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.dictionary(fc.constantFrom(...NAMES), fc.jsonValue({ maxDepth: 1 })),
    );
    fc.assert(
      fc.property(json, (owner) => {
        const [fast, plain] = bothWays(owner);
        expect(fast).toStrictEqual(plain);
      }),
      { numRuns: runs(500) },
    );
  });

  it('reads like attributeOf while Object.prototype has extra properties', () => {
    const read = readerOf('zip');
    // Uses another name, because the linter rightly forbids the direct way.
    const everybodys: object = Object.getPrototypeOf({});
    try {
      Object.defineProperties(everybodys, {
        plan: { value: 'everywhere', configurable: true },
        zip: { get: () => 'everywhere', configurable: true },
      });
      for (const [, owner] of OWNERS) {
        const [fast, plain] = bothWays(owner);
        expect(fast).toStrictEqual(plain);
      }
      expect(readers.get('plan')?.({})).toBe(MISSING);
      expect(readers.get('plan')?.({ plan: 'own' })).toBe('own');
      expect(read({})).toBe(MISSING);
    } finally {
      Reflect.deleteProperty(everybodys, 'plan');
      Reflect.deleteProperty(everybodys, 'zip');
    }
    expect(readers.get('plan')?.({ plan: 'own' })).toBe('own');
  });

  it('calls a getter once, with its object', () => {
    const asked: unknown[] = [];
    const owner = {
      get plan() {
        asked.push(this);
        return 'pro';
      },
    };
    expect(readers.get('plan')?.(owner)).toBe('pro');
    expect(asked).toEqual([owner]);
  });

  it('sees changes between two reads', () => {
    const owner: Record<string, unknown> = { plan: 'free' };
    const read = readers.get('plan');
    expect(read?.(owner)).toBe('free');
    owner['plan'] = 'pro';
    expect(read?.(owner)).toBe('pro');
    delete owner['plan'];
    expect(read?.(owner)).toBe(MISSING);
    Object.setPrototypeOf(owner, { plan: 'inherited' });
    expect(read?.(owner)).toBe(MISSING);
  });
});
