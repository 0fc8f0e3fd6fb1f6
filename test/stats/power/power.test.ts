import * as fc from 'fast-check';
import { detectableLift } from '../../../src/stats/power/detectable-lift.ts';
import type { Design } from '../../../src/stats/power/design.ts';
import { midway } from '../../../src/stats/power/midway.ts';
import type { Width } from '../../../src/stats/power/planned-test.ts';
import { power } from '../../../src/stats/power/power.ts';
import { smallestReaching } from '../../../src/stats/power/smallest-reaching.ts';
import { unitsNeeded } from '../../../src/stats/power/units-needed.ts';

const widths: fc.Arbitrary<Width> = fc.oneof(
  fc.constant<Width>({ method: 'fixed' }),
  fc.record({
    method: fc.constant('sequential' as const),
    tuning: fc.integer({ min: 100, max: 1e6 }),
  }),
);
const rates: fc.Arbitrary<Design['baseline']> = fc.record({
  value: fc.double({ min: 0.001, max: 0.6, noNaN: true }),
  variance: fc.constant('rate' as const),
  reduction: fc.double({ min: 0, max: 0.9, noNaN: true }),
});
const means: fc.Arbitrary<Design['baseline']> = fc.record({
  value: fc.oneof(
    fc.double({ min: 0.1, max: 1e4, noNaN: true }),
    fc.double({ min: -1e4, max: -0.1, noNaN: true }),
  ),
  variance: fc.double({ min: 0.1, max: 1e9, noNaN: true }),
});
const designs: fc.Arbitrary<Design> = fc.record({
  baseline: fc.oneof(rates, means),
  treatmentPerControl: fc.double({ min: 0.05, max: 20, noNaN: true }),
  test: fc.record({
    alternative: fc.constantFrom('two-sided' as const, 'greater' as const, 'less' as const),
    alpha: fc.double({ min: 0.001, max: 0.2, noNaN: true }),
    width: widths,
  }),
});
const unitCounts = fc.integer({ min: 20, max: 1e7 });
const targets = fc.double({ min: 0.5, max: 0.99, noNaN: true });
const fixed: Design = {
  baseline: { value: 0.1, variance: 'rate' },
  treatmentPerControl: 1,
  test: { alternative: 'two-sided', alpha: 0.05, width: { method: 'fixed' } },
};

describe('power', () => {
  it('is a probability for every number, however absurd', () => {
    const anything = fc.double();
    fc.assert(
      fc.property(
        designs,
        anything,
        anything,
        anything,
        anything,
        (design, lift, units, value, v) => {
          const absurd: Design = {
            ...design,
            baseline: { value, variance: Math.abs(v) },
          };
          for (const one of [power(design, lift, units), power(absurd, lift, units)]) {
            expect(one).toBeGreaterThanOrEqual(0);
            expect(one).toBeLessThanOrEqual(1);
          }
        },
      ),
    );
  });

  it('grows with the number of units, with the lift and with CUPED', () => {
    fc.assert(
      fc.property(
        designs,
        fc.double({ min: 0.001, max: 0.5, noNaN: true }),
        unitCounts,
        (given, size, units) => {
          const design: Design = {
            ...given,
            test: { ...given.test, width: { method: 'fixed' } },
          };
          const lift = design.test.alternative === 'less' ? -size : size;
          const before = power(design, lift, units);
          expect(power(design, lift, units * 2)).toBeGreaterThanOrEqual(before - 1e-12);
          expect(power(design, lift * 1.1, units)).toBeGreaterThanOrEqual(before - 1e-12);
          const { baseline } = design;
          const reduced: Design = { ...design, baseline: { ...baseline, reduction: 0.95 } };
          expect(power(reduced, lift, units)).toBeGreaterThanOrEqual(before - 1e-12);
        },
      ),
    );
  });

  it('is the error rate without a lift', () => {
    expect(power(fixed, 0, 1e4)).toBeCloseTo(0.05, 12);
    const oneSided: Design = { ...fixed, test: { ...fixed.test, alternative: 'greater' } };
    expect(power(oneSided, 0, 1e4)).toBeCloseTo(0.05, 12);
  });

  it('is 0 for a rate above 100%, and for no units', () => {
    expect(power(fixed, 9.5, 1e6)).toBe(0);
    expect(power(fixed, 0.5, 0)).toBe(0);
  });

  it('is certain for a difference without variance', () => {
    const certain: Design = { ...fixed, baseline: { value: 2, variance: 0 } };
    expect(power(certain, 0.1, 10)).toBe(1);
    expect(power(certain, 0, 10)).toBe(0.05);
  });

  it('tests a guardrail against its margin, on the side of the harm', () => {
    const margin = 0.02;
    const up: Design = { ...fixed, margin, test: { ...fixed.test, alternative: 'greater' } };
    const down: Design = { ...fixed, margin, test: { ...fixed.test, alternative: 'less' } };
    // Both exclude a harm of 2% if there is none, with equal power.
    expect(power(up, 0, 1e5)).toBeCloseTo(power(down, 0, 1e5), 12);
    expect(power(up, 0, 1e5)).toBeGreaterThan(0.4);
    // A harm as large as the margin passes in 5% of the cases.
    expect(power(up, -margin, 1e5)).toBeCloseTo(0.05, 12);
    expect(power(down, margin, 1e5)).toBeCloseTo(0.05, 12);
  });

  it('is smaller by the sequence than by the fixed interval', () => {
    const sequence = (tuning: number): Design => ({
      ...fixed,
      test: { ...fixed.test, width: { method: 'sequential', tuning } },
    });
    expect(power(sequence(40_000), 0.1, 20_000)).toBeLessThan(power(fixed, 0.1, 20_000));
  });
});

