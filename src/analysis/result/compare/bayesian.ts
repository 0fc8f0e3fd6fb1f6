import { betaBinomial } from '../../../stats/bayesian/beta-binomial.ts';
import { normalPosterior } from '../../../stats/bayesian/normal-posterior.ts';
import { hasSmallCells } from '../../../stats/effects/compare-proportions.ts';
import type { Counts } from '../../../stats/effects/fisher.ts';
import type { Comparison, Effect } from '../result.ts';
import { opinionText } from '../words/verdict-texts.ts';
import type { MetricArm } from './metric-arm.ts';

/** A second opinion's figures. */
type Opinion = Omit<NonNullable<Comparison['bayesian']>, 'text'>;

/**
 * Returns the second opinion: under a normal prior on the relative difference, or for small counts of a
 * proportion under a flat prior on both rates. Null if neither is possible.
 */
export function secondOpinion(
  better: 'up' | 'down',
  control: MetricArm,
  treatment: MetricArm,
  relative: Effect,
): Comparison['bayesian'] {
  const lowerIsBetter = better === 'down';
  const { counts } = control;
  const others = treatment.counts;
  const opinion =
    counts !== undefined && others !== undefined && hasSmallCells(counts, others)
      ? onCounts(counts, others, lowerIsBetter)
      : onLift(relative, lowerIsBetter);
  return opinion && { ...opinion, text: opinionText(opinion) };
}

function onLift({ estimate, standardError }: Effect, lowerIsBetter: boolean): Opinion | null {
  if (estimate === null || standardError === null) return null;
  const { chanceToBeBetter, expectedLossOfTreatment, expectedLossOfControl } = normalPosterior(
    { estimate, standardError },
    { lowerIsBetter },
  );
  return chanceToBeBetter === null ||
    expectedLossOfTreatment === null ||
    expectedLossOfControl === null
    ? null
    : { chanceToBeBetter, expectedLossOfTreatment, expectedLossOfControl };
}

function onCounts(control: Counts, treatment: Counts, lowerIsBetter: boolean): Opinion | null {
  if (control.n === 0 || treatment.n === 0) return null;
  const { status, chanceToBeBetter, expectedLossOfTreatment, expectedLossOfControl } = betaBinomial(
    control,
    treatment,
    { lowerIsBetter },
  );
  if (status !== 'ok') return null;
  // The control's rate under the same prior, which is never 0.
  const rate = (control.successes + 1) / (control.n + 2);
  return {
    chanceToBeBetter,
    expectedLossOfTreatment: expectedLossOfTreatment / rate,
    expectedLossOfControl: expectedLossOfControl / rate,
  };
}
