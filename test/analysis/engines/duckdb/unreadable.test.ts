import { gzipSync } from 'node:zlib';
import { exposure, outcome, toLines, useFolder } from './record-lines.ts';

const COUNT = `SELECT (SELECT count(*) FROM evenhand_exposures) AS exposures,
  (SELECT count(*) FROM evenhand_outcomes) AS outcomes`;

/** Lines that are not records, by the reason. */
const UNREADABLE: readonly (readonly [string, string])[] = [
  ['a torn line', JSON.stringify(exposure()).slice(0, 80)],
  ['a line of another program', '127.0.0.1 - - [18/Jan/2027] "GET / HTTP/1.1" 200'],
  ['a number', '42'],
  ['a list', '[1, 2]'],
  ['null', 'null'],
  ['two records in one line', JSON.stringify(exposure()).repeat(2)],
  ['another object', '{"level":30,"msg":"listening"}'],
  ['another version', JSON.stringify(exposure({ version: 2 }))],
  ['another event', JSON.stringify(exposure({ event: 'click' }))],
  ['no time', JSON.stringify(exposure({ time: undefined }))],
  ['a time in words', JSON.stringify(exposure({ time: 'yesterday' }))],
  ['a month 13', JSON.stringify(outcome({ time: '2027-13-01T00:00:00.000Z' }))],
  ['an infinite time', JSON.stringify(exposure({ time: 'infinity' }))],
  ['half a surrogate pair', JSON.stringify(outcome()).replace('purchase', String.raw`\ud800`)],
];

describe('unreadable()', () => {
  const { write, engine } = useFolder();

  it.each(UNREADABLE)('counts %s and reads the other lines', async (_, line) => {
    const file = write('lines.ndjson', toLines(exposure(), '', line, outcome(), line));
    const opened = engine({ records: file });
    expect(await opened.query(COUNT)).toEqual([{ exposures: 1, outcomes: 1 }]);
    const [found, ...others] = await opened.unreadable();
    expect(others).toEqual([]);
    expect(found).toMatchObject({ file, lines: 2 });
    // JavaScript accepts half a surrogate pair, so that line has no number.
    expect(found?.first).toBe(line.includes(String.raw`\ud800`) ? undefined : 3);
  });

  it.each([
    "experiment = 'checkout'",
    "NOT overridden AND NOT cut AND checksum = 'a3d1f0c25b7e9846'",
    `"at" < TIMESTAMPTZ '2028-01-01 00:00:00+00' AND variant IS NOT NULL`,
    'false',
  ])('counts lines for a statement that reads only rows where %s', async (where) => {
    const file = write('where.ndjson', toLines(exposure(), 'torn', outcome(), 'torn'));
    const opened = engine({ records: file });
    await opened.query(`SELECT count(*) FROM evenhand_exposures WHERE ${where}`);
    expect(await opened.unreadable()).toEqual(
      where === 'false' ? [] : [{ file, lines: 2, first: 2 }],
    );
  });

  it.each([
    'is_exposure',
    'NOT is_exposure',
    `"at" < TIMESTAMPTZ '2028-01-01 00:00:00+00' AND unit IS NOT NULL`,
    `is_exposure AND experiment = 'checkout' OR NOT is_exposure AND name = 'purchase'`,
    "identity = 'user.id'",
  ])('counts lines for a statement that reads both kinds once, where %s', async (where) => {
    const file = write('both.ndjson', toLines(exposure(), 'torn', outcome(), '{"version":1}'));
    const opened = engine({ records: file });
    await opened.query(`SELECT count(*) FROM evenhand_records WHERE ${where}`);
    expect(await opened.unreadable()).toEqual([{ file, lines: 2, first: 2 }]);
  });

  it('counts bytes that are not UTF-8 as one line', async () => {
    const torn = Buffer.concat([Buffer.from([0xff, 0xfe, 0x00]), Buffer.from('\n')]);
    const file = write('bytes.ndjson', Buffer.concat([torn, Buffer.from(toLines(exposure()))]));
    const opened = engine({ records: file });
    expect(await opened.query(COUNT)).toEqual([{ exposures: 1, outcomes: 0 }]);
    expect(await opened.unreadable()).toEqual([{ file, lines: 1, first: 1 }]);
  });

  it('counts each file separately, once for however many statements', async () => {
    const bad = write('bad.ndjson', toLines(exposure(), 'x', 'y'));
    const packed = write('bad.ndjson.gz', gzipSync(toLines('x', exposure())));
    const good = write('good.ndjson', toLines(exposure()));
    const opened = engine({ records: [good, bad, packed] });
    await opened.query(COUNT);
    await opened.query(COUNT);
    expect(await opened.unreadable()).toEqual([
      { file: bad, lines: 2, first: 2 },
      { file: packed, lines: 1, first: 1 },
    ]);
  });

  it('counts rows of CSV files that are not records, without a number', async () => {
    const rows = ['2027-01-18T08:00:00.000Z,u1,short', 'x,u2,short', 'torn'];
    const file = write('rows.csv', `${['time,unit,variant', ...rows].join('\n')}\n`);
    const opened = engine({ records: file });
    expect(await opened.query(COUNT)).toEqual([{ exposures: 1, outcomes: 0 }]);
    expect(await opened.unreadable()).toEqual([{ file, lines: 2 }]);
  });

  it('counts rows of CSV files for a statement with a condition', async () => {
    const rows = ['2027-01-18T08:00:00.000Z,u1,short', 'x,u2,short', 'torn'];
    const file = write('where.csv', `${['time,unit,variant', ...rows].join('\n')}\n`);
    const opened = engine({ records: file });
    await opened.query("SELECT count(*) FROM evenhand_exposures WHERE unit = 'u1'");
    expect(await opened.unreadable()).toEqual([{ file, lines: 2 }]);
  });

  it('returns nothing before a statement, and nothing if all lines are records', async () => {
    const opened = engine({ records: write('all.ndjson', toLines(exposure(), outcome())) });
    expect(await opened.unreadable()).toEqual([]);
    await opened.query(COUNT);
    expect(await opened.unreadable()).toEqual([]);
  });

  it('rejects a line that is too long with its number, and reads it with a larger limit', async () => {
    const long = outcome({ properties: { value: 'x'.repeat(40_000_000) } });
    const file = write('long.ndjson', toLines(exposure(), long, exposure()));
    await expect(engine({ records: file }).query(COUNT)).rejects.toThrow(
      /^line 2 of ".*long\.ndjson" is longer than 16777216 bytes; remove it, or raise "maxLineBytes"$/,
    );
    expect(await engine({ records: file, maxLineBytes: 50_000_000 }).query(COUNT)).toEqual([
      { exposures: 2, outcomes: 1 },
    ]);
  });
});
