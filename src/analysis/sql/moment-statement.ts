import type { Dialect, RecordSources } from '../engine.ts';
import type { AnalysisPlan } from '../plan/analysis-plan.ts';
import { dialectOf } from './dialects/dialect-of.ts';
import type { SqlDialect } from './dialects/sql-dialect.ts';
import { buildContext, type BuildContext } from './stages/build-context.ts';
import { exposures, firstExposures, units } from './stages/exposures.ts';
import { moments } from './stages/moments.ts';
import { DAY_SUMS, dayRows, dayStages } from './stages/days.ts';
import { counted, matched, outcomes } from './stages/outcomes.ts';
import { records } from './stages/records.ts';
import { caps, metricValues, perUnit } from './stages/per-unit.ts';
import { quantileStages } from './stages/quantiles.ts';
import { planRow } from './stages/plan-row.ts';
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
  const rows = [...rowsOf(context, stages), ...(plan.timeLine ? [dayRows(context)] : [])];
  return assemble(
    stages,
    {
      uses: rows.flatMap(({ uses }) => uses),
      select: rows.map(({ select }) => select).join('\nUNION ALL\n'),
    },
    context.dialect,
  );
}

/** Statements for an engine that stores the rows of a SELECT under a name. */
export interface StoredStatements {
  /** To be stored one after the other; each reads those before it. */
  readonly stores: readonly StoredSelect[];
  /** Their rows, with those of the time line, are those of the single statement. */
  readonly queries: readonly string[];
  /** The same for the time line, after `stores`; both are empty if the plan has none. */
  readonly timeLine: {
    readonly stores: readonly StoredSelect[];
    readonly queries: readonly string[];
  };
}

/** A SELECT and the name under which its rows are stored. */
export interface StoredSelect {
  readonly name: string;
  readonly select: string;
}

function stagesOf(context: BuildContext): readonly Stage[] {
  const limits = caps(context);
  const hasCaps = limits !== undefined;
  const combined = records(context);
  return [
    ...(combined === undefined ? [] : [combined]),
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

/** Returns the rows besides those of the time line. */
function rowsOf(context: BuildContext, stages: readonly Stage[]): readonly ResultRows[] {
  const hasCaps = stages.some(({ name }) => name === 'caps');
  return [
    groupRows(context, hasCaps),
    audienceRows(context),
    ...(context.sources.exposures.columns.includes('checksum') ? [checksumRows(context)] : []),
    recordRows(context),
    planRow(context),
  ];
}

/**
 * Returns the same as several statements for an engine that stores tables: records are read once for each
 * store, and the queries over the stored units take about a second.
 *
 * @param prefix begins the names of the stored tables: lower-case letters, digits and underscores
 * @throws RuleError if a metric's `where` is not valid
 */
export function storedStatements(
  plan: AnalysisPlan,
  dialect: Dialect,
  sources: RecordSources,
  prefix = 'evenhand_',
): StoredStatements {
  const context = buildContext(plan, dialectOf(dialect), sources);
  const stages = stagesOf(context);
  const names = new Map(
    stages
      .filter(({ name, isShared }) => isShared === true && !name.startsWith('q_'))
      .map(({ name }) => [name, `${prefix}${name}`]),
  );
  const storesOf = (isOfDays: boolean): readonly StoredSelect[] =>
    stages.flatMap((stage, i) => {
      const name = names.get(stage.name);
      if (name === undefined || (stage.name === DAY_SUMS) !== isOfDays) return [];
      return [{ name, select: assemble(stages.slice(0, i), stage, context.dialect, names) }];
    });
  const queriesOf = (rows: readonly ResultRows[]): readonly string[] =>
    rows.map((one) => assemble(stages, one, context.dialect, names));
  return {
    stores: storesOf(false),
    queries: queriesOf(rowsOf(context, stages)),
    timeLine: {
      stores: storesOf(true),
      queries: queriesOf(plan.timeLine ? [dayRows(context)] : []),
    },
  };
}

/**
 * Joins the stages that a SELECT needs, and the SELECT, to a statement.
 *
 * @param stored the tables of the stages that are stored already, by stage
 */
function assemble(
  stages: readonly Stage[],
  last: ResultRows,
  dialect: SqlDialect,
  stored: ReadonlyMap<string, string> = new Map(),
): string {
  const needed = new Set(last.uses);
  for (const stage of stages.toReversed()) {
    if (!needed.has(stage.name) || stored.has(stage.name)) continue;
    for (const name of stage.uses) needed.add(name);
  }
  const ctes = stages
    .filter(({ name }) => needed.has(name))
    .map(({ name, select, isShared }) => {
      const table = stored.get(name);
      if (table !== undefined) return `${name} AS (\nSELECT * FROM ${table}\n)`;
      const hint = isShared === true ? dialect.materialized : '';
      return `${name} AS ${hint}(\n${select}\n)`;
    });
  const head = ctes.length === 0 ? '' : `WITH ${ctes.join(',\n')}\n`;
  return `${head}${last.select}${dialect.settings}`;
}
