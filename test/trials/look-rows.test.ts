import type { GroupRow, MomentRows } from '../../src/analysis/rows/moment-rows.ts';
import { rowsByLook } from '../../src/trials/look-rows.ts';

function group(kind: GroupRow['kind'], value: string, units: number): GroupRow {
  return { kind, name: '', value, variant: 'a', mixed: false, units, metrics: [] };
}

describe('rowsByLook()', () => {
  const rows: MomentRows = {
    groups: [
      group('day', '2027-01-06T00:00:00Z', 20),
      group('day', '2027-01-05T00:00:00Z', 10),
      group('day', '2027-01-07T00:00:00Z', 30),
      group('total', '', 31),
      group('audience', '0', 31),
      group('segment', 'de', 7),
    ],
    checksums: [],
    records: new Map(),
  };
  const looks = rowsByLook(rows, Date.UTC(2027, 0, 7));

  it('has a look for each day before the end, in order, and the last look', () => {
    expect(looks.map(({ until }) => new Date(until).getUTCDate())).toEqual([5, 6, 7]);
    expect(looks.map((look) => look.rows.groups.map(({ units }) => units))).toEqual([
      [10],
      [20],
      [31, 31],
    ]);
  });

  it('has days as totals, and audiences at the end only', () => {
    expect(looks.map((look) => look.rows.groups.map(({ kind }) => kind))).toEqual([
      ['total'],
      ['total'],
      ['total', 'audience'],
    ]);
  });
});
