import * as fc from 'fast-check';
import type { EngineRow } from '../../../src/analysis/engine.ts';
import { addMomentRows } from '../../../src/analysis/rows/add-moment-rows.ts';
import { parseRowFile } from '../../../src/analysis/rows/parse-row-file.ts';
import { readMomentRows } from '../../../src/analysis/rows/read-moment-rows.ts';
import { SEED } from '../../seed.ts';
import { metricSpec, planOf, readReference } from '../sql/reference.ts';

const experiment = readReference().checkout;
const [first] = experiment.analyses;
if (first === undefined) throw new Error('no analysis');
const PLAN = planOf(experiment, [{ ...metricSpec(first.metric), type: 'count' }], { preMs: 1 });

const TOTAL = {
  kind: 'total',
  name: '',
  value: '',
  variant: 'control',
  mixed: 0,
  units: 10,
  m1_n: 10,
  m1_y: 0.5,
  m1_x: 1,
  m1_yy: 2,
  m1_yx: -1,
  m1_xx: 3,
  m1_open: 1,
  m1_early: 2,
  m1_late: 3,
  m1_cap: 4,
  m1_precap: 5,
  m1_capped: 6,
};
const DAY = { ...TOTAL, kind: 'day', value: Date.parse('2027-02-01T00:00:00Z') };
const CHECKSUM = {
  ...TOTAL,
  kind: 'checksum',
  name: 'a3',
  variant: '',
  units: 7,
  value: '1801931881000',
};
const RECORDS = { ...TOTAL, kind: 'records', name: 'cut', variant: '', units: 3 };

/** Returns the code of the error that a function throws; undefined if it throws none. */
function codeOf(run: () => unknown): unknown {
  try {
    run();
    return undefined;
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error;
  }
}

describe('readMomentRows', () => {
  it('reads each kind of row', () => {
    const rows = readMomentRows([TOTAL, DAY, CHECKSUM, RECORDS], PLAN);
    expect(rows.groups[0]).toEqual({
      kind: 'total',
      name: '',
      value: '',
      variant: 'control',
      mixed: false,
      units: 10,
      metrics: [
        {
          variables: ['y', 'x'],
          moments: {
            n: 10,
            means: [0.5, 1],
            covariances: [
              [2, -1],
              [-1, 3],
            ],
          },
          open: 1,
          early: 2,
          late: 3,
          cap: 4,
          preCap: 5,
          capped: 6,
        },
      ],
    });
    expect(rows.groups[1]?.value).toBe('2027-02-01T00:00:00.000Z');
    expect(rows.checksums).toEqual([
      { checksum: 'a3', exposures: 7, last: '2027-02-06T16:38:01.000Z' },
    ]);
    expect([...rows.records]).toEqual([['cut', 3]]);
  });

  it('takes texts, bigints, objects of clients and upper-case columns for the same', () => {
    const row = Object.fromEntries(
      Object.entries(TOTAL).map(([name, value], i) => {
        const forms = [
          String(value),
          typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : value,
          { toString: () => String(value) },
        ];
        return [name.toUpperCase(), forms[i % forms.length]];
      }),
    );
    expect(readMomentRows([row], PLAN)).toEqual(readMomentRows([TOTAL], PLAN));
  });

  it('reads NaN and null as missing', () => {
    const row = { ...TOTAL, m1_yy: 'NaN', m1_yx: null, m1_xx: Number.NaN, m1_cap: '' };
    const [group] = readMomentRows([row], PLAN).groups;
    expect(group?.metrics[0]?.moments.covariances).toEqual([
      [0, 0],
      [0, 0],
    ]);
    expect(group?.metrics[0]).not.toHaveProperty('cap');
    const [empty] = readMomentRows([{ ...TOTAL, m1_n: null }], PLAN).groups;
    expect(empty?.metrics).toEqual([undefined]);
  });

  it.each([
    ['row 1 has no column m1_yx', { ...TOTAL, m1_yx: undefined }],
    ['row 1 has no column kind', { ...TOTAL, kind: undefined }],
    ['the kind "sum" is not known', { ...TOTAL, kind: 'sum' }],
    ['has no variant "blue"', { ...TOTAL, variant: 'blue' }],
    ['the column units is "-1", not a whole number', { ...TOTAL, units: -1 }],
    ['the column units is null, not a number', { ...TOTAL, units: null }],
    ['the column m1_y is "many", not a number', { ...TOTAL, m1_y: 'many' }],
    ['the column value is "soon", not a time', { ...DAY, value: 'soon' }],
  ])('reports: %s', (message, values) => {
    const row = Object.fromEntries(
      Object.entries(values).filter(([, value]) => value !== undefined),
    );
    expect(() => readMomentRows([row], PLAN)).toThrow(
      expect.objectContaining({ code: 'analysis', message: expect.stringContaining(message) }),
    );
  });

  it('reports that there are no rows', () => {
    expect(() => readMomentRows([], PLAN)).toThrow('there are no rows');
  });

  it('throws nothing but AnalysisError for any rows', () => {
    const cell = fc.oneof(
      fc.anything(),
      fc.constantFrom('total', 'day', 'control', 1, 'NaN', '9'.repeat(400)),
    );
    const row = fc.dictionary(fc.constantFrom(...Object.keys(TOTAL)), cell);
    fc.assert(
      fc.property(fc.array(fc.oneof(row, fc.anything())), (rows) => {
        expect([undefined, 'analysis']).toContain(
          codeOf(() => readMomentRows(rows as EngineRow[], PLAN)),
        );
      }),
      { seed: SEED },
    );
  });
});

