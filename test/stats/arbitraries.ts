import * as fc from 'fast-check';
import type { Arm } from '../../src/stats/effects/estimate.ts';
import type { Moments } from '../../src/stats/moments/moments.ts';

/** Any finite number: huge, tiny, zero and ordinary ones. */
export const anyNumber: fc.Arbitrary<number> = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.double({ noNaN: true, min: -1000, max: 1000 }),
  fc.constantFrom(0, 1, -1, 1e300, -1e300, 1e-300, 5e-324, 1e9, Number.MAX_VALUE),
);

/** Any number of units, the few for which there are no statistics included. */
export const anyCount: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(0, 1, 2, 3, 1e9, Number.MAX_SAFE_INTEGER),
  fc.nat(100_000),
);

/** Any arm. */
export const anyArm: fc.Arbitrary<Arm> = fc.record({
  n: anyCount,
  mean: anyNumber,
  variance: fc.oneof(fc.constant(0), anyNumber.map(Math.abs)),
});

/** An arm with ordinary figures. */
export const ordinaryArm: fc.Arbitrary<Arm> = fc.record({
  n: fc.integer({ min: 2, max: 1_000_000 }),
  mean: fc.double({ min: -1000, max: 1000, noNaN: true }),
  variance: fc.double({ min: 0.001, max: 1e6, noNaN: true }),
});

/** Any test. */
export const anyTest = fc.record({
  alternative: fc.constantFrom('two-sided' as const, 'greater' as const, 'less' as const),
  alpha: fc.constantFrom(0.001, 0.025, 0.05, 0.1),
});

/** Returns any moments of so many variables, possible or not. */
export function anyMoments(variables: number): fc.Arbitrary<Moments> {
  const vector = fc.array(anyNumber, { minLength: variables, maxLength: variables });
  return fc.record({
    n: anyCount,
    means: vector,
    covariances: fc.array(vector, { minLength: variables, maxLength: variables }),
  });
}

/** Returns the paths of all values that are NaN. */
export function pathsOfNaN(value: unknown, path = ''): string[] {
  if (typeof value === 'number') return Number.isNaN(value) ? [path] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => pathsOfNaN(inner, `${path}.${key}`));
}
