import { join } from 'node:path';
import { analyze } from '../../src/analysis/analyze.ts';
import type { AnalyzeOptions } from '../../src/analysis/analyze-options.ts';
import { duckdbEngine } from '../../src/analysis/engines/duckdb/duckdb-engine.ts';
import type { Engine } from '../../src/analysis/engine.ts';
import { canStore, type StoringEngine } from '../../src/analysis/stored-run.ts';
import type { Result } from '../../src/analysis/result/result.ts';
import { AnalysisError } from '../../src/errors/analysis-error.ts';
import expected from '../vectors/analysis/expected.json' with { type: 'json' };
import { closing } from '../closing.ts';

const { checkout } = expected;
const FILE = join(__dirname, '../vectors/analysis/checkout.ndjson.gz');

const SPECIFICATION = {
  metrics: [
    { name: 'buyers', outcome: 'purchase', type: 'proportion' },
    { name: 'revenue', outcome: 'purchase', type: 'sum', value: 'value', cap: 0.99 },
  ],
  experiments: [
    {
      name: 'checkout',
      identity: 'user.id',
      variants: [{ name: 'control' }, { name: 'short' }, { name: 'express' }],
      audiences: [{ allocations: [{ variant: 'control', percent: 100 }] }],
      analysis: { primary: ['buyers'], secondary: ['revenue'] },
    },
  ],
};

const options: AnalyzeOptions = {
  specification: SPECIFICATION,
  experiment: 'checkout',
  checksum: checkout.checksum,
  until: checkout.until.replace('.000Z', 'Z'),
  now: Date.parse(checkout.until),
  timeLine: true,
};

/** Returns DuckDB over the reference records. */
function duckdb(): ReturnType<typeof duckdbEngine> & StoringEngine {
  const engine = duckdbEngine({ records: FILE, threads: 2 });
  closing(engine);
  return engine;
}

/** Returns an engine with other methods, and the names of what it stores. */
function spied(engine: StoringEngine, more: Partial<StoringEngine> = {}) {
  const stored: string[] = [];
  const queries: string[] = [];
  const own: StoringEngine = { ...engineOf(engine), ...more };
  return {
    stored,
    queries,
    engine: {
      ...own,
      store: (...given: Parameters<StoringEngine['store']>) => {
        stored.push(given[0]);
        return own.store(...given);
      },
      query: (...given: Parameters<StoringEngine['query']>) => {
        queries.push(given[0]);
        return own.query(...given);
      },
    },
  };
}

/** Returns an engine with the methods of another one, which can be replaced. */
function engineOf(engine: StoringEngine): StoringEngine {
  return {
    dialect: engine.dialect,
    query: (...given) => engine.query(...given),
    store: (...given) => engine.store(...given),
    drop: (...given) => engine.drop(...given),
    ...(engine.sources !== undefined && { sources: engine.sources }),
  };
}

async function tablesIn(engine: Engine): Promise<unknown> {
  const [row] = await engine.query('SELECT count(*) AS tables FROM duckdb_tables()');
  return row?.['tables'];
}

/** A text by which results are compared: sums of many numbers depend on their order. */
function text(result: Result): string {
  return JSON.stringify(result, (_, value: unknown) =>
    typeof value === 'number' ? Number(value.toPrecision(9)) : value,
  );
}

