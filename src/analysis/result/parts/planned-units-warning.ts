import type { AnalysisPlan } from '../../plan/analysis-plan.ts';
import type { MomentRows } from '../../rows/moment-rows.ts';
import { phaseOf } from '../look-phase.ts';
import type { ResultWarning } from '../result.ts';
import type { ResultOptions } from '../result-options.ts';
import { warnings } from '../words/warnings.ts';
import { groupedRows, unitsByVariant } from './groups.ts';

/** Returns the warning that there are more units than planned, with the end that gives the planned number. */
export function plannedUnitsWarning(
  plan: AnalysisPlan,
  rows: MomentRows,
  units: number,
  { plannedUnits, plannedEnd }: ResultOptions,
): ResultWarning[] {
  if (plannedUnits === undefined || plannedEnd !== undefined) return [];
  if (phaseOf(plan, units, { plannedUnits }) !== 'after') return [];
  const days = groupedRows(rows, plan, 'day')
    .map(({ value, rows: ofDay }) => {
      const counts = Object.values(unitsByVariant(plan, ofDay));
      return { value, total: counts.reduce((sum, one) => sum + one, 0) };
    })
    .filter(({ total }) => phaseOf(plan, total, { plannedUnits }) === 'end')
    .map(({ value }) => value);
  return [warnings.afterPlannedUnits(units, plannedUnits, days.toSorted()[0])];
}
