import { addMoments, type Moments } from '../moments/moments.ts';
import type { ArmPair } from './arm-pair.ts';

/** The share of its terms below which a variance is only rounding. */
const ROUNDING = 1e-14;

/**
 * Returns the factor by which the values before the exposure are subtracted: their covariance with the
 * metric divided by their variance, over the units of all variants together. One factor for all variants
 * gives the control the same adjusted mean in every comparison. A. Deng, Y. Xu, R. Kohavi, T. Walker,
 * "Improving the sensitivity of online controlled experiments by utilizing pre-experiment data", WSDM
 * (2013).
 *
 * @param all moments of each variant: the metric, then the same before the exposure
 * @returns 0 if the values before the exposure do not vary
 */
export function cupedTheta(all: readonly Moments[]): number {
  const [first, ...others] = all;
  if (first === undefined) return 0;
  const { covariances } = others.reduce(addMoments, first);
  return quotient(covariances[0]?.[1] ?? 0, covariances[1]?.[1] ?? 0);
}

/**
 * Returns the factor for a ratio: the sum of the variants' covariances divided by the sum of their
 * variances.
 *
 * @param all moments of each variant from `linearised()`
 */
export function cupedRatioTheta(all: readonly Moments[]): number {
  let covariance = 0;
  let variance = 0;
  for (const { covariances } of all) {
    covariance += covariances[0]?.[1] ?? 0;
    variance += covariances[1]?.[1] ?? 0;
  }
  return quotient(covariance, variance);
}

/**
 * Adjusts the difference between two variants for the values before the exposure (CUPED; see
 * {@link cupedTheta}). The control keeps its mean, and the treatment's becomes the control's plus the
 * adjusted difference. So the relative lift is the adjusted difference divided by the real control mean.
 *
 * @param control moments of two variables: the metric, then the same before the exposure
 * @param treatment moments of the same variables
 */
export function cupedAdjust(control: Moments, treatment: Moments, theta: number): ArmPair {
  const [meanC = 0, beforeC = 0] = control.means;
  const [meanT = 0, beforeT = 0] = treatment.means;
  const shared = theta ** 2 * ((control.covariances[1]?.[1] ?? 0) / control.n);
  const treatmentVariance = adjustedVariance(treatment, theta);
  return {
    control: { n: control.n, mean: meanC, variance: adjustedVariance(control, theta) },
    treatment: {
      n: treatment.n,
      mean: meanT - theta * (beforeT - beforeC),
      variance: treatmentVariance,
    },
    means: {
      control: (control.covariances[0]?.[0] ?? 0) / control.n,
      treatment: treatmentVariance / treatment.n + shared,
      covariance: theta * ((control.covariances[0]?.[1] ?? 0) / control.n),
      shared,
    },
  };
}

/**
 * Returns 1 − variance of the adjusted difference / variance of the plain difference: the share of the
 * units that CUPED saves. It is 0 if there is no variance.
 */
export function varianceReduction(control: Moments, treatment: Moments, theta: number): number {
  const plain = (adjusted: number): number =>
    adjustedVariance(control, adjusted) / control.n +
    adjustedVariance(treatment, adjusted) / treatment.n;
  const before = plain(0);
  const reduction = 1 - plain(theta) / before;
  return Number.isFinite(reduction) ? reduction : 0;
}

function adjustedVariance({ covariances }: Moments, theta: number): number {
  const variance = covariances[0]?.[0] ?? 0;
  if (theta === 0) return variance;
  const terms = variance + theta ** 2 * (covariances[1]?.[1] ?? 0);
  const adjusted = terms - 2 * theta * (covariances[0]?.[1] ?? 0);
  return adjusted <= ROUNDING * terms ? 0 : adjusted;
}

function quotient(covariance: number, variance: number): number {
  const theta = covariance / variance;
  return variance > 0 && Number.isFinite(theta) ? theta : 0;
}
