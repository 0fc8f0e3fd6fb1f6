import { independentPair } from '../../../src/stats/effects/arm-pair.ts';
import { compareMeans } from '../../../src/stats/effects/compare-means.ts';
import { deltaLift } from '../../../src/stats/effects/delta-lift.ts';
import type { Arm, Estimate, Test } from '../../../src/stats/effects/estimate.ts';
import {
  confidenceSequence,
  mixingVariance,
  mixtureSequence,
} from '../../../src/stats/sequential/confidence-sequence.ts';
import { casesOf, differences } from '../vectors.ts';

interface Input extends Test {
  readonly control: Arm;
  readonly treatment: Arm;
  readonly difference: 'absolute' | 'relative';
  readonly tuning: number;
}

interface MixtureInput {
  readonly estimate: number;
  readonly varianceOfEstimate: number;
  readonly mixingVariance: number;
  readonly alpha: number;
}

describe('confidenceSequence', () => {
  it.each(casesOf<Input, Estimate>('sequential'))('computes %s', (_, one) => {
    const { control, treatment, difference, tuning, ...test } = one.input;
    const { status, estimate, standardError } =
      difference === 'absolute'
        ? compareMeans(control, treatment, difference, test)
        : deltaLift(independentPair(control, treatment), test);
    const sequence = confidenceSequence(
      {
        estimate: estimate ?? 0,
        standardError: standardError ?? 0,
        n: control.n + treatment.n,
      },
      { ...test, tuning },
    );
    const rho = Math.sqrt(mixingVariance(test.alpha, tuning, test.alternative));
    expect(differences({ status, estimate, standardError, rho, ...sequence }, one)).toEqual([]);
  });
});

describe('mixtureSequence', () => {
  it.each(casesOf<MixtureInput, object>('msprt'))('computes %s', (_, one) => {
    const { estimate, varianceOfEstimate, mixingVariance: tau, alpha } = one.input;
    const standardError = Math.sqrt(varianceOfEstimate);
    const sequence = mixtureSequence({ estimate, standardError }, tau / varianceOfEstimate, alpha);
    const { lnLikelihoodRatio } = one.expected as { readonly lnLikelihoodRatio: number };
    expect(differences({ ...sequence }, one)).toEqual([]);
    expect(
      differences(
        { lnPValue: sequence.lnPValue },
        { ...one, expected: { lnPValue: Math.min(0, -lnLikelihoodRatio) } },
      ),
    ).toEqual([]);
  });
});
