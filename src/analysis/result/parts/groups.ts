import { addMoments } from '../../../stats/moments/moments.ts';
import type { AnalysisPlan } from '../../plan/analysis-plan.ts';
import type { GroupRow, MetricRow, MomentRows } from '../../rows/moment-rows.ts';

/** The rows of one group of units by variant. */
export type RowsByVariant = ReadonlyMap<string, GroupRow>;

/** Returns the analysed rows of all units by variant. */
export function totalRows({ groups }: MomentRows, plan: AnalysisPlan): RowsByVariant {
  return analysed(
    groups.filter(({ kind }) => kind === 'total'),
    plan,
  );
}

/** Returns the analysed rows of each segment or day, in the order of the rows. */
export function groupedRows(
  { groups }: MomentRows,
  plan: AnalysisPlan,
  kind: 'segment' | 'day',
): { readonly name: string; readonly value: string; readonly rows: RowsByVariant }[] {
  const found = new Map<string, { name: string; value: string; rows: GroupRow[] }>();
  for (const row of groups) {
    if (row.kind !== kind) continue;
    const key = JSON.stringify([row.name, row.value]);
    const group = found.get(key) ?? { name: row.name, value: row.value, rows: [] };
    group.rows.push(row);
    found.set(key, group);
  }
  return [...found.values()].map(({ name, value, rows }) => ({
    name,
    value,
    rows: analysed(rows, plan),
  }));
}

/** Returns the number of units that saw several variants. */
export function mixedUnits({ groups }: MomentRows): number {
  return groups
    .filter(({ kind, mixed }) => kind === 'total' && mixed)
    .reduce((sum, { units }) => sum + units, 0);
}

/** Returns the units of each compared variant, in the plan's order. */
export function unitsByVariant(
  { compared }: AnalysisPlan,
  rows: RowsByVariant,
): Record<string, number> {
  return record(compared.map((variant) => [variant, rows.get(variant)?.units ?? 0]));
}

/**
 * Returns the units of each variant that is not compared, by their first variant, in the plan's order. Variants
 * without units are left out.
 */
export function unitsNotCompared(
  { variants, compared }: AnalysisPlan,
  { groups }: MomentRows,
): Record<string, number> {
  const others = variants.filter((variant) => !compared.includes(variant));
  const counted = groups.filter(({ kind }) => kind === 'audience');
  const entries = others.map((variant): [string, number] => [
    variant,
    counted.filter((row) => row.variant === variant).reduce((sum, row) => sum + row.units, 0),
  ]);
  return record(entries.filter(([, units]) => units > 0));
}

/** Returns an object with own properties only, also for a name such as `__proto__`. */
export function record<T>(entries: readonly (readonly [string, T])[]): Record<string, T> {
  return Object.fromEntries(entries);
}

/** Mixed units are left out, or added to the others of their first variant. */
function analysed(rows: readonly GroupRow[], { mixed: treatment }: AnalysisPlan): RowsByVariant {
  const byVariant = new Map<string, GroupRow>();
  for (const row of rows) {
    if (row.mixed && treatment === 'drop') continue;
    const known = byVariant.get(row.variant);
    byVariant.set(row.variant, known === undefined ? row : addGroups(known, row));
  }
  return byVariant;
}

function addGroups(a: GroupRow, b: GroupRow): GroupRow {
  return {
    ...a,
    mixed: false,
    units: a.units + b.units,
    metrics: a.metrics.map((metric, i) => addMetrics(metric, b.metrics[i])),
  };
}

function addMetrics(a: MetricRow | undefined, b: MetricRow | undefined): MetricRow | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const { quantile, ...sums } = a;
  // Quantiles of two groups do not add up; a statement that treats mixed units by `first` has only one.
  const only =
    b.quantile === undefined ? quantile : quantile === undefined ? b.quantile : undefined;
  return {
    ...sums,
    moments: addMoments(a.moments, b.moments),
    open: a.open + b.open,
    early: a.early + b.early,
    late: a.late + b.late,
    ...(a.capped !== undefined && { capped: a.capped + (b.capped ?? 0) }),
    ...(only !== undefined && { quantile: only }),
  };
}
