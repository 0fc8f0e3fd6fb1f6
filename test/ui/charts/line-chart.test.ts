import { lineChart } from '../../../src/ui/charts/line-chart.ts';

const AXES = { reach: 1, ticks: [{ at: 0, text: '0%' }], dates: ['a', 'b'], label: 'a line' };

const draw = (
  values: readonly (number | null)[],
  bands: readonly (readonly [number | null, number | null] | null)[] = values.map(() => null),
) => lineChart([{ name: 'new', colour: '1', values, bands }], AXES).text;

const pathOf = (svg: string, name: string) =>
  new RegExp(`class="${name}"[^>]* d="([^"]*)"`).exec(svg)?.[1];

describe('lineChart', () => {
  it('draws values from the left to the right, higher ones higher', () => {
    const svg = draw([-1, 0, 1]);
    expect(pathOf(svg, 'line s1')).toBe('M0 194L50 103L100 12');
    expect(svg).toContain('aria-label="a line"');
    expect(svg).toMatch(/<svg x="88\.2%" width="11\.8%" height="220">\s*<text[^>]*>new</);
  });

  it('interrupts the line where a value is missing', () => {
    expect(pathOf(draw([0, null, 0, 0]), 'line s1')).toBe('M0 103M66.67 103L100 103');
  });

  it('draws bands around values, open ones to the edge', () => {
    const svg = draw(
      [0, 0],
      [
        [-0.5, 0.5],
        [null, null],
      ],
    );
    expect(pathOf(svg, 'band v1')).toBe('M0 57.5L100 12L100 194L0 148.5Z');
  });

  it('draws a single value and no values without NaN', () => {
    for (const svg of [draw([0.2]), draw([]), draw([null])]) expect(svg).not.toContain('NaN');
  });
});
