import { AnalysisError } from '../../errors/analysis-error.ts';
import { showValue } from '../../errors/show-value.ts';
import { addMoments } from '../../stats/moments/moments.ts';
import type { ChecksumRow, GroupRow, MetricRow, MomentRows } from './moment-rows.ts';

/**
 * Adds up the rows of shards, each of which has all records of its units.
 *
 * @throws AnalysisError for rows with different limits (caps) or with quantiles, which can't be added
 */
export function addMomentRows(several: readonly MomentRows[]): MomentRows {
  const [first, ...others] = several;
  if (first === undefined)
    throw new AnalysisError('there are no rows to add; pass at least one file');
  if (others.length === 0) return first;
  const groups = new Map<string, GroupRow>();
  const checksums = new Map<string, ChecksumRow>();
  const records = new Map<string, number>();
  for (const rows of several) {
    for (const group of rows.groups) {
      const { kind, name, value, variant, mixed } = group;
      const key = JSON.stringify([kind, name, value, variant, mixed]);
      const known = groups.get(key);
      groups.set(key, known === undefined ? group : addGroups(known, group));
    }
    for (const row of rows.checksums) {
      const known = checksums.get(row.checksum);
      checksums.set(row.checksum, known === undefined ? row : addChecksums(known, row));
    }
    for (const [cause, count] of rows.records) {
      const known = records.get(cause) ?? 0;
      records.set(cause, cause === 'most_outcomes' ? Math.max(known, count) : known + count);
    }
  }
  const days = several.map(daysOf);
  return {
    groups: [...groups.values()].filter(
      ({ kind, value }) => kind !== 'day' || days.every((one) => hasDay(one, value)),
    ),
    checksums: [...checksums.values()],
    records,
  };
}

function daysOf({ groups }: MomentRows): ReadonlySet<string> {
  return new Set(groups.filter(({ kind }) => kind === 'day').map(({ value }) => value));
}

/** A shard whose first unit came later has no units on a day; one with other days can't be added on it. */
function hasDay(days: ReadonlySet<string>, value: string): boolean {
  if (days.size === 0) return true;
  return days.has(value) || [...days].every((day) => day > value);
}

function addChecksums(a: ChecksumRow, b: ChecksumRow): ChecksumRow {
  return {
    checksum: a.checksum,
    exposures: a.exposures + b.exposures,
    last: a.last > b.last ? a.last : b.last,
  };
}

function addGroups(a: GroupRow, b: GroupRow): GroupRow {
  return {
    ...a,
    units: a.units + b.units,
    metrics: a.metrics.map((metric, i) => {
      const other = b.metrics[i];
      if (metric === undefined || other === undefined) return metric ?? other;
      return addMetrics(metric, other, i + 1);
    }),
  };
}

function addMetrics(a: MetricRow, b: MetricRow, number: number): MetricRow {
  if (a.quantile !== undefined || b.quantile !== undefined) {
    throw new AnalysisError(
      `metric ${number} is a quantile, and quantiles of shards can't be added; analyse all records in one statement`,
    );
  }
  if (a.variables.join() !== b.variables.join()) {
    throw new AnalysisError(`metric ${number} has other columns in another file; use one plan`);
  }
  const cap = sameLimit(a.cap, b.cap, number);
  const preCap = sameLimit(a.preCap, b.preCap, number);
  const capped =
    a.capped === undefined && b.capped === undefined
      ? undefined
      : (a.capped ?? 0) + (b.capped ?? 0);
  return {
    variables: a.variables,
    moments: addMoments(a.moments, b.moments),
    open: a.open + b.open,
    early: a.early + b.early,
    late: a.late + b.late,
    ...(cap === undefined ? {} : { cap }),
    ...(preCap === undefined ? {} : { preCap }),
    ...(capped === undefined ? {} : { capped }),
  };
}

function sameLimit(
  a: number | undefined,
  b: number | undefined,
  number: number,
): number | undefined {
  if (a === undefined || b === undefined || a === b) return a ?? b;
  throw new AnalysisError(
    `metric ${number} is limited to ${showValue(a)} in one file and to ${showValue(b)} in another; ` +
      'set its cap to a fixed number, as { "at": 500 }, or to null',
  );
}
