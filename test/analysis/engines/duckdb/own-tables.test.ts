import { gzipSync } from 'node:zlib';
import { analyze } from '../../../../src/analysis/analyze.ts';
import { experimentChecksum } from '../../../../src/exposures/records/checksum.ts';
import { experiment, specificationOf } from '../../../specification/metrics/read-metrics.ts';
import { exposure, outcome, toLines, useFolder } from './record-lines.ts';

const metrics = [{ name: 'buyers', outcome: 'purchase', type: 'proportion' }];
const specification = { experiments: [experiment()], metrics };
const at = "TIMESTAMPTZ '2027-01-18 08:00:00Z'";
const until = '2027-03-01';
const OUTCOMES = {
  sql: `SELECT 'u' || i AS unit, ${at} AS at, 'purchase' AS name FROM range(20) t(i)`,
  columns: [],
};

describe('your own tables', () => {
  const { engine } = useFolder();
  const analyzed = (sql: string, columns: readonly string[], more: object = {}) =>
    analyze({
      specification,
      experiment: 'checkout',
      until,
      engine: engine({ sources: { exposures: { sql, columns }, outcomes: OUTCOMES } }),
      ...more,
    });
  const units = `SELECT 'u' || i AS unit, ${at} AS at, ['control', 'treatment'][i % 2 + 1] AS variant`;

  it('with NULL as unit leave these exposures out, and count them', async () => {
    const sql = `SELECT nullif(r.unit, 'u7') AS unit, r.at, r.variant FROM (${units} FROM range(40) t(i)) r`;
    const { units: counts, data } = await analyzed(sql, []);
    expect(counts.byVariant).toEqual({ control: 20, treatment: 19 });
    expect(data).toContainEqual(expect.objectContaining({ code: 'random', count: 1 }));
  });

  it('with NULL in overridden, cut and sticky count as not overridden, cut and sticky', async () => {
    const sql = `${units}, CASE WHEN i < 3 THEN true WHEN i < 6 THEN false END AS overridden,
      CASE WHEN i = 10 THEN true END AS cut, CASE WHEN i = 11 THEN true END AS sticky FROM range(40) t(i)`;
    const { units: counts, data } = await analyzed(sql, ['overridden', 'cut', 'sticky']);
    expect(counts.total).toBe(36);
    expect(Object.fromEntries(data.map(({ code, count }) => [code, count]))).toMatchObject({
      overridden: 3,
      cut: 1,
      sticky_units: 1,
    });
  });

  it('with NULL as variant or time leave these exposures out', async () => {
    const sql = `SELECT r.unit, CASE WHEN r.unit <> 'u1' THEN r.at END AS at, nullif(r.variant, 'none') AS variant
      FROM (SELECT 'u' || i AS unit, ${at} AS at, CASE WHEN i = 2 THEN 'none' WHEN i % 2 = 0 THEN 'control' ELSE 'treatment' END AS variant FROM range(40) t(i)) r`;
    const { units: counts, data } = await analyzed(sql, []);
    expect(counts.byVariant).toEqual({ control: 19, treatment: 19 });
    expect(data.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['undeclared_variant', 'after_until']),
    );
  });

  it('with more than 100 values of a segment give those with the most units, and say so', async () => {
    // Value v has v + 1 units, so that 120 values have 7,260 units.
    const sql = `SELECT 'u' || (v * 1000 + n) AS unit, ${at} AS at, ['control', 'treatment'][n % 2 + 1] AS variant, 'v' || v AS city
      FROM range(120) t(v), range(120) s(n) WHERE n <= v`;
    const { segments, units: counts, data } = await analyzed(sql, ['city'], { segments: ['city'] });
    expect(counts.total).toBe(7260);
    expect(segments).toHaveLength(100);
    const values = segments.map(({ value }) => Number(value.slice(1)));
    expect(Math.min(...values)).toBe(20);
    expect(data).toContainEqual({
      code: 'segment_values',
      count: 100,
      text: 'Only the 100 values of city with the most units are shown, if it has more.',
    });
  });

  it.each([
    `x"; DROP TABLE kept; --`,
    `"`,
    `'`,
    `a b`,
    '日本',
    'unit"',
    String.raw`\"; SELECT 1`,
    '$1',
    '?',
  ])('can have a further column named %j', async (name) => {
    const quoted = `"${name.replaceAll('"', '""')}"`;
    const sql = `SELECT *, 1 AS ${quoted} FROM (${units} FROM range(40) t(i))`;
    const { units: counts } = await analyzed(sql, [name]);
    expect(counts.total).toBe(40);
  });

  it.each([
    ['two statements', `${units} FROM range(2) t(i); DROP TABLE kept`],
    ['a statement that writes', "COPY (SELECT 1) TO 'written.csv'"],
    [
      'the end of the brackets',
      `${units} FROM range(2) t(i)) r; DROP TABLE kept; SELECT * FROM (SELECT 1`,
    ],
    ['an open comment', `${units} FROM range(2) t(i) /*`],
    ['an open quote', `${units}, 'x FROM range(2) t(i)`],
    ['no SELECT', 'nonsense'],
    ['another column', "SELECT 1 AS unit, now() AS at, 'a' AS variants"],
  ])('are refused with %s', async (_, sql) => {
    await expect(analyzed(sql, [])).rejects.toMatchObject({ code: 'analysis' });
  });

  it('can have 3,000 columns, of which an analysis lists those that it needs', async () => {
    const many = Array.from({ length: 3000 }, (_, i) => `${i} AS c${i}`).join(', ');
    const sql = `${units}, ${many} FROM range(40) t(i)`;
    const { units: counts } = await analyzed(sql, ['c7']);
    expect(counts.total).toBe(40);
    const columns = Array.from({ length: 3000 }, (_, i) => `c${i}`);
    expect(() => engine({ sources: { exposures: { sql, columns }, outcomes: OUTCOMES } })).toThrow(
      'must be two SELECTs, each with at most 1000 columns',
    );
  });
});

