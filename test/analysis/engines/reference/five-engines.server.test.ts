import { createReadStream } from 'node:fs';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { postgresEngine } from '../../../../src/analysis/engines/postgres/postgres-engine.ts';
import { readMomentRows } from '../../../../src/analysis/rows/read-moment-rows.ts';
import {
  momentStatement,
  storedStatements,
} from '../../../../src/analysis/sql/moment-statement.ts';
import type { EventRecord } from '../../../../src/exposures/records/record.ts';
import { postgresSink } from '../../../../src/integrations/postgres/sink/postgres-sink.ts';
import { usePostgres } from '../../../integrations/postgres/databases.ts';
import { describeWithPostgres } from '../../../servers/postgres.ts';
import {
  describeWithPythonEngine,
  type PythonEngine,
  runOnPython,
} from '../python/python-engines.ts';
import { recordTable } from '../python/record-tables.ts';
import { FOLDER } from '../../sql/reference.ts';
import { type Batch, referenceBatches } from './batches.ts';
import { type BatchRows, onDuckdb, onEngine, onShards } from './embedded.ts';
import { type Tally, tallyOf } from './tally.ts';

const BATCH_SIZE = 2000;

/** The most metrics of the plan with a time line. */
const SMALL_PLAN = 3;

/** The comparisons, by engine, for the table at the end. */
const tallies = new Map<string, Tally>();

/** Returns the figures that differ from the expected ones, and keeps the comparison for the table. */
function differences(engine: string, rows: BatchRows): readonly string[] {
  const tally = tallyOf(rows);
  tallies.set(engine, tally);
  return tally.figures > 300 ? tally.different : [`only ${tally.figures} figures`];
}

/** A small plan with a time line, which also runs as one statement, as `analyze --sql` prints it. */
const WITH_DAYS: readonly Batch[] = referenceBatches()
  .filter(({ plan }) => plan.metrics.length <= SMALL_PLAN)
  .slice(0, 1)
  .map((batch) => ({ ...batch, plan: { ...batch.plan, timeLine: true } }));

/** Expects the figures of {@link WITH_DAYS} to be those of `expected.json`, and its days those of DuckDB. */
async function expectDays(rows: BatchRows): Promise<void> {
  expect(tallyOf(rows)).toMatchObject({ different: [] });
  expect(tallyOf(rows).figures).toBeGreaterThan(5);
  const daysOf = (all: BatchRows) =>
    all
      .flatMap(([, { groups }]) => groups.filter(({ kind }) => kind === 'day'))
      .map(({ value, variant, mixed, units, metrics }) => ({
        day: `${value} ${variant} ${mixed}`,
        figures: [
          units,
          ...metrics.flatMap((metric) =>
            metric === undefined
              ? []
              : [metric.moments.n, ...metric.moments.means, ...metric.moments.covariances.flat()],
          ),
        ],
      }))
      .sort((a, b) => (a.day < b.day ? -1 : 1));
  const expected = daysOf(await onDuckdb(WITH_DAYS));
  const actual = daysOf(rows);
  expect(expected.length).toBeGreaterThan(20);
  expect(actual.map(({ day }) => day)).toEqual(expected.map(({ day }) => day));
  const different = expected.flatMap(({ day, figures }, i) =>
    figures.flatMap((figure, j) => {
      const other = actual[i]?.figures[j] ?? Number.NaN;
      return Math.abs(other - figure) <= 1e-9 * Math.max(1, Math.abs(figure))
        ? []
        : [`${day}: ${other} instead of ${figure}`];
    }),
  );
  expect(different).toEqual([]);
}

