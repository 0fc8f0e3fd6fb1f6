import { runInNewContext } from 'node:vm';
import * as fc from 'fast-check';
import { identityText } from '../../src/hash/text.ts';

class ObjectId {
  toString(): string {
    return '65a1b2c3d4e5f60718293a4b';
  }
}

describe('identityText', () => {
  // The right column shows CPython 3.11's `str(value)`.
  it.each<[unknown, string]>([
    ['', ''],
    ['7', '7'],
    ['漢', '漢'],
    [true, 'True'],
    [false, 'False'],
    [0, '0'],
    [-0, '0'],
    [42, '42'],
    [-42, '-42'],
    [949373162, '949373162'],
    [9007199254740991, '9007199254740991'],
    [9007199254740992, '9007199254740992'],
    [2 ** 60, '1152921504606846976'],
    [1e21, '1000000000000000000000'],
    [-1e22, '-10000000000000000000000'],
    [1.5, '1.5'],
    [-0.1, '-0.1'],
    [0.1 + 0.2, '0.30000000000000004'],
    [0.0001, '0.0001'],
    [0.00012345, '0.00012345'],
    [0.00009999999999999999, '9.999999999999999e-05'],
    [0.00001, '1e-05'],
    [-0.0000123, '-1.23e-05'],
    [1e-7, '1e-07'],
    [1.5e-10, '1.5e-10'],
    [5e-324, '5e-324'],
    [1.25e-300, '1.25e-300'],
    [4503599627370495.5, '4503599627370495.5'],
    [12345678901234567890n, '12345678901234567890'],
    [-5n, '-5'],
    [new ObjectId(), '65a1b2c3d4e5f60718293a4b'],
    [{ toString: () => 'own' }, 'own'],
    [{ __proto__: null, toString: () => 'bare' }, 'bare'],
    [new (class extends ObjectId {})(), '65a1b2c3d4e5f60718293a4b'],
    [new URL('https://example.com/'), 'https://example.com/'],
  ])('converts %p like Python', (value, text) => {
    expect(identityText(value)).toBe(text);
  });

  it.each([
    true,
    false,
    0,
    -0,
    7,
    1.5,
    1e-7,
    2 ** 60,
    NaN,
    Infinity,
    '',
    'a',
    'true',
    5n,
    12345678901234567890n,
    Symbol('a'),
  ])('gives a boxed primitive the text of the primitive, or refuses both: %p', (value) => {
    expect(identityText(Object(value))).toBe(identityText(value));
    const foreign = runInNewContext('Object(value)', { value }) as unknown;
    expect(identityText(foreign)).toBe(identityText(value));
  });

  it('uses the toString of a subclass of a boxed primitive, and of an object that looks like one', () => {
    class Email extends String {
      override toString(): string {
        return super.toString().toLowerCase();
      }
    }
    class Flag extends Boolean {
      override toString(): string {
        return 'flag';
      }
    }
    const claims = { [Symbol.toStringTag]: 'Boolean', toString: () => 'true' };
    expect([new Email('A'), new Flag(true), claims].map(identityText)).toEqual([
      'a',
      'flag',
      'true',
    ]);
  });

  it('returns different texts for different numbers', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(Number(identityText(value))).toBe(value === 0 ? 0 : value);
      }),
    );
  });

  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['NaN', Number.NaN],
    ['Infinity', Number.POSITIVE_INFINITY],
    ['-Infinity', Number.NEGATIVE_INFINITY],
    ['a plain object', { id: 7 }],
    ['an object without a prototype', Object.create(null)],
    ['an instance without a toString', new EventTarget()],
    ['a list', ['7']],
    ['a typed array', new Uint8Array([7])],
    ['a Buffer', Buffer.from('7')],
    ['a function', () => '7'],
    ['a class', ObjectId],
    ['a symbol', Symbol('7')],
    ['a date', new Date(0)],
    ['a Map', new Map()],
    ['a Set', new Set()],
    ['a Promise', Promise.resolve('7')],
    ['a toString that is text, as JSON could bring', { toString: '7' }],
    ['a toString that gives no string', { toString: () => 7 }],
    ["another realm's plain object", runInNewContext('({ id: 7 })')],
    ["another realm's date", runInNewContext('new Date(0)')],
    ["another realm's list", runInNewContext('["7"]')],
  ])('returns no text for %s', (_, value) => {
    expect(identityText(value)).toBeUndefined();
  });

  it("accepts another realm's objects with a toString of their own", () => {
    expect(identityText(runInNewContext('new (class { toString() { return "x"; } })()'))).toBe('x');
  });

  it('passes on the error of a toString', () => {
    const broken = {
      toString: () => {
        throw new RangeError('no id yet');
      },
    };
    expect(() => identityText(broken)).toThrow(new RangeError('no id yet'));
  });

  it('returns a text or undefined for any value', () => {
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withDate: true, withMap: true }), (value) => {
        expect(['string', 'undefined']).toContain(typeof identityText(value));
      }),
    );
  });
});
