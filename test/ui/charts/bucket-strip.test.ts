import * as fc from 'fast-check';
import { type BucketStrip, bucketStrip } from '../../../src/ui/charts/bucket-strip.ts';
import { runAt, runsOf, type VariantShare } from '../../../src/ui/charts/runs.ts';
import { variantColours } from '../../../src/ui/variant-key.ts';
import { allocations } from './allocations.ts';
import { drawn, numberOf } from './svg.ts';

const COLOURS = variantColours(['control', 'one', 'two', 'inactive']);

const share = (variant: string, percent: number): VariantShare => ({ variant, percent });

const NOW = [share('control', 25), share('one', 25), share('inactive', 50)];

const draw = (strip: Partial<BucketStrip> = {}) =>
  bucketStrip({ shares: NOW, colours: COLOURS, ...strip }).text;

const labelOf = (svg: string) => drawn(svg, 'svg', 'strip')[0]?.['aria-label'];

/** The texts of the ruler; those that narrow strips hide are in brackets. */
const rulerOf = (svg: string) =>
  [...svg.matchAll(/<text\s[^>]*class="(t(?: fine)?)"[^>]*>([^<]*)</g)].map(([, name, text]) =>
    name === 't' ? text?.trim() : `(${text?.trim()})`,
  );

describe('bucketStrip', () => {
  it('draws shown variants at full height and parked ones flat, in proportion to their buckets', () => {
    const svg = draw();
    expect(drawn(svg, 'rect')).toEqual([
      { class: 'v0', x: '0', y: '0', width: '250', height: '22' },
      { class: 'v1', x: '250', y: '0', width: '250', height: '22' },
      { class: 'vp', x: '500', y: '17', width: '500', height: '5' },
    ]);
    expect(drawn(svg, 'path', 'cut')[0]?.['d']).toBe('M250 0V22M500 0V22');
    expect(labelOf(svg)).toBe('100 buckets: control 0–24, one 25–49, inactive 50–99');
    expect(numberOf(drawn(svg, 'svg', 'strip')[0], 'height')).toBe(40);
  });

  it('draws 99 gaps between the buckets, of which narrow strips keep every tenth', () => {
    const lines = (name: string) =>
      drawn(draw(), 'path', name).map(({ class: own, d = '' }) => [own, d.match(/v22/g)?.length]);
    expect(lines('gap')).toEqual([
      ['gap fine', 99],
      ['gap', 9],
    ]);
  });

  it('writes the borders below, unless the ruler is off', () => {
    expect(rulerOf(draw())).toEqual(['0', '25', '50', '99']);
    const svg = draw({ ruler: false });
    expect(rulerOf(svg)).toEqual([]);
    expect(numberOf(drawn(svg, 'svg', 'strip')[0], 'height')).toBe(22);
  });

  it('leaves out numbers that would touch others, first those of narrow strips', () => {
    const shares = [1, 4, 5, 40, 49, 1].map((percent, i) => share(`v${i}`, percent));
    expect(rulerOf(draw({ shares }))).toEqual(['0', '10', '50', '(5)', '99']);
  });

  it('marks a user’s bucket with a triangle above its middle, and says so', () => {
    const svg = draw({ pin: 31, height: 16 });
    expect(svg).toMatch(/<svg x="31\.5%" overflow="visible"/);
    expect(labelOf(svg)).toMatch(/; this user has bucket 31, one$/);
    expect(drawn(svg, 'rect')[0]).toMatchObject({ y: '8', height: '16' });
  });

  it('pins a bucket inside the run that holds it', () => {
    const buckets = fc.constantFrom<100 | 10_000>(100, 10_000);
    const cases = buckets.chain((count) =>
      fc.tuple(fc.constant(count), allocations(count), fc.nat({ max: count - 1 })),
    );
    fc.assert(
      fc.property(cases, ([count, shares, pin]) => {
        const svg = draw({ shares, pin, buckets: count, colours: COLOURS });
        const at = 10 * Number(/<svg x="([\d.]+)%"/.exec(svg)?.[1]);
        const holder = drawn(svg, 'rect').find((one) => {
          const from = numberOf(one, 'x');
          return at >= from && at <= from + numberOf(one, 'width');
        });
        const variant = runAt(runsOf(shares, count), pin)?.variant ?? '';
        expect(holder?.['class']).toBe(`v${COLOURS.get(variant)}`);
        expect(labelOf(svg)).toContain(`bucket ${pin}, ${variant}`);
      }),
    );
  });

  it('draws a line above people who join, and a red one above people who see something else', () => {
    const after = [share('control', 20), share('one', 40), share('inactive', 40)];
    const svg = draw({ shares: after, before: NOW });
    expect(drawn(svg, 'line')).toEqual([
      { class: 'moved bad', x1: '20%', x2: '25%', y1: '3', y2: '3' },
      { class: 'moved', x1: '50%', x2: '60%', y1: '3', y2: '3' },
    ]);
    expect(labelOf(svg)).toBe(
      '100 buckets: control 0–19, one 20–59, inactive 60–99; 15 buckets change hands: ' +
        '20–24 from control to one, 50–59 from inactive to one',
    );
  });

  it('draws lines exactly as long as the buckets that change hands', () => {
    fc.assert(
      fc.property(allocations(100), allocations(100), (before, after) => {
        const variantAt = (shares: readonly VariantShare[], bucket: number) =>
          runAt(runsOf(shares, 100), bucket)?.variant;
        const changed = Array.from({ length: 100 }, (_, bucket) => bucket).filter(
          (bucket) => variantAt(before, bucket) !== variantAt(after, bucket),
        );
        const marked = drawn(draw({ shares: after, before }), 'line').flatMap((line) => {
          const [from, to] = [numberOf(line, 'x1'), numberOf(line, 'x2')];
          return Array.from({ length: to - from }, (_, i) => from + i);
        });
        expect(marked).toEqual(changed);
      }),
    );
  });

  it('draws 10,000 buckets on the same hundred cells, with their own numbers', () => {
    const shares = [share('control', 12.34), share('one', 0.25), share('inactive', 87.41)];
    const svg = draw({ shares, buckets: 10_000, pin: 1250 });
    expect(drawn(svg, 'rect').map(({ x, width }) => [x, width])).toEqual([
      ['0', '123.4'],
      ['125.9', '874.1'],
      ['123.4', '2.5'],
    ]);
    expect(rulerOf(svg)).toEqual(['0', '(1234)', '9999']);
    expect(labelOf(svg)).toBe(
      '10,000 buckets: control 0–1233, one 1234–1258, inactive 1259–9999; this user has bucket 1250, one',
    );
  });

  it('draws cells whose widths sum to the width of the strip', () => {
    fc.assert(
      fc.property(allocations(10_000), (shares) => {
        const widths = drawn(draw({ shares, buckets: 10_000 }), 'rect').map((one) =>
          numberOf(one, 'width'),
        );
        expect(widths.reduce((sum, width) => sum + width, 0)).toBeCloseTo(1000, 6);
      }),
    );
  });

  it('writes the names of variants below if two of them have the same colour', () => {
    const names = ['control', 'a', 'b', 'c', 'd', 'e', 'f', 'inactive'];
    const colours = variantColours(names);
    const all = names.map((name) => share(name, 12.5));
    const svg = draw({ shares: all, colours, buckets: 10_000 });
    const texts = drawn(svg, 'text', 't ink').length;
    expect(texts).toBe(8);
    expect(drawn(svg, 'svg').filter(({ width }) => width === '12.5%')).toHaveLength(8);
    expect(numberOf(drawn(svg, 'svg', 'strip')[0], 'height')).toBe(55);
    const few = all.slice(0, 6);
    expect(drawn(draw({ shares: few, colours, buckets: 10_000 }), 'text', 't ink')).toEqual([]);
  });

  it('lists at most four changes in its label', () => {
    const before = [10, 10, 10, 10, 10, 50].map((percent, i) =>
      share(i % 2 ? 'one' : 'two', percent),
    );
    const after = before.map(({ variant, percent }) =>
      share(variant === 'one' ? 'two' : 'one', percent),
    );
    expect(labelOf(draw({ shares: after, before }))).toMatch(
      /; 100 buckets change hands: 0–9 from two to one, .*, and 2 more changes$/,
    );
    const one = [share('one', 1), share('inactive', 99)];
    expect(labelOf(draw({ shares: one, before: [share('inactive', 100)] }))).toMatch(
      /; 1 bucket changes hands: 0 from inactive to one$/,
    );
  });

  it('shows hostile names as text, and writes no NaN for senseless percents', () => {
    const name = `"><img src=x onerror=alert(1)>\u202e\u0000`;
    const shares = [share(name, 50), share('one', Number.NaN), share('two', -3)];
    const svg = draw({ shares, before: [share('one', Number.POSITIVE_INFINITY)], pin: 99 });
    expect(svg).not.toMatch(/<img|NaN|Infinity|\u202e/);
    expect(svg).not.toContain('\u0000');
    expect(labelOf(svg)).toContain('this user has bucket 99;');
  });
});
