import { momentsOf } from '../../../src/stats/moments/moments-of.ts';
import { quantileOf } from '../../../src/stats/moments/quantile.ts';

/** Values after capping. */
export interface Winsorised {
  /** `cap-is-zero`: the quantile is 0, so the cap would remove the metric; ignore zeros instead. */
  readonly status: 'ok' | 'cap-is-zero' | 'too-few';
  /** The largest value that remains; Infinity without values. */
  readonly cap: number;
  /** The number of values above the cap. */
  readonly capped: number;
  readonly mean: number;
  /** Divisor n − 1. */
  readonly variance: number;
}

/**
 * Sets values above a quantile to the quantile, so that a few large ones do not decide. The cap is one
 * for the units of all variants. (C. Hastings, F. Mosteller, J. W. Tukey, C. P. Winsor, "Low moments for
 * small samples", Annals of Mathematical Statistics 18 (1947).) Analyses do this in SQL; this is
 * their reference.
 *
 * @param values of the units of all variants, zeros included
 * @param quantile between 0 and 1
 * @param ignoreZeros leaves zeros out of the quantile, not out of the mean
 */
export function winsorise(
  values: readonly number[],
  quantile: number,
  ignoreZeros = false,
): Winsorised {
  const ascending = values.filter((value) => !ignoreZeros || value !== 0).sort((a, b) => a - b);
  const cap = quantileOf(ascending, quantile) ?? Number.POSITIVE_INFINITY;
  const { n, means, covariances } = momentsOf(values.map((value) => [Math.min(value, cap)]));
  return {
    status: n === 0 ? 'too-few' : cap === 0 ? 'cap-is-zero' : 'ok',
    cap,
    capped: values.filter((value) => value > cap).length,
    mean: means[0] ?? 0,
    variance: covariances[0]?.[0] ?? 0,
  };
}
