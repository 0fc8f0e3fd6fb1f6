import type { AnalysisPlan } from '../plan/analysis-plan.ts';
import type { Comparison } from '../result/result.ts';
import { toResult } from '../result/to-result.ts';
import type { MomentRows } from '../rows/moment-rows.ts';
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
 * Analyses one experiment at all of its looks, in each way.
 *
 * @param plannedUnits the number of units at the planned end, which is the plan's `until`
 */
export function analyseLooks(
  plan: AnalysisPlan,
  rows: MomentRows,
  plannedUnits: number,
): RunResult {
  const planned = { plannedUnits, plannedEnd: plan.until };
  const looks = rowsByLook(rows, plan.until).map((look) => {
    const at = { ...plan, until: look.until };
    return {
      // As if this look were the only one.
      fixed: toResult(at, look.rows, { plannedEnd: look.until, confidence: FIXED_AT_95 }),
      hybrid: toResult(at, look.rows, planned),
      sequence: toResult(at, look.rows, {}),
    };
  });
  const last = looks.at(-1);
  const treatments = plan.variants.filter((variant) => variant !== plan.control);
  const figures = (method: Method, metric: number, treatment: number) =>
    looks.map((look) => figureOf(look[method].metrics[metric]?.comparisons[treatment]));
  return {
    isSplitOff: last?.hybrid.status === 'split-off',
    comparisons: plan.metrics.map((_, metric) =>
      treatments.map((__, treatment) => {
        const end = last?.hybrid.metrics[metric]?.comparisons[treatment];
        return {
          estimate: end?.relative.estimate ?? undefined,
          varianceReduction: end?.varianceReduction ?? undefined,
          looks: {
            fixed: figures('fixed', metric, treatment),
            hybrid: figures('hybrid', metric, treatment),
            sequence: figures('sequence', metric, treatment),
          },
        };
      }),
    ),
  };
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
