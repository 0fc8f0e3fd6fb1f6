import type { GroupRow, MomentRows } from '../analysis/rows/moment-rows.ts';

/** The rows of an analysis as of one moment. */
export interface RowsAtLook {
  /** Only records before this moment count, in milliseconds since 1970. */
  readonly until: number;
  readonly rows: MomentRows;
}

/**
 * Returns the rows of each daily look and of the last one, so that one statement serves all looks. A look
 * before the last one has no rows of audiences: the split is tested at the end.
 *
 * @param until the moment of the last look
 */
export function rowsByLook(rows: MomentRows, until: number): RowsAtLook[] {
  const days = new Map<number, GroupRow[]>();
  for (const group of rows.groups) {
    if (group.kind !== 'day') continue;
    const at = Date.parse(group.value);
    if (!(at < until)) continue;
    const groups = days.get(at) ?? [];
    groups.push({ ...group, kind: 'total', value: '' });
    days.set(at, groups);
  }
  const earlier = [...days].toSorted(([a], [b]) => a - b);
  const last = rows.groups.filter(({ kind }) => kind === 'total' || kind === 'audience');
  return [
    ...earlier.map(([at, groups]) => ({ until: at, rows: { ...rows, groups } })),
    { until, rows: { ...rows, groups: last } },
  ];
}
