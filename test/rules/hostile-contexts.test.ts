import { runInNewContext } from 'node:vm';
import { compileRule } from '../../src/rules/compile/compile.ts';
import { outcomeOf } from './outcome.ts';

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

describe('a context that is hostile or odd', () => {
  const broken = new Error('no database');

  class Failing {
    get plan(): never {
      throw broken;
    }
  }

  it.each([
    [
      'a getter',
      {
        get user(): never {
          throw broken;
        },
      },
      'user.plan == 1',
    ],
    ['a getter of a class', { user: new Failing() }, 'user.plan == 1'],
    [
      'a getter of a dict that is compared',
      {
        user: {
          get plan(): never {
            throw broken;
          },
        },
      },
      'user == {"plan": 1}',
    ],
    [
      'a Proxy',
      {
        user: new Proxy(
          {},
          {
            getOwnPropertyDescriptor() {
              throw broken;
            },
          },
        ),
      },
      'user.plan == 1',
    ],
    [
      'a Proxy that is read',
      {
        user: new Proxy(
          { plan: 1 },
          {
            get() {
              throw broken;
            },
          },
        ),
      },
      'user.plan == 1',
    ],
    [
      'a Proxy whose keys are asked for',
      {
        user: new Proxy(
          {},
          {
            ownKeys() {
              throw broken;
            },
          },
        ),
      },
      'not user',
    ],
  ])(
    'passes on the error of %s unchanged, and the next rule is not affected',
    (_what, context, rule) => {
      const spent = '[x for x in xs].length == 9990 and ';
      const all = { xs: numbers(9990) };
      const both = Object.defineProperties(
        {},
        {
          ...Object.getOwnPropertyDescriptors(context),
          ...Object.getOwnPropertyDescriptors(all),
        },
      );
      let thrown: unknown;
      try {
        compileRule(spent + rule)(both);
      } catch (error) {
        thrown = error;
      }
      expect(thrown).toBe(broken);
      expect(outcomeOf(`${spent}True`, all)).toBe(true);
    },
  );

  it('is read through a Proxy like any object', () => {
    const user = new Proxy({ plan: 'pro', tags: new Proxy(['a'], {}) }, {});
    expect(
      outcomeOf('user.plan == "pro" and "a" in user.tags and user.tags[0] == "a"', { user }),
    ).toBe(true);
    expect(
      outcomeOf('user.tags == ["a"] and user == {"plan": "pro", "tags": ["a"]}', { user }),
    ).toBe(true);
    expect(outcomeOf('user.toString', { user })).toBe('attribute');
  });

  it('may be a revoked Proxy, whose error is passed on', () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(() => outcomeOf('user.plan == 1', { user: proxy })).toThrow(TypeError);
    expect(outcomeOf('1 == 1')).toBe(true);
  });

  it('may be from another realm', () => {
    const context = runInNewContext(
      '({ user: { plan: "pro", tags: ["a"], run() {} }, day: new Date(0), map: new Map([["a", 1]]) })',
    ) as object;
    expect(outcomeOf('user.plan == "pro" and user.tags == ["a"]', context)).toBe(true);
    expect(outcomeOf('user == {"plan": "pro", "tags": ["a"]}', context)).toBe(true);
    expect(outcomeOf('"toString" in user or "run" in user', context)).toBe(false);
    for (const rule of ['user.toString', 'user.run', 'user.tags.push', 'day.getTime', 'map.get']) {
      expect(outcomeOf(rule, context)).toBe('attribute');
    }
    expect(outcomeOf('user["__proto__"]', context)).toBe('key');
  });

  it('may have no prototype', () => {
    const user = Object.assign(Object.create(null) as object, { plan: 'pro' });
    const context = Object.assign(Object.create(null) as object, { user });
    expect(
      outcomeOf('user.plan == "pro" and user == {"plan": "pro"} and "plan" in user', context),
    ).toBe(true);
    expect(outcomeOf('user.toString', context)).toBe('attribute');
  });

  it('may have values that contain themselves', () => {
    const ring: Record<string, unknown> = { name: 'ring' };
    ring['self'] = ring;
    const list: unknown[] = [1];
    list.push(list);
    const context = { ring, other: { name: 'ring', self: ring }, list };
    expect(outcomeOf('ring.self.self.self.name == "ring"', context)).toBe(true);
    expect(outcomeOf('ring == ring and list == list and list in list', context)).toBe(true);
    expect(outcomeOf('ring == other', context)).toBe(true);
    expect(outcomeOf('[list] * 2 == [list, list]', context)).toBe(true);
    expect(outcomeOf('{list}', context)).toBe('type');
  });

  it('may have arrays with holes and with extra properties', () => {
    const sparse: unknown[] = [];
    sparse[2] = 'c';
    const match = /(?<word>b+)/.exec('abb');
    expect(
      outcomeOf('xs == [None, None, "c"] and xs[0] is None and xs.length == 3', { xs: sparse }),
    ).toBe(true);
    expect(outcomeOf('m.index == 1 and m.groups.word == "bb" and m[0] == "bb"', { m: match })).toBe(
      true,
    );
    expect(outcomeOf('m.concat', { m: match })).toBe('attribute');
  });

  it('may have functions, which have no attributes and can not be called', () => {
    const fn = Object.assign(() => true, { secret: 1 });
    const context = { list: [fn], fn };
    expect(outcomeOf('list[0].secret', context)).toBe('attribute');
    expect(outcomeOf('list[0].name', context)).toBe('attribute');
    expect(outcomeOf('list[0] == 1', context)).toBe(false);
    expect(outcomeOf('list[0]', context)).toBe('not-boolean');
    expect(outcomeOf('fn', context)).toBe('name');
  });

  it('may have symbols, typed arrays, errors and other objects', () => {
    const context = {
      values: [
        Symbol('x'),
        new Uint8Array(2),
        new Error('e'),
        /x/,
        new WeakMap(),
        Promise.resolve(1),
      ],
    };
    for (const i of [0, 1, 2, 3, 4, 5]) {
      expect(outcomeOf(`values[${i}] == values[${i}] and not values[${i}] == 1`, context)).toBe(
        true,
      );
      expect(outcomeOf(`values[${i}] < 1`, context)).toBe('type');
      expect(outcomeOf(`values[${i}] + 1`, context)).toBe('type');
      expect(outcomeOf(`[x for x in values[${i}]]`, context)).toBe('type');
      expect(outcomeOf(`values[${i}].constructor_`, context)).toBe('attribute');
    }
  });

  it('is never changed by a rule', () => {
    const context = {
      list: [3, 1],
      dict: { a: { b: 1 } },
      set: new Set([1]),
      map: new Map([[1, 2]]),
    };
    const before = structuredClone(context);
    outcomeOf('list + [1] == list * 2 or dict | {"a": 1} == {} or set | {2} == set', context);
    outcomeOf('[list for list in list] == list or {k: 1 for k in map} == map', context);
    expect(context).toEqual(before);
  });
});
