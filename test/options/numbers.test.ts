import { isWholeNumber, MAX_MS, milliseconds, wholeNumber } from '../../src/options/numbers.ts';

describe('isWholeNumber', () => {
  it.each([
    [1, true],
    [3, true],
    [0, false],
    [4, false],
    [1.5, false],
    [Number.NaN, false],
    ['2', false],
    [2n, false],
  ])('tells for %p whether it is a whole number from 1 to 3: %p', (value, expected) => {
    expect(isWholeNumber(value, 1, 3)).toBe(expected);
  });
});

describe('wholeNumber', () => {
  it('describes the range', () => {
    expect(wholeNumber(0, 9).expected).toBe('a whole number from 0 to 9');
    expect(wholeNumber(1, Number.MAX_SAFE_INTEGER).expected).toBe('a whole number, 1 or more');
  });

  it('accepts only whole numbers in the range', () => {
    const { accepts } = wholeNumber(0, 9);
    expect([0, 9, -1, 10, 0.5, undefined].map(accepts)).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
  });
});

describe('milliseconds', () => {
  it('accepts fractions, and at most one day by default', () => {
    const { accepts, expected } = milliseconds(1);
    expect(expected).toBe('a number of milliseconds from 1 to 86400000');
    expect([1, 1.5, MAX_MS, 0, MAX_MS + 1, Number.NaN].map(accepts)).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});
