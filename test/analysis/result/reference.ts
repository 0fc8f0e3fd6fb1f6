import expected from '../../vectors/analysis/expected.json' with { type: 'json' };
import type { AnalysisPlan, PlannedMetric } from '../../../src/analysis/plan/analysis-plan.ts';
import type {
  GroupRow,
  MetricRow,
  MomentRows,
  Variable,
} from '../../../src/analysis/rows/moment-rows.ts';
import type { MetricSpec, MetricType } from '../../../src/specification/metric-types.ts';

/** The moments of one variant in expected.json. */
export interface ReferenceArm {
  readonly n: number;
  readonly mean?: number;
  readonly variance: number;
  readonly successes?: number;
  readonly preMean?: number;
  readonly preVariance?: number;
  readonly covariance?: number;
  readonly ratio?: number;
  readonly numerator?: number;
  readonly denominator?: number;
}

/** The figures of one comparison in expected.json. */
export interface ReferenceComparison {
  readonly absolute: ReferenceEstimate;
  readonly relative: ReferenceEstimate;
  readonly sequential: { readonly interval: readonly number[]; readonly pValue: number };
  readonly bayesian: {
    readonly 'normal(0,0.3)': {
      readonly chanceToWin: number;
      readonly expectedLossOfTreatment: number;
    };
  };
  readonly theta?: number;
  readonly varianceReduction?: number;
}

interface ReferenceEstimate {
  readonly estimate: number;
  readonly standardError: number;
  readonly pValue: number;
  readonly interval: readonly number[];
}

/** One analysis of expected.json. */
export interface ReferenceAnalysis {
  readonly id: string;
  readonly experiment: keyof typeof expected;
  readonly kind: 'any' | 'count' | 'sum' | 'ratio';
  readonly cuped: boolean;
  readonly arms: Readonly<Record<string, ReferenceArm>>;
  readonly comparisons: Readonly<Record<string, ReferenceComparison>>;
}

const TYPES: Readonly<Record<ReferenceAnalysis['kind'], MetricType>> = {
  any: 'proportion',
  count: 'count',
  sum: 'sum',
  ratio: 'mean',
};

const ALL = Object.entries(expected).map(([name, data]) => ({
  name: name as keyof typeof expected,
  data,
}));

/** All analyses of expected.json. With CUPED, the comparisons with one theta over all variants. */
export const ANALYSES: readonly ReferenceAnalysis[] = ALL.flatMap(({ name, data }) =>
  data.analyses.map((analysis) => {
    const { id, metric, options } = analysis;
    const figures = analysis.expected as {
      arms: Record<string, ReferenceArm>;
      comparisons: Record<string, ReferenceComparison & { thetaAllVariants?: ReferenceComparison }>;
    };
    const comparisons = Object.entries(figures.comparisons).map(
      ([variant, one]) => [variant, one.thetaAllVariants ?? one] as const,
    );
    return {
      id: `${name}/${id}`,
      experiment: name,
      kind: metric.kind as ReferenceAnalysis['kind'],
      cuped: 'cuped' in options,
      arms: figures.arms,
      comparisons: Object.fromEntries(comparisons),
    };
  }),
);

/** Returns a metric with the defaults of the specification. */
export function metric(name: string, type: MetricType, more: Partial<MetricSpec> = {}): MetricSpec {
  return {
    name,
    type,
    outcomes: ['purchase'],
    delayMs: 0,
    windowMs: 7 * 86_400_000,
    cap: null,
    better: 'up',
    ...more,
  };
}

/** Returns the plan of an experiment of expected.json. */
export function planOf(
  experiment: keyof typeof expected,
  metrics: readonly PlannedMetric[],
  more: Partial<AnalysisPlan> = {},
): AnalysisPlan {
  const { checksum, identity, variants, control, allocations, until } = expected[experiment];
  return {
    experiment: expected[experiment].experiment,
    checksum,
    identity,
    variants,
    compared: variants,
    control,
    audiences: allocations.map(({ audience, rule, shares }) => ({
      audience,
      ...(rule !== null && { rule }),
      percents: Object.fromEntries(shares as [string, number][]),
    })),
    metrics,
    until: Date.parse(until),
    segments: [],
    mixed: 'drop',
    mature: false,
    preMs: 28 * 86_400_000,
    mergeById: true,
    timeLine: false,
    holdouts: [],
    ...more,
  };
}

