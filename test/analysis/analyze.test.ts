import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { analysisSql } from '../../src/analysis/analysis-sql.ts';
import { analyze } from '../../src/analysis/analyze.ts';
import type { AnalyzeOptions } from '../../src/analysis/analyze-options.ts';
import { boundedQuery } from '../../src/analysis/bounded-query.ts';
import { duckdbEngine } from '../../src/analysis/engines/duckdb/duckdb-engine.ts';
import type { Engine, EngineRow } from '../../src/analysis/engine.ts';
import { parseExperiments } from '../../src/assignment/parse-experiments.ts';
import { createClient } from '../../src/client/client.ts';
import { recordingSink } from '../../src/testing/recording-sink.ts';
import expected from '../vectors/analysis/expected.json' with { type: 'json' };
import { ANALYSES } from './result/reference.ts';
import { valid } from './result/valid.ts';

const { checkout } = expected;

const CONFIG = {
  metrics: [
    { name: 'buyers', outcome: 'purchase', type: 'proportion' },
    { name: 'revenue', outcome: 'purchase', type: 'sum', value: 'value', cap: null },
    { name: 'refunds', outcome: 'refund', type: 'proportion', better: 'down' },
  ],
  experiments: [
    {
      name: 'checkout',
      description: 'A shorter way to pay',
      identity: 'user.id',
      variants: [{ name: 'control' }, { name: 'short' }, { name: 'express' }],
      audiences: [
        {
          allocations: [
            { variant: 'control', percent: 34 },
            { variant: 'short', percent: 33 },
            { variant: 'express', percent: 33 },
          ],
        },
      ],
      analysis: {
        primary: ['buyers'],
        secondary: ['revenue'],
        guardrails: [{ metric: 'refunds', margin: 0.01 }],
        plannedUnits: 7000,
        until: '2027-02-08T00:00:00Z',
      },
    },
  ],
};

const FILE = join(__dirname, '../vectors/analysis/checkout.ndjson.gz');

const engines: { close(): Promise<void> }[] = [];

/** Returns a DuckDB that is closed after the tests. */
function duckdb(records: string): Engine {
  const engine = duckdbEngine({ records });
  engines.push(engine);
  return engine;
}

const folders: string[] = [];

afterAll(async () => {
  for (const engine of engines) await engine.close();
  for (const folder of folders) rmSync(folder, { recursive: true });
});

const shared: AnalyzeOptions = {
  specification: CONFIG,
  experiment: 'checkout',
  checksum: checkout.checksum,
  until: checkout.until.replace('.000Z', 'Z'),
  now: Date.parse(checkout.until),
};

/** Returns rows in which each of two variants has 100 units and the given number of buyers. */
function rowsOf(buyers: Readonly<Record<string, number>>, units = 100): EngineRow[] {
  return Object.entries(buyers).map(([variant, count]) => {
    const p = count / units;
    const yy = (p * (1 - p) * units) / (units - 1);
    const figures = [1, 2, 3].flatMap((m) => [
      [`m${m}_n`, units],
      [`m${m}_y`, p],
      [`m${m}_yy`, yy],
    ]);
    return {
      kind: 'total',
      name: '',
      value: '',
      variant,
      mixed: 0,
      units,
      ...(Object.fromEntries(figures) as Record<string, number>),
    };
  });
}

const sources = {
  exposures: { sql: 'SELECT * FROM e', columns: ['checksum', 'audience'] },
  outcomes: { sql: 'SELECT * FROM o', columns: ['properties'] },
};

/** Returns an engine that answers with what a function returns. */
function fake(answer: Engine['query'], more: Partial<Engine> = {}): Engine {
  return { dialect: 'duckdb', sources, query: answer, ...more };
}

