import { comparePair } from '../../../src/stats/effects/compare-means.ts';
import {
  cupedAdjust,
  cupedRatioTheta,
  cupedTheta,
  varianceReduction,
} from '../../../src/stats/effects/cuped.ts';
import { deltaLift } from '../../../src/stats/effects/delta-lift.ts';
import type { Estimate, Test } from '../../../src/stats/effects/estimate.ts';
import { linearised } from '../../../src/stats/effects/linearise.ts';
import type { Moments } from '../../../src/stats/moments/moments.ts';
import { casesOf, differences } from '../vectors.ts';

interface Part {
  readonly mean: number;
  readonly variance: number;
}

interface MeanInput {
  readonly n: number;
  readonly post: Part;
  readonly pre: Part;
  readonly covariance: number;
}

interface RatioInput {
  readonly n: number;
  readonly means: {
    readonly numerator: number;
    readonly denominator: number;
    readonly preNumerator: number;
    readonly preDenominator: number;
  };
  readonly covariance: readonly (readonly number[])[];
}

interface Input<ArmInput> extends Test {
  readonly control: ArmInput;
  readonly treatment: ArmInput;
  readonly difference: 'absolute' | 'relative';
}

function compared(
  control: Moments,
  treatment: Moments,
  theta: number,
  { difference, ...test }: Input<unknown>,
): Estimate {
  const pair = cupedAdjust(control, treatment, theta);
  return difference === 'absolute' ? comparePair(pair, difference, test) : deltaLift(pair, test);
}

describe('cupedAdjust', () => {
  it.each(casesOf<Input<MeanInput>, Estimate>('cuped'))('computes %s', (_, one) => {
    const moments = ({ n, post, pre, covariance }: MeanInput): Moments => ({
      n,
      means: [post.mean, pre.mean],
      covariances: [
        [post.variance, covariance],
        [covariance, pre.variance],
      ],
    });
    const { control, treatment, difference } = one.input;
    const [c, t] = [moments(control), moments(treatment)];
    const theta = cupedTheta([c, t]);
    const scale = difference === 'absolute' ? 1 : Math.abs(control.post.mean);
    expect(
      differences(
        {
          ...compared(c, t, theta, one.input),
          theta,
          unadjustedEstimate: (treatment.post.mean - control.post.mean) / scale,
        },
        one,
      ),
    ).toEqual([]);
    const { varianceReduction: reduction } = one.expected as unknown as {
      readonly varianceReduction: number;
    };
    // 1 − x is only right to the rounding of x. On both scales, it is that of the absolute difference.
    expect(Math.abs(varianceReduction(c, t, theta) - reduction)).toBeLessThan(1e-12);
  });

  it.each(casesOf<Input<RatioInput>, Estimate>('cuped-ratio'))('computes %s', (_, one) => {
    const moments = ({ n, means, covariance }: RatioInput): Moments => {
      const { numerator, denominator, preNumerator, preDenominator } = means;
      const found = linearised({
        n,
        means: [numerator, denominator, preNumerator, preDenominator],
        covariances: covariance,
      });
      if (found === undefined) throw new Error('no denominator');
      return found;
    };
    const [c, t] = [moments(one.input.control), moments(one.input.treatment)];
    const theta = cupedRatioTheta([c, t]);
    expect(differences({ ...compared(c, t, theta, one.input), theta }, one)).toEqual([]);
  });
});
