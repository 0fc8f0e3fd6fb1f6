import { normalQuantile } from '../../stats/distributions/normal.ts';
import type { AnalysisPlan } from '../plan/analysis-plan.ts';
import type { Comparison } from '../result/result.ts';
import { toResult } from '../result/to-result.ts';
import type { MomentRows } from '../rows/moment-rows.ts';
import { rowsByLook } from './look-rows.ts';
import type { LookFigure, RunFigures } from './tally.ts';

/** The results of one experiment at all its looks. */
export interface RunResult {
  /** True if the sample-ratio test failed at the last look. */
  readonly isSplitOff: boolean;
  /** By metric in the order of the plan, then by treatment in the order of the variants. */
  readonly comparisons: readonly (readonly RunFigures[])[];
}

/** The error rate of all methods. */
const ALPHA = 0.05;

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
    return { hybrid: toResult(at, look.rows, planned), sequence: toResult(at, look.rows, {}) };
  });
  const last = looks.at(-1);
  const treatments = plan.variants.filter((variant) => variant !== plan.control);
  const at = (method: 'hybrid' | 'sequence', metric: number, treatment: number) =>
    looks.map((look) => look[method].metrics[metric]?.comparisons[treatment]);
  return {
    isSplitOff: last?.hybrid.status === 'split-off',
    comparisons: plan.metrics.map((_, metric) =>
      treatments.map((__, treatment) => {
        const hybrid = at('hybrid', metric, treatment);
        const sequence = at('sequence', metric, treatment);
        return {
          estimate: hybrid.at(-1)?.relative.estimate ?? undefined,
          varianceReduction: hybrid.at(-1)?.varianceReduction ?? undefined,
          looks: {
            fixed: hybrid.map(fixedFigure),
            hybrid: hybrid.map(reportedFigure),
            sequence: sequence.map(reportedFigure),
          },
        };
      }),
    ),
  };
}

/** Returns what Evenhand reports. */
function reportedFigure(comparison: Comparison | undefined): LookFigure {
  if (comparison === undefined) return NOTHING;
  const { verdict, relative, absolute } = comparison;
  const isDecided = verdict === 'better' || verdict === 'worse';
  const isUp = (absolute.estimate ?? 0) > 0;
  return {
    decided: isDecided ? (isUp ? 'up' : 'down') : undefined,
    interval: verdict === 'withheld' ? undefined : (relative.interval ?? undefined),
  };
}

/** Returns what a test at 5% says at this look, as if it were the only one. */
function fixedFigure(comparison: Comparison | undefined): LookFigure {
  if (comparison === undefined || comparison.verdict === 'withheld') return NOTHING;
  const { absolute, relative } = comparison;
  const inAbsolute = intervalOf(absolute);
  if (inAbsolute === undefined) return NOTHING;
  const [low, high] = inAbsolute;
  const decided = low > 0 ? 'up' : high < 0 ? 'down' : undefined;
  return { decided, interval: intervalOf(relative) };
}

const NOTHING: LookFigure = { decided: undefined, interval: undefined };

/** The deviations of a fixed interval; with hundreds of units, t and normal are the same. */
const FIXED = normalQuantile(1 - ALPHA / 2);

function intervalOf({
  estimate,
  standardError,
}: Comparison['absolute']): readonly [number, number] | undefined {
  if (estimate === null || standardError === null) return undefined;
  return [estimate - FIXED * standardError, estimate + FIXED * standardError];
}
