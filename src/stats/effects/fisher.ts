import {
  type Draw,
  lnHypergeometric,
  lnHypergeometricTail,
} from '../distributions/hypergeometric.ts';
import type { Test } from './estimate.ts';
import type { PValue } from './t-test.ts';

/** The number of units of an arm, and of those with an outcome. */
export interface Counts {
  readonly n: number;
  readonly successes: number;
}

/** Tables that are as likely as the observed one count as extreme, up to rounding. */
const AS_LIKELY = 1e-7;

/**
 * Returns the exact p-value of a two-by-two table. R. A. Fisher, "On the interpretation of χ² from
 * contingency tables", Journal of the Royal Statistical Society 85 (1922). Two-sided, it adds up all
 * tables that are at most as likely as the observed one.
 *
 * @param control whole numbers, successes at most n
 * @param treatment whole numbers, successes at most n
 */
export function fisherExact(
  control: Counts,
  treatment: Counts,
  alternative: Test['alternative'],
): PValue {
  const draw: Draw = {
    marked: treatment.n,
    unmarked: control.n,
    drawn: treatment.successes + control.successes,
  };
  const observed = treatment.successes;
  if (alternative === 'greater') return asPValue([lnHypergeometricTail(observed, draw, 1)]);
  if (alternative === 'less') return asPValue([lnHypergeometricTail(observed, draw, -1)]);
  const limit = lnHypergeometric(observed, draw) + AS_LIKELY;
  const mode = Math.floor(
    ((draw.drawn + 1) * (draw.marked + 1)) / (draw.marked + draw.unmarked + 2),
  );
  if (observed === mode) return { pValue: 1, lnPValue: 0 };
  const side = observed > mode ? 1 : -1;
  const opposite = firstAtMost(limit, mode, draw, side === 1 ? -1 : 1);
  if (opposite === mode) return { pValue: 1, lnPValue: 0 };
  return asPValue([
    lnHypergeometricTail(observed, draw, side),
    ...(opposite === undefined ? [] : [lnHypergeometricTail(opposite, draw, side === 1 ? -1 : 1)]),
  ]);
}

/** Returns the count closest to the mode, on one side, that is at most as likely as the limit. */
function firstAtMost(limit: number, mode: number, draw: Draw, step: 1 | -1): number | undefined {
  const end =
    step === 1 ? Math.min(draw.marked, draw.drawn) : Math.max(0, draw.drawn - draw.unmarked);
  if (lnHypergeometric(end, draw) > limit) return undefined;
  let near = 0;
  let far = Math.abs(end - mode);
  if (lnHypergeometric(mode, draw) <= limit) return mode;
  while (far - near > 1) {
    const middle = Math.floor((near + far) / 2);
    if (lnHypergeometric(mode + step * middle, draw) <= limit) far = middle;
    else near = middle;
  }
  return mode + step * far;
}

function asPValue(logarithms: readonly number[]): PValue {
  const largest = Math.max(...logarithms);
  if (largest === Number.NEGATIVE_INFINITY) return { pValue: 0, lnPValue: largest };
  const sum = logarithms.reduce((all, ln) => all + Math.exp(ln - largest), 0);
  const lnPValue = Math.min(0, largest + Math.log(sum));
  return { pValue: Math.exp(lnPValue), lnPValue };
}
