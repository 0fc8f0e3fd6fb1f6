import { varianceReduction } from '../../../stats/effects/cuped.ts';
import type { PlannedMetric } from '../../plan/analysis-plan.ts';
import type { Comparison } from '../result.ts';
import { asEffect, finite } from './as-effect.ts';
import { secondOpinion } from './bayesian.ts';
import { compareByLook, type LookComparison, type LookTest } from './by-look.ts';
import { type Compare, compareArms, type CupedFactor } from './compare-arms.ts';
import { compareGuardrail, type GuardrailComparison } from './guardrail.ts';
import type { MetricArm } from './metric-arm.ts';
import type { Undecided } from './units-needed.ts';

/** A comparison before the correction for several tests and the verdict. */
export interface ComparisonDraft {
  readonly figures: Pick<
    Comparison,
    | 'variant'
    | 'status'
    | 'absolute'
    | 'relative'
    | 'unadjusted'
    | 'pValue'
    | 'lnPValue'
    | 'bayesian'
    | 'varianceReduction'
  >;
  /** The units of the smaller variant. */
  readonly fewest: number;
  /** The verdict of a guardrail; undefined for other roles. */
  readonly guardrail: GuardrailComparison['verdict'] | undefined;
  /** The distance of the estimate from the value that decides. */
  readonly undecided: Undecided;
}

/**
 * Compares a treatment with the control by the method of the look.
 *
 * @param cuped null: without CUPED
 */
export function draftComparison(
  planned: PlannedMetric,
  control: MetricArm,
  treatment: MetricArm,
  cuped: CupedFactor | null,
  look: LookTest,
): ComparisonDraft {
  const n = control.n + treatment.n;
  const { family } = treatment;
  const compare = compareArms(control, treatment, cuped);
  const used = compareInRole(planned, compare, n, look, control);
  const absolute = asEffect(used.absolute, family);
  const relative = asEffect(used.relative, family);
  const plain =
    cuped && compareInRole(planned, compareArms(control, treatment, null), n, look, control);
  return {
    figures: {
      variant: treatment.variant,
      status: absolute.status === 'ok' ? relative.status : absolute.status,
      absolute,
      relative,
      unadjusted: plain && {
        absolute: asEffect(plain.absolute, family),
        relative: asEffect(plain.relative, family),
      },
      pValue: used.pValue,
      lnPValue: finite(used.lnPValue),
      bayesian: secondOpinion(planned.spec.better, control, treatment, relative),
      varianceReduction: reductionOf(control, treatment, cuped),
    },
    fewest: Math.min(control.n, treatment.n),
    guardrail: used.verdict,
    undecided: {
      distance: used.distance ?? Math.abs(absolute.estimate ?? 0),
      standardError: used.standardError ?? absolute.standardError ?? 0,
      n,
    },
  };
}

function compareInRole(
  { spec, role, margin = 0 }: PlannedMetric,
  compare: Compare,
  n: number,
  look: LookTest,
  control: MetricArm,
): LookComparison & Partial<GuardrailComparison> {
  return role === 'guardrail'
    ? compareGuardrail(compare, n, look, {
        better: spec.better,
        margin,
        control: control.arm.mean,
      })
    : compareByLook(compare, n, look, 'two-sided');
}

function reductionOf(
  control: MetricArm,
  treatment: MetricArm,
  cuped: CupedFactor | null,
): number | null {
  const before = cuped?.moments.get(control.variant);
  const after = cuped?.moments.get(treatment.variant);
  if (cuped === null || before === undefined || after === undefined) return null;
  return varianceReduction(before, after, cuped.theta);
}
