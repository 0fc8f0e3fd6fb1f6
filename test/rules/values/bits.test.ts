import * as fc from 'fast-check';
import { bitwise, invert } from '../../../src/rules/values/bits.ts';
import { outcomeOf } from '../outcome.ts';

const whole = fc.oneof(
  fc.bigInt({ min: -20n, max: 20n }),
  fc.bigInt({ min: -(2n ** 100n), max: 2n ** 100n }),
);

describe('bitwise', () => {
  it('supports whole numbers of any length, in two’s complement', () => {
    fc.assert(
      fc.property(whole, whole, fc.nat(300), (a, b, n) => {
        expect(BigInt(bitwise('&', a, b))).toBe(a & b);
        expect(BigInt(bitwise('|', a, b))).toBe(a | b);
        expect(BigInt(bitwise('^', a, b))).toBe(a ^ b);
        expect(BigInt(bitwise('<<', a, n))).toBe(a * 2n ** BigInt(n));
        expect(BigInt(bitwise('>>', a, n))).toBe(a >> BigInt(n));
        expect(BigInt(invert(a))).toBe(-a - 1n);
      }),
    );
  });

  it.each([
    ['(6 & 3) == 2 and (6 | 3) == 7 and (6 ^ 3) == 5', true],
    ['(-6 & 3) == 2 and (-6 | 3) == -5 and ~5 == -6', true],
    ['True & False', false],
    ['True ^ False', true],
    ['(True & 1) is True', false],
    ['True & 1', 'not-boolean'],
    ['True << 2 == 4', true],
    ['~True == -2', true],
    ['1 << -1 == 0', 'type'],
    ['1 >> -1 == 0', 'type'],
    ['1 & 0.5 == 0', 'type'],
    ['~0.5 == 0', 'type'],
    ['"a" & 1', 'type'],
    ['None | 1', 'type'],
    ['-1 >> 10 ** 30 == -1 and 1 >> 10 ** 30 == 0', true],
    ['0 << 10 ** 30 == 0', true],
    ['1 << 10 ** 9 == 0', 'limit'],
    ['1 << 10000 == 0', 'limit'],
    ['1 << 9990 > 0', true],
  ])('decides %s: %s', (rule, outcome) => {
    expect(outcomeOf(rule)).toBe(outcome);
  });
});
