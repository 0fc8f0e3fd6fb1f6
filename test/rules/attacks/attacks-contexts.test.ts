import { compileRule } from '../../../src/rules/compile/compile.ts';
import { traceRule } from '../../../src/rules/trace.ts';
import { watchBuiltIns } from '../../generators/built-ins.ts';
import { outcomeOf } from '../outcome.ts';

/** Rules that use a value in every possible way, each with one of its operators. */
const USES = [
  'v == 1',
  '1 == v',
  'v != v',
  'v == "x"',
  '[v] == [1]',
  '{"a": v} == {"a": 1}',
  'v < 1',
  '"x" < v',
  'v + 1 == 2',
  '"x" + v == "x"',
  'v * 2 == 2',
  'v - 1 == 0',
  '-v == 1',
  '~v == 1',
  'v ** 2 == 1',
  'v % 2 == 1',
  '"%s" % v == "x"',
  'v & 1 == 1',
  'v << 1 == 2',
  'v in [1]',
  'v in {1}',
  'v in {"a": 1}',
  'v in "abc"',
  '1 in v',
  'not v',
  'v and True',
  'True if v else False',
  '{v} == {1}',
  '{v: 1} == {1: 1}',
  '{(v,)} == {(1,)}',
  '[1, 2][v] == 2',
  '"ab"[v] == "b"',
  '"ab"[v:] == "b"',
  '{"a": 1}[v] == 1',
  'd[v] == 1',
  'v[0] == 1',
  'v["a"] == 1',
  'v.a == 1',
  'v.length == 1',
  '[x for x in v] == []',
  '[a for a, b in [v]] == []',
  'v is None',
  'v',
] as const;

/** Returns the outcome of each use of the value. */
function outcomes(v: unknown): readonly (boolean | string)[] {
  return USES.map((rule) => outcomeOf(rule, { v, d: { a: 1, x: 1, 1: 1 } }));
}

describe('an object used as a number or a text', () => {
  it.each([
    ['toString and valueOf', (called: () => never) => ({ toString: called, valueOf: called })],
    ['Symbol.toPrimitive', (called: () => never) => ({ [Symbol.toPrimitive]: called })],
    [
      'methods of a class',
      (called: () => never) =>
        new (class Price {
          toString = called;
          valueOf = called;
          toJSON = called;
          [Symbol.toPrimitive] = called;
        })(),
    ],
    [
      'methods that a class inherits',
      (called: () => never) => {
        class Base {
          valueOf(): never {
            return called();
          }
        }
        Object.defineProperty(Base.prototype, 'toString', { value: called });
        return new (class Price extends Base {})();
      },
    ],
  ])('is never converted: %s', (_what, make) => {
    const called = jest.fn((): never => {
      throw new Error('a method of the context was called');
    });
    const v = make(called);
    expect(() => outcomes(v)).not.toThrow();
    expect(called).not.toHaveBeenCalled();
    expect(outcomeOf('v == 1 or v == "1" or v == True or v == None', { v })).toBe(false);
  });
});

describe('symbols of the language on a context value', () => {
  it('have no effect', () => {
    const asked: string[] = [];
    const hostile = (name: string) => () => {
      asked.push(name);
      return { [Symbol.iterator]: hostile('iterator'), next: () => ({ done: false, value: 1 }) };
    };
    const v = {
      a: 1,
      [Symbol.iterator]: hostile('iterator'),
      [Symbol.asyncIterator]: hostile('asyncIterator'),
      [Symbol.hasInstance]: hostile('hasInstance'),
      [Symbol.toPrimitive]: hostile('toPrimitive'),
      [Symbol.isConcatSpreadable]: true,
      [Symbol.unscopables]: { v: true },
      get [Symbol.toStringTag]() {
        asked.push('toStringTag');
        return 'Map';
      },
      get [Symbol.species]() {
        asked.push('species');
        return Array;
      },
    };
    outcomes(v);
    JSON.stringify(traceRule('v == 1 and [x for x in v] != []', { v }));
    expect(asked).toEqual([]);
    expect(outcomeOf('v == {"a": 1} and "a" in v and [k for k in v] == ["a"]', { v })).toBe(true);
    expect(outcomeOf('[v] + [1] == [{"a": 1}, 1]', { v })).toBe(true);
  });

  it('do not change the items of a list of a subclass', () => {
    class Liar extends Array<number> {
      override map(): never {
        throw new Error('map was called');
      }
      static override get [Symbol.species](): ArrayConstructor {
        throw new Error('species was asked');
      }
    }
    const v = Liar.of(1, 2, 3);
    expect(outcomeOf('v + [4] == [1, 2, 3, 4] and v[1:] == [2, 3] and v * 2 != v', { v })).toBe(
      true,
    );
    expect(outcomeOf('2 in v and v.length == 3 and v[-1] == 3 and v == [1, 2, 3]', { v })).toBe(
      true,
    );
  });
});

