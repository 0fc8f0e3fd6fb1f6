import * as fc from 'fast-check';
import { remainderOf, shareOf } from '../../src/planout/hash60.ts';

/** 40 hexadecimal digits, as SHA-1 gives them. */
const digest = fc
  .array(fc.nat({ max: 15 }), { minLength: 40, maxLength: 40 })
  .map((digits) => digits.map((digit) => digit.toString(16)).join(''));

const numberOf = (digits: string) => BigInt(`0x${digits.slice(0, 15)}`);

describe('remainderOf', () => {
  it('is exact for every modulus up to 2^53', () => {
    const modulus = fc.oneof(
      fc.integer({ min: 1, max: 200 }),
      fc.integer({ min: 2 ** 24 - 3, max: 2 ** 24 + 3 }),
      fc.maxSafeInteger().map((n) => Math.abs(n) || 1),
    );
    fc.assert(
      fc.property(digest, modulus, (digits, by) => {
        expect(remainderOf(digits, by)).toBe(Number(numberOf(digits) % BigInt(by)));
      }),
      { numRuns: 2000 },
    );
  });

  it('is exact for the largest hash', () => {
    for (const modulus of [2 ** 24, 2 ** 24 - 1, 2 ** 24 + 1, 2 ** 53 - 1]) {
      const all = 'f'.repeat(40);
      expect(remainderOf(all, modulus)).toBe(Number(numberOf(all) % BigInt(modulus)));
    }
  });
});

describe('shareOf', () => {
  it('is the hash by 2^60, rounded once', () => {
    fc.assert(
      fc.property(digest, (digits) => {
        expect(shareOf(digits)).toBe(Number(numberOf(digits)) / 2 ** 60);
      }),
      { numRuns: 2000 },
    );
  });

  it('is from 0 to 1, both included', () => {
    expect(shareOf('0'.repeat(40))).toBe(0);
    expect(shareOf('f'.repeat(40))).toBe(1);
  });
});
