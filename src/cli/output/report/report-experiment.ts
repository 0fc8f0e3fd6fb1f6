import type { AllocationSpec } from '../../../specification/types.ts';
import { type VariantColours, variantColours } from '../../../ui/variant-key.ts';
import type { Plan } from '../../../workbench/simulate/plan/plan.ts';
import type { ExperimentSummary } from '../../../workbench/simulate/summary/summarize-experiment.ts';
import type { Summary } from '../../../workbench/simulate/summary/summary.ts';

const HUNDRED = 100;

/** An experiment on the page: its result, and what the page needs of its specification. */
export interface ReportExperiment {
  readonly summary: ExperimentSummary;
  /** The name of its panel's title, unique on the page. */
  readonly id: string;
  readonly isHoldout: boolean;
  readonly variants: readonly string[];
  readonly colours: VariantColours;
  /** The number of buckets. */
  readonly buckets: number;
  /** The allocations of each audience, in the order of their buckets. */
  readonly allocations: readonly (readonly AllocationSpec[])[];
}

/** Returns the experiments and the holdouts of a simulation, in the order of the plan. */
export function reportExperiments(
  { experiments, holdouts = [] }: Summary,
  { assigners }: Plan,
): readonly ReportExperiment[] {
  return [...experiments, ...holdouts].flatMap((summary, i) => {
    const spec = assigners[i]?.experiment.spec;
    if (spec === undefined) return [];
    const variants = spec.variants.map(({ name }) => name);
    return [
      {
        summary,
        id: `experiment-${i + 1}`,
        isHoldout: i >= experiments.length,
        variants,
        colours: variantColours(variants, spec.analysis?.control),
        buckets: spec.buckets ?? HUNDRED,
        allocations: spec.audiences.map(({ allocations }) => allocations),
      },
    ];
  });
}
