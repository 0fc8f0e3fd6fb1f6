import * as fc from 'fast-check';
import { intervalChart, reachOf } from '../../../src/ui/charts/interval-chart.ts';

const MARKS = { estimate: 0.05, low: 0.01, high: 0.09, reach: 0.1, colour: '1', label: 'x: +5%' };

/** Returns the numbers of an attribute of all elements with this class. */
const numbersOf = (svg: string, name: string, attribute: string) =>
  [...svg.matchAll(new RegExp(`class="${name}"[^>]*? ${attribute}="([-\\d.]+)%?"`, 'g'))].map(
    ([, number]) => Number(number),
  );

describe('intervalChart', () => {
  it('draws the estimate and the interval in proportion to the reach', () => {
    const svg = intervalChart(MARKS).text;
    expect(svg).toContain('role="img"');
    expect(svg).toContain('aria-label="x: +5%"');
    expect(numbersOf(svg, 'v1', 'cx')).toEqual([74]);
    expect(numbersOf(svg, 'ci s1', 'x1')).toEqual([54.8]);
    expect(numbersOf(svg, 'ci s1', 'x2')).toEqual([93.2]);
  });

  it('ends open and too wide intervals in arrows', () => {
    const arrows = (low: number | null, high: number | null) =>
      (intervalChart({ ...MARKS, low, high }).text.match(/<path/g) ?? []).length;
    expect([arrows(0, 0.1), arrows(null, 0.1), arrows(-5, null)]).toEqual([0, 1, 2]);
  });

  it('draws only the axis without an estimate', () => {
    const svg = intervalChart({ ...MARKS, estimate: null }).text;
    expect(svg).not.toMatch(/circle|class="ci/);
    expect(svg).toContain('class="zero"');
  });

  it('marks a limit', () => {
    expect(numbersOf(intervalChart({ ...MARKS, limit: -0.05 }).text, 'limit', 'x1')).toEqual([26]);
    expect(intervalChart({ ...MARKS, limit: 3 }).text).not.toContain('limit');
  });

  it('stays within the axis and never writes NaN', () => {
    const value = fc.option(fc.double({ noNaN: true }), { nil: null });
    fc.assert(
      fc.property(value, value, value, (estimate, low, high) => {
        const svg = intervalChart({ ...MARKS, estimate, low, high }).text;
        expect(svg).not.toContain('NaN');
        for (const at of ['x1', 'x2']) {
          for (const one of numbersOf(svg, 'ci s1', at)) {
            expect(one).toBeGreaterThanOrEqual(2);
            expect(one).toBeLessThanOrEqual(98);
          }
        }
      }),
    );
  });
});

describe('reachOf', () => {
  it.each([
    [[0.06, 0.011, 0.109], 0.15],
    [[0.1], 0.1],
    [[-0.83, null], 1],
    [[7], 1],
    [[], 1],
  ])('is round and holds %p', (values, reach) => {
    expect(reachOf(values, 1)).toBe(reach);
  });
});
