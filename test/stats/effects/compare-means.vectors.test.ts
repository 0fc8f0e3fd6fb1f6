import { independentPair } from '../../../src/stats/effects/arm-pair.ts';
import { compareMeans } from '../../../src/stats/effects/compare-means.ts';
import { deltaLift } from '../../../src/stats/effects/delta-lift.ts';
import type { Arm, Estimate, Test } from '../../../src/stats/effects/estimate.ts';
import { fiellerInterval } from '../../../src/stats/effects/fieller.ts';
import { relativeLift } from '../../../src/stats/effects/relative-lift.ts';
import { momentsOf } from '../../../src/stats/moments/moments-of.ts';
import { casesOf, differences } from '../vectors.ts';

interface Input extends Test {
  readonly control: Arm;
  readonly treatment: Arm;
  readonly difference: 'absolute' | 'relative';
  readonly values?: { readonly control: number[]; readonly treatment: number[] };
}

/** The reference data use the delta method wherever it is defined, and test the lift by itself. */
function compared({ control, treatment, difference, ...test }: Input): Estimate {
  return difference === 'absolute'
    ? compareMeans(control, treatment, difference, test)
    : deltaLift(independentPair(control, treatment), test);
}

describe('compareMeans and deltaLift', () => {
  it.each(casesOf<Input, Estimate>('mean'))('compute %s', (_, one) => {
    const { status, ...figures } = compared(one.input);
    expect(differences(figures, one)).toEqual([]);
    const { control, treatment, difference, ...test } = one.input;
    // The status of the lift depends on the distance from 0.
    expect(compareMeans(control, treatment, difference, test).status).toBe(
      one.id === 'mean/control-mean-near-zero-relative' ? 'unbounded' : one.expected.status,
    );
    expect(['ok', 'ok-baseline-near-zero'].includes(one.expected.status)).toBe(status === 'ok');
  });

  it.each(casesOf<Input, Estimate>('mean').filter(([, { input }]) => input.values !== undefined))(
    'compute %s from its values',
    (_, one) => {
      const arm = (values: readonly number[] = []): Arm => {
        const { n, means, covariances } = momentsOf(values.map((value) => [value]));
        return { n, mean: means[0] ?? 0, variance: covariances[0]?.[0] ?? 0 };
      };
      const { values } = one.input;
      const { status, ...figures } = compared({
        ...one.input,
        control: arm(values?.control),
        treatment: arm(values?.treatment),
      });
      expect(status).toBe('ok');
      expect(differences(figures, one)).toEqual([]);
    },
  );
});

describe('fiellerInterval', () => {
  it.each(casesOf<Input, object>('fieller'))('computes %s', (_, one) => {
    const pair = independentPair(one.input.control, one.input.treatment);
    const test = { alternative: 'two-sided', alpha: one.input.alpha } as const;
    const interval = fiellerInterval(pair, test);
    expect(interval.form).toBe('form' in one.expected ? one.expected.form : '');
    expect(
      differences({ ...interval, degreesOfFreedom: deltaLift(pair, test).degreesOfFreedom }, one),
    ).toEqual([]);
    const { status } = relativeLift(pair, test);
    expect(differences({ status }, one)).toEqual([]);
  });
});
