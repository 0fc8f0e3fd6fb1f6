import { panel } from '../../../src/ui/blocks.ts';
import { allocationBar, allocationLegend } from '../../../src/ui/charts/allocation-bar.ts';
import { type BucketStrip, bucketStrip } from '../../../src/ui/charts/bucket-strip.ts';
import { type ForestRow, forestTable } from '../../../src/ui/charts/forest-table.ts';
import { intervalChart } from '../../../src/ui/charts/interval-chart.ts';
import { lineChart } from '../../../src/ui/charts/line-chart.ts';
import { pairMatrix } from '../../../src/ui/charts/pair-matrix.ts';
import type { VariantShare } from '../../../src/ui/charts/runs.ts';
import { splitTable } from '../../../src/ui/charts/split-table.ts';
import { html, type Html } from '../../../src/ui/html.ts';
import { variantColours, variantKey } from '../../../src/ui/variant-key.ts';

/** Returns shares of the variants `control`, `one_page` and `inactive`. */
function shares(control: number, page: number, inactive: number): readonly VariantShare[] {
  return [
    { variant: 'control', percent: control },
    { variant: 'one_page', percent: page },
    { variant: 'inactive', percent: inactive },
  ];
}

const NOW = shares(25, 25, 50);
const COLOURS = variantColours(['control', 'one_page', 'inactive']);

/** Renders every chart, each in several cases. */
export function charts(hostile: string): Html {
  return html`${allocation(hostile)}${tables()}${others()}`;
}

function allocation(hostile: string): Html {
  const many = ['control', 'a', 'b', 'c', 'd', 'e', 'f', hostile];
  const seven = many.map((variant) => ({ variant, percent: 12.5 }));
  const colours = variantColours(many);
  const switched = [
    { variant: 'on', percent: 5 },
    { variant: 'off', percent: 95 },
  ];
  const strip = (id: string, settings: Partial<BucketStrip>): Html =>
    html`<div class="fit" id="${id}">
      ${bucketStrip({ shares: NOW, colours: COLOURS, ...settings })}
    </div> `;
  const body = html`${allocationBar(NOW, COLOURS)}${allocationLegend(NOW, COLOURS)}
    ${allocationBar(seven, colours)}${allocationLegend(seven, colours)}
    ${allocationBar(switched, variantColours(['on', 'off']), { height: 6, label: 'new_search' })}
    <div class="block">
      ${strip('pinned', { pin: 31 })}${strip('joining', { shares: shares(25, 40, 35), before: NOW, height: 16, ruler: false })}${strip('switching', { shares: shares(10, 40, 50), before: NOW, height: 16 })}${strip('fine', { shares: shares(12.34, 0.25, 87.41), buckets: 10_000, pin: 1240 })}${strip('many', { shares: seven, colours, buckets: 10_000 })}
    </div>`;
  return panel('allocation', 'Allocation', 'Flat buckets are not in the experiment', body);
}

function tables(): Html {
  const row = (metric: string, estimate: number, rest: Partial<ForestRow> = {}): ForestRow => ({
    metric,
    about: `mean of ${metric}.value`,
    control: { variant: 'control', text: '11.84%' },
    treatment: { variant: 'one_page', text: '12.55%' },
    colour: null,
    chart: intervalChart({
      estimate,
      low: estimate - 0.05,
      high: estimate + 0.05,
      reach: 0.15,
      colour: '1',
      limit: -0.1,
      label: `${metric}: figures`,
    }),
    difference: '+6.0%',
    below: ['+1.0% to +11.0%'],
    verdict: { tone: 'good', text: 'better' },
    ...rest,
  });
  const head = { control: 'control', treatment: 'one_page', scale: 'Difference, −15% to +15%' };
  const forest = forestTable(head, [
    { title: 'Primary metric', rows: [row('purchases', 0.06)] },
    {
      title: 'Guardrails (at most 10% worse)',
      rows: [row('errors', -0.12, { verdict: { tone: 'bad', text: 'worse' } })],
    },
  ]);
  const split = (variant: string, share: number) => ({
    variant,
    colour: COLOURS.get(variant) ?? 'p',
    units: Math.round(24_180 * share),
    expectedShare: variant === 'inactive' ? 0.5 : 0.25,
    share,
    low: share - 0.0055,
    high: share + 0.0055,
  });
  const rows = [split('control', 0.253), split('one_page', 0.2482), split('inactive', 0.4988)];
  return html`${panel('results', 'Results', 'one_page against control', forest)}${panel('split', 'Split', 'audience 1', html`${splitTable(rows, { reach: 0.02 })}`)}`;
}

function others(): Html {
  const values = Array.from({ length: 24 }, (_, i) => i / 24);
  const line = (name: string, colour: string, scale: number) => ({
    name,
    colour,
    values: values.map((value) => value * scale),
    bands: values.map((value) => [value * scale - 0.1, value * scale + 0.1] as const),
  });
  const lines = lineChart([line('control', '0', 0.8), line('one_page', '1', 0.7)], {
    reach: 1,
    low: 0,
    ticks: [0, 0.5, 1].map((at) => ({ at, text: `${at * 100}%` })),
    dates: ['7 Nov', '19 Nov', '30 Nov'],
    label: 'control 80%, one_page 70%',
  });
  const names = ['size', 'color', 'hero_headline', 'a_long_name_of_an_experiment_that_is_cut'];
  const pairs = names.flatMap((b, i) =>
    names.slice(0, i).map((a) => ({
      a,
      b,
      strength: b === 'color' ? 1 : i / 30,
      isDependent: b === 'color',
      figures: 'p = 0.4',
    })),
  );
  const keys = html`<div class="keys">
    ${variantKey('control', '0')}${variantKey('one_page', '1')}
  </div>`;
  return html`${panel('lines', 'Exposures', 'cumulative', html`<div class="fit">${keys}${lines}</div>`)}${panel(
    'matrix',
    'Pairs',
    'a frame marks dependent pairs',
    html`<div class="scroll-x" role="region" aria-label="Pairs, matrix" tabindex="0">
      ${pairMatrix(names, pairs)}
    </div>`,
  )}`;
}
