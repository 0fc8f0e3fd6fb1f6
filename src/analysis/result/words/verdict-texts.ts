import type { Verdict } from '../result.ts';
import { percentText, roundCountText } from '../../../ui/words.ts';

/** The digits of a number of units that nobody knows exactly. */
const ROUGH_DIGITS = 2;

/** Writes a verdict: `better`, `no harm beyond 1%`, `not decided: about 4,200 more units`. */
export function verdictText(verdict: Verdict, margin: number, unitsNeeded: number | null): string {
  switch (verdict) {
    case 'better':
    case 'worse':
    case 'withheld':
      return verdict;
    case 'no-harm':
      return `no harm beyond ${percentText(margin)}`;
    case 'not-decided':
      return unitsNeeded === null ? 'not decided' : `not decided: ${roughUnits(unitsNeeded)}`;
  }
}

/** Writes a number of further units, rounded up to two digits: `about 4,200 more units`. */
export function roughUnits(units: number): string {
  const step = 10 ** Math.max(0, Math.ceil(Math.log10(units + 1)) - ROUGH_DIGITS);
  const rough = Math.ceil(units / step) * step;
  return rough === 1 ? 'about 1 more unit' : `about ${roundCountText(rough)} more units`;
}

/** The chance above which, and below one minus which, a chance is not written exactly. */
const NEARLY_SURE = 0.999;

/** Writes a Bayesian second opinion. */
export function opinionText(figures: {
  readonly chanceToBeBetter: number;
  readonly expectedLossOfTreatment: number;
}): string {
  const { chanceToBeBetter: chance, expectedLossOfTreatment: loss } = figures;
  const text =
    chance > NEARLY_SURE
      ? `above ${percentText(NEARLY_SURE)}`
      : chance < 1 - NEARLY_SURE
        ? `below ${percentText(1 - NEARLY_SURE)}`
        : percentText(chance);
  return `Estimate under a prior: the chance to be better is ${text}; the expected loss is ${percentText(loss)} of the control's value.`;
}
