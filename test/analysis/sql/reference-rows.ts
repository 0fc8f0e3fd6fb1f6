import type { GroupRow, MetricRow, MomentRows } from '../../../src/analysis/rows/moment-rows.ts';
import { addMoments } from '../../../src/stats/moments/moments.ts';
import type { ReferenceAnalysis, ReferenceExperiment } from './reference.ts';

/** Returns the groups of a variant that an analysis of `expected.json` is about. */
export function groupsOf(
  rows: MomentRows,
  { options }: Pick<ReferenceAnalysis, 'options'>,
  variant: string,
): readonly GroupRow[] {
  const { segment, contaminated } = options;
  return rows.groups.filter(
    (group) =>
      group.variant === variant &&
      (contaminated === 'first' || !group.mixed) &&
      (segment === undefined
        ? group.kind === 'total'
        : group.kind === 'segment' && group.name === segment[0] && group.value === segment[1]),
  );
}

/** Returns the figures of the first metric, of mixed and other units together. */
export function metricOf(groups: readonly GroupRow[]): MetricRow {
  const metrics = groups.map(({ metrics: [metric] }) => metric).filter((one) => one !== undefined);
  const [first] = metrics;
  if (first === undefined) throw new Error('no metric');
  return {
    ...first,
    moments: metrics.map(({ moments }) => moments).reduce(addMoments),
    capped: metrics.reduce((sum, { capped }) => sum + (capped ?? 0), 0),
  };
}

/** The numbers of an analysis that an engine's rows must have, by name, next to the expected ones. */
export function compared(
  rows: MomentRows,
  experiment: ReferenceExperiment,
  analysis: ReferenceAnalysis,
): readonly { readonly name: string; readonly actual: number; readonly expected: number }[] {
  const { expected, metric, options } = analysis;
  const list: { name: string; actual: number | undefined; expected: number | undefined }[] = [];
  let capped = 0;
  for (const [variant, arm] of Object.entries(expected.arms)) {
    const found = metricOf(groupsOf(rows, analysis, variant));
    const { n, means, covariances } = found.moments;
    const at = (i: number, j: number): number => covariances[i]?.[j] ?? Number.NaN;
    capped += found.capped ?? 0;
    const add = (name: string, actual: number | undefined, wanted: number | undefined): void => {
      if (wanted !== undefined) list.push({ name: `${variant} ${name}`, actual, expected: wanted });
    };
    add('n', n, arm.n);
    if (metric.kind === 'ratio') {
      const [y = Number.NaN, d = Number.NaN] = means;
      const ratio = y / d;
      add('numerator', y, arm.numerator);
      add('denominator', d, arm.denominator);
      add('ratio', ratio, arm.ratio);
      add('covariance', at(0, 1), arm.covariance);
      add(
        'variance',
        (at(0, 0) - 2 * ratio * at(0, 1) + ratio ** 2 * at(1, 1)) / d ** 2,
        arm.variance,
      );
      continue;
    }
    add('mean', means[0], arm.mean);
    // The variance of a share has the divisor n.
    const isShare = metric.kind === 'any' && options.cuped !== true;
    add('variance', isShare ? (at(0, 0) * (n - 1)) / n : at(0, 0), arm.variance);
    add('successes', arm.successes === undefined ? 0 : (means[0] ?? 0) * n, arm.successes);
    add('preMean', means[1], arm.preMean);
    add('preVariance', at(1, 1), arm.preVariance);
    add('covariance', at(0, 1), arm.covariance);
    if (expected.cap !== undefined) add('cap', found.cap, expected.cap);
    if (expected.capOfPrePeriod !== undefined) add('preCap', found.preCap, expected.capOfPrePeriod);
  }
  if (expected.capped !== undefined) {
    list.push({ name: 'capped', actual: capped, expected: expected.capped });
  }
  if (list.length < 2 * experiment.variants.length) throw new Error('nothing was compared');
  return list.map((one) => ({
    name: one.name,
    actual: one.actual ?? Number.NaN,
    expected: one.expected ?? Number.NaN,
  }));
}
