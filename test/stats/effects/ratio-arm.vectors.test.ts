import { independentPair } from '../../../src/stats/effects/arm-pair.ts';
import { compareMeans } from '../../../src/stats/effects/compare-means.ts';
import { deltaLift } from '../../../src/stats/effects/delta-lift.ts';
import type { Estimate, Test } from '../../../src/stats/effects/estimate.ts';
import { ratioArm } from '../../../src/stats/effects/ratio-arm.ts';
import { momentsOf } from '../../../src/stats/moments/moments-of.ts';
import type { Moments } from '../../../src/stats/moments/moments.ts';
import { casesOf, differences } from '../vectors.ts';

interface Part {
  readonly mean: number;
  readonly variance: number;
}

interface RatioInput {
  readonly n: number;
  readonly numerator: Part;
  readonly denominator: Part;
  readonly covariance: number;
}

interface Values {
  readonly numerator: readonly number[];
  readonly denominator: readonly number[];
}

interface Input extends Test {
  readonly control: RatioInput;
  readonly treatment: RatioInput;
  readonly difference: 'absolute' | 'relative';
  readonly values?: { readonly control: Values; readonly treatment: Values };
}

function momentsFrom({ n, numerator, denominator, covariance }: RatioInput): Moments {
  return {
    n,
    means: [numerator.mean, denominator.mean],
    covariances: [
      [numerator.variance, covariance],
      [covariance, denominator.variance],
    ],
  };
}

function compared(control: Moments, treatment: Moments, { difference, ...test }: Input): object {
  const [c, t] = [ratioArm(control), ratioArm(treatment)];
  const bad = [c, t].find(({ status }) => status !== 'ok');
  if (bad !== undefined) return { status: bad.status };
  const estimate =
    difference === 'absolute'
      ? compareMeans(c, t, difference, test)
      : deltaLift(independentPair(c, t), test);
  return { ...estimate, controlRatio: c.mean, treatmentRatio: t.mean };
}

describe('ratioArm', () => {
  it.each(casesOf<Input, Estimate>('ratio'))('computes %s', (_, one) => {
    const { control, treatment } = one.input;
    expect(
      differences({ ...compared(momentsFrom(control), momentsFrom(treatment), one.input) }, one),
    ).toEqual([]);
  });

  it.each(casesOf<Input, Estimate>('ratio').filter(([, { input }]) => input.values !== undefined))(
    'computes %s from its values',
    (_, one) => {
      const { values } = one.input;
      const moments = ({ numerator, denominator }: Values): Moments =>
        momentsOf(numerator.map((value, i) => [value, denominator[i] ?? 0]));
      if (values === undefined) throw new Error('no values');
      const figures = compared(moments(values.control), moments(values.treatment), one.input);
      expect(differences({ ...figures }, one)).toEqual([]);
    },
  );
});
