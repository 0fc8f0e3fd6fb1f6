import type { Result } from '../../../src/analysis/result/result.ts';
import type { EventRecord } from '../../../src/exposures/records/record.ts';
import { analyzed, HOUR, recorded } from './recorded.ts';

const UNITS = 3000;

const metrics = [
  { name: 'buyers', outcome: 'purchase', type: 'proportion' },
  { name: 'revenue', outcome: 'purchase', type: 'sum', value: 'value', cap: 0.99 },
  { name: 'usual', outcome: 'purchase', type: 'quantile', value: 'value', quantile: 0.5 },
];

const config = (analysis: object = {}) => ({
  metrics,
  experiments: [
    {
      name: 'checkout',
      identity: 'user.id',
      variants: [{ name: 'inactive' }, { name: 'control' }, { name: 'short' }],
      audiences: [
        {
          allocations: [
            { variant: 'inactive', percent: 50 },
            { variant: 'control', percent: 25 },
            { variant: 'short', percent: 25 },
          ],
        },
      ],
      analysis: {
        primary: ['buyers'],
        secondary: ['revenue', 'usual'],
        segments: ['plan'],
        ...analysis,
      },
    },
  ],
});

/** Units of which the parked ones spend far more. */
function week(): Promise<readonly EventRecord[]> {
  return recorded(
    config(),
    (client, clock) => {
      for (let id = 0; id < UNITS; id++) {
        clock.now += 100_000;
        const who = client.participant({ user: { id }, plan: ['a', 'b', 'c'][id % 3] });
        if (id % 4 === 0) who.track('purchase', { value: 3 });
        clock.now += HOUR;
        const variant = who.variant('checkout');
        const value = variant === 'inactive' ? 10_000 : (id % 90) + 1;
        if (id % 2 === 0 || (variant === 'short' && id % 5 === 0)) who.track('purchase', { value });
        clock.now -= HOUR;
      }
    },
    { context: ['plan'] },
  );
}

/** Returns the figures of a result but the split, without the rounding errors of the last digits. */
const figures = ({ metrics: all, segments, timeLine, units, look, summary }: Result): unknown => {
  const sorted = segments.toSorted((a, b) => a.value.localeCompare(b.value));
  const parts = { all, sorted, timeLine, units: units.byVariant, look, summary };
  return JSON.parse(JSON.stringify(parts), (_, value: unknown) =>
    typeof value === 'number' ? Number(value.toPrecision(9)) : value,
  );
};

const options = { experiment: 'checkout', timeLine: true };

describe('a parked variant', () => {
  let records: readonly EventRecord[];
  const unitsOf = (name: string): number =>
    records.filter((one) => one.event === 'exposure' && one.variant === name).length;

  beforeAll(async () => {
    records = await week();
  });

  it('is not compared, and has no effect on any figure', async () => {
    const result = await analyzed(records, { ...options, specification: config() });
    const parked = new Set(
      records.flatMap((one) =>
        one.event === 'exposure' && one.variant === 'inactive' ? [String(one.unit)] : [],
      ),
    );
    const others = records.filter(
      (one) =>
        !parked.has(String(one.event === 'exposure' ? one.unit : Object.values(one.units)[0])),
    );
    const without = await analyzed(others, { ...options, specification: config() });
    expect(result.variants).toStrictEqual(['control', 'short']);
    expect(result.metrics[0]?.comparisons.map(({ variant }) => variant)).toStrictEqual(['short']);
    expect(figures(result)).toStrictEqual(figures(without));
    expect(result.metrics[1]?.cap?.at).toBeLessThan(1000);
    expect(result.segments).toHaveLength(3);
  });

  it('counts in the test of the split, which says so', async () => {
    const { units, split, data, status } = await analyzed(records, {
      ...options,
      specification: config(),
    });
    expect(status).toBe('ok');
    expect(units).toMatchObject({
      total: unitsOf('control') + unitsOf('short'),
      byVariant: { control: unitsOf('control'), short: unitsOf('short') },
      notCompared: { inactive: unitsOf('inactive') },
    });
    expect(split.text).toMatch(/^Split looks right, including inactive \(p = /);
    expect(split.audiences[0]?.test?.degreesOfFreedom).toBe(2);
    expect(split.audiences[0]?.variants.map(({ variant }) => variant)).toStrictEqual([
      'inactive',
      'control',
      'short',
    ]);
    expect(data.map(({ text }) => text)).toContain(
      `${unitsOf('inactive').toLocaleString('en-US')} units of inactive are not compared; they count in the test of the split only.`,
    );
  });

  it('turns the split off if its units are lost, though the others are equal', async () => {
    let parked = 0;
    const lost = records.filter(
      (one) => one.event !== 'exposure' || one.variant !== 'inactive' || parked++ % 2 === 0,
    );
    const result = await analyzed(lost, { ...options, specification: config() });
    expect(result.status).toBe('split-off');
  });

  it('takes no part in the split if the application never records it', async () => {
    const shown = records.filter((one) => one.event !== 'exposure' || one.variant !== 'inactive');
    const { status, split, units } = await analyzed(shown, {
      ...options,
      specification: config(),
    });
    expect(status).toBe('ok');
    expect(split.text).toMatch(/^Split looks right \(p = /);
    expect(split.audiences[0]?.test?.degreesOfFreedom).toBe(1);
    expect(units.notCompared).toStrictEqual({});
  });

  it('is compared if the analysis lists it', async () => {
    const variants = ['inactive', 'short'];
    const specification = config({ variants, control: 'inactive' });
    const result = await analyzed(records, { ...options, specification });
    expect(result.variants).toStrictEqual(variants);
    expect(result.units.notCompared).toStrictEqual({ control: unitsOf('control') });
    const asked = await analyzed(records, {
      ...options,
      specification: config(),
      variants,
      control: 'inactive',
    });
    expect(figures(asked)).toStrictEqual(figures(result));
  });

  it('counts neither for the planned units nor for the units that are still needed', async () => {
    const planned = config({ plannedUnits: UNITS - 100 });
    const { look } = await analyzed(records, { ...options, specification: planned });
    expect(look.method).toBe('sequential');
    const all = { variants: ['inactive', 'control', 'short'], plannedUnits: UNITS - 100 };
    const { look: ofAll } = await analyzed(records, { ...options, specification: config(all) });
    expect(ofAll.method).toBe('fixed');
  });
});
