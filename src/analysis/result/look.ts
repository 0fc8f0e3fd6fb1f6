import type { AnalysisPlan } from '../plan/analysis-plan.ts';
import type { Look } from './result.ts';
import type { ResultOptions } from './result-options.ts';
import { lookText } from './words/look-text.ts';

/** The probability with which intervals cover the true value, unless another is asked for. */
const CONFIDENCE = 0.95;

/** The number of units for which the sequence is tightest if no number is planned. */
const TUNING = 5000;

/**
 * Returns the kind of interval at this look. Before a planned end it is the confidence sequence at half of
 * the error rate, and from the planned end on the fixed interval at the other half. Without a planned end
 * the sequence has the whole error rate.
 *
 * @param units the units that are analysed
 */
export function lookOf({ until }: AnalysisPlan, units: number, options: ResultOptions): Look {
  const { confidence = CONFIDENCE, plannedUnits, plannedEnd } = options;
  // Rounding keeps 1 − 0.95 from becoming 0.050000000000000044.
  const rate = Number((1 - confidence).toPrecision(12));
  const isPlanned = plannedUnits !== undefined || plannedEnd !== undefined;
  const isOver =
    (plannedUnits !== undefined && units >= plannedUnits) ||
    (plannedEnd !== undefined && until >= plannedEnd);
  const look = {
    method: isOver ? 'fixed' : 'sequential',
    confidence,
    alpha: isPlanned ? rate / 2 : rate,
    plannedUnits: plannedUnits ?? null,
    tuning: plannedUnits ?? TUNING,
  } as const;
  return { ...look, text: lookText(look, units, isPlanned) };
}
