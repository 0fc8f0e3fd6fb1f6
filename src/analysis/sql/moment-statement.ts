import type { Dialect, RecordSources } from '../engines/engine.ts';
import type { AnalysisPlan } from '../plan/analysis-plan.ts';
import { dialectOf } from './dialects/dialect-of.ts';
import type { SqlDialect } from './dialects/sql-dialect.ts';
import { buildContext, type BuildContext } from './stages/build-context.ts';
import { exposures, firstExposures, units } from './stages/exposures.ts';
import { moments } from './stages/moments.ts';
import { dayRows, dayStages } from './stages/days.ts';
import { counted, matched, outcomes } from './stages/outcomes.ts';
import { caps, metricValues, perUnit } from './stages/per-unit.ts';
import { quantileStages } from './stages/quantiles.ts';
import {
  audienceRows,
  checksumRows,
  groupRows,
  recordRows,
  type ResultRows,
} from './stages/result-rows.ts';
import type { Stage } from './stages/stage.ts';

/**
 * Returns one read-only statement that computes everything which an analysis needs to know; see
 * `MomentRows` for its rows.
 *
 * @throws RuleError if a metric's `where` is not valid
 */
export function momentStatement(
  plan: AnalysisPlan,
  dialect: Dialect,
  sources: RecordSources,
): string {
  const context = buildContext(plan, dialectOf(dialect), sources);
  const stages = stagesOf(context);
  const rows = rowsOf(context, stages);
  return assemble(
    stages,
    {
      uses: rows.flatMap(({ uses }) => uses),
      select: rows.map(({ select }) => select).join('\nUNION ALL\n'),
    },
    context.dialect,
  );
}

function stagesOf(context: BuildContext): readonly Stage[] {
  const limits = caps(context);
  const hasCaps = limits !== undefined;
  return [
    exposures(context),
    firstExposures(context),
    units(context),
    outcomes(context),
    matched(context),
    ...counted(context),
    perUnit(context),
    ...(hasCaps ? [limits] : []),
    metricValues(context, hasCaps),
    moments(context),
    ...context.metrics.flatMap((metric) => quantileStages(metric, context)),
    ...(context.plan.timeLine ? dayStages(context, hasCaps) : []),
  ];
}

function rowsOf(context: BuildContext, stages: readonly Stage[]): readonly ResultRows[] {
  const hasCaps = stages.some(({ name }) => name === 'caps');
  return [
    groupRows(context, hasCaps),
    audienceRows(context),
    ...(context.plan.timeLine ? [dayRows(context)] : []),
    ...(context.sources.exposures.columns.includes('checksum') ? [checksumRows(context)] : []),
    recordRows(context),
  ];
}

/** Joins the stages that a SELECT needs, and the SELECT, to a statement. */
function assemble(stages: readonly Stage[], last: ResultRows, dialect: SqlDialect): string {
  const needed = new Set(last.uses);
  for (const stage of stages.toReversed()) {
    if (needed.has(stage.name)) for (const name of stage.uses) needed.add(name);
  }
  const ctes = stages
    .filter(({ name }) => needed.has(name))
    .map(({ name, select, isShared }) => {
      const hint = isShared === true ? dialect.materialized : '';
      return `${name} AS ${hint}(\n${select}\n)`;
    });
  return `WITH ${ctes.join(',\n')}\n${last.select}${dialect.settings}`;
}
