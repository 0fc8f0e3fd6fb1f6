import { compareMeans } from '../../../stats/effects/compare-means.ts';
import { hasSmallCells } from '../../../stats/effects/compare-proportions.ts';
import { cupedRatioTheta, cupedTheta } from '../../../stats/effects/cuped.ts';
import { linearised } from '../../../stats/effects/linearise.ts';
import type { Moments } from '../../../stats/moments/moments.ts';
import { cupedTexts } from '../words/cuped-texts.ts';
import type { CupedFactor } from './compare-arms.ts';
import type { MetricArm } from './metric-arm.ts';

/** The decision whether the values before the exposure are used, with its reason. */
export interface CupedChoice {
  readonly text: string;
  /** Null: not used. */
  readonly factor: CupedFactor | null;
}

/** The reduction of the variance from which CUPED is used. */
const MIN_REDUCTION = 0.01;

/** The p-value below which the variants differ before the exposure, so that CUPED would hide a fault. */
const MAX_DIFFERENCE = 0.001;

/** Decides whether the values before the exposure are used: one factor over all variants of a metric. */
export function chooseCuped(
  control: MetricArm,
  treatments: readonly MetricArm[],
  preMs: number | null,
): CupedChoice {
  const off = (text: string): CupedChoice => ({ text, factor: null });
  if (control.family === 'quantile') return off(cupedTexts.quantile);
  if (preMs === null) return off(cupedTexts.switchedOff);
  const arms = [control, ...treatments].filter(({ n }) => n > 0);
  const moments = new Map<string, Moments>();
  for (const { variant, family, withPre } of arms) {
    const both = withPre && (family === 'ratio' ? linearised(withPre) : withPre);
    if (both === undefined) return off(cupedTexts.noValues);
    moments.set(variant, both);
  }
  const counts = arms.flatMap((arm) => arm.counts ?? []);
  if (counts.length > 0 && hasSmallCells(...counts)) return off(cupedTexts.smallCounts);
  const all = [...moments.values()];
  if (all.every(({ covariances }) => !((covariances[1]?.[1] ?? 0) > 0))) {
    return off(cupedTexts.noValues);
  }
  const pValue = differenceBefore(moments.get(control.variant), all);
  if (pValue < MAX_DIFFERENCE) return off(cupedTexts.differBefore(pValue));
  const theta = control.family === 'ratio' ? cupedRatioTheta(all) : cupedTheta(all);
  const reduction = pooledReduction(all, theta);
  if (!(reduction >= MIN_REDUCTION)) return off(cupedTexts.tooLittle(reduction));
  return { text: cupedTexts.used(reduction, preMs), factor: { theta, moments } };
}

/**
 * Returns the use of the factor that was chosen for all units, for a part of them. A choice for each day
 * would make a time line jump.
 *
 * @param theta null: not used
 */
export function cupedAsChosen(
  arms: readonly MetricArm[],
  theta: number | null,
  preMs: number,
): CupedChoice {
  const off: CupedChoice = { text: cupedTexts.noValues, factor: null };
  const counts = arms.flatMap((arm) => arm.counts ?? []);
  if (theta === null || (counts.length > 0 && hasSmallCells(...counts))) return off;
  const moments = new Map<string, Moments>();
  for (const { variant, family, withPre, n } of arms) {
    if (n === 0) continue;
    const both = withPre && (family === 'ratio' ? linearised(withPre) : withPre);
    if (both === undefined) return off;
    moments.set(variant, both);
  }
  const reduction = pooledReduction([...moments.values()], theta);
  return { text: cupedTexts.used(reduction, preMs), factor: { theta, moments } };
}

/** Returns the smallest p-value of the differences before the exposure, corrected for their number. */
function differenceBefore(control: Moments | undefined, all: readonly Moments[]): number {
  if (control === undefined) return 1;
  const treatments = all.filter((moments) => moments !== control);
  const arm = ({ n, means, covariances }: Moments) => ({
    n,
    mean: means[1] ?? 0,
    variance: covariances[1]?.[1] ?? 0,
  });
  const test = { alternative: 'two-sided', alpha: MAX_DIFFERENCE } as const;
  const pValues = treatments.map(
    (one) => compareMeans(arm(control), arm(one), 'absolute', test).pValue ?? 1,
  );
  return Math.min(1, Math.min(1, ...pValues) * treatments.length);
}

/** Returns 1 − variance with CUPED / variance without, within all variants together. */
function pooledReduction(all: readonly Moments[], theta: number): number {
  let before = 0;
  let after = 0;
  for (const { n, covariances } of all) {
    const [y = 0, both = 0] = covariances[0] ?? [];
    const x = covariances[1]?.[1] ?? 0;
    before += (n - 1) * y;
    after += (n - 1) * (y + theta ** 2 * x - 2 * theta * both);
  }
  const reduction = 1 - after / before;
  return Number.isFinite(reduction) ? reduction : 0;
}