/** Returns the plan of an analysis: its only metric is secondary, so that p-values stay as they are. */
export function planOfAnalysis({ experiment, id, kind, cuped }: ReferenceAnalysis): AnalysisPlan {
  const spec = metric(
    id,
    TYPES[kind],
    kind === 'any' || kind === 'count' ? {} : { value: 'value' },
  );
  return planOf(experiment, [{ spec, role: 'secondary' }], cuped ? {} : { preMs: null });
}

/** Returns the rows of an analysis, from its moments. */
export function rowsOfAnalysis(analysis: ReferenceAnalysis): MomentRows {
  const groups = Object.entries(analysis.arms).map(([variant, arm]) =>
    group('total', variant, arm.n, [metricRow(arm, analysis)]),
  );
  return { groups: [...groups, ...audienceRows(analysis.experiment)], ...nothing };
}

const nothing = { checksums: [], records: new Map<string, number>() };

/** Returns a row with the moments of expected.json. */
function metricRow(arm: ReferenceArm, { kind, id, cuped }: ReferenceAnalysis): MetricRow {
  const { n, variance, covariance = 0, preMean = 0, preVariance = 0 } = arm;
  if (kind === 'ratio') return ratioRow(arm, id);
  // Rows have the divisor n − 1; expected.json has n for proportions without CUPED.
  const yy = kind === 'any' && !cuped ? (variance * n) / (n - 1) : variance;
  return cuped
    ? row(
        n,
        ['y', 'x'],
        [arm.mean ?? 0, preMean],
        [
          [yy, covariance],
          [covariance, preVariance],
        ],
      )
    : row(n, ['y'], [arm.mean ?? 0], [[yy]]);
}

/** The variance of the numerator is that of revenue, and that of the denominator follows from the ratio's. */
function ratioRow(arm: ReferenceArm, id: string): MetricRow {
  const { n, ratio = 0, numerator = 0, denominator = 0, covariance = 0, variance } = arm;
  const sums = ANALYSES.find((one) => one.id === id.replace('revenue-per-order', 'revenue'));
  const yy = Object.values(sums?.arms ?? {}).find(({ mean }) => close(mean, numerator))?.variance;
  if (yy === undefined) throw new Error(`${id}: revenue is missing`);
  const dd = (variance * denominator ** 2 - yy + 2 * ratio * covariance) / ratio ** 2;
  return row(
    n,
    ['y', 'd'],
    [numerator, denominator],
    [
      [yy, covariance],
      [covariance, dd],
    ],
  );
}

const close = (a: number | undefined, b: number): boolean => Math.abs((a ?? 0) - b) < 1e-6;

/** Returns a metric's row. */
export function row(
  n: number,
  variables: readonly Variable[],
  means: readonly number[],
  covariances: readonly (readonly number[])[],
  more: Partial<MetricRow> = {},
): MetricRow {
  return { variables, moments: { n, means, covariances }, open: 0, early: 0, late: 0, ...more };
}

/** Returns a group's row. */
export function group(
  kind: GroupRow['kind'],
  variant: string,
  units: number,
  metrics: readonly (MetricRow | undefined)[],
  more: Partial<GroupRow> = {},
): GroupRow {
  return { kind, name: '', value: '', variant, mixed: false, units, metrics, ...more };
}

/** Returns the rows of the audiences of an experiment, and of the units that saw several variants. */
export function audienceRows(experiment: keyof typeof expected): GroupRow[] {
  const { firstVariantOfAll, withoutContaminated } = expected[experiment].sampleRatio;
  const rows: GroupRow[] = [];
  for (const [i, { audience, counts }] of withoutContaminated.audiences.entries()) {
    const all = firstVariantOfAll.audiences[i]?.counts as Record<string, number>;
    for (const [variant, units] of Object.entries(counts)) {
      const value = String(audience);
      rows.push(group('audience', variant, units, [], { value }));
      const mixed = (all[variant] ?? 0) - units;
      if (mixed > 0) {
        rows.push(group('audience', variant, mixed, [], { value, mixed: true }));
        rows.push(group('total', variant, mixed, [], { mixed: true, value }));
      }
    }
  }
  return rows;
}
