import { normalQuantile } from '../../../stats/distributions/normal.ts';
import { sequentialHalfWidth } from '../../../stats/sequential/confidence-sequence.ts';
import type { LookPhase } from '../look-phase.ts';
import type { Look } from '../result.ts';
import { countOf, countText, percentText } from '../../../ui/words.ts';

/** Describes the kind of interval at a look, with its level and the reason for it. */
export function lookText(look: Omit<Look, 'text'>, units: number, phase: LookPhase): string {
  const { alpha, confidence, plannedUnits } = look;
  const errorRate = percentText(Number((1 - confidence).toPrecision(12)));
  const coverage = percentText(1 - alpha);
  if (phase === 'end') {
    return `The planned end is reached, so these are fixed ${coverage} intervals for one look. The other looks have the other half of the ${errorRate} error rate.`;
  }
  if (phase === 'after') {
    return `The planned end has passed, so these are sequential ${coverage} intervals, valid however often you look. The look at the planned end has the other half of the ${errorRate} error rate.`;
  }
  if (phase === 'before') {
    const progress =
      plannedUnits === null
        ? ''
        : ` (${countText(units)} of ${countOf(plannedUnits, 'planned unit')})`;
    return `The planned end is ahead${progress}, so these are sequential ${coverage} intervals, valid however often you look. The last look has the other half of the ${errorRate} error rate.`;
  }
  const narrower = narrowing(look, units);
  const advice =
    narrower > 0
      ? ` With a planned end, the interval at that end would be ${percentText(narrower)} narrower; declare "plannedUnits" or "until".`
      : '';
  return `No end is planned, so these are sequential ${coverage} intervals, valid however often you look.${advice}`;
}

/** Returns the share by which the last interval of a planned end would be narrower with the same units. */
function narrowing({ alpha, tuning }: Omit<Look, 'text'>, units: number): number {
  if (!(units > 0)) return 0;
  const now = sequentialHalfWidth({ standardError: 1, n: units }, { alpha, tuning });
  // Half of the error rate is for the last look, and half of that for each side.
  const atEnd = -normalQuantile(alpha / 4);
  return Math.round((1 - atEnd / now) * 100) / 100;
}
