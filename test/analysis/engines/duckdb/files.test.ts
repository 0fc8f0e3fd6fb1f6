import { mkdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { exposure, outcome, toLines, useFolder } from './record-lines.ts';

const EXPOSURES = 'SELECT * FROM evenhand_exposures ORDER BY unit, "at"';
const OUTCOMES = 'SELECT * FROM evenhand_outcomes ORDER BY unit, identity';

const EXPOSURE_ROW = {
  unit: 'u1',
  at: '2027-01-18T08:00:00.000Z',
  variant: 'short',
  id: '01a27300-0000-7000-8000-000000000001',
  experiment: 'checkout',
  checksum: 'a3d1f0c25b7e9846',
  identity: 'user.id',
  overridden: false,
  sticky: false,
  cut: false,
  audience: 1,
  context: '{"user.plan":"pro"}',
};

const OUTCOME_ROW = {
  unit: 'u1',
  at: '2027-01-18T09:00:00.000Z',
  name: 'purchase',
  id: '01a27300-0000-7000-8000-000000000002',
  identity: 'user.id',
  properties: '{"value":69.5}',
};

describe('duckdbEngine() over files', () => {
  const { folder, path, write, engine } = useFolder();

  /** Returns the exposures and outcomes of files. */
  async function rowsOf(records: string | readonly string[]) {
    const opened = engine({ records });
    return {
      exposures: await opened.query(EXPOSURES),
      outcomes: await opened.query(OUTCOMES),
      unreadable: await opened.unreadable(),
    };
  }

  it('reads exposures and outcomes of one file', async () => {
    const file = write('one.ndjson', toLines(exposure(), outcome()));
    expect(await rowsOf(file)).toEqual({
      exposures: [EXPOSURE_ROW],
      outcomes: [OUTCOME_ROW],
      unreadable: [],
    });
  });

  it('names the views in its sources, with the columns that they have', async () => {
    const opened = engine({ records: write('sources.ndjson', toLines(exposure(), outcome())) });
    const { exposures, outcomes } = opened.sources;
    const [first] = await opened.query(exposures.sql);
    const [second] = await opened.query(outcomes.sql);
    expect(Object.keys(first ?? {}).sort()).toEqual(
      [...exposures.columns, 'unit', 'at', 'variant'].sort(),
    );
    expect(Object.keys(second ?? {}).sort()).toEqual(
      [...outcomes.columns, 'unit', 'at', 'name'].sort(),
    );
  });

  it.each([
    ['ndjson', toLines(exposure(), outcome({ units: { 'user.id': 'u1', s: 's1' } }), 'torn')],
    ['ndjson', toLines(exposure({ unit: null }), outcome({ units: {} }), outcome({ units: null }))],
    ['csv', 'time,unit,variant\n2027-01-18T08:00:00.000Z,u1,short\nx,u2,short\n'],
    ['csv', 'time,identity,unit,name\n2027-01-18T08:00:00.000Z,user.id,u1,purchase\n'],
  ])('has the rows of both views in one, from %s', async (ending, content) => {
    const opened = engine({ records: write(`both.${ending}`, content) });
    const { exposures, outcomes } = opened.sources;
    for (const [one, condition] of [
      [exposures, 'is_exposure'],
      [outcomes, 'NOT is_exposure'],
    ] as const) {
      const columns = ['unit', 'at', ...one.columns].map((name) => `"${name}"`).join(', ');
      const rows = await opened.query(
        `SELECT ${columns} FROM evenhand_records WHERE ${condition} ORDER BY unit`,
      );
      expect(rows).toEqual(await opened.query(`SELECT ${columns} FROM (${one.sql}) ORDER BY unit`));
    }
  });

  it('offers both views in one for lines, but not for columns, which it reads faster apart', () => {
    const combined = (records: string | readonly string[]) =>
      engine({ records }).sources.combined?.sql;
    expect(combined('a.ndjson')).toBe('SELECT * FROM evenhand_records');
    expect(combined(['a.parquet', 'logs/*.ndjson.gz'])).toBe('SELECT * FROM evenhand_records');
    expect(combined('*.parquet')).toBeUndefined();
    expect(combined(['a.csv', 'b.csv.gz'])).toBeUndefined();
  });

  it('returns a row for each unit of an outcome, and none for an outcome without units', async () => {
    const units = { 'user.id': 'u1', session: 's1', __proto__: 'x' };
    const file = write('units.ndjson', toLines(outcome({ units }), outcome({ units: {} })));
    const { outcomes } = await rowsOf(file);
    expect(outcomes.map(({ identity, unit }) => [identity, unit])).toEqual([
      ['session', 's1'],
      ['user.id', 'u1'],
    ]);
  });

  it('keeps units such as __proto__, quotes, commas and Japanese as they are', async () => {
    const odd = ['__proto__', '007', '-1e3', `it's "a", b\t`, '日本', 'a\u0000b'];
    const file = write('odd.ndjson', toLines(...odd.map((unit) => exposure({ unit }))));
    const { exposures } = await rowsOf(file);
    expect(new Set(exposures.map(({ unit }) => unit))).toEqual(new Set(odd));
  });

  it('reads globs, lists, gzip and a file whose name is a pattern, each file once', async () => {
    mkdirSync(path('logs'));
    write('logs/a-1.ndjson', toLines(exposure({ unit: 'u1' })));
    write('logs/a-2.ndjson.gz', gzipSync(toLines(exposure({ unit: 'u2' }))));
    const odd = write('logs/b[1].ndjson', toLines(exposure({ unit: 'u3' })));
    write("logs/it's.ndjson", toLines(exposure({ unit: 'u4' })));
    const { exposures } = await rowsOf([path('logs/*'), path('logs/a-*'), odd]);
    expect(exposures.map(({ unit }) => unit)).toEqual(['u1', 'u2', 'u3', 'u4']);
  });

  it('reads Parquet files that DuckDB made of records, zstandard and CSV', async () => {
    const lines = write('origin.ndjson', toLines(exposure(), outcome()));
    const maker = await makeFiles(lines, path('copy'));
    for (const file of maker) {
      const { exposures, outcomes } = await rowsOf(file);
      expect({ file, exposures, outcomes }).toEqual({
        file,
        exposures: [EXPOSURE_ROW],
        outcomes: [OUTCOME_ROW],
      });
    }
  });

  it('reads an empty file as no records', async () => {
    const { exposures, outcomes } = await rowsOf(write('empty.ndjson', ''));
    expect([exposures, outcomes]).toEqual([[], []]);
  });

  it.each([
    ['a folder', () => folder, /is a folder; name its files, such as ".*\/\*\.ndjson"$/],
    ['no match', () => path('none*.ndjson'), /^no file matches ".*none\*\.ndjson"/],
    [
      'an address',
      () => 'https://example.com/a.ndjson',
      /is an address, and records are read from files only/,
    ],
    ['no gzip', () => write('no.ndjson.gz', 'text'), /Input is not a GZIP stream/],
    ['no Parquet', () => write('no.parquet', 'text'), /DuckDB: .*parquet/i],
    [
      'other columns',
      () => write('other.csv', 'a,b\n1,2\n'),
      /the columns of ".*other\.csv" are not those of records; exposures need time, unit and variant/,
    ],
    [
      'no time',
      () => write('no-time.csv', 'unit,variant\n1,2\n'),
      /the column "time" of ".*no-time\.csv" is missing; it must be a timestamp/,
    ],
  ])('rejects %s with a sentence that names it', async (_, file, message) => {
    const opened = engine({ records: file() });
    const failure = opened.query(EXPOSURES);
    await expect(failure).rejects.toMatchObject({ code: 'analysis' });
    await expect(failure).rejects.toThrow(message);
  });
});

/** Makes copies of records in the other formats. */
async function makeFiles(lines: string, base: string): Promise<string[]> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  const from = `read_json('${lines}', format = 'newline_delimited')`;
  const copies: [string, string, string][] = [
    ['.parquet', 'SELECT *', 'FORMAT parquet'],
    [
      '.text.parquet',
      'SELECT * REPLACE (time::VARCHAR AS time, to_json(units) AS units)',
      'FORMAT parquet',
    ],
    [
      '.csv',
      'SELECT * REPLACE (to_json(units) AS units, to_json(properties) AS properties, to_json(context) AS context)',
      'FORMAT csv',
    ],
    [
      '.csv.gz',
      'SELECT * REPLACE (to_json(units) AS units, to_json(properties) AS properties, to_json(context) AS context)',
      'FORMAT csv, COMPRESSION gzip',
    ],
    ['.ndjson.zst', 'SELECT *', 'FORMAT json, COMPRESSION zstd'],
  ];
  const files: string[] = [];
  for (const [ending, select, options] of copies) {
    await connection.run(`COPY (${select} FROM ${from}) TO '${base}${ending}' (${options})`);
    files.push(`${base}${ending}`);
  }
  connection.closeSync();
  instance.closeSync();
  return files;
}