describe('a gzip file that is cut in the middle', () => {
  const { write, engine } = useFolder();
  const [spec] = specificationOf(specification).experiments;
  const checksum = spec === undefined ? '' : experimentChecksum(spec);
  const lines = Array.from({ length: 3000 }, (_, i) => [
    exposure({ unit: `u${i}`, id: `e${i}`, variant: 'control', checksum }),
    outcome({ units: { 'user.id': `u${i}` }, id: `o${i}` }),
  ]).flat();

  it.each([
    [0.5, toLines(...lines)],
    [0.9, toLines(...lines)],
    [0.5, toLines('not a record', ...lines)],
  ])('after %d of its bytes gives a partial result with a warning', async (share, text) => {
    const whole = gzipSync(text);
    const file = write('cut.ndjson.gz', whole.subarray(0, Math.floor(whole.length * share)));
    const result = await analyze({
      specification,
      experiment: 'checkout',
      until,
      engine: engine({ records: file }),
    });
    expect(result.partial).toBe(true);
    expect(result.units.total).toBeLessThan(3000);
    expect(result.units.total).toBeGreaterThan(0);
    expect(result.warnings).toContainEqual({
      code: 'file-cut',
      text: `${file} ends in the middle of the compressed data, so records are missing. Copy the whole file, and analyse again.`,
    });
    expect(result.data.map(({ code }) => code)).toContain('unreadable_lines');
  });

  it('is told from one with torn lines', async () => {
    const file = write('torn.ndjson.gz', gzipSync(toLines(...lines, '{"torn": ')));
    const ask = { specification, experiment: 'checkout', until, engine: engine({ records: file }) };
    const { partial, warnings } = await analyze(ask);
    expect(partial).toBe(false);
    expect(warnings.map(({ code }) => code)).not.toContain('file-cut');
  });
});
