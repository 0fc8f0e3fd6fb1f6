import type { Moments } from '../moments/moments.ts';
import { QUANTILE_DEVIATIONS } from '../moments/quantile.ts';
import type { Arm, EstimateStatus } from './estimate.ts';
import { ratioArm } from './ratio-arm.ts';

/** A quantile with its bounds. */
export interface QuantileMoments {
  /** The number of values. */
  readonly n: number;
  /** The quantile; null without values. */
  readonly value: number | null;
  /** The quantiles at the shares of `boundShares()`; null if there are too few values. */
  readonly low: number | null;
  readonly high: number | null;
  /** The number of standard errors between the quantile and each bound. Default: 1.96. */
  readonly z?: number;
}

/** A quantile as an arm that can be compared like a mean. */
export interface QuantileArm extends Arm {
  readonly status: Extract<EstimateStatus, 'ok' | 'too-few'>;
  /** Of the quantile; 0 if there are too few values. */
  readonly standardError: number;
}

/**
 * Returns a quantile as an arm. Its standard error comes from the distance of its bounds. A. Deng, U.
 * Knoblich, J. Lu, "Applying the delta method in metric analytics", KDD (2018); M. Liu, X. Sun, M.
 * Varshney, Y. Xu, "Large-scale online experimentation with quantile metrics" (2019).
 *
 * @param effect the design effect of values that come in clusters; see {@link designEffect}
 */
export function quantileArm(
  { n, value, low, high, z = QUANTILE_DEVIATIONS }: QuantileMoments,
  effect = 1,
): QuantileArm {
  if (value === null || low === null || high === null || n < 2) {
    return { status: 'too-few', n, mean: value ?? 0, variance: 0, standardError: 0 };
  }
  const standardError = (high - low) / (2 * z);
  const variance = (n - 1) * standardError ** 2 * effect;
  return { status: 'ok', n, mean: value, variance, standardError };
}

/**
 * Returns the factor by which clusters increase the variance of a quantile. It is the variance of the
 * share of events at or below the quantile, divided by that of independent events. A. Deng, U.
 * Knoblich, J. Lu, "Applying the delta method in metric analytics", KDD (2018).
 *
 * @param clusters moments over units: the events at or below the quantile, and all events
 * @param share of the quantile, between 0 and 1
 * @returns 1 if there is nothing to compute it from
 */
export function designEffect(clusters: Moments, share: number): number {
  const events = clusters.n * (clusters.means[1] ?? 0);
  const variance = ratioArm(clusters).variance / clusters.n;
  const effect = (variance * events) / (share * (1 - share));
  return Number.isFinite(effect) && effect > 0 ? effect : 1;
}
