import type { Result } from '../../../src/analysis/result/result.ts';
import type { EventRecord } from '../../../src/exposures/records/record.ts';
import { analyzed, HOUR, recorded } from './recorded.ts';

const PEOPLE = 600;

const metrics = [
  { name: 'buyers', outcome: 'purchase', type: 'proportion' },
  { name: 'revenue', outcome: 'purchase', type: 'sum', value: 'value', cap: null },
];

const allocations = (a: number) => [
  { variant: 'control', percent: 100 - a },
  { variant: 'short', percent: a },
];

const checkout = (parts: object = {}) => ({
  name: 'checkout',
  identity: 'user.id',
  variants: [{ name: 'control' }, { name: 'short' }],
  audiences: [{ allocations: allocations(50) }],
  analysis: { primary: ['buyers'], secondary: ['revenue'] },
  ...parts,
});

/** Counts in the records, unit by unit, what an analysis should find. */
function counted(records: readonly EventRecord[], experiment: string, identity: string) {
  const first = new Map<string, { readonly variant: string; readonly time: string }>();
  const found: Record<string, { units: number; buyers: number; revenue: number }> = {};
  for (const record of records) {
    if (record.event !== 'exposure' || record.experiment !== experiment) continue;
    const { unit, variant, time } = record;
    if (record.identity !== identity || unit === undefined || first.has(unit)) continue;
    first.set(unit, { variant, time });
    (found[variant] ??= { units: 0, buyers: 0, revenue: 0 }).units++;
  }
  const buyers = new Set<string>();
  for (const record of records) {
    if (record.event !== 'outcome') continue;
    const unit = record.units[identity];
    const met = unit === undefined ? undefined : first.get(unit);
    const sums = met && found[met.variant];
    if (unit === undefined || sums === undefined || record.time < (met?.time ?? '')) continue;
    sums.revenue += Number(record.properties?.['value'] ?? 0);
    if (!buyers.has(unit)) sums.buyers++;
    buyers.add(unit);
  }
  return found;
}

/** Returns the same numbers of a result. */
function numbersOf({ metrics: all, units }: Result) {
  const of = (name: string, variant: string): number =>
    all.find((metric) => metric.name === name)?.arms.find((arm) => arm.variant === variant)
      ?.numerator ?? 0;
  return Object.fromEntries(
    Object.entries(units.byVariant).map(([variant, count]) => [
      variant,
      {
        units: count,
        buyers: of('buyers', variant),
        revenue: Math.round(of('revenue', variant) * 1e6) / 1e6,
      },
    ]),
  );
}

const countOf = ({ data }: Result, code: string): number | undefined =>
  data.find((one) => one.code === code)?.count;

/** Returns the context of person number `id`. */
type Who = (id: number) => object;

const user: Who = (id) => ({ user: { id } });

/** Lets all people see the experiment and, some of them, buy once or twice. */
function visits(
  who: Who,
  see = (person: { variant(name: string): unknown }) => person.variant('checkout'),
) {
  return (client: Parameters<Parameters<typeof recorded>[1]>[0], clock: { now: number }) => {
    for (let id = 0; id < PEOPLE; id++) {
      clock.now += 60_000;
      const person = client.participant(who(id));
      if (id % 11 === 0) person.track('purchase', { value: 100 });
      clock.now += HOUR;
      const variant = see(person);
      if (id % 3 === 0) person.track('purchase', { value: id % 50 });
      if (variant !== 'control' && id % 5 === 0) person.track('purchase', { value: 2.5 });
      clock.now -= HOUR;
    }
  };
}

