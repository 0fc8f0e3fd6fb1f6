import { largeNumber } from '../../../src/cli/arguments/large-number.ts';

describe('largeNumber', () => {
  it.each([
    ['100000', 100_000],
    ['1e6', 1_000_000],
    ['25E3', 25_000],
    ['1_000_000', 1_000_000],
  ])('reads %s', (text, number) => {
    expect(largeNumber('--units', text, 1, 1e9)).toBe(number);
  });

  it.each(['', '0', '-1', '1.5', '1e', '1e10', '9e99', '0x10', '1__0', '_1', ' 5', 'Infinity'])(
    'refuses %j',
    (text) => {
      expect(() => largeNumber('--units', text, 1, 1e9)).toThrow(
        '--units takes a whole number from 1 to 1000000000',
      );
    },
  );
});
