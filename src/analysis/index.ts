/** Entry point `evenhand/analysis`: from recorded exposures and outcomes to the result of an experiment. */

// The analysis
export { analyze } from './analyze.ts';
export type { AnalysisStep, AnalyzeOptions } from './analyze-options.ts';
export type { MetricRole, MixedUnits } from './plan/analysis-plan.ts';
export type { Moment, PlanOptions } from './plan/plan-options.ts';
export type {
  CapSpec,
  MetricSpec,
  MetricType,
  OutcomePart,
} from '../specification/metric-types.ts';
export type { RawMetric } from '../specification/metrics/raw-metric.ts';
export { analysisSql, type AnalysisSqlOptions } from './analysis-sql.ts';

// Results
export { resultJson } from './result/result-json.ts';
export { resultMarkdown } from './output/result-markdown.ts';
export { resultPage, type ResultPageOptions } from './output/result-page.ts';
export {
  RESULT_VERSION,
  type ArmResult,
  type AudienceSplit,
  type Comparison,
  type DataNote,
  type Effect,
  type FigureStatus,
  type Interval,
  type Look,
  type MetricResult,
  type Result,
  type ResultPeriod,
  type ResultUnits,
  type ResultWarning,
  type SegmentResult,
  type SplitResult,
  type SplitTest,
  type TimeLine,
  type TimePoint,
  type VariantSplit,
  type Verdict,
} from './result/result.ts';

// Plans
export { planExperiment } from './power/plan-experiment.ts';
export { measureBaseline, type MeasureOptions } from './power/measure-baseline.ts';
export { planPage, type PlanPageOptions } from './power/page/plan-page.ts';
export type { GivenBaseline, PlanExperimentOptions } from './power/experiment-plan-options.ts';
export type { MeasuredBaseline } from './power/measured-baseline.ts';
export type { TargetOptions } from './power/plan-target.ts';
export type { UnitOrigin } from './power/baseline-records.ts';
export {
  EXPERIMENT_PLAN_VERSION,
  type ExperimentPlan,
  type LookMethod,
  type MeasuredPeriod,
  type MethodPrice,
  type PlanBaseline,
  type PlanCurves,
  type PlanDuration,
  type PlanMetric,
  type PlanNote,
  type PlanTest,
  type PlanUnits,
} from './power/experiment-plan.ts';

// Engines
export { clientEngine, type ClientEngineOptions } from './engines/client-engine.ts';
export { duckdbEngine } from './engines/duckdb/duckdb-engine.ts';
export type { DuckdbEngineOptions } from './engines/duckdb/duckdb-options.ts';
export { postgresEngine, type PostgresEngineOptions } from './engines/postgres/postgres-engine.ts';
export {
  DIALECTS,
  type Dialect,
  type Engine,
  type EngineRow,
  type QueryOptions,
  type RecordSelect,
  type RecordSources,
  type UnreadableLines,
} from './engine.ts';
