import type { ExperimentPlan, PlanUnits } from './experiment-plan.ts';
import {
  chanceText,
  countText,
  percentText,
  countOf,
  rateText,
  roundedUp,
} from '../../ui/words.ts';

/** Writes the sentence that a plan begins with. */
export function summarizePlan(plan: Omit<ExperimentPlan, 'summary' | 'notes'>): string {
  const { units, lift, metric, test } = plan;
  if (units === null) return `No number of units ${claim(plan, test.targetPower)}.`;
  const isNeeded = units.from === 'lift';
  const amount = `${isNeeded ? 'About ' : ''}${unitsText(units, plan.shares)}`;
  const time = timeText(plan);
  if (lift === null && plan.detectableLift === null) {
    return `${amount}${time} ${has(units)} no detectable lift.`;
  }
  const power = plan.power ?? test.targetPower;
  const chance = metric.margin !== null || lift !== null ? power : test.targetPower;
  return `${amount}${time} ${claim(plan, isNeeded ? test.targetPower : chance)}.`;
}

function has({ total }: PlanUnits): string {
  return total === 1 ? 'has' : 'have';
}

/** Writes what the units do: `detect a lift of 5% with a chance of 80%`. */
function claim(plan: Omit<ExperimentPlan, 'summary' | 'notes'>, chance: number): string {
  const { metric, lift, units, detectableLift } = plan;
  const verb = (word: string): string => (units === null ? `${word}s` : word);
  const end = `with a chance of ${chanceText(chance)}`;
  if (metric.margin !== null) {
    const truth =
      lift === 0 || lift === null ? 'if there is none' : `if the true lift is ${percentText(lift)}`;
    return `${verb('exclude')} a harm beyond ${percentText(metric.margin)} ${end} ${truth}`;
  }
  if (lift !== null) return `${verb('detect')} a lift of ${percentText(lift)} ${end}`;
  const smallest = detectableLift ?? 0;
  const more = smallest < 0 ? 'a larger decrease' : 'more';
  return `${verb('detect')} a lift of ${percentText(smallest)} or ${more} ${end}`;
}

function unitsText(
  { total, byVariant, from }: PlanUnits,
  shares: ExperimentPlan['shares'],
): string {
  const values = Object.values(shares);
  const isEqual = Math.max(...values) - Math.min(...values) < 1e-9;
  const shown = (count: number): number => (from === 'lift' ? roundedUp(count) : count);
  const arms = Object.entries(byVariant).map(
    ([variant, count]) => [variant, shown(count)] as const,
  );
  const each = shown(Math.ceil(total / values.length));
  const sum = isEqual ? each * arms.length : arms.reduce((all, [, count]) => all + count, 0);
  const split = isEqual
    ? `${countText(each)} in each variant`
    : arms.map(([variant, count]) => `${variant} ${countText(count)}`).join(', ');
  return `${countText(from === 'lift' ? sum : total)} units (${split})`;
}

function timeText({ duration }: Pick<ExperimentPlan, 'duration'>): string {
  if (duration === null) return '';
  const { arrivalDays, unitsPerDay } = duration;
  return `, ${countOf(arrivalDays, 'day')} at ${rateText(unitsPerDay)} new units a day,`;
}
