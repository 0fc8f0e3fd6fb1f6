import type { DuckDBConnection } from '@duckdb/node-api';
import type { RecordSources } from '../../../src/analysis/engine.ts';
import type { AnalysisPlan } from '../../../src/analysis/plan/analysis-plan.ts';
import type { MomentRows } from '../../../src/analysis/rows/moment-rows.ts';
import type { MetricSpec } from '../../../src/specification/metric-types.ts';
import { openDuckdb, runPlan } from './duckdb.ts';
import { duckdbSources, metricSpec, planOf, readReference } from './reference.ts';

const DAY_MS = 86_400_000;

const experiment = readReference().checkout;
let connection: DuckDBConnection;
let sources: RecordSources;

beforeAll(async () => {
  connection = await openDuckdb();
  const { exposures, outcomes } = duckdbSources(experiment.file, experiment.identity);
  await connection.run(`CREATE TABLE e AS ${exposures.sql}`);
  // Earlier analyses would not know yet which units see a second variant.
  await connection.run(
    'DELETE FROM e WHERE unit IN (SELECT unit FROM e GROUP BY unit HAVING count(DISTINCT variant) > 1)',
  );
  await connection.run(`CREATE TABLE o AS ${outcomes.sql}`);
  sources = {
    exposures: { ...exposures, sql: 'SELECT * FROM e' },
    outcomes: { ...outcomes, sql: 'SELECT * FROM o' },
  };
});

afterAll(() => connection.closeSync());

/** Every metric of the reference without options, and one of them with a fixed cap. */
function metrics(): readonly MetricSpec[] {
  const all = experiment.analyses
    .filter(({ options }) => Object.keys(options).length === 0)
    .map(({ metric }) => metricSpec(metric));
  const sum = all.find(({ type }) => type === 'sum');
  if (sum === undefined) throw new Error('no sum');
  return [...all, { ...sum, name: 'capped', cap: { at: 50 } }];
}

type Group = MomentRows['groups'][number];

async function groupsOf(plan: AnalysisPlan, kind: Group['kind']): Promise<readonly Group[]> {
  const { groups } = await runPlan(connection, plan, sources);
  return groups.filter((group) => group.kind === kind);
}

/** The moments of a group in one list. */
function figures({ units, metrics: all }: Group): readonly number[] {
  return [
    units,
    ...all.flatMap((metric) =>
      metric === undefined
        ? []
        : [metric.moments.n, ...metric.moments.means, ...metric.moments.covariances.flat()],
    ),
  ];
}

describe('a day of the time line', () => {
  it('has the totals of an analysis that ends at its midnight, for each type of metric', async () => {
    const plan = planOf(experiment, metrics(), { preMs: 28 * DAY_MS, timeLine: true });
    expect(new Set(plan.metrics.map(({ spec }) => spec.type)).size).toBeGreaterThan(3);
    const days = await groupsOf(plan, 'day');
    const last = Date.parse(experiment.until);
    for (const before of [last, last - 9 * DAY_MS, last - 20 * DAY_MS]) {
      const totals = await groupsOf({ ...plan, until: before, timeLine: false }, 'total');
      expect(totals).toHaveLength(3);
      const day = days.filter(({ value }) => Date.parse(value) === before);
      expect(day).toHaveLength(totals.length);
      for (const total of totals) {
        const same = day.find(
          ({ variant, mixed }) => variant === total.variant && mixed === total.mixed,
        );
        const expected = figures(total);
        const actual = same === undefined ? [] : figures(same);
        expect(actual).toHaveLength(expected.length);
        const different = expected.filter(
          (figure, i) =>
            !(Math.abs((actual[i] ?? Number.NaN) - figure) <= 1e-8 * Math.max(1, Math.abs(figure))),
        );
        expect({ before, variant: total.variant, different }).toMatchObject({ different: [] });
      }
    }
  });
});
