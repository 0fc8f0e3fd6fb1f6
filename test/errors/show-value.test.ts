import * as fc from 'fast-check';
import {
  escapeInvisible,
  listNames,
  quote,
  showPath,
  showValue,
} from '../../src/errors/show-value.ts';

describe('showValue', () => {
  it.each<[unknown, string]>([
    ['text', '"text"'],
    ['', '""'],
    ['say "hi"\n', '"say \\"hi\\"\\n"'],
    [10.5, '10.5'],
    [-0, '0'],
    [Number.NaN, 'NaN'],
    [12n, '12n'],
    [true, 'true'],
    [null, 'null'],
    [undefined, 'undefined'],
    [[], 'an empty list'],
    [[1], 'a list'],
    [{}, 'an object'],
    [new Date(), 'an object'],
    [() => 1, 'a function'],
    [Symbol('s'), 'a symbol'],
  ])('shows %p as %s', (value, shown) => {
    expect(showValue(value)).toBe(shown);
  });

  it('shortens a long text', () => {
    expect(showValue('x'.repeat(1000))).toBe(`"${'x'.repeat(59)}…"`);
    expect(showValue('x'.repeat(60))).toBe(`"${'x'.repeat(60)}"`);
    expect(showValue(10n ** 100n)).toHaveLength(61);
  });

  it('shows any value on one short line', () => {
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withNullPrototype: true }), (value) => {
        expect(showValue(value)).toMatch(/^.{1,400}$/);
      }),
    );
  });
});

describe('quote', () => {
  it('escapes characters that move the cursor or are invisible', () => {
    expect(quote('\u001b[2J\u009b2J\u202e\u061c\u200b\ufeff')).toBe(
      '"\\u001b[2J\\u009b2J\\u202e\\u061c\\u200b\\ufeff"',
    );
  });
});

describe('listNames', () => {
  it('lists ten names and counts the rest', () => {
    expect(listNames(['treatment', 'control'])).toBe('treatment, control');
    expect(listNames(Array.from({ length: 12 }, (_, i) => `v${i}`))).toBe(
      'v0, v1, v2, v3, v4, v5, v6, v7, v8, v9 and 2 more',
    );
  });
});

describe('escapeInvisible', () => {
  it('escapes line breaks and other control characters, and keeps the rest', () => {
    expect(escapeInvisible('a\nb\u0000 "ü" \u2028')).toBe(String.raw`a\u000ab\u0000 "ü" \u2028`);
  });

  it('does not escape an escape again', () => {
    expect(escapeInvisible(JSON.stringify('\n'))).toBe(String.raw`"\n"`);
  });
});

describe('showPath', () => {
  it('escapes a short path', () => {
    expect(showPath('/a\n/0')).toBe(String.raw`/a\u000a/0`);
  });

  it('keeps both ends of a long path', () => {
    expect(showPath(`/${'a'.repeat(300)}/name`)).toMatch(/^\/a{99}…a{95}\/name$/);
  });
});
