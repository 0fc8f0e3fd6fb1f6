import type { PlannedMetric } from '../../plan/analysis-plan.ts';
import type { Comparison, Verdict } from '../result.ts';
import { verdictText } from '../words/verdict-texts.ts';
import type { LookTest } from './by-look.ts';
import type { ComparisonDraft } from './comparison-draft.ts';
import { CORRECTIONS } from './corrections.ts';
import { moreUnitsFactor } from './units-needed.ts';

/** The fewest units of a variant for a verdict. */
export const MIN_UNITS = 10;

/** More units than any experiment has; beyond, their number is not shown. */
const MAX_UNITS = 1e9;

/** Facts that a verdict depends on besides the comparison. */
export interface VerdictSituation {
  readonly look: LookTest;
  /** True if the split is off, too many units are mixed, or there are too few. */
  readonly withheld: boolean;
  /** The units of all variants. */
  readonly units: number;
  /** The number of tests that are corrected together. */
  readonly family: number;
}

/** Completes a comparison with its correction and verdict. */
export function withVerdict(
  { spec, role, margin = 0 }: PlannedMetric,
  draft: ComparisonDraft,
  pValueAdjusted: number | null,
  situation: VerdictSituation,
): Comparison {
  const isWithheld = situation.withheld || draft.fewest < MIN_UNITS;
  const decided =
    draft.guardrail ?? decide(draft.figures, pValueAdjusted, spec.better, situation.look.alpha);
  const verdict = isWithheld ? 'withheld' : decided;
  const unitsNeeded = verdict === 'not-decided' ? neededBy(draft, situation) : null;
  return {
    ...draft.figures,
    pValueAdjusted,
    correction: CORRECTIONS[role],
    verdict,
    verdictText: verdictText(verdict, margin, unitsNeeded),
    unitsNeeded,
  };
}

function decide(
  { absolute }: ComparisonDraft['figures'],
  pValue: number | null,
  better: 'up' | 'down',
  alpha: number,
): Verdict {
  const estimate = absolute.estimate ?? 0;
  if (pValue === null || pValue >= alpha || estimate === 0) return 'not-decided';
  return estimate > 0 === (better === 'up') ? 'better' : 'worse';
}

/** The further units of all variants, whose shares stay the same. */
function neededBy(
  { undecided, guardrail }: ComparisonDraft,
  { look, units, family }: VerdictSituation,
): number | null {
  const alternative = guardrail === undefined ? 'two-sided' : 'greater';
  // The first factor is 0 if only the correction keeps the comparison from being decided.
  const factor =
    moreUnitsFactor(undecided, look, alternative) ||
    moreUnitsFactor(undecided, { ...look, alpha: look.alpha / Math.max(1, family) }, alternative);
  if (factor === null || !(factor > 0)) return null;
  const needed = Math.ceil(factor * units);
  return needed <= MAX_UNITS ? needed : null;
}
