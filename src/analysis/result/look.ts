import type { AnalysisPlan } from '../plan/analysis-plan.ts';
import { phaseOf } from './look-phase.ts';
import type { Look } from './result.ts';
import type { ResultOptions } from './result-options.ts';
import { lookText } from './words/look-text.ts';

/** The probability with which intervals cover the true value, unless another is asked for. */
const CONFIDENCE = 0.95;

/** The number of units for which the sequence is tightest if no number is planned. */
const TUNING = 5000;

/**
 * Returns the kind of interval at this look. At the planned end it is the fixed interval at half of the error
 * rate. At all other looks, also at those after it, it is the confidence sequence at the other half. Without a
 * planned end the sequence has the whole error rate.
 *
 * @param units the units that are analysed
 */
export function lookOf(plan: AnalysisPlan, units: number, options: ResultOptions): Look {
  const { confidence = CONFIDENCE, plannedUnits } = options;
  const phase = phaseOf(plan, units, options);
  // Rounding keeps 1 − 0.95 from becoming 0.050000000000000044.
  const rate = Number((1 - confidence).toPrecision(12));
  const look = {
    method: phase === 'end' ? 'fixed' : 'sequential',
    confidence,
    alpha: phase === 'unplanned' ? rate : rate / 2,
    plannedUnits: plannedUnits ?? null,
    tuning: plannedUnits ?? TUNING,
  } as const;
  return { ...look, text: lookText(look, units, phase) };
}
