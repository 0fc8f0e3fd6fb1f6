import type { DuckDBConnection } from '@duckdb/node-api';
import * as fc from 'fast-check';
import type { RecordSources } from '../../../src/analysis/engine.ts';
import type { AnalysisPlan } from '../../../src/analysis/plan/analysis-plan.ts';
import type { MomentRows } from '../../../src/analysis/rows/moment-rows.ts';
import { dialectOf } from '../../../src/analysis/sql/dialects/dialect-of.ts';
import type { MetricSpec } from '../../../src/specification/metric-types.ts';
import { SEED } from '../../seed.ts';
import { openDuckdb, runPlan } from './duckdb.ts';
import { planOf, readReference } from './reference.ts';

const duckdb = dialectOf('duckdb');
const START = Date.parse('2027-02-01T12:00:00Z');
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let connection: DuckDBConnection;

beforeAll(async () => {
  connection = await openDuckdb();
});

afterAll(() => connection.closeSync());

/** A record of a test; times are in hours after {@link START}. */
type TestRecord = Readonly<Record<string, unknown>> & { readonly at: number };

const EXPOSURE = {
  unit: 'u',
  variant: 'a',
  id: null,
  experiment: 'test',
  checksum: 'c',
  identity: 'user.id',
  overridden: false,
  sticky: null,
  cut: null,
  audience: 0,
  context: '{}',
};
const OUTCOME = { unit: 'u', name: 'buy', id: null, identity: 'user.id', properties: '{}' };
const TYPES: Readonly<Record<string, string>> = {
  overridden: 'BOOLEAN',
  sticky: 'BOOLEAN',
  cut: 'BOOLEAN',
  audience: 'INTEGER',
  context: 'JSON',
  properties: 'JSON',
};

function select(
  records: readonly TestRecord[],
  defaults: Readonly<Record<string, unknown>>,
): string {
  const rows = records.map((record) => {
    const values = Object.entries({ ...defaults, ...record }).map(([name, value]) => {
      const sql =
        name === 'at'
          ? `TIMESTAMPTZ '${new Date(START + record.at * HOUR_MS).toISOString()}'`
          : value === null || value === undefined
            ? 'NULL'
            : typeof value === 'string'
              ? duckdb.text(value)
              : JSON.stringify(value);
      const type = name === 'at' ? 'TIMESTAMPTZ' : (TYPES[name] ?? 'VARCHAR');
      return `CAST(${sql} AS ${type}) AS "${name}"`;
    });
    return `SELECT ${values.join(', ')}`;
  });
  const none = `SELECT * FROM (${rows[0] ?? select([{ at: 0 }], defaults)}) none WHERE false`;
  return rows.length === 0 ? none : rows.join('\nUNION ALL\n');
}

const BUYERS: MetricSpec = {
  name: 'buyers',
  type: 'proportion',
  outcomes: ['buy'],
  better: 'up',
  cap: null,
  delayMs: 0,
  windowMs: DAY_MS,
};
const ORDERS: MetricSpec = { ...BUYERS, type: 'count' };
const REVENUE: MetricSpec = { ...BUYERS, type: 'sum', value: 'value' };

async function analyzed(
  exposures: readonly TestRecord[],
  outcomes: readonly TestRecord[],
  options: Partial<AnalysisPlan> & { readonly specs?: readonly MetricSpec[] } = {},
): Promise<MomentRows> {
  const { specs = [BUYERS], ...others } = options;
  const plan: AnalysisPlan = {
    ...planOf(readReference().checkout, specs),
    experiment: 'test',
    checksum: 'c',
    identity: 'user.id',
    variants: ['a', 'b'],
    compared: ['a', 'b'],
    control: 'a',
    until: START + 30 * DAY_MS,
    ...others,
  };
  const names = (record: object): string[] => Object.keys(record);
  const sources: RecordSources = {
    exposures: {
      sql: select(exposures, EXPOSURE),
      columns: names({ ...EXPOSURE, ...exposures[0] }),
    },
    outcomes: { sql: select(outcomes, OUTCOME), columns: names({ ...OUTCOME, ...outcomes[0] }) },
  };
  return runPlan(connection, plan, sources);
}

function total(rows: MomentRows, variant = 'a', mixed = false) {
  return rows.groups.find(
    (one) => one.kind === 'total' && one.variant === variant && one.mixed === mixed,
  );
}

