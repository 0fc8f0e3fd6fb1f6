import * as fc from 'fast-check';
import {
  formatChance,
  formatChange,
  formatChangeInterval,
  formatNumber,
  formatP,
  formatPoints,
  formatShare,
  formatTime,
  trimZeros,
} from '../../src/ui/figures.ts';

describe('formatShare', () => {
  it.each([
    [0.1184, '11.84%'],
    [0.00083, '0.083%'],
    [0, '0.00%'],
    [1, '100.00%'],
    [-0.02, '−2.00%'],
    [null, '–'],
    [Number.NaN, '–'],
  ])('formats %p as %p', (share, text) => {
    expect(formatShare(share)).toBe(text);
  });
});

describe('formatNumber', () => {
  it.each([
    [8.40312, '8.403'],
    [1204.4, '1,204'],
    [0, '0'],
    [-0.5, '−0.5000'],
    [94, '94'],
    [10.8, '10.80'],
    [0.00001234, '0.00001234'],
    [1.5e-9, '1.500e−9'],
    [2e15, '2.000e+15'],
    [Number.POSITIVE_INFINITY, '–'],
  ])('formats %p as %p', (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });
});

describe('formatChange', () => {
  it.each([
    [0.06, '+6.0%'],
    [-0.0042, '−0.42%'],
    [0, '0.0%'],
    [-1e-12, '0.0%'],
    [0.00999999999, '+1.0%'],
    [1.5, '+150%'],
    [43.21, '+4,321%'],
    [null, '–'],
  ])('formats %p as %p', (share, text) => {
    expect(formatChange(share)).toBe(text);
  });

  it('has a sign exactly if a figure is not 0', () => {
    fc.assert(
      fc.property(fc.double({ min: -50, max: 50, noNaN: true }), (share) => {
        const text = formatChange(share);
        const isZero = !/[1-9]/.test(text);
        expect(/^[+−]/.test(text)).toBe(!isZero);
        expect(text.startsWith('−')).toBe(!isZero && share < 0);
        expect(text).not.toContain('-');
      }),
    );
  });
});

describe('formatChangeInterval', () => {
  it.each([
    [[0.011, 0.109] as const, '+1.1% to +10.9%'],
    [[null, 0.087] as const, '+8.7% or less'],
    [[-0.02, null] as const, '−2.0% or more'],
    [[null, null] as const, 'no limit'],
    [null, '–'],
  ])('formats %p as %p', (interval, text) => {
    expect(formatChangeInterval(interval)).toBe(text);
  });
});

describe('formatP', () => {
  it.each([
    [0.41234, null, 'p = 0.41'],
    [0.0174, null, 'p = 0.017'],
    [3.2e-12, null, 'p = 3e−12'],
    [0, -1000, 'p = 1e−434'],
    [0, null, 'p < 1e−300'],
    [null, null, 'p = –'],
  ])('formats %p with logarithm %p as %p', (p, lnP, text) => {
    expect(formatP(p, lnP)).toBe(text);
  });
});

describe('other figures', () => {
  it('never writes a chance as certain', () => {
    expect([formatChance(0.97234), formatChance(1), formatChance(0)]).toEqual([
      '97.2%',
      '> 99.9%',
      '< 0.1%',
    ]);
  });

  it('writes deviations in points with a sign', () => {
    expect([formatPoints(0.003), formatPoints(-0.003), formatPoints(0)]).toEqual([
      '+0.30',
      '−0.30',
      '0.00',
    ]);
  });

  it('leaves midnight out of times', () => {
    expect(formatTime('2026-11-30T00:00:00.000Z')).toBe('2026-11-30');
    expect(formatTime('2026-11-30T14:05:09.000Z')).toBe('2026-11-30 14:05 UTC');
  });

  it('trims zeros after a point only', () => {
    expect(['15.0%', '10%', '0.50%', '3.00', '100'].map(trimZeros)).toEqual([
      '15%',
      '10%',
      '0.5%',
      '3',
      '100',
    ]);
  });
});
