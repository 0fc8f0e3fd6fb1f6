import {
  compareByLook,
  type LookComparison,
  type LookTest,
  sequentialTest,
  testOfLook,
} from './by-look.ts';
import type { Compare } from './compare-arms.ts';

/** A guardrail: a metric that must not get worse by more than a margin. */
export interface Guardrail {
  readonly better: 'up' | 'down';
  /** As a share of the control's value. */
  readonly margin: number;
  /** The control's value, for comparisons without a relative difference. */
  readonly control: number;
}

/** The test of a guardrail. */
export interface GuardrailComparison extends LookComparison {
  readonly verdict: 'no-harm' | 'worse' | 'not-decided';
  /** The distance of the estimate from the margin, its standard error, and the side that is tested. */
  readonly distance: number;
  readonly standardError: number;
}

/**
 * Tests a guardrail by two one-sided tests: whether a harm beyond the margin is excluded (no harm), and
 * whether everything else is (worse). The intervals are open on the side that does not matter. The p-value is
 * that of the test whose interval is shown, by the same method.
 *
 * @param n the units of both variants
 */
export function compareGuardrail(
  compare: Compare,
  n: number,
  look: LookTest,
  { better, margin, control }: Guardrail,
): GuardrailComparison {
  const sign = better === 'up' ? 1 : -1;
  const [good, bad] = sign > 0 ? (['greater', 'less'] as const) : (['less', 'greater'] as const);
  const safe = compareByLook(compare, n, look, good);
  const harm = compareByLook(compare, n, look, bad);
  const isRelative = safe.relative.interval !== null;
  const limit = isRelative ? margin : margin * Math.abs(control);
  const scale = isRelative ? 'relative' : 'absolute';
  const ends = (tested: LookComparison): readonly number[] => {
    const [low = Number.NaN, high = Number.NaN] = tested[scale].interval ?? [];
    return sign > 0 ? [low, high] : [-high, -low];
  };
  const isSafe = (ends(safe)[0] ?? Number.NaN) > -limit;
  const isHarmed = (ends(harm)[1] ?? Number.NaN) < -limit;
  const isHarm = isHarmed && !isSafe;
  const { absolute, relative } = isHarm ? harm : safe;
  const { estimate, standardError } = safe[scale];
  const alternative = isHarm ? bad : good;
  const test = testOfLook(compare, n, look, alternative);
  const { statistic, pValue, lnPValue } = compare(scale, { ...test, against: -sign * limit });
  return {
    absolute,
    relative,
    ...(look.method === 'fixed'
      ? { pValue, lnPValue }
      : sequentialTest(statistic, 1, n, look, alternative)),
    verdict: isSafe ? 'no-harm' : isHarmed ? 'worse' : 'not-decided',
    distance: estimate === null ? 0 : Math.abs(sign * estimate + limit),
    standardError: standardError ?? 0,
  };
}