describe('analyze() with DuckDB', () => {
  it('has the figures of expected.json', async () => {
    const result = valid(
      await analyze({
        ...shared,
        engine: duckdb(FILE),
        cuped: false,
        confidence: 0.9,
        plannedEnd: expected.checkout.until,
      }),
    );
    expect(result.units.byVariant).toEqual(checkout.counts.unitsByVariant);
    expect(result.units.mixed).toBe(checkout.counts.contaminated);
    expect(result.look).toMatchObject({ method: 'fixed', plannedUnits: 7000 });
    expect(result.description).toBe('A shorter way to pay');
    for (const [id, name] of [
      ['checkout/buyers-7d', 'buyers'],
      ['checkout/revenue-7d', 'revenue'],
    ] as const) {
      const wanted = ANALYSES.find((one) => one.id === id)?.comparisons;
      const comparisons = result.metrics.find((one) => one.name === name)?.comparisons ?? [];
      expect(comparisons).toHaveLength(2);
      for (const { variant, absolute, relative, pValue } of comparisons) {
        expect(absolute.estimate).toBeCloseTo(wanted?.[variant]?.absolute.estimate ?? 0, 8);
        expect(relative.estimate).toBeCloseTo(wanted?.[variant]?.relative.estimate ?? 0, 8);
        expect(absolute.interval?.[0]).toBeCloseTo(wanted?.[variant]?.absolute.interval[0] ?? 0, 8);
        expect(pValue).toBeCloseTo(wanted?.[variant]?.absolute.pValue ?? 0, 8);
      }
    }
    expect(result.metrics.map(({ role }) => role)).toEqual(['primary', 'secondary', 'guardrail']);
  });

  it('has the cumulative time line of expected.json', async () => {
    const { timeLine, period } = valid(
      await analyze({ ...shared, engine: duckdb(FILE), metrics: ['buyers'], timeLine: true }),
    );
    const [short] = timeLine;
    expect(short?.points).toHaveLength(checkout.buyers7dByDay.length);
    for (const [i, { before, arms }] of checkout.buyers7dByDay.entries()) {
      expect(short?.points[i]).toMatchObject({ before, units: { short: arms.short.n } });
      expect(short?.points[i]?.treatment).toBeCloseTo(arms.short.successes / arms.short.n, 9);
    }
    expect(period.from).toBe('2027-01-18T00:00:00Z');
  });

  it('reads what a client has recorded, tests the split and adds CUPED and segments', async () => {
    const sink = recordingSink();
    const experiment = {
      ...CONFIG.experiments[0],
      analysis: { primary: ['buyers'], segments: ['plan'] },
    };
    const config = { ...CONFIG, experiments: [experiment] };
    const client = createClient({ source: config, exposures: { sink, context: ['plan'] } });
    for (let id = 0; id < 600; id++) {
      const who = client.participant({ user: { id }, plan: id % 2 === 0 ? 'pro' : 'free' });
      if (id % 3 === 0) who.track('purchase', { value: 5 });
      const variant = who.variant('checkout');
      if (variant === 'short' || id % 5 === 0) who.track('purchase', { value: 10 });
    }
    await client.close();
    const folder = mkdtempSync(join(tmpdir(), 'evenhand-analyze-'));
    folders.push(folder);
    const file = join(folder, 'records.ndjson');
    writeFileSync(
      file,
      `${sink.records.map((record) => JSON.stringify(record)).join('\n')}\nnot a record\n`,
    );
    const steps: string[] = [];
    const result = valid(
      await analyze({
        specification: parseExperiments(config),
        experiment: 'checkout',
        engine: duckdb(file),
        now: new Date(Date.now() + 1000),
        onProgress: (step, share) => void steps.push(`${step} ${share}`),
      }),
    );
    expect(result.units.total).toBe(600);
    expect(result.split.status).toBe('right');
    expect(result.status).toBe('ok');
    const verdicts = result.metrics[0]?.comparisons.map(({ variant, verdict }) => [
      variant,
      verdict,
    ]);
    expect(verdicts).toContainEqual(['short', 'better']);
    expect(result.segments.map(({ value }) => value).sort()).toEqual(['free', 'pro']);
    expect(steps.at(0)).toBe('records 0');
    expect(steps.at(-1)).toBe('statistics 1');
  });

  it('takes the checksum with the latest exposure if the specification has none, and says so', async () => {
    const { checksum, ...others } = shared;
    const result = valid(await analyze({ ...others, engine: duckdb(FILE) }));
    expect(result.warnings[0]).toMatchObject({ code: 'other-checksum' });
    expect(result.checksum).toBe(checksum);
    expect(result.units.total).toBeGreaterThan(0);
    expect(result.split.status).toBe('unknown');
  });
});

