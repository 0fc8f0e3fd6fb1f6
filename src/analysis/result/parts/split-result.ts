import { holm } from '../../../stats/split/holm.ts';
import { type SampleRatio, sampleRatio, splitTest } from '../../../stats/split/sample-ratio.ts';
import { shareInterval } from '../../../stats/split/share-interval.ts';
import type { AnalysisPlan, PlannedAudience } from '../../plan/analysis-plan.ts';
import type { MomentRows } from '../../rows/moment-rows.ts';
import { unitsNotCompared } from './groups.ts';
import type { AudienceSplit, SplitResult, SplitTest } from '../result.ts';
import { splitText } from '../words/split-text.ts';

/** The p-value below which the split is off. A. Fabijan et al., KDD (2019). */
export const SPLIT_THRESHOLD = 0.001;

/** The units of one audience by variant, in the plan's order. */
interface AudienceCounts {
  readonly audience: PlannedAudience;
  readonly variants: readonly string[];
  readonly counts: readonly number[];
  readonly weights: readonly number[];
}

/** An audience with its test. */
interface TestedAudience extends AudienceCounts {
  readonly tested: SampleRatio;
}

/**
 * Tests whether the units of each audience are split as intended, over all variants: also those that are not
 * compared, unless none of their units is recorded. Some applications never record people outside the test.
 * Units that kept an earlier variant have no audience and take no part.
 */
export function splitResult(plan: AnalysisPlan, rows: MomentRows): SplitResult {
  const analysed = audienceCounts(plan, rows, plan.mixed === 'first');
  const all = audienceCounts(plan, rows, true);
  const hasMixed = rows.groups.some(
    ({ kind, mixed, units }) => kind === 'audience' && mixed && units > 0,
  );
  const hasUnits = rows.groups.some(({ kind, units }) => kind === 'total' && units > 0);
  const tests = analysed.map(testOf);
  const corrected = correctedByAudience(tests);
  const audiences = tests.map((one) => audienceSplit(one, corrected.get(one.audience) ?? null));
  const withMixed = hasMixed ? addUp(all.map(testOf)) : null;
  const addedUp = addUp(tests);
  const judged = {
    ...judge(tests, corrected, addedUp, plan.audiences.length === 0 || hasUnits),
    ...(withMixed !== null && withMixed.pValue < SPLIT_THRESHOLD && { status: 'off' as const }),
  };
  return {
    ...judged,
    text: splitText(judged, {
      onlyWithMixed: judged.status === 'off' && (judged.pValue ?? 1) >= SPLIT_THRESHOLD,
      notCompared: Object.keys(unitsNotCompared(plan, rows)),
    }),
    audiences,
    addedUp,
    overall: overallTest(analysed),
    withMixed,
  };
}

function judge(
  tests: readonly TestedAudience[],
  corrected: ReadonlyMap<PlannedAudience, number>,
  addedUp: SplitTest | null,
  hasUnits: boolean,
): Pick<SplitResult, 'status' | 'pValue' | 'lnPValue'> {
  if (tests.length === 0) {
    return { status: hasUnits ? 'unknown' : 'small', pValue: null, lnPValue: null };
  }
  if (tests.some(({ tested }) => tested.status === 'impossible')) {
    return { status: 'off', pValue: 0, lnPValue: null };
  }
  const candidates: { pValue: number; lnPValue: number }[] = tests.flatMap(
    ({ audience, tested: { pValue, lnPValue } }) => {
      const adjusted = corrected.get(audience);
      if (adjusted === undefined || pValue === null || lnPValue === null) return [];
      // For values too small for a number: Holm multiplies the smallest by the number of tests.
      const factor = pValue > 0 ? adjusted / pValue : corrected.size;
      return [{ pValue: adjusted, lnPValue: Math.min(0, lnPValue + Math.log(factor)) }];
    },
  );
  if (candidates.length === 0) return { status: 'small', pValue: null, lnPValue: null };
  if (addedUp !== null) candidates.push(addedUp);
  const smallest = candidates.reduce((a, b) => (b.lnPValue < a.lnPValue ? b : a));
  const status = smallest.pValue < SPLIT_THRESHOLD ? 'off' : 'right';
  return { status, pValue: smallest.pValue, lnPValue: smallest.lnPValue };
}

