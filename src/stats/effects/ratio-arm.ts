import type { Moments } from '../moments/moments.ts';
import type { Arm, EstimateStatus } from './estimate.ts';

/** The share of its terms below which a variance is only rounding. */
const ROUNDING = 1e-14;

/** A ratio as an arm that can be compared like a mean. */
export interface RatioArm extends Arm {
  readonly status: Extract<EstimateStatus, 'ok' | 'no-denominator'>;
}

/**
 * Returns the ratio of two sums over units. Its variance per unit is that of the delta method. A. Deng,
 * U. Knoblich, J. Lu, "Applying the delta method in metric analytics", KDD (2018).
 *
 * @param moments of the numerator and the denominator, in this order
 * @returns mean and variance 0 with the status `no-denominator` if the denominator's sum is 0
 */
export function ratioArm({ n, means, covariances }: Moments): RatioArm {
  const [numerator = 0, denominator = 0] = means;
  if (denominator === 0) return { status: 'no-denominator', n, mean: 0, variance: 0 };
  const ratio = numerator / denominator;
  const varianceN = covariances[0]?.[0] ?? 0;
  const covariance = covariances[0]?.[1] ?? 0;
  const varianceD = covariances[1]?.[1] ?? 0;
  const terms = varianceN + ratio ** 2 * varianceD;
  const variance = terms - 2 * ratio * covariance;
  return {
    status: 'ok',
    n,
    mean: ratio,
    variance: variance <= ROUNDING * terms ? 0 : variance / denominator ** 2,
  };
}
