import { normalDensity, normalQuantile, normalTail } from '../distributions/normal.ts';

/** A normal prior on the relative lift. */
export interface NormalPrior {
  readonly mean: number;
  /** The standard deviation, more than 0. */
  readonly sd: number;
}

/** The prior without other knowledge: most lifts are within ±60%. */
export const DEFAULT_PRIOR: NormalPrior = { mean: 0, sd: 0.3 };

/** Settings of {@link normalPosterior}. */
export interface PosteriorOptions {
  /** null: flat. Default: {@link DEFAULT_PRIOR}. */
  readonly prior?: NormalPrior | null;
  /** The control's mean, on the absolute scale: its size scales the prior. Default: 1, for the relative scale. */
  readonly baseline?: number;
  /** 1 − probability of the interval. Default: 0.05. */
  readonly alpha?: number;
  /** Swaps chance and losses; the estimate keeps its sign. Default: false. */
  readonly lowerIsBetter?: boolean;
}

/** A second opinion: the effect under a prior. It never decides. */
export interface NormalPosterior {
  /** `no-baseline`: the prior can't be scaled by a mean of 0. */
  readonly status: 'ok' | 'no-variance' | 'no-baseline' | 'impossible';
  /** The chance that the treatment is better; null unless `ok`, like all below. */
  readonly chanceToBeBetter: number | null;
  /** The chance that it is worse. */
  readonly chanceToBeWorse: number | null;
  readonly estimate: number | null;
  readonly standardDeviation: number | null;
  readonly interval: readonly [low: number, high: number] | null;
  /** The expected loss by choosing the treatment, and the control. */
  readonly expectedLossOfTreatment: number | null;
  readonly expectedLossOfControl: number | null;
}

/**
 * Returns the posterior of an effect with a normal prior. A. Gelman et al., "Bayesian Data Analysis",
 * chapter 2; the losses after C. Stucchio, "Bayesian A/B testing at VWO" (2015).
 */
export function normalPosterior(
  effect: { readonly estimate: number; readonly standardError: number },
  { prior = DEFAULT_PRIOR, baseline = 1, alpha = 0.05, lowerIsBetter = false }: PosteriorOptions,
): NormalPosterior {
  const { estimate, standardError } = effect;
  if (!Number.isFinite(estimate) || !Number.isFinite(standardError)) return without('impossible');
  if (!(standardError > 0)) return without('no-variance');
  const scale = Math.abs(baseline);
  if (prior !== null && !(prior.sd * scale > 0)) return without('no-baseline');
  // The share of the data in the posterior; a flat prior has none.
  const ratio = prior === null ? 0 : standardError / (prior.sd * scale);
  const data = 1 / (1 + ratio ** 2);
  const mean =
    prior === null ? estimate : prior.mean * scale + data * (estimate - prior.mean * scale);
  const sd = standardError / Math.hypot(1, ratio);
  const z = mean / sd;
  if (![mean, sd, z].every(Number.isFinite) || sd === 0) return without('impossible');
  const better = normalTail(-z);
  const worse = normalTail(z);
  const lossOfTreatment = Math.max(0, sd * (normalDensity(z) - z * worse));
  const lossOfControl = Math.max(0, sd * (normalDensity(z) + z * better));
  const half = -normalQuantile(alpha / 2) * sd;
  return {
    status: 'ok',
    chanceToBeBetter: lowerIsBetter ? worse : better,
    chanceToBeWorse: lowerIsBetter ? better : worse,
    estimate: mean,
    standardDeviation: sd,
    interval: [mean - half, mean + half],
    expectedLossOfTreatment: lowerIsBetter ? lossOfControl : lossOfTreatment,
    expectedLossOfControl: lowerIsBetter ? lossOfTreatment : lossOfControl,
  };
}

function without(status: NormalPosterior['status']): NormalPosterior {
  return {
    status,
    chanceToBeBetter: null,
    chanceToBeWorse: null,
    estimate: null,
    standardDeviation: null,
    interval: null,
    expectedLossOfTreatment: null,
    expectedLossOfControl: null,
  };
}
