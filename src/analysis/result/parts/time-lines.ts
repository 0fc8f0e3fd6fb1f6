import type { AnalysisPlan } from '../../plan/analysis-plan.ts';
import type { MomentRows } from '../../rows/moment-rows.ts';
import type { LookTest } from '../compare/by-look.ts';
import type { MetricResult, TimeLine, TimePoint } from '../result.ts';
import { groupedRows, unitsByVariant } from './groups.ts';
import { metricResults } from './metric-results.ts';

/**
 * Returns the cumulative results day by day. Their intervals are sequential, because a line shows all looks
 * at once.
 *
 * @param total the metrics of all units, whose use of CUPED holds for each day
 */
export function timeLines(
  plan: AnalysisPlan,
  rows: MomentRows,
  look: LookTest,
  total: readonly MetricResult[],
): TimeLine[] {
  const thetas = total.map(({ cuped }) => cuped.theta);
  const situation = { look: { ...look, method: 'sequential' as const }, withheld: true, thetas };
  // The intervals of guardrails would be open on one side.
  const metrics = plan.metrics.map(({ spec }) => ({ spec, role: 'secondary' as const }));
  const days = groupedRows(rows, plan, 'day')
    .map(({ value, rows: ofDay }) => ({
      before: value,
      units: unitsByVariant(plan, ofDay),
      metrics: metricResults({ ...plan, metrics }, ofDay, situation),
    }))
    .sort((a, b) => (a.before < b.before ? -1 : 1));
  if (days.length === 0) return [];
  const treatments = plan.compared.filter((variant) => variant !== plan.control);
  return metrics.flatMap(({ spec }, i) =>
    // A quantile has no value by day, and a metric in two roles needs one line.
    spec.type === 'quantile' || metrics.findIndex((one) => one.spec.name === spec.name) < i
      ? []
      : treatments.map((variant) => ({
          metric: spec.name,
          variant,
          points: days.map(({ before, units, metrics: ofDay }) =>
            pointOf(before, units, ofDay[i], plan.control, variant),
          ),
        })),
  );
}

function pointOf(
  before: string,
  units: Readonly<Record<string, number>>,
  metric: MetricResult | undefined,
  control: string,
  variant: string,
): TimePoint {
  const valueOf = (name: string): number | null =>
    metric?.arms.find((arm) => arm.variant === name)?.value ?? null;
  const relative = metric?.comparisons.find((one) => one.variant === variant)?.relative;
  return {
    before,
    units,
    control: valueOf(control),
    treatment: valueOf(variant),
    relative: relative?.estimate ?? null,
    interval: relative?.interval ?? null,
  };
}

/** Returns the day of the first exposure in ISO 8601; null if the rows have no days. */
export function firstDay(plan: AnalysisPlan, rows: MomentRows): string | null {
  const moments = groupedRows(rows, plan, 'day')
    .filter(({ rows: ofDay }) => [...ofDay.values()].some(({ units }) => units > 0))
    .map(({ value }) => Date.parse(value))
    .filter(Number.isFinite);
  if (moments.length === 0) return null;
  const last = Math.min(...moments) - 1;
  return `${new Date(last).toISOString().slice(0, 'yyyy-mm-dd'.length)}T00:00:00Z`;
}
