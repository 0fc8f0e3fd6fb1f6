import type { DuckDBConnection } from '@duckdb/node-api';
import type { RecordSources } from '../../../src/analysis/engine.ts';
import type { MomentRows } from '../../../src/analysis/rows/moment-rows.ts';
import { readMomentRows } from '../../../src/analysis/rows/read-moment-rows.ts';
import { storedStatements } from '../../../src/analysis/sql/moment-statement.ts';
import type { Moments } from '../../../src/stats/moments/moments.ts';
import { openDuckdb, runPlan, runSql } from './duckdb.ts';
import { compared, groupsOf, metricOf } from './reference-rows.ts';
import {
  duckdbSources,
  metricSpec,
  planOf,
  planOfAnalysis,
  present,
  readReference,
} from './reference.ts';

const reference = readReference();
let connection: DuckDBConnection;
const sources = new Map<string, RecordSources>();

beforeAll(async () => {
  connection = await openDuckdb();
  for (const [name, { file, identity }] of Object.entries(reference)) {
    const { exposures, outcomes } = duckdbSources(file, identity);
    const table = name.replaceAll('-', '_');
    await connection.run(`CREATE TABLE ${table}_exposures AS ${exposures.sql}`);
    await connection.run(`CREATE TABLE ${table}_outcomes AS ${outcomes.sql}`);
    sources.set(name, {
      exposures: { ...exposures, sql: `SELECT * FROM ${table}_exposures;` },
      outcomes: { ...outcomes, sql: `SELECT * FROM ${table}_outcomes -- all` },
    });
  }
});

afterAll(() => connection.closeSync());

function sourcesOf(name: string): RecordSources {
  const found = sources.get(name);
  if (found === undefined) throw new Error(name);
  return found;
}

describe('the statement in DuckDB', () => {
  for (const [name, experiment] of Object.entries(reference)) {
    describe(`with ${name}`, () => {
      for (const analysis of experiment.analyses) {
        it(`has the moments of ${analysis.id}`, async () => {
          const rows = await runPlan(
            connection,
            planOfAnalysis(experiment, analysis),
            sourcesOf(name),
          );
          for (const { name: what, actual, expected } of compared(rows, experiment, analysis)) {
            expect({ what, isClose: isClose(actual, expected), actual, expected }).toMatchObject({
              isClose: true,
            });
          }
        });
      }

      it('counts units by audience of the first exposure', async () => {
        const plan = planOf(experiment, [metricSpec(present(experiment.analyses[0]).metric)]);
        const rows = await runPlan(connection, plan, sourcesOf(name));
        const { firstVariantOfAll, withoutContaminated } = experiment.sampleRatio;
        const count = (audience: number, variant: string, mixed: boolean[]): number =>
          rows.groups
            .filter(
              (group) =>
                group.kind === 'audience' &&
                group.value === String(audience) &&
                group.variant === variant &&
                mixed.includes(group.mixed),
            )
            .reduce((sum, { units }) => sum + units, 0);
        for (const { audience, counts } of firstVariantOfAll.audiences) {
          for (const [variant, units] of Object.entries(counts)) {
            expect(count(audience, variant, [true, false])).toBe(units);
          }
        }
        for (const { audience, counts } of withoutContaminated.audiences) {
          for (const [variant, units] of Object.entries(counts)) {
            expect(count(audience, variant, [false])).toBe(units);
          }
        }
        const totals = rows.groups.filter(({ kind }) => kind === 'total');
        const units = (mixed: boolean): number =>
          totals.filter((one) => one.mixed === mixed).reduce((sum, one) => sum + one.units, 0);
        expect(units(true)).toBe(experiment.counts.contaminated);
        expect(units(true) + units(false)).toBe(experiment.counts.units);
      });
    });
  }

  it('computes all metrics of an experiment in one statement as each alone', async () => {
    const experiment = reference.checkout;
    const same = experiment.analyses.filter(({ options }) => Object.keys(options).length === 0);
    expect(same.length).toBeGreaterThan(8);
    const plan = planOf(
      experiment,
      same.map(({ metric }) => metricSpec(metric)),
      { segments: ['user.country', 'user.plan'], preMs: 28 * 86_400_000, timeLine: true },
    );
    const rows = await runPlan(connection, plan, sourcesOf('checkout'));
    for (const [i, analysis] of same.entries()) {
      const only: MomentRows = {
        ...rows,
        groups: rows.groups.map((group) => ({ ...group, metrics: [group.metrics[i]] })),
      };
      for (const { name: what, actual, expected } of compared(only, experiment, analysis)) {
        expect({ what, isClose: isClose(actual, expected) }).toEqual({ what, isClose: true });
      }
    }
  });
});

