import type { AnalysisPlan, PlannedMetric } from '../../plan/analysis-plan.ts';
import type { MetricRow } from '../../rows/moment-rows.ts';
import type { LookTest } from '../compare/by-look.ts';
import { type ComparisonDraft, draftComparison } from '../compare/comparison-draft.ts';
import { correct } from '../compare/corrections.ts';
import { chooseCuped, cupedAsChosen, type CupedChoice } from '../compare/cuped-choice.ts';
import { armResult, type MetricArm, metricArm } from '../compare/metric-arm.ts';
import { withVerdict } from '../compare/verdicts.ts';
import type { MetricResult } from '../result.ts';
import { definitionOf } from '../words/definition.ts';
import type { RowsByVariant } from './groups.ts';

/** Facts about the whole analysis that all metrics depend on. */
export interface Situation {
  readonly look: LookTest;
  /** True: no verdicts. */
  readonly withheld: boolean;
  /** The factors of CUPED by metric that were chosen for all units. Absent: they are chosen. */
  readonly thetas?: readonly (number | null)[];
}

interface MetricDraft {
  readonly planned: PlannedMetric;
  readonly rows: readonly MetricRow[];
  readonly arms: readonly MetricArm[];
  readonly cuped: CupedChoice;
  readonly comparisons: readonly ComparisonDraft[];
}

/** Returns the results of all metrics for one group of units. */
export function metricResults(
  plan: AnalysisPlan,
  rows: RowsByVariant,
  situation: Situation,
): MetricResult[] {
  const { look, withheld } = situation;
  const drafts = plan.metrics.map((planned, i) => draftMetric(plan, planned, i, rows, situation));
  const tests = drafts.flatMap(({ planned: { role }, comparisons }) =>
    comparisons.map(({ figures: { pValue } }) => ({ role, pValue })),
  );
  const adjusted = correct(tests);
  const units = [...rows.values()].reduce((sum, row) => sum + row.units, 0);
  let next = 0;
  return drafts.map(({ planned, rows: ofMetric, arms, cuped, comparisons }) => ({
    ...describe(planned),
    arms: arms.map(armResult),
    openUnits: total(ofMetric, ({ open }) => open),
    earlyOutcomes: total(ofMetric, ({ early }) => early),
    lateOutcomes: total(ofMetric, ({ late }) => late),
    cap: capOf(planned, ofMetric),
    cuped: { used: cuped.factor !== null, text: cuped.text, theta: cuped.factor?.theta ?? null },
    comparisons: comparisons.map((draft) =>
      withVerdict(planned, draft, adjusted[next++] ?? null, {
        look,
        withheld,
        units,
        family: tests.filter(({ role }) => role === planned.role).length,
      }),
    ),
  }));
}

function draftMetric(
  { compared, control, preMs }: AnalysisPlan,
  planned: PlannedMetric,
  position: number,
  rows: RowsByVariant,
  { look, thetas }: Situation,
): MetricDraft {
  const rowOf = (variant: string): MetricRow | undefined => rows.get(variant)?.metrics[position];
  const arms = compared.map((variant) => metricArm(variant, planned.spec, rowOf(variant)));
  const ofControl =
    arms.find(({ variant }) => variant === control) ?? metricArm(control, planned.spec, undefined);
  const treatments = arms.filter(({ variant }) => variant !== control);
  const cuped =
    thetas === undefined || preMs === null
      ? chooseCuped(ofControl, treatments, preMs)
      : cupedAsChosen([ofControl, ...treatments], thetas[position] ?? null, preMs);
  return {
    planned,
    rows: compared.flatMap((variant) => rowOf(variant) ?? []),
    arms,
    cuped,
    comparisons: treatments.map((treatment) =>
      draftComparison(planned, ofControl, treatment, cuped.factor, look),
    ),
  };
}

function describe({ spec, role, margin }: PlannedMetric) {
  const { name, description, type, better } = spec;
  return {
    name,
    ...(description !== undefined && { description }),
    type,
    role,
    margin: role === 'guardrail' ? (margin ?? null) : null,
    better,
    definition: definitionOf(spec),
  };
}

/** The cap is over the units of all variants, so each row has the same. */
function capOf({ spec }: PlannedMetric, rows: readonly MetricRow[]): MetricResult['cap'] {
  const at = rows.find(({ cap }) => cap !== undefined)?.cap;
  if (spec.cap === null || at === undefined || !Number.isFinite(at)) return null;
  return {
    at,
    quantile: 'quantile' in spec.cap ? spec.cap.quantile : null,
    units: total(rows, ({ capped = 0 }) => capped),
  };
}

function total(rows: readonly MetricRow[], count: (row: MetricRow) => number): number {
  return rows.reduce((sum, row) => sum + count(row), 0);
}