describe('an analysis with a time line', () => {
  it('stores the records once, has the result of single statements, and drops its tables', async () => {
    const engine = duckdb();
    const { engine: storing, stored } = spied(engine);
    const progress: number[] = [];
    const onProgress = (step: string, share: number): void => {
      if (step === 'records') progress.push(share);
    };
    const result = await analyze({ ...options, engine: storing, onProgress });
    expect(stored.filter((name) => name.endsWith('_records'))).toHaveLength(1);
    expect(await tablesIn(engine)).toBe(0);
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
    expect(progress.at(0)).toBe(0);
    expect(progress.at(-1)).toBe(1);
    const { exposures, outcomes } = engine.sources;
    const plain: Engine = {
      dialect: engine.dialect,
      query: (...given) => engine.query(...given),
      sources: { exposures, outcomes },
    };
    expect(canStore(plain)).toBe(false);
    expect(text(await analyze({ ...options, engine: plain }))).toBe(text(result));
    expect(result.timeLine.length).toBeGreaterThan(0);
  });

  it('needs a single statement without the time line', async () => {
    const { engine, stored, queries } = spied(duckdb());
    const { timeLine } = await analyze({ ...options, engine, timeLine: false });
    expect(timeLine).toEqual([]);
    expect(stored).toEqual([]);
    expect(queries).toHaveLength(1);
  });

  it('has the totals if only the days fail', async () => {
    const engine = duckdb();
    const failing = spied(engine, {
      store: (name, ...rest) =>
        name.endsWith('_day_sums')
          ? Promise.reject(new AnalysisError('no space left'))
          : engine.store(name, ...rest),
    });
    const result = await analyze({ ...options, engine: failing.engine });
    const totals = await analyze({ ...options, engine, timeLine: false });
    expect(result.partial).toBe(true);
    expect(result.timeLine).toEqual([]);
    expect(result.warnings[0]).toMatchObject({
      code: 'no-time-line',
      text: expect.stringContaining('no space left'),
    });
    expect(result.metrics.map(({ name, comparisons }) => [name, comparisons.length])).toEqual(
      totals.metrics.map(({ name, comparisons }) => [name, comparisons.length]),
    );
    expect(result.units).toEqual(totals.units);
    expect(await tablesIn(engine)).toBe(0);
  });

  it('has the totals of a single statement if the units can not be stored', async () => {
    const engine = duckdb();
    const failing = spied(engine, {
      store: (name, ...rest) =>
        name.endsWith('_per_unit')
          ? Promise.reject(new Error('disk full'))
          : engine.store(name, ...rest),
    });
    const result = await analyze({ ...options, engine: failing.engine });
    expect(result.partial).toBe(true);
    expect(result.warnings[0]).toMatchObject({
      code: 'no-time-line',
      text: expect.stringContaining('disk full'),
    });
    expect(result.units.byVariant).toEqual(checkout.counts.unitsByVariant);
    expect(await tablesIn(engine)).toBe(0);
  });

  it('has the totals if it is aborted or its time is up during the days', async () => {
    for (const limit of ['abort', 'timeoutMs'] as const) {
      const engine = duckdb();
      const stop = new AbortController();
      const { engine: waiting } = spied(engine, {
        store: (name, ...rest) => {
          if (!name.endsWith('_day_sums')) return engine.store(name, ...rest);
          if (limit === 'abort') stop.abort(new Error('enough'));
          return Promise.reject(new AnalysisError('DuckDB did not finish'));
        },
      });
      const result = await analyze({ ...options, engine: waiting, signal: stop.signal });
      expect(result.partial).toBe(true);
      expect(result.units.byVariant).toEqual(checkout.counts.unitsByVariant);
      expect(await tablesIn(engine)).toBe(0);
    }
  });

  it('is rejected and drops its tables if it is aborted before there are totals', async () => {
    const engine = duckdb();
    const stop = new AbortController();
    const { engine: aborted, stored } = spied(engine, {
      store: async (name, ...rest) => {
        await engine.store(name, ...rest);
        if (name.endsWith('_unit_days')) stop.abort(new Error('enough'));
      },
    });
    const work = analyze({ ...options, engine: aborted, signal: stop.signal });
    await expect(work).rejects.toThrow('enough');
    expect(stored.length).toBeGreaterThan(1);
    expect(await tablesIn(engine)).toBe(0);
  });

  it('ends with its result if the tables can not be dropped', async () => {
    const engine = duckdb();
    const { engine: keeping } = spied(engine, { drop: () => Promise.reject(new Error('busy')) });
    const result = await analyze({ ...options, engine: keeping });
    expect(result.partial).toBe(false);
    expect(await tablesIn(engine)).toBeGreaterThan(0);
  });

  it('has the same result beside another one on the same engine', async () => {
    const engine = duckdb();
    const [alone, ...together] = await Promise.all(
      [duckdb(), engine, engine].map((one) => analyze({ ...options, engine: one })),
    );
    expect(together).toHaveLength(2);
    for (const result of together) expect(text(result)).toBe(alone && text(alone));
    expect(await tablesIn(engine)).toBe(0);
  });

  it('analyses the latest checksum, and drops the tables of both', async () => {
    const engine = duckdb();
    const { checksum: _, ...others } = options;
    const result = await analyze({ ...others, engine });
    expect(result.warnings[0]).toMatchObject({ code: 'other-checksum' });
    expect(result.checksum).toBe(checkout.checksum);
    expect(result.timeLine.length).toBeGreaterThan(0);
    expect(await tablesIn(engine)).toBe(0);
  });
});