describe('analyze() with rows', () => {
  it('adds up shards to the same result as the whole', async () => {
    const options = { ...shared, cuped: false };
    const whole = await analyze({
      ...options,
      rows: rowsOf({ control: 20, short: 30, express: 25 }, 200),
    });
    const half = rowsOf({ control: 10, short: 15, express: 12.5 });
    const shards = await analyze({ ...options, rows: [half, half] });
    const close = (text: string): unknown =>
      JSON.parse(text, (_, value: unknown) =>
        typeof value === 'number' ? Number(value.toPrecision(9)) : value,
      );
    expect(close(JSON.stringify(valid(shards)))).toEqual(close(JSON.stringify(valid(whole))));
  });

  it('rejects rows of another plan, and no rows', async () => {
    await expect(analyze({ ...shared, rows: rowsOf({ other: 1 }) })).rejects.toMatchObject({
      code: 'analysis',
    });
    await expect(analyze({ ...shared, rows: [] })).rejects.toMatchObject({ code: 'analysis' });
  });
});

describe('analyze() with an engine that fails', () => {
  const data = { control: 10, short: 15, express: 12 };
  const options = { ...shared, cuped: false };

  it('reports the error of the database', async () => {
    const engine = fake(() => Promise.reject(new Error('no such table')));
    await expect(analyze({ ...shared, engine })).rejects.toMatchObject({
      code: 'analysis',
      message: expect.stringContaining('no such table'),
    });
  });

  it('is rejected with the reason of the signal, even if the engine does not react', async () => {
    const stop = new AbortController();
    const engine = fake(() => {
      queueMicrotask(() => stop.abort(new Error('enough')));
      return new Promise(() => {});
    });
    await expect(analyze({ ...shared, engine, signal: stop.signal })).rejects.toThrow('enough');
    await expect(analyze({ ...shared, engine, signal: stop.signal })).rejects.toThrow('enough');
  });

  it('has a partial result if only the time line fails', async () => {
    let calls = 0;
    const engine = fake(() =>
      ++calls === 1 ? Promise.resolve(rowsOf(data)) : Promise.reject(new Error('too slow')),
    );
    const result = valid(await analyze({ ...options, engine, timeLine: true }));
    expect(result.partial).toBe(true);
    expect(result.warnings[0]).toMatchObject({
      code: 'no-time-line',
      text: expect.stringContaining('too slow'),
    });
    expect(result.units.total).toBe(300);
    expect(result.timeLine).toEqual([]);
  });

  it('reports torn and foreign lines of files, with the number of the first', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'evenhand-torn-'));
    folders.push(folder);
    const file = join(folder, 'torn.ndjson');
    const [first = '', ...others] = gunzipSync(readFileSync(FILE)).toString().split('\n');
    const torn = [first.slice(0, 60), '127.0.0.1 - - "GET / HTTP/1.1" 200'];
    writeFileSync(file, [first, ...torn, ...others].join('\n'));
    const whole = await analyze({ ...shared, engine: duckdb(FILE) });
    const result = await analyze({ ...shared, engine: duckdb(file) });
    const notes = result.data.filter(({ code }) => code === 'unreadable_lines');
    expect(notes).toMatchObject([
      { count: 2, text: expect.stringContaining('the first in line 2') },
    ]);
    expect(result.units).toEqual(whole.units);
  });

  it('reports unreadable lines that the engine has counted', async () => {
    const engine = fake(() => Promise.resolve(rowsOf(data)), {
      unreadable: () => Promise.resolve([{ file: 'a.ndjson', lines: 3, first: 2 }]),
    });
    const result = valid(await analyze({ ...options, engine }));
    expect(result.data).toMatchObject([{ code: 'unreadable_lines', count: 3 }]);
  });

  it('has a partial result if unreadable lines can not be counted', async () => {
    const engine = fake(() => Promise.resolve(rowsOf(data)), {
      unreadable: () => Promise.reject(new Error('gone')),
    });
    const result = valid(await analyze({ ...options, engine }));
    expect(result.partial).toBe(true);
    expect(result.warnings[0]).toMatchObject({ code: 'lines-not-counted' });
  });

  it('ends if onProgress throws', async () => {
    const engine = fake((_, options) => {
      options?.onProgress?.(0.5);
      return new Promise(() => {});
    });
    const onProgress = (_: string, share: number): void => {
      if (share === 0.5) throw new Error('broken bar');
    };
    await expect(analyze({ ...shared, engine, onProgress })).rejects.toThrow('broken bar');
  });
});

