import { type MatrixPair, pairMatrix } from '../../../src/ui/charts/pair-matrix.ts';
import { drawn, numberOf } from './svg.ts';

const pair = (a: string, b: string, rest: Partial<MatrixPair> = {}): MatrixPair => ({
  a,
  b,
  strength: 0.02,
  isDependent: false,
  figures: 'p = 0.4',
  ...rest,
});

const PAIRS = [
  pair('size', 'color', { strength: 1, isDependent: true, figures: 'p < 1e−300' }),
  pair('size', 'tip', { strength: null, figures: 'not tested' }),
  pair('tip', 'color', { strength: 0.34, isDependent: true }),
];

/** The texts of a picture, without its tooltips. */
const textsOf = (svg: string) =>
  [...svg.matchAll(/<text[^>]*>([^<]*)/g)].map(([, text = '']) => text.trim());

describe('pairMatrix', () => {
  const { text: svg } = pairMatrix(['size', 'color', 'tip'], PAIRS);

  it('draws a cell for each pair: names without pairs have no row or column', () => {
    expect(drawn(svg, 'rect', 'cell')).toHaveLength(3);
    expect(textsOf(svg)).toEqual(['color', 'tip', 'size', 'color', '1.0', '–', '.34']);
    const [first, ...others] = drawn(svg, 'rect', 'cell').map((one) => [
      numberOf(one, 'x'),
      numberOf(one, 'y'),
    ]);
    expect(others).toEqual([
      [first?.[0], (first?.[1] ?? 0) + 30],
      [(first?.[0] ?? 0) + 30, (first?.[1] ?? 0) + 30],
    ]);
  });

  it('colours cells by their strength, and not those without a test', () => {
    expect(drawn(svg, 'rect', 'heat').map((one) => one['fill-opacity'])).toEqual(['1.00', '0.37']);
  });

  it('frames dependent pairs and writes their strength', () => {
    expect(drawn(svg, 'rect', 'framed')).toHaveLength(2);
  });

  it('says in words what it shows', () => {
    expect(drawn(svg, 'svg')[0]?.['aria-label']).toBe(
      'Strength of dependence of 3 pairs: dependent: size × color (p &lt; 1e−300), ' +
        'tip × color (p = 0.4); 0 other tested pairs; 1 not tested',
    );
    expect(drawn(pairMatrix(['a', 'b'], [pair('a', 'b')]).text, 'svg')[0]?.['aria-label']).toBe(
      'Strength of dependence of 1 pair: no dependent pair; 1 other tested pair; 0 not tested',
    );
  });

  it('lists at most five dependent pairs in its label', () => {
    const names = Array.from({ length: 5 }, (_, i) => `e${i}`);
    const all = names.flatMap((b, i) =>
      names.slice(0, i).map((a) => pair(a, b, { isDependent: true })),
    );
    expect(drawn(pairMatrix(names, all).text, 'svg')[0]?.['aria-label']).toMatch(
      /^Strength of dependence of 10 pairs: dependent: (e\d × e\d \(p = 0\.4\)(, )?){5}, and 5 more;/,
    );
  });

  it('shows hostile and long names as text, and the whole name to the pointer', () => {
    const long = `<script>${'x'.repeat(40)}`;
    const { text } = pairMatrix([long, 'b'], [pair(long, 'b')]);
    expect(text).not.toContain('<script');
    expect(textsOf(text)[1]).toBe(`&lt;script&gt;${'x'.repeat(15)}…`);
    expect(text).toContain(`<title>&lt;script&gt;${'x'.repeat(40)}</title>`);
  });

  it('has room for all its names', () => {
    const [root] = drawn(svg, 'svg');
    const right = Math.max(...drawn(svg, 'rect').map((one) => numberOf(one, 'x') + 27));
    const bottom = Math.max(...drawn(svg, 'rect').map((one) => numberOf(one, 'y') + 27));
    expect(numberOf(root, 'width')).toBeGreaterThanOrEqual(right);
    expect(numberOf(root, 'height')).toBeGreaterThanOrEqual(bottom);
  });
});