describe('all analyses of expected.json', () => {
  const batches = referenceBatches();

  afterAll(() => {
    const lines = [...tallies].map(
      ([engine, { analyses, figures, equal, deviation }]) =>
        `| ${engine} | ${analyses} | ${equal} of ${figures} | ${deviation.toExponential(1)} |`,
    );
    process.stdout.write(
      `${['| engine | analyses | equal figures | largest deviation |', '| --- | --- | --- | --- |', ...lines].join('\n')}\n`,
    );
  });

  it('are equal in DuckDB', async () => {
    expect(differences('DuckDB', await onDuckdb(batches))).toEqual([]);
  });

  it('are equal in added rows of two shards, but for quantiles and limits', async () => {
    expect(
      differences('DuckDB, two shards', await onShards(referenceBatches({ wholeData: false }))),
    ).toEqual([]);
  });

  describeWithPostgres('in PostgreSQL', (bin) => {
    const { database } = usePostgres(bin);

    it('are equal over the table of postgresSink()', async () => {
      const rows: BatchRows[number][] = [];
      const days: BatchRows[number][] = [];
      for (const file of new Set(batches.map(({ experiment }) => experiment.file))) {
        const pool = database().pool();
        await fill(postgresSink({ pool }), join(FOLDER, file));
        await pool.query('ANALYZE');
        const engine = postgresEngine({ pool });
        const own = batches.filter(({ experiment }) => experiment.file === file);
        const withDays = WITH_DAYS.filter(({ experiment }) => experiment.file === file);
        days.push(...(await onEngine(withDays, () => ({ engine, sources: engine.sources }))));
        rows.push(...(await onEngine(own, () => ({ engine, sources: engine.sources }))));
      }
      await expectDays(days);
      expect(differences('PostgreSQL', rows)).toEqual([]);
    });
  });

  describeWithPythonEngine('clickhouse', 'in ClickHouse', () => {
    it('are equal in one process', async () => {
      const { rows, whole } = await onPython('clickhouse', batches);
      expect(differences('ClickHouse', rows)).toEqual([]);
      await expectDays(whole);
    });
  });

  describeWithPythonEngine('spark', 'in Spark', () => {
    it('are equal on two workers', async () => {
      const { rows, whole, workers } = await onPython('spark', batches);
      expect(workers).toBe(2);
      expect(differences('Spark', rows)).toEqual([]);
      await expectDays(whole);
    });
  });
});

/** Writes the records of a file to a sink. */
async function fill(sink: ReturnType<typeof postgresSink>, file: string): Promise<void> {
  const lines = createInterface({ input: createReadStream(file).pipe(createGunzip()) });
  let batch: EventRecord[] = [];
  const write = async () => {
    await sink.write(batch, { signal: new AbortController().signal });
    batch = [];
  };
  for await (const line of lines) {
    batch.push(JSON.parse(line) as EventRecord);
    if (batch.length === BATCH_SIZE) await write();
  }
  if (batch.length > 0) await write();
}

/**
 * Runs all batches in one session, each by its stored statements. These databases compute a part of a single
 * statement again wherever it is used.
 */
async function onPython(name: PythonEngine, batches: readonly Batch[]) {
  const tableOf = ({ experiment }: Batch) =>
    basename(experiment.file, '.ndjson.gz').replaceAll('-', '_');
  const sourcesOf = (batch: Batch) => recordTable(name, tableOf(batch));
  const { answers, facts } = await runOnPython(name, {
    tables: Object.fromEntries(
      batches.map((batch) => [tableOf(batch), join(FOLDER, batch.experiment.file)]),
    ),
    steps: {
      ...Object.fromEntries(
        batches.map((batch, i) => {
          const { stores, queries, timeLine } = storedStatements(
            batch.plan,
            name,
            sourcesOf(batch),
            `batch_${i}_`,
          );
          return [
            `batch ${i}`,
            {
              stores: [...stores, ...timeLine.stores],
              queries: [...queries, ...timeLine.queries],
            },
          ];
        }),
      ),
      ...Object.fromEntries(
        WITH_DAYS.map((batch) => [
          'whole',
          { stores: [], queries: [momentStatement(batch.plan, name, sourcesOf(batch))] },
        ]),
      ),
    },
  });
  const rowsOf = (step: string, { plan }: Batch) => {
    const { rows, error = 'no answer' } = answers[step] ?? {};
    if (rows === undefined) throw new Error(`${step}: ${error}`);
    return readMomentRows(rows, plan);
  };
  const seconds = Object.entries(answers).map(([step, one]) => `${step}: ${one.seconds}`);
  process.stdout.write(`${name} ${seconds.join(', ')}\n`);
  return {
    rows: batches.map((batch, i): BatchRows[number] => [batch, rowsOf(`batch ${i}`, batch)]),
    whole: WITH_DAYS.map((batch): BatchRows[number] => [batch, rowsOf('whole', batch)]),
    workers: facts.workers,
  };
}
