import * as fc from 'fast-check';
import { RuleFault } from '../../../src/rules/values/fault.ts';
import { wholeQuotient } from '../../../src/rules/values/whole-quotient.ts';
import { runs } from '../../runs.ts';

/**
 * Returns the next float in the direction of `step`, for a positive float that is not at an end.
 */
function neighbour(value: number, step: 1n | -1n): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  view.setBigInt64(0, view.getBigInt64(0) + step);
  return view.getFloat64(0);
}

/** Returns a float times 2^1100 exactly, enough to make every normal float whole. */
function scaled(value: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigInt64(0);
  const mantissa = (bits & (2n ** 52n - 1n)) | (2n ** 52n);
  return mantissa << (((bits >> 52n) & 0x7ffn) - 1075n + 1100n);
}

const long = (bits: number) => fc.bigInt({ min: 1n, max: 2n ** BigInt(bits) });

describe('wholeQuotient', () => {
  it('is the float nearest to the exact quotient', () => {
    fc.assert(
      fc.property(
        fc.oneof(long(60), long(400), long(1000)),
        fc.oneof(long(60), long(400), long(900)),
        (a, b) => {
          const result = wholeQuotient(a, b);
          const error = (float: number) => {
            const difference = scaled(float) * b - (a << 1100n);
            return difference < 0n ? -difference : difference;
          };
          expect(error(result) <= error(neighbour(result, 1n))).toBe(true);
          expect(error(result) <= error(neighbour(result, -1n))).toBe(true);
        },
      ),
      { numRuns: runs(2000) },
    );
  });

  it('equals the quotient of JavaScript if both numbers are exact floats', () => {
    fc.assert(
      fc.property(long(53), long(53), (a, b) => {
        expect(wholeQuotient(a, b)).toBe(Number(a) / Number(b));
      }),
    );
  });

  it.each([
    [0n, 7n, 0],
    [-7n, 2n, -3.5],
    [7n, -2n, -3.5],
    [-7n, -2n, 3.5],
    [10n ** 400n, 10n ** 399n, 10],
    [1n, 10n ** 400n, 0],
    [2n ** 53n + 1n, 1n, 2 ** 53],
    [2n ** 53n + 3n, 1n, 2 ** 53 + 4],
    [(2n ** 53n + 1n) * 2n ** 100n + 1n, 2n ** 100n, 2 ** 53 + 2],
    [2n ** 2000n, 2n ** 977n, 2 ** 1023],
    [2n ** 1000n, 2n ** 2022n, 2 ** -1022],
    [2n ** 10n, 2n ** 1084n, 2 ** -1074],
  ])('of %s and %s is %s', (a, b, quotient) => {
    expect(wholeQuotient(a, b)).toBe(quotient);
  });

  it('refuses a quotient that is too large for a float', () => {
    expect(() => wholeQuotient(10n ** 400n, 3n)).toThrow(RuleFault);
    expect(() => wholeQuotient(-(2n ** 1024n), 1n)).toThrow(RuleFault);
  });
});