describe('boundedQuery()', () => {
  const timeoutMs = 20;
  const limits = { timeoutMs, graceMs: 0 };

  it('rejects when the time is up, also if the statement goes on', async () => {
    const deadline = performance.now() + timeoutMs;
    const work = boundedQuery(
      () => new Promise(() => {}),
      { ...limits, deadline },
      () => {},
    );
    await expect(work).rejects.toThrow('did not finish within 0.02 s');
  });

  it('does not start a statement without time', async () => {
    const run = jest.fn();
    const late = { ...limits, deadline: performance.now() - 1 };
    await expect(boundedQuery(run, late, () => {})).rejects.toMatchObject({ code: 'analysis' });
    expect(run).not.toHaveBeenCalled();
  });
});

describe('the options of analyze()', () => {
  it.each([
    [{ ...shared, timeOut: 1 }, 'unknown option "timeOut"'],
    [{ ...shared, confidence: 95 }, 'confidence'],
    [{ ...shared, rows: 'x' }, 'rows'],
    [{ ...shared, mixed: 'keep' }, 'mixed'],
    [{ experiment: 'checkout' }, 'set "specification"'],
    [shared, 'set "engine"'],
    [{ ...shared, sources: { exposures: 'SELECT 1' }, rows: [] }, 'two SELECTs'],
    [{ ...shared, engine: { dialect: 'duckdb', query: () => {} } }, 'no records'],
    [{ ...shared, experiment: 'chekout', rows: [] }, 'did you mean "checkout"?'],
    [{ ...shared, specification: [{ name: 'x' }], rows: [] }, 'identity'],
  ])('are checked: %#', async (options, message) => {
    await expect(analyze(options as unknown as AnalyzeOptions)).rejects.toThrow(message);
  });

  it('that are missing have the code "option", as those of analysisSql() have', async () => {
    await expect(analyze(shared)).rejects.toMatchObject({ code: 'option' });
    await expect(analyze({} as never)).rejects.toMatchObject({ code: 'option' });
    expect(() => analysisSql({ ...shared, dialect: 'spark' } as never)).toThrow(
      expect.objectContaining({ code: 'option', message: expect.stringContaining('"sources"') }),
    );
  });

  it('take Dates', async () => {
    const result = await analyze({
      ...shared,
      cuped: false,
      rows: rowsOf({ control: 1, short: 1, express: 1 }),
      from: new Date('2027-01-01T00:00:00Z'),
      until: new Date('2027-02-15T00:00:00Z'),
      plannedEnd: new Date('2027-03-01T00:00:00Z'),
      plannedUnits: 1000,
    });
    expect(result.period).toMatchObject({
      until: '2027-02-15T00:00:00Z',
      plannedEnd: '2027-03-01T00:00:00Z',
    });
    expect(result.look).toMatchObject({ method: 'sequential', tuning: 1000, alpha: 0.025 });
  });
});

