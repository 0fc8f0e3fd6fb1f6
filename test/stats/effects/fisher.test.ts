import * as fc from 'fast-check';
import { type Counts, fisherExact } from '../../../src/stats/effects/fisher.ts';
import { runs } from '../../runs.ts';

const counts = fc
  .tuple(fc.integer({ min: 1, max: 60 }), fc.nat(60))
  .map(([n, k]): Counts => ({ n, successes: k % (n + 1) }));

function binomial(n: number, k: number): bigint {
  if (k < 0 || k > n) return 0n;
  let value = 1n;
  for (let i = 1n; i <= BigInt(k); i++) value = (value * (BigInt(n) - i + 1n)) / i;
  return value;
}

/** Adds up all tables in whole numbers. */
function enumerated(
  control: Counts,
  treatment: Counts,
  isExtreme: (table: bigint, k: number) => boolean,
): number {
  const drawn = control.successes + treatment.successes;
  let extreme = 0n;
  let all = 0n;
  for (let k = 0; k <= treatment.n; k++) {
    const table = binomial(treatment.n, k) * binomial(control.n, drawn - k);
    all += table;
    if (isExtreme(table, k)) extreme += table;
  }
  return Number((extreme * 10n ** 25n) / all) / 1e25;
}

describe('fisherExact', () => {
  it('adds up the tables that are at most as likely, or as large, or as small', () => {
    fc.assert(
      fc.property(counts, counts, (control, treatment) => {
        const { successes } = treatment;
        const observed = binomial(treatment.n, successes) * binomial(control.n, control.successes);
        const expected = {
          'two-sided': enumerated(control, treatment, (table) => table <= observed),
          greater: enumerated(control, treatment, (_, k) => k >= successes),
          less: enumerated(control, treatment, (_, k) => k <= successes),
        };
        for (const alternative of ['two-sided', 'greater', 'less'] as const) {
          const { pValue, lnPValue } = fisherExact(control, treatment, alternative);
          const p = expected[alternative];
          expect(Math.abs(pValue - p)).toBeLessThanOrEqual(1e-11 * p + 1e-24);
          expect(Math.exp(lnPValue)).toBeCloseTo(pValue, 12);
        }
      }),
      { numRuns: runs(2000) },
    );
  });

  it('keeps p-values below 1e-308 as logarithms', () => {
    const control = { n: 1e9, successes: 3 };
    const { pValue, lnPValue } = fisherExact(control, { n: 1e9, successes: 5e8 }, 'two-sided');
    expect(pValue).toBe(0);
    expect(lnPValue).toBeLessThan(-4e8);
    expect(lnPValue).toBeGreaterThan(Number.NEGATIVE_INFINITY);
  });
});
