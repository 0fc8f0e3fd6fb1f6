import * as fc from 'fast-check';
import { allocationBar, allocationLegend } from '../../../src/ui/charts/allocation-bar.ts';
import { variantColours } from '../../../src/ui/variant-key.ts';
import { allocations } from './allocations.ts';
import { drawn, numberOf } from './svg.ts';

const COLOURS = variantColours(['control', 'one', 'two', 'inactive']);

const SHARES = [
  { variant: 'control', percent: 25 },
  { variant: 'one', percent: 12.5 },
  { variant: 'two', percent: 0 },
  { variant: 'inactive', percent: 62.5 },
];

describe('allocationBar', () => {
  it('draws shown variants at full height and parked ones flat, in proportion to their percents', () => {
    const svg = allocationBar(SHARES, COLOURS).text;
    expect(drawn(svg, 'rect')).toEqual([
      { class: 'v0', x: '0', y: '0', width: '2500', height: '10' },
      { class: 'v1', x: '2500', y: '0', width: '1250', height: '10' },
      { class: 'vp', x: '3750', y: '7', width: '6250', height: '3' },
    ]);
    expect(drawn(svg, 'path', 'cut')[0]?.['d']).toBe('M2500 0V10M3750 0V10');
    expect(drawn(svg, 'svg')[0]?.['aria-label']).toBe('control 25%, one 12.5%, inactive 62.5%');
  });

  it('puts other words before the figures, and takes another height', () => {
    const svg = allocationBar(SHARES, COLOURS, { label: 'Everyone', height: 6 }).text;
    expect(drawn(svg, 'svg')[0]?.['aria-label']).toMatch(/^Everyone: control 25%/);
    expect(drawn(svg, 'rect')[0]?.['height']).toBe('6');
  });

  it('draws thin segments over the gaps, which would cover them', () => {
    const shares = [
      { variant: 'one', percent: 0.5 },
      { variant: 'control', percent: 99.5 },
    ];
    const svg = allocationBar(shares, COLOURS).text;
    expect(svg.indexOf('class="cut"')).toBeLessThan(svg.indexOf('class="v1"'));
    expect(svg.indexOf('class="cut"')).toBeGreaterThan(svg.indexOf('class="v0"'));
  });

  it('draws segments whose widths sum to the width of the bar', () => {
    fc.assert(
      fc.property(allocations(10_000), (shares) => {
        const widths = drawn(allocationBar(shares, COLOURS).text, 'rect').map((one) =>
          numberOf(one, 'width'),
        );
        expect(widths.reduce((sum, width) => sum + width, 0)).toBe(10_000);
      }),
    );
  });

  it('shows hostile names as text', () => {
    const name = `"><script>\u202ealert(1)</script>`;
    const svg = allocationBar([{ variant: name, percent: 100 }], new Map([[name, '1']])).text;
    expect(svg).not.toMatch(/<script|\u202e/);
    expect(drawn(svg, 'rect', 'v1')).toHaveLength(1);
  });

  it('draws an unknown variant flat, and nothing without shares', () => {
    expect(
      drawn(allocationBar([{ variant: 'new', percent: 100 }], COLOURS).text, 'rect', 'vp'),
    ).toHaveLength(1);
    expect(drawn(allocationBar([], COLOURS).text, 'rect')).toEqual([]);
  });
});

describe('allocationLegend', () => {
  it('lists each variant once, with its percent, and leaves out those without a share', () => {
    const text = allocationLegend([...SHARES, { variant: 'one', percent: 0.25 }], COLOURS).text;
    const words = text
      .replaceAll(/<[^>]*>/g, ' ')
      .replaceAll(/\s+/g, ' ')
      .trim();
    expect(words).toBe('control 25% one 12.75% inactive 62.5%');
  });
});
