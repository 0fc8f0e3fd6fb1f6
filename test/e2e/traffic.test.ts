import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { analyze } from '../../src/analysis/analyze.ts';
import { duckdbEngine } from '../../src/analysis/engines/duckdb/duckdb-engine.ts';
import type { EventRecord } from '../../src/exposures/records/record.ts';
import { ROOT } from './child.ts';

const folder = mkdtempSync(join(tmpdir(), 'evenhand-traffic-'));
const specification = join(ROOT, 'experiments.config.json');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const VISITORS = 4000;

/** Plays a small week in a process of its own, which needs the built package. */
const PROGRAM = `
  import { makeTraffic } from './examples/shop/traffic/make-traffic.js';
  const [specification, folder] = process.argv.slice(1);
  const made = await makeTraffic({ specification, folder, visitors: ${VISITORS} });
  console.log(JSON.stringify(made));
`;

describe('npm run demo:traffic', () => {
  let made: { visits: number; records: number };
  let records: readonly EventRecord[];

  beforeAll(() => {
    const args = ['--input-type=module', '-e', PROGRAM, specification, folder];
    const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
    if (stderr !== '') throw new Error(stderr);
    made = JSON.parse(stdout) as typeof made;
    const lines = readFileSync(join(folder, 'week.ndjson'), 'utf8').trimEnd().split('\n');
    records = lines.map((line) => JSON.parse(line) as EventRecord);
  });

  it('writes the records of five weeks, with exposures only in the last one', () => {
    expect(made.visits).toBeGreaterThan(VISITORS);
    const times = records.map(({ time }) => time).toSorted();
    expect(times[0]?.slice(0, 10)).toBe('2026-10-05');
    expect(times.at(-1)?.slice(0, 10)).toMatch(/^2026-11-0[89]$/);
    const exposures = records.filter(({ event }) => event === 'exposure');
    expect(exposures.every(({ time }) => time >= '2026-11-02')).toBe(true);
    expect(new Set(exposures.map(({ time }) => time.slice(0, 10))).size).toBe(7);
  });

  it('writes some records twice, as after a lost answer', () => {
    expect(records.length).toBeGreaterThan(made.records);
    expect(new Set(records.map(({ id }) => id)).size).toBe(made.records);
  });

  it('is analysed with everything that real records have', async () => {
    const engine = duckdbEngine({ records: join(folder, '*.ndjson') });
    const result = await analyze({
      specification: JSON.parse(readFileSync(specification, 'utf8')) as object,
      experiment: 'hero_headline',
      engine,
      now: new Date('2026-11-09T00:00:00Z'),
    });
    await engine.close();
    expect(result).toMatchObject({ status: 'ok', control: 'plain', split: { status: 'right' } });
    expect(result.units.total).toBeGreaterThan(VISITORS / 4);
    expect(result.data.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['repeated_outcomes', 'overridden']),
    );
    expect(result.metrics.map(({ name }) => name)).toEqual([
      'buyers',
      'revenue',
      'order_value',
      'slow_pages',
      'refunds',
    ]);
    const [buyers] = result.metrics;
    expect(buyers?.cuped.used).toBe(true);
    const [, question] = buyers?.comparisons ?? [];
    const [low, high] = question?.relative.interval ?? [1, 0];
    // The planted effect.
    expect(low).toBeLessThan(0.25);
    expect(high).toBeGreaterThan(0.25);
  });
});