describe('unitsNeeded', () => {
  it('gives the target power, and a little less does not', () => {
    fc.assert(
      fc.property(
        designs,
        targets,
        fc.double({ min: 0.01, max: 0.5, noNaN: true }),
        (design, target, size) => {
          const lift = design.test.alternative === 'less' ? -size : size;
          const units = unitsNeeded(design, lift, target);
          // Below the smallest number that is tried, every number suffices.
          if (units === null || units < 2 ** -19) return;
          expect(power(design, lift, units)).toBeGreaterThanOrEqual(target);
          expect(power(design, lift, units * 0.999)).toBeLessThan(target);
        },
      ),
    );
  });

  it('is none without a lift, for a lift in the wrong direction, and for an impossible rate', () => {
    expect(unitsNeeded(fixed, 0, 0.8)).toBeNull();
    const oneSided: Design = { ...fixed, test: { ...fixed.test, alternative: 'greater' } };
    expect(unitsNeeded(oneSided, -0.1, 0.8)).toBeNull();
    expect(unitsNeeded(fixed, 12, 0.8)).toBeNull();
  });
});

describe('detectableLift', () => {
  it('has the target power, and a smaller lift does not', () => {
    fc.assert(
      fc.property(designs, targets, unitCounts, (design, target, units) => {
        const lift = detectableLift(design, units, target);
        if (lift === null || lift < 2 ** -49) return;
        const sign = design.test.alternative === 'less' ? -1 : 1;
        expect(power(design, sign * lift, units)).toBeGreaterThanOrEqual(target);
        expect(power(design, sign * lift * 0.999, units)).toBeLessThan(target);
      }),
    );
  });

  it('is none for a rate that can not grow enough, and for a control of 0', () => {
    expect(detectableLift({ ...fixed, baseline: { value: 0.98, variance: 'rate' } }, 20, 0.8)).toBe(
      null,
    );
    expect(detectableLift({ ...fixed, baseline: { value: 0, variance: 3 } }, 1e6, 0.8)).toBe(null);
  });

  it('finds the detectable decrease of a rate, which has its own variance', () => {
    const down = detectableLift(fixed, 10_000, 0.8, 'down') ?? 0;
    expect(power(fixed, -down, 10_000)).toBeCloseTo(0.8, 9);
    expect(down).toBeLessThan(detectableLift(fixed, 10_000, 0.8) ?? 0);
  });
});

describe('midway', () => {
  it('needs no further units once the target is reached, and none suffice without a lift', () => {
    const { test } = fixed;
    const common = { standardError: 0.01, units: 2000, test, targetPower: 0.8 };
    expect(midway({ ...common, lift: 0.05 }).moreUnits).toBe(0);
    const none = midway({ ...common, lift: 0 });
    expect(none.moreUnits).toBeNull();
    expect(none.powerNow).toBeCloseTo(0.05, 12);
  });
});

describe('smallestReaching', () => {
  it('finds a threshold from any start, to the last digits', () => {
    const positive = fc.double({ min: 1e-6, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(positive, positive, (threshold, start) => {
        const found = smallestReaching((x) => x >= threshold, { start, min: 1e-9, max: 1e12 });
        expect(Math.abs((found ?? 0) / threshold - 1)).toBeLessThan(1e-14);
      }),
    );
  });

  it('asks a bounded number of times, also if nothing or everything reaches', () => {
    for (const reached of [true, false]) {
      let asked = 0;
      const isReached = (): boolean => {
        asked++;
        return reached;
      };
      const found = smallestReaching(isReached, { start: 1, min: 1e-300, max: 1e300 });
      expect(found).toBe(reached ? 1e-300 : null);
      expect(asked).toBeLessThan(1100);
    }
  });
});
