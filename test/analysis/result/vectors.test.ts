import expected from '../../vectors/analysis/expected.json' with { type: 'json' };
import type { Comparison, Interval } from '../../../src/analysis/result/result.ts';
import type { toResult } from '../../../src/analysis/result/to-result.ts';
import { confidenceSequence } from '../../../src/stats/sequential/confidence-sequence.ts';
import {
  ANALYSES,
  audienceRows,
  planOf,
  planOfAnalysis,
  type ReferenceAnalysis,
  rowsOfAnalysis,
} from './reference.ts';
import { resultOf } from './valid.ts';

/** The relative tolerance of estimates and intervals, and of p-values. */
const TOLERANCE = { estimate: 1e-8, pValue: 1e-6 } as const;

function expectClose(actual: number | null | undefined, wanted: number, tolerance: number): void {
  expect(actual).not.toBeNull();
  expect(Math.abs((actual ?? Number.NaN) - wanted)).toBeLessThanOrEqual(
    tolerance * Math.max(Math.abs(wanted), 1e-12),
  );
}

function expectInterval(actual: Interval | null | undefined, wanted: readonly number[]): void {
  for (const [i, end] of wanted.entries()) expectClose(actual?.[i], end, TOLERANCE.estimate);
}

/** Runs a test for each comparison of an analysis. */
function expectComparisons(
  analysis: ReferenceAnalysis,
  options: Parameters<typeof toResult>[2],
  check: (
    comparison: Comparison,
    wanted: ReferenceAnalysis['comparisons'][string],
    variant: string,
  ) => void,
): void {
  const result = resultOf(planOfAnalysis(analysis), rowsOfAnalysis(analysis), options);
  const comparisons = result.metrics[0]?.comparisons ?? [];
  expect(comparisons).toHaveLength(Object.keys(analysis.comparisons).length);
  for (const comparison of comparisons) {
    const wanted = analysis.comparisons[comparison.variant];
    if (wanted === undefined) throw new Error(`${comparison.variant} is missing`);
    check(comparison, wanted, comparison.variant);
  }
}

/** At a planned end, half of the error rate is left, so 90% gives fixed 95% intervals. */
const atTheEnd = (analysis: (typeof ANALYSES)[number]) => ({
  plannedEnd: planOfAnalysis(analysis).until,
  confidence: 0.9,
});

describe('toResult() on the analyses of expected.json', () => {
  it('has all 36 of them', () => expect(ANALYSES).toHaveLength(36));

  it.each(ANALYSES)('$id: estimates, fixed intervals and p-values', (analysis) => {
    expect.hasAssertions();
    expectComparisons(analysis, atTheEnd(analysis), (comparison, { absolute, relative }) => {
      expectClose(comparison.absolute.estimate, absolute.estimate, TOLERANCE.estimate);
      expectClose(comparison.absolute.standardError, absolute.standardError, TOLERANCE.estimate);
      expectClose(comparison.relative.estimate, relative.estimate, TOLERANCE.estimate);
      expectClose(comparison.relative.standardError, relative.standardError, TOLERANCE.estimate);
      expectClose(comparison.pValue, absolute.pValue, TOLERANCE.pValue);
      expectInterval(comparison.absolute.interval, absolute.interval);
      if (comparison.relative.method === 'delta') {
        expectInterval(comparison.relative.interval, relative.interval);
      }
    });
  });

  it.each(ANALYSES)('$id: sequential intervals without a planned end', (analysis) => {
    expect.hasAssertions();
    expectComparisons(analysis, {}, (comparison, { absolute, relative, sequential }, variant) => {
      const units = (name: string): number => analysis.arms[name]?.n ?? 0;
      const n = units(expected[analysis.experiment].control) + units(variant);
      if (comparison.relative.method === 'delta') {
        expectInterval(comparison.relative.interval, sequential.interval);
      }
      // The p-value of expected.json is that of the relative difference; ours is that of the absolute one.
      const options = { alpha: 0.05, tuning: 5000 };
      const { pValue } = confidenceSequence({ ...relative, n }, options);
      expectClose(pValue, sequential.pValue, TOLERANCE.pValue);
      const own = confidenceSequence({ ...absolute, n }, options);
      expectClose(comparison.pValue, own.pValue, TOLERANCE.pValue);
    });
  });

  it.each(ANALYSES)('$id: the second opinion', (analysis) => {
    expect.hasAssertions();
    expectComparisons(analysis, {}, (comparison, { bayesian: { 'normal(0,0.3)': wanted } }) => {
      expectClose(comparison.bayesian?.chanceToBeBetter, wanted.chanceToWin, TOLERANCE.pValue);
      expectClose(
        comparison.bayesian?.expectedLossOfTreatment,
        wanted.expectedLossOfTreatment,
        TOLERANCE.pValue,
      );
    });
  });

  it.each(ANALYSES.filter(({ cuped }) => cuped))('$id: theta and reduction', (analysis) => {
    const result = resultOf(planOfAnalysis(analysis), rowsOfAnalysis(analysis));
    expect(result.metrics[0]?.cuped).toMatchObject({ used: true });
    expectComparisons(analysis, {}, (comparison, { theta = 0, varianceReduction = 0 }) => {
      expectClose(result.metrics[0]?.cuped.theta, theta, TOLERANCE.estimate);
      expectClose(comparison.varianceReduction, varianceReduction, TOLERANCE.estimate);
      expect(comparison.unadjusted).not.toBeNull();
    });
  });
});

describe('the split of expected.json', () => {
  it.each(['checkout', 'signup-form'] as const)('%s: by audience, added up and overall', (name) => {
    expect.hasAssertions();
    const { firstVariantOfAll, withoutContaminated } = expected[name].sampleRatio;
    const rows = { groups: audienceRows(name), checksums: [], records: new Map() };
    const { split } = resultOf(planOf(name, []), rows);
    for (const [i, wanted] of withoutContaminated.audiences.entries()) {
      expectClose(split.audiences[i]?.test?.statistic, wanted.statistic, TOLERANCE.estimate);
      expectClose(split.audiences[i]?.test?.pValue, wanted.pValue, TOLERANCE.pValue);
      expectClose(split.audiences[i]?.pValueHolm, wanted.pValueHolm, TOLERANCE.pValue);
    }
    const pairs = [
      [split.addedUp, withoutContaminated.addedUp],
      [split.overall, withoutContaminated.overall],
      ...(expected[name].counts.contaminated > 0
        ? ([[split.withMixed, firstVariantOfAll.addedUp]] as const)
        : []),
    ] as const;
    for (const [test, wanted] of pairs) {
      expectClose(test?.statistic, wanted.statistic, TOLERANCE.estimate);
      expect(test?.degreesOfFreedom).toBe(wanted.degreesOfFreedom);
      expectClose(test?.pValue, wanted.pValue, TOLERANCE.pValue);
    }
    expect(split.status).toBe(name === 'checkout' ? 'right' : 'off');
  });
});
