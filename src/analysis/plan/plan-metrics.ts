import { AnalysisError } from '../../errors/analysis-error.ts';
import { didYouMean } from '../../errors/did-you-mean.ts';
import { listNames, quote } from '../../errors/show-value.ts';
import type { AnalysisSpec, MetricSpec } from '../../specification/metric-types.ts';
import type { RawMetric } from '../../specification/metrics/raw-metric.ts';
import { isObject } from '../../options/check-options.ts';
import { atOnce } from '../../runtime/steps.ts';
import { specificationSteps } from '../../specification/specification.ts';
import type { PlanOptions } from './plan-options.ts';
import type { PlannedMetric } from './analysis-plan.ts';

/**
 * Returns the metrics of a plan with their roles: primary ones first, then secondary ones, then guardrails.
 *
 * @param declared the metrics of the specification
 * @param analysis of the experiment
 * @param chosen undefined: all of the analysis
 * @throws AnalysisError (`analysis`) for an unknown metric, for one that is chosen twice, and without any
 * @throws SpecError (`spec`) for a metric with problems
 */
export function planMetrics(
  declared: readonly MetricSpec[],
  analysis: AnalysisSpec | undefined,
  chosen: PlanOptions['metrics'],
): readonly PlannedMetric[] {
  const byName = new Map(declared.map((one) => [one.name, one]));
  if (chosen === undefined) {
    const planned = analysis === undefined ? [] : withRoles(byName, analysis);
    if (planned.length > 0) return planned;
    if (declared.length === 0) throw new AnalysisError(NO_METRICS);
    return declared.map((spec) => ({ spec, role: 'secondary' }));
  }
  const specs = new Map<string, MetricSpec>();
  for (const one of chosen) {
    const spec = typeof one === 'string' ? find(byName, one) : toSpec(one);
    if (specs.has(spec.name)) {
      throw new AnalysisError(`metric ${quote(spec.name)} is chosen twice; remove one of them`);
    }
    specs.set(spec.name, spec);
  }
  const planned = analysis === undefined ? [] : withRoles(specs, analysis);
  const others = [...specs.values()]
    .filter((spec) => planned.every((one) => one.spec !== spec))
    .map((spec): PlannedMetric => ({ spec, role: 'secondary' }));
  const first = planned.findIndex(({ role }) => role === 'guardrail');
  return planned.toSpliced(first === -1 ? planned.length : first, 0, ...others);
}

/** Validates a metric as in a file. */
function toSpec(metric: RawMetric | MetricSpec): MetricSpec {
  if (isValidated(metric)) return metric;
  const data = { experiments: [], metrics: [metric] };
  const { metrics = [] } = atOnce(specificationSteps(data, { origin: 'the option "metrics"' }));
  const [spec] = metrics;
  if (spec === undefined) throw new AnalysisError(NO_METRICS);
  return spec;
}

/** Returns true for a metric of a specification: its window is in milliseconds. */
function isValidated(metric: RawMetric | MetricSpec): metric is MetricSpec {
  return isObject(metric) && 'windowMs' in metric;
}

const NO_METRICS =
  'there are no metrics; declare them as "metrics" in the specification, or pass the option "metrics"';

/** Returns the metrics of an analysis that `specs` has. */
function withRoles(
  specs: ReadonlyMap<string, MetricSpec>,
  { primary, secondary, guardrails }: AnalysisSpec,
): PlannedMetric[] {
  const inRole = (role: 'primary' | 'secondary') => (name: string) => {
    const spec = specs.get(name);
    return spec === undefined ? [] : [{ spec, role }];
  };
  return [
    ...primary.flatMap(inRole('primary')),
    ...secondary.flatMap(inRole('secondary')),
    ...guardrails.flatMap(({ metric, margin }) => {
      const spec = specs.get(metric);
      return spec === undefined ? [] : [{ spec, role: 'guardrail' as const, margin }];
    }),
  ];
}

function find(byName: ReadonlyMap<string, MetricSpec>, name: string): MetricSpec {
  const spec = byName.get(name);
  if (spec !== undefined) return spec;
  const meant = didYouMean(name, byName.keys());
  const hint = meant === undefined ? '' : `; did you mean ${quote(meant)}?`;
  const declared = byName.size === 0 ? 'none' : listNames(byName.keys());
  throw new AnalysisError(
    `metric ${quote(name)} is not in this specification; declared: ${declared}${hint}`,
  );
}
