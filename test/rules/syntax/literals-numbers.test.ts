import * as fc from 'fast-check';
import { readNumber } from '../../../src/rules/syntax/literals.ts';
import { outcomeOf, placeOf, refusalOf } from '../outcome.ts';

describe('readNumber', () => {
  it.each([
    ['0', 0],
    ['00', 0],
    ['0_0', 0],
    ['7', 7],
    ['1_000_000', 1_000_000],
    ['0x1f', 31],
    ['0XfF', 255],
    ['0x_f_f', 255],
    ['0o17', 15],
    ['0O_17', 15],
    ['0b1_01', 5],
    ['0B0', 0],
    ['1.5', 1.5],
    ['.5', 0.5],
    ['1.', 1],
    ['012.5', 12.5],
    ['1_0.0_1', 10.01],
    ['1e3', 1000],
    ['1E-2', 0.01],
    ['1e+2', 100],
    ['1.e2', 100],
    ['.5e1', 5],
    ['1_0e1_0', 1e11],
    ['09e1', 90],
    ['1e400', Infinity],
    ['1e-400', 0],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
    ['9007199254740992', 2n ** 53n],
    ['0x20000000000000', 2n ** 53n],
    ['123456789012345678901234567890', 123456789012345678901234567890n],
  ])('reads all of %s', (text, value) => {
    expect(readNumber(`${text} `, 0)).toEqual({ value, end: text.length });
    expect(readNumber(`==${text})`, 2)).toEqual({ value, end: text.length + 2 });
  });

  it.each(['', 'a', '.', '_1', '+1', '-1', 'e5', '.e5', '._5'])('finds no number in %j', (text) => {
    expect(readNumber(text, 0)).toBeUndefined();
  });

  it.each([
    ['1_', '_'],
    ['1__0', '__0'],
    ['1e', 'e'],
    ['1e+', 'e'],
    ['0xg', '0x'],
    ['0x', '0x'],
    ['0b2', '0b'],
    ['0o8', '0o'],
    ['0or 1', '0o'],
    ['0b1012', '2'],
    ['1_000_', '_'],
    ['012', '012'],
    ['0_1', '0_1'],
    ['1._5', '_5'],
    ['1.x', 'x'],
    ['5px', 'px'],
    ['1 2', '2'],
    ['1.2.3', '1.2.3'],
  ])('refuses %s and points at %s', (rule, place) => {
    const error = refusalOf(`${rule} == 1`);
    expect([error.code, placeOf(error)]).toEqual(['syntax', place]);
  });

  it.each([
    ['1if x else 0', 'not-boolean'],
    ['1or x', 'not-boolean'],
    ['0and x', 'not-boolean'],
    ['0xfor x', 'not-boolean'],
    ['1in[1]', true],
    ['1.is x', false],
    ['1not in[2]', true],
    ['[1for x in[2]] == [1]', true],
  ])('allows a keyword directly after a number: %s', (rule, outcome) => {
    expect(outcomeOf(rule, { x: 5 })).toBe(outcome);
  });

  it.each(['1j', '1J', '1.5j', '1e3j', '012j', '0j'])('refuses the complex number %s', (text) => {
    const error = refusalOf(`${text} == 1`);
    expect([error.code, error.reason]).toEqual([
      'forbidden',
      "complex numbers can't be used in rules",
    ]);
  });

  it('refuses whole numbers of more than 3,010 digits', () => {
    expect(readNumber('9'.repeat(3010), 0)?.value).toBe(BigInt('9'.repeat(3010)));
    expect(refusalOf(`${'9'.repeat(3011)} == 1`).code).toBe('limit');
    expect(refusalOf(`0x${'f'.repeat(9000)} == 1`).code).toBe('limit');
  });

  it('reads every number that JavaScript writes', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: 0 }), (value) => {
        const read = readNumber(String(value), 0);
        expect(Number(read?.value)).toBe(value);
        expect(read?.end).toBe(String(value).length);
      }),
    );
  });

  it('reads every whole number exactly, in every base', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 200n }), (value) => {
        for (const [prefix, base] of [
          ['', 10],
          ['0x', 16],
          ['0o', 8],
          ['0b', 2],
        ] as const) {
          const text = prefix + value.toString(base);
          expect(BigInt(readNumber(text, 0)?.value ?? -1)).toBe(value);
        }
      }),
    );
  });
});
