import * as fc from 'fast-check';
import { betaBinomial, type BetaCounts } from '../../../src/stats/bayesian/beta-binomial.ts';
import { DEFAULT_PRIOR, normalPosterior } from '../../../src/stats/bayesian/normal-posterior.ts';
import { runs } from '../../runs.ts';
import { anyCount, anyNumber, pathsOfNaN } from '../arbitraries.ts';

const estimate = fc.double({ min: -2, max: 2, noNaN: true });
const standardError = fc.double({ min: 1e-6, max: 10, noNaN: true });
const counts = fc
  .tuple(fc.integer({ min: 0, max: 300 }), fc.nat(300))
  .map(([n, k]): BetaCounts => ({ n, successes: k % (n + 1) }));

describe('normalPosterior', () => {
  it('has chances that add up to 1 and losses that differ by the estimate', () => {
    fc.assert(
      fc.property(estimate, standardError, (effect, se) => {
        const posterior = normalPosterior({ estimate: effect, standardError: se }, {});
        const { chanceToBeBetter, chanceToBeWorse } = posterior;
        expect((chanceToBeBetter ?? 0) + (chanceToBeWorse ?? 0)).toBeCloseTo(1, 12);
        const { expectedLossOfControl, expectedLossOfTreatment } = posterior;
        expect((expectedLossOfControl ?? 0) - (expectedLossOfTreatment ?? 0)).toBeCloseTo(
          posterior.estimate ?? Number.NaN,
          9,
        );
      }),
      { numRuns: runs(1000) },
    );
  });

  it('lies between the prior mean and the estimate', () => {
    fc.assert(
      fc.property(estimate, standardError, (effect, se) => {
        const posterior = normalPosterior({ estimate: effect, standardError: se }, {});
        expect(Math.abs(posterior.estimate ?? Number.NaN)).toBeLessThanOrEqual(Math.abs(effect));
        expect(posterior.standardDeviation).toBeLessThanOrEqual(Math.min(se, DEFAULT_PRIOR.sd));
      }),
      { numRuns: runs(1000) },
    );
  });

  it('swaps chances and losses, not the estimate, if lower is better', () => {
    const effect = { estimate: 0.1, standardError: 0.05 };
    const up = normalPosterior(effect, {});
    const down = normalPosterior(effect, { lowerIsBetter: true });
    expect(down).toEqual({
      ...up,
      chanceToBeBetter: up.chanceToBeWorse,
      chanceToBeWorse: up.chanceToBeBetter,
      expectedLossOfTreatment: up.expectedLossOfControl,
      expectedLossOfControl: up.expectedLossOfTreatment,
    });
  });

  it.each([
    [{ estimate: 1, standardError: 0 }, 1, 'no-variance'],
    [{ estimate: 1, standardError: 1 }, 0, 'no-baseline'],
    [{ estimate: Number.NaN, standardError: 1 }, 1, 'impossible'],
  ])('reports %j with a baseline of %d as %s', (effect, baseline, status) => {
    // A chance of 50% would look like a result.
    expect(normalPosterior(effect, { baseline })).toMatchObject({ status, chanceToBeBetter: null });
  });

  it('returns no NaN for any figures', () => {
    fc.assert(
      fc.property(anyNumber, anyNumber, anyNumber, fc.boolean(), (effect, se, baseline, isFlat) => {
        const options = { baseline, ...(isFlat ? { prior: null } : {}) };
        const posterior = normalPosterior({ estimate: effect, standardError: se }, options);
        expect(pathsOfNaN(posterior)).toEqual([]);
      }),
      { numRuns: runs(2000) },
    );
  });
});

describe('betaBinomial', () => {
  it('has chances that add up to 1, and that swap with the arms', () => {
    fc.assert(
      fc.property(counts, counts, (a, b) => {
        const one = betaBinomial(a, b);
        const other = betaBinomial(b, a);
        expect(one.chanceToBeBetter + one.chanceToBeWorse).toBeCloseTo(1, 12);
        expect(other.chanceToBeBetter).toBeCloseTo(one.chanceToBeWorse, 12);
        expect(other.expectedLossOfControl).toBeCloseTo(one.expectedLossOfTreatment, 12);
        const lower = betaBinomial(a, b, { lowerIsBetter: true });
        expect(lower.chanceToBeBetter).toBe(one.chanceToBeWorse);
      }),
      { numRuns: runs(1000) },
    );
  });

  it('has losses that differ by the difference of the posterior means', () => {
    fc.assert(
      fc.property(counts, counts, (a, b) => {
        const { expectedLossOfControl, expectedLossOfTreatment } = betaBinomial(a, b);
        const mean = ({ n, successes }: BetaCounts): number => (successes + 1) / (n + 2);
        expect(expectedLossOfControl - expectedLossOfTreatment).toBeCloseTo(mean(b) - mean(a), 11);
      }),
      { numRuns: runs(1000) },
    );
  });

  it('adds up to 1 for a billion units', () => {
    const { chanceToBeBetter, chanceToBeWorse } = betaBinomial(
      { n: 1e9, successes: 4e8 },
      { n: 1e9, successes: 4.0001e8 },
    );
    expect(chanceToBeBetter + chanceToBeWorse).toBeCloseTo(1, 10);
  });

  it('is impossible with more successes than units', () => {
    expect(betaBinomial({ n: 1, successes: 2 }, { n: 1, successes: 0 }).status).toBe('impossible');
  });

  it('returns no NaN for any counts', () => {
    fc.assert(
      fc.property(anyCount, anyCount, anyCount, anyCount, (n1, k1, n2, k2) => {
        const result = betaBinomial({ n: n1, successes: k1 }, { n: n2, successes: k2 });
        expect(pathsOfNaN(result)).toEqual([]);
      }),
      { numRuns: runs(200) },
    );
  });
});