describe('records of the library', () => {
  it('of a holdout give the result of the holdout, and of its experiment without those held out', async () => {
    const winter = { name: 'winter', identity: 'user.id', percent: 30, experiments: ['checkout'] };
    const analysis = { primary: ['buyers'], secondary: ['revenue'] };
    const specification = {
      metrics,
      experiments: [checkout()],
      holdouts: [{ ...winter, analysis }],
    };
    const records = await recorded(specification, visits(user));
    const whole = await analyzed(records, { specification, experiment: 'winter' });
    expect(whole).toMatchObject({ control: 'held_out', split: { status: 'right' }, status: 'ok' });
    expect(whole.units.total).toBe(PEOPLE);
    expect(numbersOf(whole)).toEqual(counted(records, 'winter', 'user.id'));
    const part = await analyzed(records, { specification, experiment: 'checkout' });
    expect(numbersOf(part)).toEqual(counted(records, 'checkout', 'user.id'));
    expect(countOf(part, 'held_out_units')).toBe(whole.units.byVariant['held_out']);
    expect(part.units.total).toBe(whole.units.byVariant['included']);
  });

  it('of an experiment in a namespace give its result', async () => {
    const specification = {
      metrics,
      experiments: [],
      namespaces: [
        {
          name: 'prices',
          unit: 'user.id',
          segments: 100,
          defaults: { price: 10 },
          experiments: [
            {
              name: 'discount',
              variants: [
                { name: 'control', values: { price: 10 } },
                { name: 'low', values: { price: 8 }, weight: 2 },
              ],
              analysis: { primary: ['buyers'], secondary: ['revenue'] },
            },
          ],
          history: [{ add: 'discount', segments: 60 }],
        },
      ],
    };
    const records = await recorded(
      specification,
      visits(user, (person) => {
        const price = (
          person as never as { namespace(name: string): { get(name: string): unknown } }
        )
          .namespace('prices')
          .get('price');
        return price === 8 ? 'low' : 'control';
      }),
    );
    const result = await analyzed(records, { specification, experiment: 'prices.discount' });
    expect(result).toMatchObject({ status: 'ok', split: { status: 'right' } });
    expect(result.units.total).toBeLessThan(PEOPLE);
    expect(numbersOf(result)).toEqual(counted(records, 'prices.discount', 'user.id'));
    expect(result.split.audiences[0]?.variants.map((one) => one.expectedShare)).toEqual([
      expect.closeTo(1 / 3, 12),
      expect.closeTo(2 / 3, 12),
    ]);
  });

  it('of a list of identities give one result for each identity', async () => {
    const identity = ['user.id', 'device.id'];
    const specification = { metrics, experiments: [checkout({ identity })] };
    const some: Who = (id) => (id % 3 === 0 ? { user: { id } } : { user: {}, device: { id } });
    const records = await recorded(specification, visits(some));
    const known = await analyzed(records, { specification, experiment: 'checkout' });
    expect(known.identity).toBe('user.id');
    expect(numbersOf(known)).toEqual(counted(records, 'checkout', 'user.id'));
    expect(countOf(known, 'other_identity')).toBe(PEOPLE - known.units.total);
    const options = { specification, experiment: 'checkout', identity: 'device.id' };
    const others = await analyzed(records, options);
    expect(numbersOf(others)).toEqual(counted(records, 'checkout', 'device.id'));
    expect(known.units.total + others.units.total).toBe(PEOPLE);
  });

  it('of sticky units count for their variants, and not in the test of the split', async () => {
    const version = (percent: number) => ({
      metrics,
      experiments: [checkout({ sticky: true, audiences: [{ allocations: allocations(percent) }] })],
    });
    const kept = new Map<number, readonly object[]>();
    const before = await recorded(version(90), (client) => {
      for (let id = 0; id < PEOPLE / 2; id++) {
        const person = client.participant(user(id));
        person.variant('checkout');
        kept.set(id, person.assignments());
      }
    });
    const after = await recorded(version(50), (client, clock) => {
      for (let id = 0; id < PEOPLE; id++) {
        clock.now += HOUR;
        const assignments = (kept.get(id) ?? []) as never[];
        const person = client.participant(user(id), { assignments });
        person.variant('checkout');
        if (id % 4 === 0) person.track('purchase', { value: 7 });
      }
    });
    const records = [...before, ...after];
    const specification = version(50);
    const result = await analyzed(records, { specification, experiment: 'checkout' });
    expect(numbersOf(result)).toEqual(counted(after, 'checkout', 'user.id'));
    expect(countOf(result, 'sticky_units')).toBe(PEOPLE / 2);
    expect(countOf(result, 'other_checksum')).toBe(PEOPLE / 2);
    expect(result.split.status).toBe('right');
    const tested = result.split.audiences[0]?.variants ?? [];
    expect(tested.reduce((sum, { units }) => sum + units, 0)).toBe(PEOPLE / 2);
    expect(result.units.byVariant['short']).toBeGreaterThan(0.6 * PEOPLE);
  });

  it('of hashed units give the result of plain ones, and say so', async () => {
    const specification = { metrics, experiments: [checkout()] };
    const plain = await recorded(specification, visits(user));
    const secret = 'a secret of at least 16 characters';
    const hashed = await recorded(specification, visits(user), { privacy: 'hash', secret });
    expect(JSON.stringify(hashed)).not.toContain('"user.id":"7"');
    const ask = { specification, experiment: 'checkout' };
    const result = await analyzed(hashed, ask);
    expect(numbersOf(result)).toEqual(counted(plain, 'checkout', 'user.id'));
    expect(countOf(result, 'hashed_units')).toBe(PEOPLE);
    expect(result.warnings.map(({ code }) => code)).toContain('hashed-units');
  });
});