describe('addMomentRows', () => {
  it('adds shards to the moments of all units', () => {
    const row = (values: readonly number[], late: number): EngineRow => {
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
      const variance = values.length < 2 ? null : square / (values.length - 1);
      return {
        ...TOTAL,
        units: values.length,
        m1_n: values.length,
        m1_y: mean,
        m1_x: mean,
        m1_late: late,
        m1_yy: variance,
        m1_yx: variance,
        m1_xx: variance,
      };
    };
    const shards = [row([1, 2, 5], 1), row([7], 2), row([0, 3], 3)].map((one) =>
      readMomentRows([one, RECORDS, CHECKSUM], PLAN),
    );
    const sum = addMomentRows(shards);
    const [whole] = readMomentRows([row([1, 2, 5, 7, 0, 3], 6)], PLAN).groups;
    expect(sum.groups).toHaveLength(1);
    expect(sum.groups[0]?.units).toBe(6);
    expect(sum.groups[0]?.metrics[0]?.late).toBe(6);
    const [means = [], wanted = []] = [sum.groups[0], whole].map((group) => [
      ...(group?.metrics[0]?.moments.means ?? []),
      ...(group?.metrics[0]?.moments.covariances.flat() ?? []),
    ]);
    for (const [i, value] of means.entries())
      expect(value).toBeCloseTo(wanted[i] ?? Number.NaN, 12);
    expect(sum.records.get('cut')).toBe(9);
    expect(sum.checksums[0]?.exposures).toBe(21);
  });

  it('reports limits that differ and quantiles', () => {
    const other = readMomentRows([{ ...TOTAL, m1_cap: 9 }], PLAN);
    expect(() => addMomentRows([readMomentRows([TOTAL], PLAN), other])).toThrow(
      expect.objectContaining({
        code: 'analysis',
        message: expect.stringContaining('metric 1 is limited to 4 in one file and to 9'),
      }),
    );
    const quantile = planOf(experiment, [
      { ...metricSpec(first.metric), type: 'quantile', quantile: 0.5, of: 'units' },
    ]);
    const rows = readMomentRows([{ ...TOTAL, m1_q: 3, m1_low: 1, m1_high: 5 }], quantile);
    expect(rows.groups[0]?.metrics[0]?.quantile).toEqual({ value: 3, low: 1, high: 5 });
    expect(() => addMomentRows([rows, rows])).toThrow("quantiles of shards can't be added");
    expect(() => addMomentRows([])).toThrow('there are no rows to add');
  });

  it('keeps only days that every shard with earlier units has', () => {
    const day = (date: string): EngineRow => ({ ...DAY, value: `2027-02-${date}T00:00:00Z` });
    const a = readMomentRows([day('01'), day('02'), day('03')], PLAN);
    const b = readMomentRows([day('02'), day('04')], PLAN);
    const days = addMomentRows([a, b]).groups.map(({ value, units }) => [
      value.slice(8, 10),
      units,
    ]);
    expect(days).toEqual([
      ['01', 10],
      ['02', 20],
    ]);
  });
});

describe('parseRowFile', () => {
  const rows = [
    { kind: 'total', name: 'a "quoted", name', units: '1' },
    { kind: 'day', name: 'line\nbreak', units: '2' },
  ];
  const csv = (separator: string): string =>
    [
      ['kind', 'name', 'units'],
      ['total', '"a ""quoted"", name"', '1'],
      ['day', '"line\nbreak"', '2'],
    ]
      .map((cells) => cells.join(separator))
      .join('\r\n');

  it.each([
    ['a list', JSON.stringify(rows)],
    ['lines', `\uFEFF${rows.map((row) => JSON.stringify(row)).join('\n')}\n\n`],
    ['CSV', `${csv(',')}\r\n`],
    ['CSV with tabs', csv('\t')],
  ])('reads %s', (_, text) => {
    expect(parseRowFile(text)).toEqual(rows);
  });

  it.each([
    ['the file is empty', ' \n'],
    ['line 2 is not JSON', '{"kind":"total"}\n{"kind":'],
    ['line 2 is not a JSON object', '{"kind":"total"}\n[1]'],
    ['the file is not JSON', '[{'],
    ['row 2 is not a JSON object', '[{}, null]'],
    ['row 1 has 1 values for 2 columns', 'a,b\n1'],
    ['has no end', 'a,b\n1,"2'],
  ])('reports: %s', (message, text) => {
    expect(() => parseRowFile(text)).toThrow(
      expect.objectContaining({ code: 'analysis', message: expect.stringContaining(message) }),
    );
  });
});