describe('a Proxy in the context', () => {
  /** Returns a property for every name. */
  const generous = (answer: unknown) =>
    new Proxy(
      {},
      {
        get: () => answer,
        has: () => true,
        getOwnPropertyDescriptor: () => ({ value: answer, configurable: true, enumerable: true }),
        ownKeys: () => ['a', '__proto__', 'constructor'],
      },
    );

  it('is only asked for the names in the rule', () => {
    const names = new Set<PropertyKey>();
    const v = new Proxy(
      { plan: 'pro' },
      {
        get(target, name) {
          names.add(name);
          return Reflect.get(target, name) as unknown;
        },
        set: () => {
          throw new Error('the context was written to');
        },
        deleteProperty: () => {
          throw new Error('the context was written to');
        },
        defineProperty: () => {
          throw new Error('the context was written to');
        },
        setPrototypeOf: () => {
          throw new Error('the context was written to');
        },
      },
    );
    outcomes(v);
    expect(outcomeOf('v.plan == "pro" and v["plan"] == "pro"', { v })).toBe(true);
    expect(
      [...names].filter((name) => typeof name === 'string').toSorted((a, b) => (a < b ? -1 : 1)),
    ).toEqual(['plan']);
  });

  it('can return functions, which stay invisible', () => {
    const called = jest.fn();
    expect(outcomeOf('v.anything == 1', { v: generous(called) })).toBe('attribute');
    expect(outcomeOf('v["constructor"] == 1', { v: generous(called) })).toBe('key');
    expect(outcomeOf('v.x.y.z', { v: generous(Function) })).toBe('attribute');
    expect(called).not.toHaveBeenCalled();
  });

  it('can return any data under forbidden names', () => {
    const v = generous('data of the application');
    expect(outcomeOf('v["constructor"] == "data of the application"', { v })).toBe(true);
    expect(() => compileRule('v.constructor == 1')).toThrow(
      expect.objectContaining({ code: 'forbidden' }),
    );
  });

  it('may return a different value each time, and the rule still ends', () => {
    let asked = 0;
    const v = new Proxy({ a: 0 }, { get: () => asked++ });
    expect(outcomeOf('v.a == v.a', { v })).toBe(false);
    expect(outcomeOf('v.a < v.a < v.a', { v })).toBe(true);
    expect(outcomeOf('v.a + "x"', { v })).toBe('type');
  });

  it('can stand for a list or a function without an escape', () => {
    const list = new Proxy([1, 2], { get: (target, name) => Reflect.get(target, name) as unknown });
    expect(
      outcomeOf('v == [1, 2] and [x for x in v] == [1, 2] and v[0:1] == [1]', { v: list }),
    ).toBe(true);
    const fn = new Proxy(() => true, {
      apply: () => {
        throw new Error('called');
      },
    });
    expect(outcomeOf('v', { v: fn })).toBe('name');
    expect(outcomeOf('v[0]', { v: [fn] })).toBe('not-boolean');
    expect(outcomeOf('v[0].name', { v: [fn] })).toBe('attribute');
  });
});

