import { splitReach, type SplitRow, splitTable } from '../../../src/ui/charts/split-table.ts';
import { drawn } from './svg.ts';

const ROWS: readonly SplitRow[] = [
  {
    variant: 'control',
    colour: '0',
    units: 6118,
    expectedShare: 0.25,
    share: 0.253,
    low: 0.2475,
    high: 0.2585,
  },
  {
    variant: '<b>inactive</b>',
    colour: 'p',
    units: 12_061,
    expectedShare: 0.5,
    share: 0.4988,
    low: 0.4925,
    high: 0.5051,
  },
];

/** The cells of a table as texts, row by row. */
const cellsOf = (table: string) =>
  [...table.matchAll(/<tr.*?<\/tr>/gs)].map(([row]) =>
    [...row.matchAll(/<t[hd].*?<\/t[hd]>/gs)].map(([cell]) =>
      cell
        .replaceAll(/<[^>]*>/g, '')
        .replaceAll(/\s+/g, ' ')
        .trim(),
    ),
  );

describe('splitTable', () => {
  it('shows units, expected and counted shares and deviations of each variant', () => {
    const reach = splitReach(ROWS);
    expect(reach).toBe(0.01);
    expect(cellsOf(splitTable(ROWS, { reach }).text)).toEqual([
      ['Variant', 'units', 'should be', 'is', 'points off, −1 to +1, 95% interval', 'points off'],
      ['control', '6,118 units', '25%', '25.30% instead of 25%', '', '+0.30'],
      ['&lt;b&gt;inactive&lt;/b&gt;', '12,061 units', '50%', '49.88% instead of 50%', '', '−0.12'],
    ]);
  });

  it('draws the deviation of each variant in its colour, and in red if the split is off', () => {
    const dots = (isOff: boolean) =>
      drawn(splitTable(ROWS, { reach: 0.01, isOff }).text, 'circle').map((one) => [
        one['class'],
        one['cx'],
      ]);
    expect(dots(false)).toEqual([
      ['v0', '64.4%'],
      ['vp', '44.24%'],
    ]);
    expect(dots(true).map(([name]) => name)).toEqual(['vbad', 'vbad']);
  });

  it('names the figures of each chart', () => {
    const [chart] = drawn(splitTable(ROWS, { reach: 0.01 }).text, 'svg', 'interval');
    expect(chart?.['aria-label']).toBe('control: +0.30 points, 95% interval −0.25 to +0.85');
  });
});
