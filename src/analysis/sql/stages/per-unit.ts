import type { CapSpec } from '../../../specification/metric-types.ts';
import type { AnalysisPlan } from '../../plan/analysis-plan.ts';
import { type BuildContext, unitKey } from './build-context.ts';
import { isOutcomeQuantile, type MetricColumns, type VariableName } from './metric-columns.ts';
import { countColumns } from './outcomes.ts';
import { columnList, type Stage } from './stage.ts';

/** Adds its measures to each unit: 0 if nothing happened. Units with too many outcomes are marked. */
export function perUnit(context: BuildContext): Stage {
  const { plan, measures, segments } = context;
  const key = unitKey(context);
  const numbers = [...measures.all.map(({ name }) => name), ...countColumns(context)];
  const bot =
    plan.maxOutcomes === undefined
      ? '0'
      : `CASE WHEN coalesce(c.outcomes, 0) > ${plan.maxOutcomes} THEN 1 ELSE 0 END`;
  return {
    name: 'per_unit',
    uses: ['units', 'counted'],
    isShared: true,
    select: `SELECT
${columnList([
  ...(needsUnit(context) ? [`u.${key} AS unit`] : []),
  'u.variant AS variant',
  'u.mixed AS mixed',
  'u.audience AS audience',
  'u.sticky AS sticky',
  'u.t0 AS t0',
  ...segments.map((segment) => `u.${segment} AS ${segment}`),
  ...numbers.map((name) => `coalesce(c.${name}, 0) AS ${name}`),
  `${bot} AS bot`,
])}
FROM units u
LEFT JOIN counted c ON c.unit = u.${key}`,
  };
}

/** Returns true if a later stage joins by the unit again. */
function needsUnit({ plan, metrics }: BuildContext): boolean {
  return plan.timeLine || metrics.some(({ spec }) => isOutcomeQuantile(spec));
}

/** The condition for the units whose caps and quantiles are computed together. */
export function analysedUnits({ plan }: BuildContext): string {
  // PostgreSQL takes `= 0` for rare.
  return plan.mixed === 'drop' ? `${comparedUnits(plan)} AND mixed < 1` : comparedUnits(plan);
}

/** The condition for the units of compared variants. */
export function comparedUnits({ variants, compared }: AnalysisPlan): string {
  const others = variants.flatMap((variant, i) => (compared.includes(variant) ? [] : [i]));
  return others.length === 0 ? 'bot < 1' : `bot < 1 AND variant NOT IN (${others.join(', ')})`;
}

/**
 * The value of a variable as a floating-point number; NULL for units that the metric does not count.
 *
 * @param columnOf returns the column of a measure; by default, the measure's own
 */
export function valueOf(
  { variables, open }: MetricColumns,
  variable: VariableName,
  { plan, dialect }: BuildContext,
  columnOf: (measure: string) => string = (measure) => measure,
): string {
  const value = `CAST(${variables.get(variable)?.(columnOf) ?? '0'} AS ${dialect.types.real})`;
  return plan.mature ? `CASE WHEN NOT (${open}) THEN ${value} END` : value;
}

/** The variables of a metric that have a cap, with the column of the cap. */
export function cappedVariables({
  number,
  spec,
  variables,
}: MetricColumns): [VariableName, string, CapSpec][] {
  const { cap } = spec;
  if (cap === null || !CAPPED_TYPES.has(spec.type)) return [];
  const all: [VariableName, string, CapSpec][] = [
    ['y', `cap_${number}`, cap],
    ['x', `precap_${number}`, cap],
  ];
  return all.filter(([variable]) => variables.has(variable));
}

/** A cap of a proportion would have no effect, and one of a quantile would only hide its upper end. */
const CAPPED_TYPES: ReadonlySet<string> = new Set(['count', 'sum', 'mean', 'ratio']);

/** Computes the limits of all metrics over the units of all compared variants, in one row. */
export function caps(context: BuildContext): Stage | undefined {
  const { dialect } = context;
  const columns = context.metrics.flatMap((metric) =>
    cappedVariables(metric).map(([variable, name, cap]): [sql: string, name: string] => {
      const value = valueOf(metric, variable, context);
      if ('at' in cap) {
        const limit = realLiteral(cap.at, context);
        return [dialect.quantileIsWindow ? limit : `max(${limit})`, name];
      }
      const counted = cap.ignoreZeros ? `CASE WHEN ${value} <> 0 THEN ${value} END` : value;
      return [dialect.quantile(counted, cap.quantile), name];
    }),
  );
  if (columns.length === 0) return undefined;
  const stage = { name: 'caps', uses: ['per_unit'], isShared: true };
  const from = `FROM per_unit\nWHERE ${analysedUnits(context)}`;
  const list = columns.map(([sql, name]) => `${sql} AS ${name}`);
  const select = `SELECT\n${columnList(list)}\n${from}`;
  if (!dialect.quantileIsWindow) return { ...stage, select };
  const one = columns.map(([, name]) => `max(${name}) AS ${name}`);
  return { ...stage, select: `SELECT\n${columnList(one)}\nFROM (\n${select}\n) windows` };
}

/** A literal of a finite number. */
export function realLiteral(value: number, { dialect }: BuildContext): string {
  return `CAST(${dialect.text(String(Number.isFinite(value) ? value : 0))} AS ${dialect.types.real})`;
}

/** The value of a variable that is set to its cap. A cap of 0 or less would set everything to 0: it is not applied. */
export function cappedValue(
  metric: MetricColumns,
  variable: VariableName,
  context: BuildContext,
  columnOf?: (measure: string) => string,
): { readonly value: string; readonly isAbove?: string } {
  const value = valueOf(metric, variable, context, columnOf);
  const cap = cappedVariables(metric).find(([name]) => name === variable)?.[1];
  if (cap === undefined) return { value };
  const isAbove = `${cap} > 0 AND ${value} > ${cap}`;
  return { value: `CASE WHEN ${isAbove} THEN ${cap} ELSE ${value} END`, isAbove };
}

/** Returns the columns of a metric's variables: `y_1`, and `above_1` for whether it was set to its cap. */
function variableColumns(metric: MetricColumns, context: BuildContext): readonly string[] {
  const { number, variables } = metric;
  return [...variables.keys()].flatMap((variable) => {
    const { value, isAbove } = cappedValue(metric, variable, context);
    return [
      `${value} AS ${variable}_${number}`,
      ...(variable === 'y' && isAbove !== undefined
        ? [`CASE WHEN ${isAbove} THEN 1 ELSE 0 END AS above_${number}`]
        : []),
    ];
  });
}

/** Computes the variables of all metrics for each unit. */
export function metricValues(context: BuildContext, hasCaps: boolean): Stage {
  const columns = context.metrics.flatMap((metric) => [
    ...variableColumns(metric, context),
    `CASE WHEN ${metric.open} THEN 1 ELSE 0 END AS open_${metric.number}`,
    `${metric.early} AS early_${metric.number}`,
    `${metric.late} AS late_${metric.number}`,
  ]);
  return {
    name: 'metric_values',
    uses: hasCaps ? ['per_unit', 'caps'] : ['per_unit'],
    select: `SELECT
${columnList(['variant', 'mixed', 'bot', ...context.segments, ...columns])}
FROM per_unit${hasCaps ? '\nCROSS JOIN caps' : ''}
WHERE ${comparedUnits(context.plan)}`,
  };
}