describe('a getter of the context', () => {
  it('is called once for each read in the rule', () => {
    let calls = 0;
    class User {
      get plan(): string {
        calls++;
        return 'pro';
      }
    }
    const context = { user: new User(), other: { a: 1 } };
    expect(outcomeOf('user.plan == "pro"', context)).toBe(true);
    expect(calls).toBe(1);
    expect(outcomeOf('user.plan in ("a", "pro") and user.plan != "x"', context)).toBe(true);
    expect(calls).toBe(3);
    expect(outcomeOf('other.a == 1 or user.plan == "pro"', context)).toBe(true);
    expect(outcomeOf('user == other or not user', context)).toBe(false);
    expect(calls).toBe(3);
    // A failed rule is evaluated again to find the place.
    expect(outcomeOf('user.plan < 1', context)).toBe('type');
    expect(calls).toBe(5);
  });

  it('may evaluate rules itself, even endlessly, until the stack ends', () => {
    const inner = compileRule('[x for x in xs].length == 9000');
    const xs = Array.from({ length: 9000 }, (_, i) => i);
    const context = {
      xs,
      get nested() {
        return inner({ xs });
      },
    };
    expect(outcomeOf('[x for x in xs].length == 9000 and nested', context)).toBe(true);
    const endless = compileRule('again');
    const ring = {
      get again(): boolean {
        return endless(ring);
      },
    };
    expect(() => endless(ring)).toThrow(RangeError);
    expect(outcomeOf('[x for x in xs].length == 9000', { xs })).toBe(true);
  });

  it('is not called through a name that all objects inherit', () => {
    const changedBuiltIn = watchBuiltIns();
    const names = [
      '__proto__',
      'toString',
      'valueOf',
      'hasOwnProperty',
      'isPrototypeOf',
      '__lookupGetter__',
    ];
    for (const name of names) {
      for (const owner of [
        {},
        [],
        new Map(),
        new Set(),
        new Date(0),
        () => 1,
        Object.create(null),
      ]) {
        const key = JSON.stringify(name);
        expect(['key', 'type']).toContain(
          outcomeOf(`v[0][${key}] == 1`, { v: [owner as unknown] }),
        );
      }
    }
    expect(changedBuiltIn()).toBeUndefined();
  });

  it('is hidden if it was added to Object.prototype', () => {
    const root = Object.getPrototypeOf({}) as object;
    Object.defineProperty(root, 'isAdmin', { value: true, configurable: true });
    Object.defineProperty(root, 'level', { get: () => 9, configurable: true });
    try {
      expect(outcomeOf('user.isAdmin', { user: {} })).toBe('attribute');
      expect(outcomeOf('user.level == 9', { user: {} })).toBe('attribute');
      expect(outcomeOf('isAdmin', {})).toBe('name');
      expect(outcomeOf('"isAdmin" in user or "level" in user', { user: {} })).toBe(false);
      expect(outcomeOf('user == {} and not user', { user: {} })).toBe(true);
      expect(outcomeOf('{}["isAdmin"]')).toBe('key');
      expect(outcomeOf('{"isAdmin": False}.isAdmin')).toBe(false);
    } finally {
      Reflect.deleteProperty(root, 'isAdmin');
      Reflect.deleteProperty(root, 'level');
    }
  });
});

describe('a rule exactly at a limit', () => {
  /** The deepest accepted rule: one level more is refused. */
  function deepest(build: (depth: number) => string): string {
    const accepted = (depth: number) => {
      try {
        compileRule(build(depth));
        return true;
      } catch {
        return false;
      }
    };
    let [low, high] = [1, 5000];
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (accepted(middle)) low = middle;
      else high = middle;
    }
    return build(low);
  }

  const around =
    (open: string, close: string, inner: string, rest = '') =>
    (depth: number) =>
      open.repeat(depth) + inner + close.repeat(depth) + rest;

  const xs = [1];
  const ring: Record<string, unknown> = {};
  ring['a'] = ring;

  it.each([
    ['parentheses', around('(', ')', 'True')],
    ['lists', around('[', ']', '1', ' != 1')],
    ['lists of the context', around('[', ']', 'one', ' != 1')],
    ['tuples', around('(', ',)', 'one', ' != 1')],
    ['dicts', around('{1:', '}', 'one', ' != 1')],
    ['not', around('not ', '', 'True')],
    ['signs', around('-', '', 'one', ' != 1')],
    ['powers', around('one**', '', '1', ' == 1')],
    ['conditionals', around('(True if one else ', ')', 'False')],
    ['conditions', around('(True if ', ' else False)', 'one')],
    ['conditionals without brackets', around('False if None else ', '', 'True')],
    ['comprehensions', around('[x for x in ', ']', 'xs', ' == xs')],
    ['comprehensions of comprehensions', around('[', ' for x in xs]', 'one', ' != 1')],
    ['conditions of comprehensions', around('[1 for x in xs if ', ']', 'one', ' != 1')],
    ['for', around('', ' for x in xs', '[one', '] == [1]')],
    ['if in a comprehension', around('', ' if one', '[one for x in xs', '] == [1]')],
    ['targets', around('(', ',)', '[x for ', ' in xs] == 1')],
    ['attributes', around('', '.a', 'ring', ' == ring')],
    ['items', around('', '["a"]', 'ring', ' == ring')],
    ['slices', around('', '[:]', 'xs', ' == xs')],
    ['indexes of indexes', around('xs[', ' - 1]', 'one', ' == 1')],
    ['sums', around('', ' + one', 'one', ' > 1')],
    ['comparisons', around('', ' == one', 'one')],
    ['and', around('', ' and one', 'True', ' == 1')],
    ['or', around('', ' or one', 'False', ' == 1')],
  ])('is parsed, evaluated and traced without a stack overflow: %s', (_what, build) => {
    const rule = deepest(build);
    expect(rule.length).toBeLessThanOrEqual(10_000);
    const context = { one: 1, xs, ring };
    const outcome = outcomeOf(rule, context);
    expect(['boolean', 'string']).toContain(typeof outcome);
    const trace = traceRule(rule, context);
    const code = (trace.error as { code?: string } | undefined)?.code;
    expect(trace.outcome ?? code).toBe(outcome);
  });
});
