import { cupedAdjust } from '../../../stats/effects/cuped.ts';
import { comparePair, type Scale } from '../../../stats/effects/compare-means.ts';
import { compareProportions } from '../../../stats/effects/compare-proportions.ts';
import { independentPair } from '../../../stats/effects/arm-pair.ts';
import { type Estimate, type Test, withoutTest } from '../../../stats/effects/estimate.ts';
import type { Moments } from '../../../stats/moments/moments.ts';
import type { MetricArm } from './metric-arm.ts';

/** Compares a treatment with the control on one scale. */
export type Compare = (scale: Scale, test: Test) => Estimate;

/** The factor of CUPED, and the moments of each variant that it applies to. */
export interface CupedFactor {
  readonly theta: number;
  readonly moments: ReadonlyMap<string, Moments>;
}

/**
 * Returns the comparison of two variants.
 *
 * @param cuped null: without CUPED
 */
export function compareArms(
  control: MetricArm,
  treatment: MetricArm,
  cuped: CupedFactor | null,
): Compare {
  const unfit = [control, treatment].find(({ status }) => status !== 'ok')?.status;
  if (unfit !== undefined) {
    return (scale) => withoutTest(unfit, scale === 'absolute' ? 'welch' : 'delta');
  }
  const before = cuped?.moments.get(control.variant);
  const after = cuped?.moments.get(treatment.variant);
  if (cuped !== null && before !== undefined && after !== undefined) {
    const adjusted = cupedAdjust(before, after, cuped.theta);
    return (scale, test) => comparePair(adjusted, scale, test);
  }
  const { counts } = control;
  const others = treatment.counts;
  if (counts !== undefined && others !== undefined) {
    return (scale, test) => compareProportions(counts, others, scale, test);
  }
  const pair = independentPair(control.arm, treatment.arm);
  return (scale, test) => comparePair(pair, scale, test);
}