describe('analysisSql()', () => {
  it('returns one statement for a dialect', () => {
    const { specification, experiment, now = 0 } = shared;
    const sql = analysisSql({ specification, experiment, now, dialect: 'spark', sources });
    expect(sql).toMatch(/^WITH /);
    expect(() =>
      analysisSql({ specification, experiment, dialect: 'oracle' as 'spark', sources }),
    ).toThrow('dialect');
  });
});

describe('the planned end', () => {
  const atEnd: AnalyzeOptions = {
    ...shared,
    cuped: false,
    rows: rowsOf({ control: 30, short: 30, express: 30 }),
    now: Date.parse('2027-03-01T00:00:00Z'),
  };
  const codesOf = async (options: AnalyzeOptions): Promise<string[]> =>
    (await analyze(options)).warnings.map(({ code }) => code);

  it('is the end of the analysis once it has passed', async () => {
    const { until: _, ...open } = atEnd;
    const result = await analyze(open);
    expect(result.period.until).toBe('2027-02-08T00:00:00Z');
    expect(result.warnings.map(({ code }) => code)).toContain('ends-as-planned');
    const early = { ...open, now: Date.parse('2027-02-01T00:00:00Z') };
    expect((await analyze(early)).period.until).toBe('2027-02-01T00:00:00Z');
    expect(await codesOf({ ...open, from: '2027-02-20T00:00:00Z' })).toContain('after-planned-end');
  });

  it('warns of another end after it', async () => {
    expect(await codesOf({ ...atEnd, until: '2027-02-20T00:00:00Z' })).toContain(
      'after-planned-end',
    );
    expect(await codesOf({ ...atEnd, until: '2027-02-08T00:00:00Z' })).not.toContain(
      'after-planned-end',
    );
  });
});

describe('rows of a statement', () => {
  const options: AnalyzeOptions = { ...shared, cuped: false };
  const { until: _, ...statement } = options;

  async function rowsOfStatement(): Promise<readonly EngineRow[]> {
    const seen: EngineRow[][] = [];
    const engine = duckdb(FILE);
    const query: Engine['query'] = async (sql, limits) => {
      const rows = await engine.query(sql, limits);
      seen.push([...rows]);
      return rows;
    };
    await analyze({ ...options, engine: { ...engine, query } });
    return seen.at(-1) ?? [];
  }

  it('belong to their plan, also if they are read later', async () => {
    const rows = await rowsOfStatement();
    const read = await analyze({ ...statement, rows, now: Date.parse('2027-03-07T00:00:00Z') });
    expect(read.warnings.map(({ code }) => code)).not.toContain('rows-unchecked');
    const unbound = await analyze({ ...options, rows: rows.filter(({ kind }) => kind !== 'plan') });
    expect(unbound.warnings.map(({ code }) => code)).toContain('rows-unchecked');
  });

  it.each<[string, Partial<AnalyzeOptions>]>([
    ['another order of metrics', { metrics: ['revenue', 'buyers', 'refunds'] }],
    ['another checksum', { checksum: '0123456789abcdef' }],
    ['mature units', { mature: true }],
  ])('are refused for %s', async (_name, other) => {
    const config = {
      ...CONFIG,
      experiments: CONFIG.experiments.map(({ analysis: _analysis, ...rest }) => rest),
    };
    const specification = other.metrics === undefined ? CONFIG : config;
    const rows = await rowsOfStatement();
    const reading = analyze({ ...options, specification, ...other, rows });
    await expect(reading).rejects.toThrow('rows are of another experiment, checksum or order');
  });
});
