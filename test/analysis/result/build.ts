import type { AnalysisPlan, PlannedMetric } from '../../../src/analysis/plan/analysis-plan.ts';
import type { MetricRole } from '../../../src/analysis/plan/analysis-plan.ts';
import type { GroupRow, MetricRow, MomentRows } from '../../../src/analysis/rows/moment-rows.ts';
import type { MetricSpec, MetricType } from '../../../src/specification/metric-types.ts';
import { group, metric, row } from './reference.ts';

/** Returns a plan for variants a (the control), b and so on, with equal shares in one audience. */
export function plan(
  metrics: readonly PlannedMetric[],
  more: Partial<AnalysisPlan> = {},
): AnalysisPlan {
  const variants = more.variants ?? ['a', 'b'];
  const percents = Object.fromEntries(variants.map((name) => [name, 100 / variants.length]));
  return {
    experiment: 'exp',
    checksum: '0123456789abcdef',
    identity: 'user.id',
    variants,
    compared: variants,
    control: variants[0] ?? 'a',
    audiences: [{ audience: 0, percents }],
    metrics,
    until: Date.parse('2027-02-01T00:00:00Z'),
    segments: [],
    mixed: 'drop',
    mature: false,
    preMs: null,
    mergeById: true,
    timeLine: false,
    holdouts: [],
    ...more,
  };
}

/** Returns a planned metric; a guardrail has the margin 1%. */
export function planned(
  type: MetricType,
  role: MetricRole = 'primary',
  more: Partial<MetricSpec> = {},
): PlannedMetric {
  const spec = metric(more.name ?? type, type, more);
  return { spec, role, ...(role === 'guardrail' && { margin: 0.01 }) };
}

/** Returns the row of a proportion. */
export function rate(n: number, successes: number, more: Partial<MetricRow> = {}): MetricRow {
  const p = n > 0 ? successes / n : 0;
  return row(n, ['y'], [p], [[n > 1 ? (p * (1 - p) * n) / (n - 1) : 0]], more);
}

/** Returns the row of a mean. */
export function mean(
  n: number,
  value: number,
  variance: number,
  more: Partial<MetricRow> = {},
): MetricRow {
  return row(n, ['y'], [value], [[variance]], more);
}

/** Returns rows with a total and the only audience for each variant. */
export function rows(
  byVariant: Readonly<Record<string, readonly (MetricRow | undefined)[]>>,
  more: Partial<MomentRows> = {},
  units?: Readonly<Record<string, number>>,
): MomentRows {
  const groups: GroupRow[] = Object.entries(byVariant).flatMap(([variant, metrics]) => {
    const n = units?.[variant] ?? metrics[0]?.moments.n ?? 0;
    return [group('total', variant, n, metrics), group('audience', variant, n, [], { value: '0' })];
  });
  return {
    groups: [...groups, ...(more.groups ?? [])],
    checksums: more.checksums ?? [],
    records: more.records ?? new Map(),
  };
}
