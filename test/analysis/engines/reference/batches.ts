import type { AnalysisPlan } from '../../../../src/analysis/plan/analysis-plan.ts';
import type { MetricSpec } from '../../../../src/specification/metric-types.ts';
import {
  metricSpec,
  planOf,
  planOfAnalysis,
  readReference,
  type ReferenceAnalysis,
  type ReferenceExperiment,
} from '../../sql/reference.ts';

/** A quantile of `expected.json`: its name there, and its metric. */
interface ReferenceQuantile {
  readonly id: string;
  readonly spec: MetricSpec;
}

/** Analyses of `expected.json` with the same options, whose metrics fit into one statement. */
export interface Batch {
  readonly name: string;
  readonly experiment: ReferenceExperiment;
  readonly plan: AnalysisPlan;
  /** Each analysis, and the position of its metric in the plan. */
  readonly analyses: readonly { readonly analysis: ReferenceAnalysis; readonly metric: number }[];
  readonly quantiles: readonly { readonly id: string; readonly metric: number }[];
}

/** Decides which analyses take part. */
export interface BatchOptions {
  /** False: without quantiles, and without limits that depend on all units. @default true */
  readonly wholeData?: boolean;
}

/** Returns all analyses of `expected.json` in as few plans as possible. */
export function referenceBatches({ wholeData = true }: BatchOptions = {}): readonly Batch[] {
  return Object.entries(readReference()).flatMap(([file, experiment]) => {
    const groups = new Map<string, ReferenceAnalysis[]>();
    for (const analysis of experiment.analyses) {
      const { contaminated, mature, cuped, winsorise } = analysis.options;
      if (!wholeData && winsorise !== undefined) continue;
      const pre = cuped === true ? (analysis.metric.pre ?? 28) : 0;
      const key = [contaminated ?? 'drop', mature === true ? 'mature' : '', pre].join(' ');
      groups.set(key, [...(groups.get(key) ?? []), analysis]);
    }
    return [...groups].map(([key, analyses], i) =>
      batchOf(`${file}: ${key}`, experiment, analyses, i === 0 && wholeData),
    );
  });
}

function batchOf(
  name: string,
  experiment: ReferenceExperiment,
  analyses: readonly ReferenceAnalysis[],
  withQuantiles: boolean,
): Batch {
  const specs: MetricSpec[] = [];
  const positions = new Map<string, number>();
  const add = (spec: MetricSpec): number => {
    const key = JSON.stringify(spec);
    const known = positions.get(key) ?? specs.push({ ...spec, name: `metric ${specs.length}` }) - 1;
    positions.set(key, known);
    return known;
  };
  const plans = analyses.map((analysis) => planOfAnalysis(experiment, analysis));
  const placed = analyses.map((analysis, i) => {
    const spec = plans[i]?.metrics[0]?.spec;
    if (spec === undefined) throw new Error(`no metric in ${analysis.id}`);
    return { analysis, metric: add(spec) };
  });
  const quantiles = withQuantiles ? quantilesOf(experiment) : [];
  const placedQuantiles = quantiles.map(({ id, spec }) => ({ id, metric: add(spec) }));
  const { mixed, mature, preMs } = plans[0] ?? planOf(experiment, []);
  const segments = [...new Set(plans.flatMap((plan) => plan.segments))];
  return {
    name,
    experiment,
    plan: planOf(experiment, specs, { mixed, mature, preMs, segments }),
    analyses: placed,
    quantiles: placedQuantiles,
  };
}

function quantilesOf({ quantiles }: ReferenceExperiment): readonly ReferenceQuantile[] {
  if (quantiles === undefined) return [];
  const [arm = {}] = Object.values(quantiles.arms);
  return Object.keys(arm).map((id) => {
    const ofUnits = id.startsWith('ofUnitsWithRevenue');
    return {
      id,
      spec: {
        ...metricSpec(quantiles.metric),
        type: 'quantile',
        quantile: Number(id.split('-')[1]),
        of: ofUnits ? 'units' : 'outcomes',
        ignoreZeros: ofUnits,
      },
    };
  });
}