describe('the data rules of an analysis', () => {
  it('leave out exposures by one cause each, and count them', async () => {
    const rows = await analyzed(
      [
        { at: 0, id: '1' },
        { at: 1, id: '1' },
        { at: 0, overridden: true, variant: 'b' },
        { at: 0, identity: 'random', unit: null },
        { at: 0, identity: 'session.id' },
        { at: 0, cut: true },
        { at: 0, checksum: 'd' },
        { at: 0, variant: 'z' },
        { at: 24 * 31 },
        { at: 0, experiment: 'other' },
        { at: 0, experiment: 'hold', variant: 'held_out', unit: 'h' },
        { at: 1, experiment: 'hold', variant: 'held_out', unit: 'h' },
        { at: 1, experiment: 'hold', variant: 'included', unit: 'u' },
        { at: 1, unit: 'f'.repeat(64), sticky: true, audience: null },
      ],
      [],
      { holdouts: ['hold'] },
    );
    expect(Object.fromEntries(rows.records)).toMatchObject({
      exposures: 10,
      repeated_exposures: 1,
      overridden: 1,
      random: 1,
      other_identity: 1,
      cut: 1,
      other_checksum: 1,
      undeclared_variant: 1,
      after_until: 1,
      held_out_units: 1,
      hashed_units: 1,
      sticky_units: 1,
      outcomes: 0,
    });
    expect(total(rows)).toMatchObject({ units: 2, metrics: [{ moments: { n: 2, means: [0] } }] });
    expect(total(rows, 'b')).toBeUndefined();
    expect(rows.groups.filter(({ kind }) => kind === 'audience').map((g) => g.value)).toEqual(
      expect.arrayContaining(['0', 'none']),
    );
    expect(rows.checksums.map(({ checksum, exposures }) => [checksum, exposures])).toEqual(
      expect.arrayContaining([
        ['c', 8],
        ['d', 1],
      ]),
    );
  });

  it('take the first exposure by time, then by id', async () => {
    const rows = await analyzed(
      [
        { at: 0, id: '2', variant: 'b', context: '{"plan":"late"}' },
        { at: 0, id: '1', variant: 'a', context: '{"plan":"first"}' },
        { at: 1, id: '0', variant: 'b' },
      ],
      [{ at: 0.5 }],
      { segments: ['plan'] },
    );
    expect(total(rows, 'a', true)).toMatchObject({
      units: 1,
      metrics: [{ moments: { means: [1] } }],
    });
    const segment = rows.groups.find(({ kind }) => kind === 'segment');
    expect(segment).toMatchObject({ name: 'plan', value: 'first', variant: 'a', mixed: true });
  });

  it('merge outcomes by id, but not those without one', async () => {
    const outcomes = [
      { at: 1, id: 'x', properties: '{"value":5}' },
      { at: 1, id: 'x', properties: '{"value":5}' },
      { at: 2, properties: '{"value":1}' },
      { at: 2, properties: '{"value":1}' },
    ];
    const specs = [ORDERS, REVENUE];
    const merged = await analyzed([{ at: 0 }], outcomes, { specs });
    expect(total(merged)?.metrics.map((one) => one?.moments.means)).toEqual([[3], [7]]);
    expect(Object.fromEntries(merged.records)).toMatchObject({ outcomes: 4, repeated_outcomes: 1 });
    const all = await analyzed([{ at: 0 }], outcomes, { specs, mergeById: false });
    expect(total(all)?.metrics.map((one) => one?.moments.means)).toEqual([[4], [12]]);
  });

  it('count outcomes in the half-open window, before and after it', async () => {
    const rows = await analyzed(
      [{ at: 0 }],
      [{ at: -1 }, { at: 0 }, { at: 24 }, { at: 25 }, { at: 24 * 40 }],
      { specs: [ORDERS], preMs: HOUR_MS },
    );
    expect(total(rows)?.metrics[0]).toMatchObject({
      variables: ['y', 'x'],
      moments: { means: [1, 1] },
      early: 1,
      late: 2,
      open: 0,
    });
  });

  it('leave out units whose window is open if only mature ones count', async () => {
    const exposures = [{ at: 0 }, { at: 24 * 29, unit: 'v' }, { at: 24 * 29 + 1, unit: 'w' }];
    const rows = await analyzed(exposures, [], { mature: true });
    expect(total(rows)).toMatchObject({ units: 3, metrics: [{ open: 1, moments: { n: 2 } }] });
  });

  it('leave out units with too many outcomes of any name', async () => {
    const outcomes = Array.from({ length: 5 }, (_, i) => ({ at: i, name: 'view', unit: 'bot' }));
    const exposures = [{ at: 0 }, { at: 0, unit: 'bot' }];
    const rows = await analyzed(exposures, outcomes, { maxOutcomes: 4 });
    expect(total(rows)?.units).toBe(1);
    expect(Object.fromEntries(rows.records)).toMatchObject({ bot_units: 1, most_outcomes: 5 });
  });

  it('take values that are missing, not finite or huge for 0, and count them', async () => {
    const values = ['{}', '{"value":"7"}', '{"value":true}', '{"value":1e999}', '{"value":-1e101}'];
    const rows = await analyzed(
      [{ at: 0 }],
      [...values, '{"value":2.5}'].map((properties) => ({ at: 1, properties })),
      { specs: [REVENUE] },
    );
    expect(total(rows)?.metrics[0]?.moments.means).toEqual([2.5]);
    expect(rows.records.get('values_missing')).toBe(values.length);
  });

  it('turn off a limit of 0 and report it', async () => {
    const exposures = Array.from({ length: 100 }, (_, i) => ({ at: 0, unit: `u${i}` }));
    const cap = { quantile: 0.9, ignoreZeros: false };
    const outcomes = [{ at: 1, unit: 'u1' }];
    const rows = await analyzed(exposures, outcomes, { specs: [{ ...ORDERS, cap }] });
    expect(total(rows)?.metrics[0]).toMatchObject({
      cap: 0,
      capped: 0,
      moments: { means: [0.01] },
    });
    const nonZero = { quantile: 0.9, ignoreZeros: true };
    const other = await analyzed(exposures, outcomes, { specs: [{ ...ORDERS, cap: nonZero }] });
    expect(total(other)?.metrics[0]).toMatchObject({ cap: 1, capped: 0 });
    const fixed = await analyzed(exposures, outcomes, { specs: [{ ...ORDERS, cap: { at: 0.5 } }] });
    expect(total(fixed)?.metrics[0]).toMatchObject({ cap: 0.5, capped: 1 });
  });

  it.each([
    ['total', 1e9],
    ['day', 1e5],
  ])('keep the variance of large values in rows of the kind %s', async (kind, mean) => {
    const exposures = Array.from({ length: 4 }, (_, i) => ({ at: i, unit: `u${i}` }));
    const outcomes = [-1, 1, -1, 1].map((offset, i) => ({
      at: i + 1,
      unit: `u${i}`,
      properties: `{"value":${mean + offset}}`,
    }));
    const rows = await analyzed(exposures, outcomes, { specs: [REVENUE], timeLine: true });
    const group = rows.groups.findLast((one) => one.kind === kind);
    expect(group?.metrics[0]?.moments.means[0]).toBeCloseTo(mean, 6);
    expect(group?.metrics[0]?.moments.covariances[0]?.[0]).toBeCloseTo(4 / 3, 4);
  });

  it('read further columns instead of JSON', async () => {
    const rows = await analyzed(
      [{ at: 0, 'user.plan': 'pro' }],
      [
        { at: 1, 'order.total': '5', currency: 'EUR' },
        { at: 1, 'order.total': '7', currency: 'SEK' },
        { at: 1, 'order.total': 'many', currency: 'EUR' },
      ],
      {
        specs: [{ ...REVENUE, value: 'order.total', where: 'currency == "EUR"' }],
        segments: ['user.plan'],
      },
    );
    expect(total(rows)?.metrics[0]?.moments.means).toEqual([5]);
    expect(rows.records.get('values_missing')).toBe(1);
    expect(rows.groups.find(({ kind }) => kind === 'segment')?.value).toBe('pro');
  });
});