/** Returns the p-values of the audiences after Holm's correction. Small counts are not tested. */
function correctedByAudience(tests: readonly TestedAudience[]): Map<PlannedAudience, number> {
  const tested = tests.filter((one) => one.tested.status === 'ok');
  const corrected = holm(tested.map((one) => one.tested.pValue ?? 1));
  return new Map(tested.map(({ audience }, i) => [audience, corrected[i] ?? 1]));
}

function audienceCounts(
  plan: AnalysisPlan,
  rows: MomentRows,
  withMixed: boolean,
): AudienceCounts[] {
  const variants = testedVariants(plan, rows);
  const { groups, records } = rows;
  const counted = groups.filter(({ kind, mixed }) => kind === 'audience' && (withMixed || !mixed));
  const isRecorded = counted.some(({ value, units }) => /^\d+$/.test(value) && units > 0);
  const [only, ...others] = plan.audiences;
  // Tables without a column for the audience: with one audience it is that one.
  const isImplied = !isRecorded && others.length === 0 && (records.get('sticky_units') ?? 0) === 0;
  return plan.audiences.flatMap((audience) => {
    const value = isImplied && audience === only ? 'none' : String(audience.audience);
    const counts = variants.map((variant) =>
      counted
        .filter((row) => row.value === value && row.variant === variant)
        .reduce((sum, { units }) => sum + units, 0),
    );
    const weights = variants.map((variant) => audience.percents[variant] ?? 0);
    return counts.some((count) => count > 0) ? [{ audience, variants, counts, weights }] : [];
  });
}

/** Returns the variants that the split is tested over. */
function testedVariants(plan: AnalysisPlan, rows: MomentRows): readonly string[] {
  const recorded = unitsNotCompared(plan, rows);
  return plan.variants.filter(
    (variant) => plan.compared.includes(variant) || Object.hasOwn(recorded, variant),
  );
}

function testOf(one: AudienceCounts): TestedAudience {
  return { ...one, tested: sampleRatio(one.counts, one.weights) };
}

function audienceSplit(
  { audience, variants, counts, weights, tested }: TestedAudience,
  corrected: number | null,
): AudienceSplit {
  const units = sum(counts);
  const weight = sum(weights);
  const { rule } = audience;
  return {
    audience: audience.audience,
    ...(rule !== undefined && { rule }),
    test: asTest(tested),
    pValueHolm: corrected,
    variants: variants.map((variant, i) => {
      const { low, high } = shareInterval(counts[i] ?? 0, units);
      return {
        variant,
        units: counts[i] ?? 0,
        expectedShare: weight > 0 ? (weights[i] ?? 0) / weight : 0,
        share: units > 0 ? (counts[i] ?? 0) / units : 0,
        interval: [low, high],
      };
    }),
  };
}

/** Returns the test; null if there is none or if a unit has a variant with a share of 0. */
function asTest({ statistic, degreesOfFreedom, pValue, lnPValue }: SampleRatio): SplitTest | null {
  if (statistic === null || degreesOfFreedom === null || pValue === null || lnPValue === null) {
    return null;
  }
  if (!Number.isFinite(statistic) || !Number.isFinite(lnPValue)) return null;
  return { statistic, degreesOfFreedom, pValue, lnPValue };
}

/** Returns the test of the sum of the audiences' statistics. Audiences with small counts take no part. */
function addUp(tests: readonly TestedAudience[]): SplitTest | null {
  const used = tests.flatMap(({ tested }) =>
    tested.status === 'ok' ? (asTest(tested) ?? []) : [],
  );
  if (used.length === 0) return null;
  return splitTest(
    sum(used.map(({ statistic }) => statistic)),
    sum(used.map(({ degreesOfFreedom }) => degreesOfFreedom)),
  );
}

/** Returns the test of all units against the shares of all audiences together. */
function overallTest(all: readonly AudienceCounts[]): SplitTest | null {
  const [first] = all;
  if (first === undefined) return null;
  const counts = first.counts.map((_, i) => sum(all.map((one) => one.counts[i] ?? 0)));
  const expected = first.counts.map((_, i) =>
    sum(
      all.map(({ counts: ofOne, weights }) => {
        const weight = sum(weights);
        return weight > 0 ? (sum(ofOne) * (weights[i] ?? 0)) / weight : 0;
      }),
    ),
  );
  return asTest(sampleRatio(counts, expected));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
