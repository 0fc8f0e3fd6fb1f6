import { inexactNumbers } from '../../src/json/inexact-numbers.ts';

describe('inexactNumbers', () => {
  it('names the place of a number at any depth, the value that is read, and the remedy', () => {
    const text =
      '\ufeff[\n  {"a~/": [0, {"b": 12345678901234567890}]},\n  1e400, "9007199254740993"\n]';
    expect(inexactNumbers(text)).toEqual([
      {
        path: '/0/a~0~1/1/b',
        line: 2,
        column: 21,
        message:
          'the number 12345678901234567890 is read as 12345678901234567000, because it is too large; write it as text, in quotes',
      },
      {
        path: '/1',
        line: 3,
        column: 3,
        message:
          'the number 1e400 is read as Infinity, because it is too large; write it as text, in quotes',
      },
    ]);
  });

  it.each([
    '9007199254740993',
    '-9007199254740993',
    '12345678901234567890',
    '1234567890123456789',
    '9007199254740993.0',
    '9007199254740993e0',
    '900719925474099.3e1',
    '1e309',
    '-1e400',
    '123456789012345678901234567890',
  ])('finds %s', (number) => {
    expect(inexactNumbers(number)).toHaveLength(1);
    expect(inexactNumbers(`{"a":[${number} ]}`)).toHaveLength(1);
  });

  it.each([
    '0',
    '-0',
    '1',
    '0.1',
    '1e-400',
    '9007199254740991',
    '9007199254740992',
    '9007199254740994',
    '1152921504606846976',
    '-1152921504606846976',
    '1e21',
    '1e23',
    '1.5e300',
    '12345678901234567000',
    '1e22',
    '9007199254740992.5',
    '0.30000000000000004',
    '1E5',
    '"12345678901234567890"',
    'true',
    'null',
    '{"12345678901234567890":1}',
  ])('finds nothing in %s', (text) => {
    expect(inexactNumbers(text)).toEqual([]);
  });
});