describe('stored statements in DuckDB', () => {
  it('have the rows of the single statement', async () => {
    const experiment = reference.checkout;
    const plan = planOf(
      experiment,
      [
        metricSpec(present(experiment.analyses[0]).metric),
        { ...metricSpec(present(experiment.quantiles).metric), type: 'quantile', quantile: 0.5 },
        {
          ...metricSpec(present(experiment.quantiles).metric),
          cap: { quantile: 0.99, ignoreZeros: true },
          where: 'value > 20',
        },
      ],
      { segments: ['user.country'], preMs: 28 * 86_400_000, timeLine: true },
    );
    const { timeLine, ...totals } = storedStatements(
      plan,
      'duckdb',
      sourcesOf('checkout'),
      'evenhand_1_',
    );
    const rows = [];
    for (const { stores, queries } of [totals, timeLine]) {
      for (const { name, select } of stores) {
        expect(name).toMatch(/^evenhand_1_[a-z0-9_]+$/);
        await connection.run(`CREATE TEMP TABLE ${name} AS ${select}`);
      }
      for (const query of queries) rows.push(...(await runSql(connection, query)));
    }
    const single = await runPlan(connection, plan, sourcesOf('checkout'));
    expect(sorted(readMomentRows(rows, plan))).toEqual(sorted(single));
    expect(single.groups.length).toBeGreaterThan(100);
  });
});

describe('the time line in DuckDB', () => {
  const experiment = reference.checkout;

  it('has the cumulative moments of each midnight', async () => {
    const plan = planOf(experiment, [metricSpec(present(experiment.analyses[0]).metric)], {
      timeLine: true,
    });
    const rows = await runPlan(connection, plan, sourcesOf('checkout'));
    const days = experiment.buyers7dByDay ?? [];
    const found = rows.groups.filter(({ kind, mixed }) => kind === 'day' && !mixed);
    expect(new Set(found.map(({ value }) => value)).size).toBe(days.length);
    for (const { before, arms } of days) {
      for (const [variant, { n, successes }] of Object.entries(arms)) {
        const row = found.find((one) => one.value === before && one.variant === variant);
        const moments = row?.metrics[0]?.moments;
        expect([before, variant, moments?.n]).toEqual([before, variant, n]);
        expect((moments?.means[0] ?? 0) * n).toBeCloseTo(successes, 8);
        const share = successes / n;
        expect(moments?.covariances[0]?.[0]).toBeCloseTo((share * (1 - share) * n) / (n - 1), 10);
      }
    }
  });

  it('ends with the moments of the total, with caps and four variables', async () => {
    const { metric } = present(experiment.analyses.find(({ id }) => id === 'revenue-per-order-7d'));
    const plan = planOf(
      experiment,
      [{ ...metricSpec(metric), cap: { quantile: 0.99, ignoreZeros: false } }],
      { timeLine: true, preMs: 28 * 86_400_000 },
    );
    const rows = await runPlan(connection, plan, sourcesOf('checkout'));
    for (const variant of experiment.variants) {
      const total = metricOf(groupsOf(rows, { options: {} }, variant));
      const last = rows.groups.find(
        (one) =>
          one.kind === 'day' &&
          !one.mixed &&
          one.variant === variant &&
          one.value === experiment.until,
      )?.metrics[0];
      expect(total.variables).toEqual(['y', 'd', 'x', 'w']);
      expect(last?.moments.n).toBe(total.moments.n);
      for (const [i, mean] of total.moments.means.entries()) {
        expect(isClose(last?.moments.means[i] ?? Number.NaN, mean)).toBe(true);
      }
      for (const [i, row] of total.moments.covariances.entries()) {
        for (const [j, value] of row.entries()) {
          expect(isClose(last?.moments.covariances[i]?.[j] ?? Number.NaN, value)).toBe(true);
        }
      }
    }
  });

  it('has at most 60 days, the last of which is the last midnight', async () => {
    const until = Date.parse(experiment.until) + 400 * 86_400_000;
    const plan = planOf(experiment, [metricSpec(present(experiment.analyses[0]).metric)], {
      timeLine: true,
      until: until + 3_600_000,
    });
    const rows = await runPlan(connection, plan, sourcesOf('checkout'));
    const days = [...new Set(rows.groups.filter(({ kind }) => kind === 'day').map((g) => g.value))];
    expect(days.length).toBeLessThanOrEqual(60);
    expect(days.length).toBeGreaterThan(30);
    expect(days.toSorted().at(-1)).toBe(new Date(until).toISOString());
  });
});