describe('hostile names, values and paths', () => {
  const hostile = fc
    .oneof(
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc
        .array(
          fc.constantFrom(
            "'",
            '"',
            '\\',
            '--',
            '/*',
            ';',
            '\0',
            '\n',
            '\r',
            '~',
            '/',
            '$',
            'é',
            '😀',
          ),
          { minLength: 1, maxLength: 5 },
        )
        .map((parts) => parts.join('')),
    )
    .map((part) => `${part.replaceAll('.', '')}x`);

  it('give the same numbers as plain ones', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(hostile, { minLength: 8, maxLength: 8 }),
        async ([
          experiment = '',
          checksum = '',
          identity = '',
          a = '',
          b = '',
          name = '',
          path = '',
          unit = '',
        ]) => {
          const exposure = {
            experiment,
            checksum,
            identity,
            context: JSON.stringify({ [path]: b }),
          };
          const rows = await analyzed(
            [
              { at: 0, ...exposure, variant: a, unit },
              { at: 0, ...exposure, variant: b, unit: `${unit}2` },
            ],
            [
              { at: 1, unit, name, identity, properties: JSON.stringify({ [path]: { [b]: 3 } }) },
              { at: 1, unit, name: `${name}2`, identity },
            ],
            {
              experiment,
              checksum,
              identity,
              variants: [a, b],
              compared: [a, b],
              control: a,
              segments: [path],
              holdouts: [name],
              specs: [
                {
                  ...REVENUE,
                  outcomes: [name],
                  value: `${path}.${b}`,
                },
              ],
              timeLine: true,
            },
          );
          expect(total(rows, a)?.metrics[0]?.moments.means).toEqual([3]);
          expect(total(rows, b)?.metrics[0]?.moments.means).toEqual([0]);
          const segments = rows.groups.filter(({ kind }) => kind === 'segment');
          expect(segments.map(({ name: at, value }) => [at, value])).toEqual([
            [path, b],
            [path, b],
          ]);
        },
      ),
      { numRuns: 15, seed: SEED },
    );
  });
});
