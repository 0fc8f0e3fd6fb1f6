import * as fc from 'fast-check';
import {
  compareArms,
  type CupedFactor,
} from '../../../src/analysis/result/compare/compare-arms.ts';
import {
  compareGuardrail,
  type GuardrailComparison,
} from '../../../src/analysis/result/compare/guardrail.ts';
import type { MetricArm } from '../../../src/analysis/result/compare/metric-arm.ts';
import type { Moments } from '../../../src/stats/moments/moments.ts';
import { runs } from '../../runs.ts';
import { SEED } from '../../seed.ts';

const MARGIN = 0.2;

const n = fc.integer({ min: 10, max: 5000 });
/** Standard errors between the control's mean and 0: below 10, intervals are Fieller's. */
const distances = fc.double({ min: 0.5, max: 30, noNaN: true });
const signs = fc.constantFrom(-1, 1);

/** Arms whose difference is about at the margin. */
const means = fc
  .record({
    n,
    m: n,
    away: distances,
    sign: signs,
    spread: fc.double({ min: 0.2, max: 5, noNaN: true }),
    beyond: fc.double({ min: -6, max: 6, noNaN: true }),
    r: fc.double({ min: -0.95, max: 0.95, noNaN: true }),
    theta: fc.option(fc.double({ min: -1, max: 1, noNaN: true })),
  })
  .map(({ n: units, m, away, sign, spread, beyond, r, theta }) => {
    const control = (sign * away) / Math.sqrt(units);
    const error = Math.sqrt(1 / units + spread ** 2 / m);
    const treatment = control + beyond * error;
    const moments = (count: number, mean: number, deviation: number): Moments => ({
      n: count,
      means: [mean, 0],
      covariances: [
        [deviation ** 2, r * deviation],
        [r * deviation, 1],
      ],
    });
    const both = new Map([
      ['a', moments(units, control, 1)],
      ['b', moments(m, treatment, spread)],
    ]);
    const arms = [...both].map(
      ([variant, of]): MetricArm =>
        ({
          variant,
          family: 'mean',
          status: 'ok',
          n: of.n,
          arm: { n: of.n, mean: of.means[0] ?? 0, variance: of.covariances[0]?.[0] ?? 0 },
        }) as MetricArm,
    );
    const cuped: CupedFactor | null = theta === null ? null : { theta, moments: both };
    return { control: arms[0] as MetricArm, treatment: arms[1] as MetricArm, cuped };
  });

/** Arms of a proportion, often with fewer than five successes or failures. */
const rates = fc
  .record({ n, m: n, c: fc.integer({ min: 0, max: 12 }), t: fc.integer({ min: 0, max: 12 }) })
  .map(({ n: units, m, c, t }) => {
    const arm = (variant: string, count: number, successes: number): MetricArm => {
      const rate = Math.min(1, successes / count);
      const counts = { n: count, successes: Math.min(count, successes) };
      return {
        variant,
        family: 'proportion',
        status: 'ok',
        n: count,
        arm: { n: count, mean: rate, variance: rate * (1 - rate) },
        counts,
      } as MetricArm;
    };
    return { control: arm('a', units, c), treatment: arm('b', m, t), cuped: null };
  });

const looks = fc.record({
  method: fc.constantFrom('fixed' as const, 'sequential' as const),
  alpha: fc.constantFrom(0.001, 0.025, 0.05, 0.2),
  tuning: fc.constantFrom(500, 5000),
});

/** Returns true if the shown interval excludes a harm at the margin. */
function excludesMargin(
  { absolute, relative }: GuardrailComparison,
  better: 'up' | 'down',
  control: number,
): boolean {
  const shown = relative.interval ?? absolute.interval;
  if (shown === null) return false;
  const size = relative.interval === null ? MARGIN * Math.abs(control) : MARGIN;
  const limit = better === 'up' ? -size : size;
  return shown[0] > limit || shown[1] < limit;
}

describe('the p-value of a guardrail', () => {
  it('is tiny if the margin is further away than any tail of the normal distribution', () => {
    const arm = (variant: string, count: number, rate: number): MetricArm =>
      ({
        variant,
        family: 'proportion',
        status: 'ok',
        n: count,
        arm: { n: count, mean: rate, variance: 0 },
        counts: { n: count, successes: rate * count },
      }) as MetricArm;
    const compare = compareArms(arm('a', 10, 1), arm('b', 719, 0), null);
    const look = { method: 'sequential', alpha: 0.001, tuning: 500 } as const;
    const options = { better: 'down', margin: MARGIN, control: 1 } as const;
    const found = compareGuardrail(compare, 729, look, options);
    expect(found.verdict).toBe('no-harm');
    expect(found.pValue).toBeLessThan(1e-300);
    expect(Number.isFinite(found.lnPValue)).toBe(true);
  });

  it('is below the error rate exactly if the shown interval excludes the margin', () => {
    const seen = { fieller: 0, delta: 0, newcombe: 0, excluded: 0 };
    fc.assert(
      fc.property(
        fc.oneof(means, rates),
        looks,
        fc.constantFrom('up' as const, 'down' as const),
        ({ control, treatment, cuped }, look, better) => {
          const compare = compareArms(control, treatment, cuped);
          const options = { better, margin: MARGIN, control: control.arm.mean };
          const found = compareGuardrail(compare, control.n + treatment.n, look, options);
          const { pValue, lnPValue, verdict } = found;
          const isDecided = verdict !== 'not-decided';
          const p = pValue ?? 1;
          const { method } = found.relative.interval === null ? found.absolute : found.relative;
          const excluded = excludesMargin(found, better, control.arm.mean);
          if (method in seen) seen[method as keyof typeof seen]++;
          if (excluded) seen.excluded++;
          // At the border, rounding decides.
          const isBorder = Math.abs(p / look.alpha - 1) < 1e-6;
          expect(isBorder || p < look.alpha === excluded).toBe(true);
          expect(isBorder || isDecided === excluded).toBe(true);
          expect(p).toBeGreaterThanOrEqual(0);
          expect(p).toBeLessThanOrEqual(1);
          const ln = p > 1e-300 ? Math.log(p) : (lnPValue ?? 0);
          expect(lnPValue ?? 0).toBeCloseTo(ln, 6);
        },
      ),
      { seed: SEED, numRuns: runs(5000) },
    );
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(3);
  });
});