describe('quantiles in DuckDB', () => {
  const experiment = reference.checkout;
  const { metric, arms } = present(experiment.quantiles);

  it.each(['ofUnitsWithRevenue-0.5', 'ofUnitsWithRevenue-0.9', 'ofOrders-0.5', 'ofOrders-0.9'])(
    'are those of %s',
    async (id) => {
      const [kind, quantile] = id.split('-');
      const ofUnits = kind === 'ofUnitsWithRevenue';
      const plan = planOf(
        experiment,
        [
          {
            ...metricSpec(metric),
            type: 'quantile',
            quantile: Number(quantile),
            of: ofUnits ? 'units' : 'outcomes',
            ignoreZeros: ofUnits,
          },
        ],
        { segments: ['user.plan'], preMs: 1 },
      );
      const rows = await runPlan(connection, plan, sourcesOf('checkout'));
      for (const [variant, byId] of Object.entries(arms)) {
        const wanted = present(byId[id]);
        const { moments, quantile: found } = metricOf(groupsOf(rows, { options: {} }, variant));
        expect(isClose(found?.value ?? Number.NaN, present(wanted.quantile))).toBe(true);
        const { low = Number.NaN, high = Number.NaN } = found ?? {};
        expect(isClose(low, present(wanted.low))).toBe(true);
        expect(isClose(high, present(wanted.high))).toBe(true);
        expect(moments.n).toBe(ofUnits ? wanted.n : wanted.units);
        expect(isClose(designEffect(moments, Number(quantile)), wanted.designEffect ?? 1)).toBe(
          true,
        );
      }
    },
  );
});

/** The design effect of a quantile of outcomes, as a ratio metric over units; 1 for one of units. */
function designEffect({ n, means, covariances }: Moments, share: number): number {
  const [y = Number.NaN, d] = means;
  if (d === undefined) return 1;
  const at = (i: number, j: number): number => covariances[i]?.[j] ?? Number.NaN;
  const ratio = y / d;
  const variance = (at(0, 0) - 2 * ratio * at(0, 1) + ratio ** 2 * at(1, 1)) / d ** 2 / n;
  return variance / ((share * (1 - share)) / (d * n));
}

/** Orders the groups and rounds their numbers: the order of sums differs between runs. */
function sorted(rows: MomentRows): unknown {
  const texts = rows.groups.map((group) =>
    JSON.stringify(group, (_key, value: unknown) =>
      typeof value !== 'number' ? value : Math.abs(value) < 1e-9 ? 0 : Number(value.toPrecision(9)),
    ),
  );
  return { groups: texts.toSorted(), records: [...rows.records], checksums: rows.checksums };
}

/** Compares to 1e-9, relative. */
function isClose(actual: number, expected: number): boolean {
  return Math.abs(actual - expected) <= 1e-9 * Math.max(1e-300, Math.abs(expected));
}
