import { independentPair } from '../../../src/stats/effects/arm-pair.ts';
import { compareMeans } from '../../../src/stats/effects/compare-means.ts';
import { deltaLift } from '../../../src/stats/effects/delta-lift.ts';
import type { Estimate, Test } from '../../../src/stats/effects/estimate.ts';
import {
  designEffect,
  type QuantileArm,
  quantileArm,
  type QuantileMoments,
} from '../../../src/stats/effects/quantile-arm.ts';
import { ratioArm } from '../../../src/stats/effects/ratio-arm.ts';
import { momentsOf } from '../../../src/stats/moments/moments-of.ts';
import { boundShares, quantileOf } from '../../../src/stats/moments/quantile.ts';
import { casesOf, differences } from '../vectors.ts';

interface Arms<Values> {
  readonly control: Values;
  readonly treatment: Values;
}

interface Input extends Test {
  readonly quantile: number;
  readonly difference: 'absolute' | 'relative';
}

interface Expected extends Estimate {
  readonly control: object;
  readonly treatment: object;
}

function momentsFrom(values: readonly number[], share: number): QuantileMoments {
  const ascending = [...values].sort((a, b) => a - b);
  const bounds = boundShares(values.length, share);
  const at = (one: number | undefined): number | null =>
    one === undefined ? null : (quantileOf(ascending, one) ?? null);
  return { n: values.length, value: at(share), low: at(bounds?.low), high: at(bounds?.high) };
}

function compared(control: QuantileArm, treatment: QuantileArm, input: Input): Estimate {
  const test = { alternative: input.alternative, alpha: input.alpha };
  return input.difference === 'absolute'
    ? compareMeans(control, treatment, 'absolute', test)
    : deltaLift(independentPair(control, treatment), test);
}

describe('quantileArm', () => {
  it.each(casesOf<Input & { values: Arms<number[]> }, Expected>('quantile'))(
    'computes %s',
    (_, { input, expected, tolerance }) => {
      const arm = (side: 'control' | 'treatment'): QuantileArm => {
        const moments = momentsFrom(input.values[side], input.quantile);
        const found = quantileArm(moments);
        const figures = { ...moments, quantile: found.mean, standardError: found.standardError };
        expect(differences(figures, { expected: expected[side], tolerance })).toEqual([]);
        return found;
      };
      const estimate = compared(arm('control'), arm('treatment'), input);
      expect(differences({ ...estimate }, { expected, tolerance })).toEqual([]);
    },
  );

  it.each(casesOf<Input & { events: Arms<number[][]> }, Expected>('quantile-clustered'))(
    'computes %s',
    (_, { input, expected, tolerance }) => {
      const arm = (side: 'control' | 'treatment'): QuantileArm => {
        const units = input.events[side];
        const moments = momentsFrom(units.flat(), input.quantile);
        const clusters = momentsOf(
          units.map((events) => [
            events.filter((event) => event <= (moments.value ?? 0)).length,
            events.length,
          ]),
        );
        const effect = designEffect(clusters, input.quantile);
        const found = quantileArm(moments, effect);
        const figures = {
          ...moments,
          events: moments.n,
          clusters: clusters.n,
          quantile: found.mean,
          clusterVarianceOfShare: ratioArm(clusters).variance / clusters.n,
          designEffect: effect,
          variance: found.variance,
        };
        expect(differences(figures, { expected: expected[side], tolerance })).toEqual([]);
        return found;
      };
      const estimate = compared(arm('control'), arm('treatment'), input);
      expect(differences({ ...estimate }, { expected, tolerance })).toEqual([]);
    },
  );

  it('is too few if a bound leaves the values', () => {
    const moments = momentsFrom([1, 2, 3, 4, 5], 0.9);
    expect(moments.high).toBeNull();
    expect(quantileArm(moments).status).toBe('too-few');
  });
});
