import type { AnalysisPlan } from '../analysis/plan/analysis-plan.ts';
import type { Comparison, Result } from '../analysis/result/result.ts';
import type { ResultOptions } from '../analysis/result/result-options.ts';
import { toResult } from '../analysis/result/to-result.ts';
import type { MomentRows } from '../analysis/rows/moment-rows.ts';
import { rowsByLook } from './look-rows.ts';
import type { LookFigure, Method, RunFigures } from './tally.ts';

/** The results of one experiment at all its looks. */
export interface RunResult {
  /** True if the sample-ratio test failed at the last look. */
  readonly isSplitOff: boolean;
  /** By metric in the order of the plan, then by treatment in the order of the variants. */
  readonly comparisons: readonly (readonly RunFigures[])[];
}

/**
 * The confidence whose fixed intervals at the planned end are at 95%: half of the errors are for the looks
 * before it.
 */
const FIXED_AT_95 = 0.9;

/**
 * Analyses one experiment at all of its looks, in each way. Each metric is the only one of its analysis, so
 * that decisions are not corrected for the other simulated metrics.
 *
 * @param plannedUnits the number of units at the planned end, which is the plan's `until`
 */
export function analyseLooks(
  plan: AnalysisPlan,
  rows: MomentRows,
  plannedUnits: number,
): RunResult {
  const looks = rowsByLook(rows, plan.until);
  const ofMetrics = plan.metrics.map((metric, position) =>
    looks.map(({ until, rows: all }) =>
      analyseLook({ ...plan, metrics: [metric], until }, rowsOfMetric(all, position), {
        plannedUnits,
        plannedEnd: plan.until,
      }),
    ),
  );
  const treatments = plan.compared.filter((variant) => variant !== plan.control);
  return {
    isSplitOff: ofMetrics[0]?.at(-1)?.hybrid.status === 'split-off',
    comparisons: ofMetrics.map((ofMetric) =>
      treatments.map((_, treatment) => {
        const figures = (method: Method) =>
          ofMetric.map((look) => figureOf(comparisonOf(look[method], treatment)));
        const end = comparisonOf(ofMetric.at(-1)?.hybrid, treatment);
        return {
          estimate: end?.relative.estimate ?? undefined,
          varianceReduction: end?.varianceReduction ?? undefined,
          looks: {
            fixed: figures('fixed'),
            hybrid: figures('hybrid'),
            sequence: figures('sequence'),
          },
        };
      }),
    ),
  };
}

/** Analyses the rows of one look in each way. */
function analyseLook(
  plan: AnalysisPlan,
  rows: MomentRows,
  planned: ResultOptions,
): Record<Method, Result> {
  return {
    // As if this look were the only one.
    fixed: toResult(plan, rows, { plannedEnd: plan.until, confidence: FIXED_AT_95 }),
    hybrid: toResult(plan, rows, planned),
    sequence: toResult(plan, rows, {}),
  };
}

/** Returns the rows of an analysis of one metric only. */
function rowsOfMetric(rows: MomentRows, position: number): MomentRows {
  return {
    ...rows,
    groups: rows.groups.map((group) => ({ ...group, metrics: [group.metrics[position]] })),
  };
}

/** Returns the comparison of a treatment in a result of one metric. */
function comparisonOf(result: Result | undefined, treatment: number): Comparison | undefined {
  return result?.metrics[0]?.comparisons[treatment];
}

/** Returns what a result says about one comparison. */
function figureOf(comparison: Comparison | undefined): LookFigure {
  if (comparison === undefined) return NOTHING;
  const { verdict, relative, absolute } = comparison;
  const isDecided = verdict === 'better' || verdict === 'worse';
  const isUp = (absolute.estimate ?? 0) > 0;
  return {
    decided: isDecided ? (isUp ? 'up' : 'down') : undefined,
    interval: verdict === 'withheld' ? undefined : (relative.interval ?? undefined),
  };
}

const NOTHING: LookFigure = { decided: undefined, interval: undefined };
