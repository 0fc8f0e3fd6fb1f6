import type { RecordSources } from '../../engine.ts';
import type { AnalysisPlan } from '../../plan/analysis-plan.ts';
import type { SqlDialect } from '../dialects/sql-dialect.ts';
import { Measures } from './measures.ts';
import { metricColumns, type MetricColumns } from './metric-columns.ts';

/** Everything that the stages of a statement have in common. */
export interface BuildContext {
  readonly plan: AnalysisPlan;
  readonly dialect: SqlDialect;
  readonly sources: RecordSources;
  readonly measures: Measures;
  readonly metrics: readonly MetricColumns[];
  /** True if outcomes are merged by their ids. */
  readonly mergesOutcomes: boolean;
  /** The columns of the segments, `seg_1`, in the order of the plan. */
  readonly segments: readonly string[];
}

/** Returns the column of the stage `units` that later stages join and group by. */
export function unitKey({ dialect }: BuildContext): string {
  return dialect.rowNumber === undefined ? 'unit' : 'unit_no';
}

/** Prepares the building of a statement. */
export function buildContext(
  plan: AnalysisPlan,
  dialect: SqlDialect,
  sources: RecordSources,
): BuildContext {
  const measures = new Measures(plan);
  const metrics = metricColumns(plan, measures);
  return {
    plan,
    dialect,
    sources,
    measures,
    metrics,
    mergesOutcomes: plan.mergeById && sources.outcomes.columns.includes('id'),
    segments: plan.segments.map((_, i) => `seg_${i + 1}`),
  };
}
