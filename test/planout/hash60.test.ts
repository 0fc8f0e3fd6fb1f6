import * as fc from 'fast-check';
import { remainderOf, shareOf } from '../../src/planout/hash60.ts';
import { runs } from '../runs.ts';

/** 20 bytes as a string with one character for each, like a SHA-1 digest. */
const digest = fc
  .uint8Array({ minLength: 20, maxLength: 20 })
  .map((bytes) => Buffer.from(bytes).toString('latin1'));

const numberOf = (bytes: string) =>
  BigInt(`0x${Buffer.from(bytes, 'latin1').toString('hex').slice(0, 15)}`);

describe('remainderOf', () => {
  it('is exact for every modulus up to 2^53', () => {
    const modulus = fc.oneof(
      fc.integer({ min: 1, max: 200 }),
      fc.integer({ min: 2 ** 24 - 3, max: 2 ** 24 + 3 }),
      fc.maxSafeInteger().map((n) => Math.abs(n) || 1),
    );
    fc.assert(
      fc.property(digest, modulus, (bytes, by) => {
        expect(remainderOf(bytes, by)).toBe(Number(numberOf(bytes) % BigInt(by)));
      }),
      { numRuns: runs(2000) },
    );
  });

  it('is exact for the largest hash', () => {
    for (const modulus of [2 ** 24, 2 ** 24 - 1, 2 ** 24 + 1, 2 ** 53 - 1]) {
      const all = '\u00ff'.repeat(20);
      expect(remainderOf(all, modulus)).toBe(Number(numberOf(all) % BigInt(modulus)));
    }
  });
});

describe('shareOf', () => {
  it('is the hash divided by 2^60, rounded once', () => {
    fc.assert(
      fc.property(digest, (bytes) => {
        expect(shareOf(bytes)).toBe(Number(numberOf(bytes)) / 2 ** 60);
      }),
      { numRuns: runs(2000) },
    );
  });

  it('is from 0 to 1, both included', () => {
    expect(shareOf('\0'.repeat(20))).toBe(0);
    expect(shareOf('\u00ff'.repeat(20))).toBe(1);
  });
});
