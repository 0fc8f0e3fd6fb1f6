import { runInNewContext } from 'node:vm';
import * as fc from 'fast-check';
import {
  ATTRIBUTES,
  attributeOf,
  lengthOf,
  MISSING,
} from '../../../src/rules/values/attributes.ts';
import { outcomeOf } from '../outcome.ts';
import { anyText } from '../../generators/any-text.ts';

class User {
  plan = 'pro';
  #secret = 'hidden';
  get initial(): string {
    return this.plan.charAt(0) + this.#secret.charAt(0);
  }
  get method(): () => void {
    return () => {};
  }
  set onlySet(_value: string) {}
  greet(): string {
    return 'hello';
  }
  static count = 3;
}

class Admin extends User {
  get rights(): string[] {
    return ['all'];
  }
}

/** Every name that an object, list, string, function, Map or Set inherits from the language. */
const INHERITED = [
  ...new Set(
    [Object, Array, String, Function, Map, Set, Date, Number, Boolean, Promise].flatMap((type) =>
      Object.getOwnPropertyNames(type.prototype),
    ),
  ),
].filter((name) => name !== 'length' && name !== 'size' && name !== 'name');

describe('attributeOf', () => {
  it.each([
    ['a property', { plan: 'pro' }],
    ['an entry of a Map', new Map([['plan', 'pro']])],
    ['a property of an instance', new User()],
    [
      'a getter of an object',
      {
        get plan() {
          return 'pro';
        },
      },
    ],
    [
      'a property without a prototype',
      Object.assign(Object.create(null) as object, { plan: 'pro' }),
    ],
    ['a property that is not enumerable', Object.defineProperty({}, 'plan', { value: 'pro' })],
    [
      'an object that answers for its own attributes',
      { [ATTRIBUTES]: (name: string) => (name === 'plan' ? 'pro' : MISSING) },
    ],
    ['a property of a Proxy', new Proxy({ plan: 'pro' }, {})],
    ['a property of another realm', runInNewContext('({ plan: "pro" })') as object],
  ])('reads %s', (_what, value) => {
    expect(attributeOf(value, 'plan')).toBe('pro');
    expect(attributeOf(value, 'other')).toBe(MISSING);
  });

  it('reads the getters of a class and its superclasses', () => {
    expect(attributeOf(new Admin(), 'rights')).toEqual(['all']);
    expect(attributeOf(new Admin(), 'initial')).toBe('ph');
    expect(attributeOf(new Map(), 'size')).toBe(0);
  });

  it('reads the getters of a class of another realm', () => {
    const value: unknown = runInNewContext(
      'new (class { get plan() { return "pro"; } run() {} })()',
    );
    expect(attributeOf(value, 'plan')).toBe('pro');
    expect(attributeOf(value, 'run')).toBe(MISSING);
    expect(attributeOf(value, '__proto__')).toBe(MISSING);
  });

  it('hides functions', () => {
    const user = new Admin();
    for (const name of ['greet', 'method', 'constructor', 'onlySet', 'count']) {
      expect(attributeOf(user, name)).toBe(MISSING);
    }
    expect(attributeOf({ run: () => {} }, 'run')).toBe(MISSING);
    expect(attributeOf(new Map([['run', () => {}]]), 'run')).toBe(MISSING);
    expect(attributeOf({ [ATTRIBUTES]: () => () => {} }, 'run')).toBe(MISSING);
    expect(
      attributeOf(
        {
          get run() {
            return () => {};
          },
        },
        'run',
      ),
    ).toBe(MISSING);
  });

  it('hides everything that is inherited from the language', () => {
    const values = [
      {},
      [],
      '',
      5,
      true,
      null,
      undefined,
      new Map(),
      new Set(),
      new Date(),
      () => {},
      5n,
      new User(),
      runInNewContext('[{}, [], new Map()]'),
      runInNewContext('({})'),
    ];
    for (const value of values) {
      for (const name of INHERITED) expect(attributeOf(value, name)).toBe(MISSING);
    }
  });

  it('hides data that an object inherits', () => {
    const value: unknown = Object.create({ plan: 'pro' });
    expect(attributeOf(value, 'plan')).toBe(MISSING);
    expect(attributeOf(JSON.parse('{"__proto__": {"plan": "pro"}}'), 'plan')).toBe(MISSING);
  });

  it('prefers own data to everything else', () => {
    class Shadowed {
      get plan(): string {
        return 'getter';
      }
    }
    const value = Object.defineProperty(new Shadowed(), 'plan', { value: 'own' });
    expect(attributeOf(value, 'plan')).toBe('own');
    expect(attributeOf({ toString: 'data', constructor: 'data' }, 'toString')).toBe('data');
    expect(attributeOf(JSON.parse('{"__proto__": "data"}'), '__proto__')).toBe('data');
    expect(attributeOf(new Map([['size', 'entry']]), 'size')).toBe('entry');
  });

  it('distinguishes undefined from a missing attribute', () => {
    expect(attributeOf({ plan: undefined }, 'plan')).toBeUndefined();
    expect(attributeOf({}, 'plan')).toBe(MISSING);
  });

  it('calls a getter with the object it belongs to', () => {
    expect(attributeOf(new Proxy(new Admin(), {}), 'rights')).toEqual(['all']);
  });

  it('passes on the error of a Proxy with endless prototypes', () => {
    const endless: object = new Proxy({}, { getPrototypeOf: () => endless });
    expect(() => outcomeOf('user.plan == 1', { user: endless })).toThrow(RangeError);
    expect(outcomeOf('1 == 1')).toBe(true);
  });

  it('reads attributes in rules', () => {
    const context = { user: new Admin() };
    expect(outcomeOf('user.plan == "pro" and user.rights == ["all"]', context)).toBe(true);
    expect(outcomeOf('user["initial"] == "ph"', context)).toBe(true);
    expect(outcomeOf('user.greet', context)).toBe('attribute');
    expect(outcomeOf('user["greet"]', context)).toBe('key');
    expect(outcomeOf('greet', { greet: () => true })).toBe('name');
  });
});

describe('the attribute length', () => {
  it.each([
    ['"".length == 0'],
    ['"abc".length == 3'],
    ['"a😀b".length == 3'],
    ['[1, 2].length == 2'],
    ['(1, 2, 3).length == 3'],
    ['().length == 0'],
    ['x.length == 1'],
    ['{"length": 7}.length == 7'],
  ])('is right: %s', (rule) => {
    expect(outcomeOf(rule, { x: ['y'] })).toBe(true);
  });

  it.each(['{1, 2}.length', '{}.length', '(5).length', 'None.length', 'True.length', 'x.length'])(
    'is missing: %s',
    (rule) => {
      expect(outcomeOf(rule, { x: new Set([1]) })).toBe('attribute');
    },
  );

  it('counts the characters of a string as they are iterated', () => {
    fc.assert(
      fc.property(anyText(), anyText(), (a, b) => {
        expect(lengthOf(a + b)).toBe(Array.from(a + b).length);
      }),
    );
    for (const text of ['\ud83d', '\ude00', '\ude00\ud83d', '\ud83d\ud83d\ude00']) {
      expect(lengthOf(text)).toBe(Array.from(text).length);
    }
  });
});
