import * as fc from 'fast-check';
import { Dict, RuleSet, Tuple } from '../../../src/rules/values/collections.ts';
import { show } from '../../../src/rules/values/show.ts';

describe('show', () => {
  it.each([
    ['text', 'text'],
    [5, 5],
    [-0, 0],
    [true, true],
    [null, null],
    [undefined, null],
    [5n, '5'],
    [NaN, 'NaN'],
    [Infinity, 'Infinity'],
    [new Date(0), '1970-01-01T00:00:00.000Z'],
    [new Date(NaN), 'an invalid date'],
    [
      [1, [2]],
      [1, [2]],
    ],
    [new Tuple([1]), [1]],
    [new Set([1]), [1]],
    [new RuleSet([1]), [1]],
    [{ a: 1, run: () => {} }, { a: 1 }],
    [new Map([['a', 1]]), { a: 1 }],
    [new Dict([[1, 'x']]), { '1': 'x' }],
    [() => {}, 'a function'],
    [Symbol('x'), 'a symbol'],
    [
      new (class User {
        id = 1;
      })(),
      'an object (User)',
    ],
    [Object.create({ constructor: undefined }), 'an object (no class)'],
    [Object.create(null), {}],
  ])('shows %p as %p', (value, shown) => {
    expect(show(value)).toEqual(shown);
  });

  it('cuts long texts, many items and deep values', () => {
    expect(show('x'.repeat(201))).toBe(`${'x'.repeat(200)}…`);
    expect(show('x'.repeat(200))).toBe('x'.repeat(200));
    expect(show(Array.from({ length: 21 }, () => 0))).toEqual([
      ...Array.from({ length: 20 }, () => 0),
      '…',
    ]);
    const wide = Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`k${i}`, i]));
    expect(Object.keys(show(wide) as object)).toHaveLength(21);
    expect(show(wide)).toMatchObject({ k19: 19, '…': '…' });
    expect(show([[[[1]]]])).toEqual([[['…']]]);
    const ring: Record<string, unknown> = {};
    ring['self'] = ring;
    expect(show(ring)).toEqual({ self: { self: { self: '…' } } });
  });

  it('reports an object that can not be read', () => {
    const broken = {
      get trap(): never {
        throw new Error('no');
      },
    };
    expect(show(broken)).toBe("an object that can't be shown");
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(show([proxy])).toEqual(["an object that can't be shown"]);
  });

  it('keeps a key named __proto__ as a key', () => {
    const shown = show(JSON.parse('{"__proto__": {"admin": true}}')) as object;
    expect(Object.keys(shown)).toEqual(['__proto__']);
    expect((shown as { admin?: unknown }).admin).toBeUndefined();
  });

  it('returns JSON for any value', () => {
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true }),
        (value) => {
          const shown = show(value);
          expect(JSON.parse(JSON.stringify(shown))).toEqual(shown);
        },
      ),
    );
  });
});
