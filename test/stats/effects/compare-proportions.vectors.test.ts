import { independentPair } from '../../../src/stats/effects/arm-pair.ts';
import { compareMeans } from '../../../src/stats/effects/compare-means.ts';
import {
  compareProportions,
  proportionArm,
} from '../../../src/stats/effects/compare-proportions.ts';
import { deltaLift } from '../../../src/stats/effects/delta-lift.ts';
import type { Estimate, Test } from '../../../src/stats/effects/estimate.ts';
import { type Counts, fisherExact } from '../../../src/stats/effects/fisher.ts';
import { newcombeInterval } from '../../../src/stats/effects/newcombe.ts';
import { casesOf, differences } from '../vectors.ts';

interface Input extends Test {
  readonly control: Counts;
  readonly treatment: Counts;
  readonly difference: 'absolute' | 'relative';
}

interface Expected extends Estimate {
  readonly also?: object;
}

describe('compareProportions', () => {
  it.each(casesOf<Input, Expected>('proportion'))('computes %s', (_, one) => {
    const { control, treatment, difference, ...test } = one.input;
    const { status } = compareProportions(control, treatment, difference, test);
    expect(differences({ status }, one)).toEqual([]);
    const [c, t] = [proportionArm(control), proportionArm(treatment)];
    const { status: _status, ...figures } =
      difference === 'absolute'
        ? compareMeans(c, t, difference, test)
        : deltaLift(independentPair(c, t), test);
    expect(differences(figures, one)).toEqual([]);
  });

  it.each(casesOf<Input, Expected>('proportion').filter(([, { expected }]) => expected.also))(
    'computes the exact test and interval of %s',
    (_, { input, expected: { also = {} }, tolerance }) => {
      const { control, treatment, alpha } = input;
      const exact = {
        // The reference interval is two-sided.
        newcombeInterval: newcombeInterval(control, treatment, { alternative: 'two-sided', alpha }),
        fisherExactTwoSided: fisherExact(control, treatment, 'two-sided').pValue,
      };
      expect(differences(exact, { expected: also, tolerance })).toEqual([]);
    },
  );

  it.each([
    [
      { n: 100, successes: 5 },
      { n: 100, successes: 0 },
    ],
    [
      { n: 100, successes: 0 },
      { n: 100, successes: 5 },
    ],
  ])('reports the exact test and interval of %j against %j', (control, treatment) => {
    const test = { alternative: 'two-sided', alpha: 0.05 } as const;
    const { status, pValue, interval, method } = compareProportions(
      control,
      treatment,
      'absolute',
      test,
    );
    expect({ status, method }).toEqual({ status: 'ok-small-counts', method: 'newcombe' });
    expect(pValue).toBeCloseTo(0.059383210468586585, 12);
    const sizes = (interval ?? []).map(Math.abs).sort((a, b) => a - b);
    expect(sizes[0]).toBeCloseTo(0.0033279408461571527, 12);
    expect(sizes[1]).toBeCloseTo(0.11175046923191914, 12);
  });

  it('reports 3 against 9 of a million as not clear, unlike the t test', () => {
    const test = { alternative: 'two-sided', alpha: 0.05 } as const;
    const [c, t] = [
      { n: 1e6, successes: 3 },
      { n: 1e6, successes: 9 },
    ];
    expect(compareProportions(c, t, 'absolute', test).pValue).toBeCloseTo(0.146, 3);
  });
});
