import { formatCount, formatPlural } from '../../../../src/ui/figures.ts';
import {
  formatBar,
  formatP,
  formatShare,
  formatTest,
} from '../../../../src/cli/output/simulate/format.ts';

const tested = (p: number, corrected: number) => ({ p, corrected, statistic: 1, degrees: 1 });

describe('formatTest', () => {
  it('adds the corrected p-value if the plain one is small', () => {
    expect(formatTest(tested(0.6, 1))).toBe('p 0.6000');
    expect(formatTest(tested(0.01, 0.45))).toBe('p 0.0100 (corrected p 0.4500)');
    expect(formatTest(tested(1e-9, 1e-7))).toBe('p < 0.0001');
    expect(formatTest(tested(0.01, 0.01))).toBe('p 0.0100');
  });
});

describe('the formats', () => {
  it('print numbers, shares and p-values for people', () => {
    expect(formatCount(1_234_567)).toBe('1,234,567');
    expect(formatShare(0.24961)).toBe('24.96%');
    expect(formatP(0.00012)).toBe('p 0.0001');
    expect([formatPlural(1, 'pair'), formatPlural(2000, 'pair')]).toEqual([
      '1 pair',
      '2,000 pairs',
    ]);
  });

  it('draw bars of equal length', () => {
    for (const share of [0, 0.001, 0.5, 0.999, 1]) expect(formatBar(share)).toHaveLength(20);
    expect(formatBar(0.25)).toBe(`${'█'.repeat(5)}${'░'.repeat(15)}`);
  });
});
