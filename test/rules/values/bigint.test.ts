import { outcomeOf } from '../outcome.ts';

const BINARY = '+ - * / // % ** << >> & | ^ == != < <= > >= is'.split(' ');

/** Numbers that a context may hold as a number or as a bigint. */
const NUMBERS = [0, 1, -1, 2, 7, -7, 2 ** 31, 2 ** 53 - 1, -(2 ** 53 - 1)];

/** Returns each way to write two numbers: as numbers, or one or both as bigints. */
function writings(a: number, b: number): readonly object[] {
  return [
    { a, b: BigInt(b) },
    { a: BigInt(a), b },
    { a: BigInt(a), b: BigInt(b) },
  ];
}

describe('a bigint of the context', () => {
  it.each(BINARY)('equals the number of the same value for the operator %s', (operator) => {
    for (const a of NUMBERS) {
      for (const b of NUMBERS) {
        // Each result is compared with one that is computed in the rule from literals.
        const rule = `(a ${operator} b) == ((${a}) ${operator} (${b}))`;
        const plain = outcomeOf(rule, { a, b });
        for (const context of writings(a, b)) {
          expect({ rule, context, outcome: outcomeOf(rule, context) }).toEqual({
            rule,
            context,
            outcome: plain,
          });
        }
      }
    }
  });

  it.each([
    ['a ** b == 1', { a: 0, b: 0n }],
    ['0 ** b == 1 and a ** 0 == 1', { a: 0n, b: 0n }],
    ['-a == 0 and +a == 0 and ~a == -1 and not a', { a: 0n }],
    ['a in [0] and a in {0} and a in {0: 1} and 0 in [a] and {a: 1} == {0: 1}', { a: 0n }],
    ['"abc"[a] == "a" and "abc"[a:] == "abc" and [1] * a == []', { a: 0n }],
    ['(a or 5) == 5 and (a if a else 1) == 1', { a: 0n }],
    ['a == False and a is not None', { a: 0n }],
  ])('may be zero: %s', (rule, context) => {
    expect(outcomeOf(rule, context)).toBe(true);
  });

  it.each(['1 / a == 1', '1 // a == 1', '1 % a == 1', '0 ** (a - 1) == 1'])(
    'is refused as a divisor if it is zero: %s',
    (rule) => {
      expect(outcomeOf(rule, { a: 0n })).toBe('zero-division');
    },
  );

  it.each(['a == b', 'a + 1 == b', 'a < b', '-a == b', 'a in {1}', 'a in [b]', 'a & 1 == 0'])(
    'is refused if it is too long to calculate with: %s',
    (rule) => {
      const a = 1n << 10_001n;
      expect(outcomeOf(rule, { a, b: a + 1n })).toBe('limit');
    },
  );
});
