import type { MetricSpec } from '../../../specification/metric-types.ts';
import type { Arm, EstimateStatus } from '../../../stats/effects/estimate.ts';
import { proportionArm } from '../../../stats/effects/compare-proportions.ts';
import type { Counts } from '../../../stats/effects/fisher.ts';
import { designEffect, quantileArm } from '../../../stats/effects/quantile-arm.ts';
import { ratioArm } from '../../../stats/effects/ratio-arm.ts';
import type { Moments } from '../../../stats/moments/moments.ts';
import type { MetricRow, Variable } from '../../rows/moment-rows.ts';
import type { ArmResult } from '../result.ts';
import { finite } from './as-effect.ts';
import { familyOf, type MetricFamily } from './metric-family.ts';

/** A metric in one variant, ready for comparison. */
export interface MetricArm {
  readonly variant: string;
  readonly family: MetricFamily;
  readonly status: EstimateStatus;
  /** The number of units. */
  readonly n: number;
  readonly arm: Arm;
  /** Of a proportion only. */
  readonly counts?: Counts;
  /** Of a proportion or mean: the metric and its values before the exposure; of a ratio: y, d, x and w. */
  readonly withPre?: Moments;
  readonly numerator: number | null;
  readonly denominator: number | null;
}

/** Returns a metric in one variant; with n = 0 if there is no row. */
export function metricArm(
  variant: string,
  spec: MetricSpec,
  row: MetricRow | undefined,
): MetricArm {
  const family = familyOf(spec);
  const n = row?.moments.n ?? 0;
  if (row === undefined || n === 0) {
    const arm = { n: 0, mean: 0, variance: 0 };
    return { variant, family, status: 'too-few', n: 0, arm, numerator: null, denominator: null };
  }
  const status = n < 2 ? 'too-few' : 'ok';
  const sum = n * meanOf(row, 'y');
  const withPre = family === 'ratio' ? pick(row, 'y', 'd', 'x', 'w') : pick(row, 'y', 'x');
  const pre = withPre && family !== 'quantile' ? { withPre } : {};
  switch (family) {
    case 'proportion': {
      const counts = { n, successes: Math.round(sum) };
      const arm = proportionArm(counts);
      const numerator = counts.successes;
      return { variant, family, status, n, arm, counts, ...pre, numerator, denominator: n };
    }
    case 'mean': {
      const { means, covariances } = row.moments;
      const arm = { n, mean: means[0] ?? 0, variance: Math.max(0, covariances[0]?.[0] ?? 0) };
      return { variant, family, status, n, arm, ...pre, numerator: whole(sum), denominator: n };
    }
    case 'ratio': {
      const denominator = whole(n * meanOf(row, 'd'));
      const { status: defined, ...arm } = ratioArm(pick(row, 'y', 'd') ?? row.moments);
      const state = defined === 'ok' ? status : defined;
      return { variant, family, status: state, n, arm, ...pre, numerator: whole(sum), denominator };
    }
    case 'quantile': {
      const { status: enough, ...arm } = quantileOf(spec, row);
      return { variant, family, status: enough, n, arm, numerator: null, denominator: arm.n };
    }
  }
}

/** Returns a metric in one variant for people: without numbers that are not defined. */
export function armResult({
  variant,
  status,
  n,
  arm,
  numerator,
  denominator,
}: MetricArm): ArmResult {
  const isDefined = n > 0 && status !== 'no-denominator' && Number.isFinite(arm.mean);
  const error = Math.sqrt(arm.variance / arm.n);
  const hasError = isDefined && status === 'ok' && Number.isFinite(error);
  return {
    variant,
    n,
    value: isDefined ? finite(arm.mean) : null,
    standardError: hasError ? finite(error) : null,
    numerator: finite(numerator),
    denominator: finite(denominator),
  };
}

/** Returns the moments of some variables; undefined if the row does not have all of them. */
export function pick(
  { variables, moments }: MetricRow,
  ...wanted: readonly Variable[]
): Moments | undefined {
  const places = wanted.map((variable) => variables.indexOf(variable));
  if (places.includes(-1)) return undefined;
  return {
    n: moments.n,
    means: places.map((place) => moments.means[place] ?? 0),
    covariances: places.map((i) => places.map((j) => moments.covariances[i]?.[j] ?? 0)),
  };
}

function meanOf({ variables, moments }: MetricRow, variable: Variable): number {
  return moments.means[variables.indexOf(variable)] ?? 0;
}

/** Quantiles of outcomes are over events, which come in clusters of one unit's. */
function quantileOf(spec: MetricSpec, row: MetricRow) {
  const { value = null, low = null, high = null } = row.quantile ?? {};
  if (spec.of === 'units') return quantileArm({ n: row.moments.n, value, low, high });
  const clusters = pick(row, 'y', 'd');
  const n = Math.round(row.moments.n * meanOf(row, 'd'));
  const effect = clusters === undefined ? 1 : designEffect(clusters, spec.quantile ?? 0);
  return quantileArm({ n, value, low, high }, effect);
}

/** The relative error of a sum that was a mean before. */
const ROUNDING = 1e-9;

/** Returns the whole number that a sum of whole numbers was before rounding. */
function whole(sum: number): number {
  const nearest = Math.round(sum);
  return Math.abs(sum - nearest) <= ROUNDING * Math.abs(sum) ? nearest : sum;
}
