import { parseOutcomeRule } from '../../../rules/outcomes/parse-outcome-rule.ts';
import { outcomeCondition, type PropertySource } from '../conditions/outcome-condition.ts';
import { type BuildContext, unitKey } from './build-context.ts';
import type { Amount, Part } from './measures.ts';
import { isOutcomeQuantile } from './metric-columns.ts';
import { recordColumns, type RecordColumns } from './record-columns.ts';
import { recordsFrom, recordUses } from './records.ts';
import { columnList, type Stage } from './stage.ts';

/** Values beyond this limit are left out like those that are not finite: their squares would overflow. */
const MAX_VALUE = '1e100';

/** The microseconds of a day. */
export const DAY_MICROS = 86_400_000_000;

/** Reads the outcomes that some metric selects, or all outcomes if units with too many are left out. */
export function outcomes(context: BuildContext): Stage {
  const { dialect, sources, measures } = context;
  const { parts, amounts } = measures;
  const source = recordColumns(sources.outcomes, dialect);
  const name = source.text('name');
  const selected = (part: Part): string => {
    const isOne = `${name} IN (${part.outcomes.map(dialect.text).join(', ')})`;
    if (part.where === undefined) return isOne;
    const rule = parseOutcomeRule(part.where);
    return `${isOne} AND ${outcomeCondition(rule, dialect, propertySource(source))}`;
  };
  return {
    name: 'outcomes',
    uses: recordUses(context),
    select: `SELECT
${columnList([
  `${source.text('unit')} AS unit`,
  `${dialect.micros('r.at')} AS t`,
  ...(context.mergesOutcomes
    ? [`CASE WHEN r.id IS NULL THEN ${dialect.randomText} ELSE ${source.text('id')} END AS id`]
    : []),
  ...parts.map((part) => `CASE WHEN ${selected(part)} THEN 1 ELSE 0 END AS is_${part.number}`),
  ...amounts.map(
    (amount) => `${amountOf(amount, selected(amount.part), context)} AS v_${amount.number}`,
  ),
])}
FROM ${recordsFrom(context, 'outcomes')}`,
  };
}

function propertySource(source: RecordColumns): PropertySource {
  return {
    json: source.has('properties') ? 'r.properties' : undefined,
    column: (path) => source.further(path),
  };
}

/** The number of an outcome; NULL if the part does not select it, or its value is not a number. */
function amountOf({ path }: Amount, condition: string, context: BuildContext): string {
  const { dialect, sources } = context;
  const source = recordColumns(sources.outcomes, dialect);
  const column = source.further(path);
  const none = `CAST(NULL AS ${dialect.types.real})`;
  if (column === undefined && !source.has('properties')) return none;
  const number =
    column === undefined
      ? dialect.jsonNumber('r.properties', path.split('.'))
      : dialect.toNumber(column);
  const limit = `CAST(${dialect.text(MAX_VALUE)} AS ${dialect.types.real})`;
  return `CASE WHEN ${condition} AND abs(${number}) <= ${limit} THEN ${number} END`;
}

/**
 * Joins outcomes with the units, by equality only, and merges those that were delivered twice. From here on,
 * `unit` is the unit's number if the dialect has numbers.
 */
export function matched(context: BuildContext): Stage {
  const { measures, mergesOutcomes } = context;
  const unit = `u.${unitKey(context)} AS unit`;
  const columns = [
    ...measures.parts.map(({ number }) => `is_${number}`),
    ...measures.amounts.map(({ number }) => `v_${number}`),
  ];
  const from = 'FROM outcomes o\nJOIN units u ON u.unit = o.unit';
  const stage = {
    name: 'matched',
    uses: ['outcomes', 'units'],
    isShared: context.metrics.some(({ spec }) => isOutcomeQuantile(spec)),
  };
  if (!mergesOutcomes) {
    return {
      ...stage,
      select: `SELECT
${columnList([unit, 'o.t AS t', 'o.t - u.t0 AS since', '1 AS copies', ...columns.map((c) => `o.${c} AS ${c}`)])}
${from}`,
    };
  }
  return {
    ...stage,
    select: `SELECT
${columnList([
  'unit',
  'min(t) AS t',
  'min(since) AS since',
  'count(*) AS copies',
  ...columns.map((column) => `max(${column}) AS ${column}`),
])}
FROM (
SELECT
${columnList([unit, 'o.id AS id', 'o.t AS t', 'o.t - u.t0 AS since', ...columns.map((c) => `o.${c} AS ${c}`)])}
${from}
) joined
GROUP BY unit, id`,
  };
}

/** The name of the column with the outcomes whose value is missing. */
export const MISSING = 'values_missing';

/**
 * Returns the columns of a unit's outcomes that metrics select: `merged`, and `delivered` with those that came
 * twice. Both are other columns if those have the same numbers.
 */
export function selectedColumns({
  measures,
  plan,
  mergesOutcomes,
}: BuildContext): Readonly<Record<'merged' | 'delivered', string>> {
  const areAll =
    plan.maxOutcomes === undefined && measures.parts.every(({ where }) => where === undefined);
  const merged = areAll ? 'outcomes' : 'merged';
  return { merged, delivered: mergesOutcomes ? 'delivered' : merged };
}

/** Returns the columns of {@link counted} besides the measures, each once. */
export function countColumns(context: BuildContext): readonly string[] {
  const { merged, delivered } = selectedColumns(context);
  const missing = context.measures.amounts.length === 0 ? [] : [MISSING];
  return [...new Set(['outcomes', delivered, merged]), ...missing];
}

/** The stage with the outcomes of each unit, on the day 0, and of its days with changes. */
export const UNIT_DAYS = 'unit_days';

/** Adds up the outcomes of each unit; for a time line, also those of each day, in the same pass. */
export function counted(context: BuildContext): readonly Stage[] {
  const { measures, dialect, plan } = context;
  const missing = measures.amounts.map(
    ({ number, part }) => `(is_${part.number} = 1 AND v_${number} IS NULL)`,
  );
  const relevant = measures.parts.map(({ number }) => `is_${number} = 1`).join(' OR ');
  const counts = countColumns(context);
  const sums = [
    ...measures.all.map(({ name, condition, amount }) =>
      amount === undefined
        ? `count(CASE WHEN ${condition} THEN 1 END) AS ${name}`
        : `sum(CASE WHEN ${condition} THEN ${amount} END) AS ${name}`,
    ),
    'count(*) AS outcomes',
    ...(counts.includes('delivered')
      ? [`sum(CASE WHEN ${relevant} THEN copies END) AS delivered`]
      : []),
    ...(counts.includes('merged') ? [`count(CASE WHEN ${relevant} THEN 1 END) AS merged`] : []),
    ...(missing.length === 0
      ? []
      : [`count(CASE WHEN ${missing.join(' OR ')} THEN 1 END) AS ${MISSING}`]),
  ];
  if (!plan.timeLine) {
    return [
      {
        name: 'counted',
        uses: ['matched'],
        select: `SELECT\n${columnList(['unit', ...sums])}\nFROM matched\nGROUP BY unit`,
      },
    ];
  }
  // Only what changes a metric is counted by day; those are few of the outcomes of long histories.
  const changing = measures.all
    .filter(({ period }) => period === 'window')
    .map(({ condition }) => `(${condition})`);
  const isChange = ['1 = 0', ...new Set(changing)].join(' OR ');
  const day = `${dialect.quotient('t', DAY_MICROS)} + 1`;
  return [
    {
      name: UNIT_DAYS,
      uses: ['matched'],
      isShared: true,
      select: `SELECT
${columnList([
  'CASE WHEN grouping(whole_unit) = 0 THEN whole_unit ELSE changed_unit END AS unit',
  'CASE WHEN grouping(whole_unit) = 0 THEN 0 ELSE changed_day END AS day_no',
  ...sums,
])}
FROM (
SELECT
${columnList([
  'm.*',
  'm.unit AS whole_unit',
  `CASE WHEN ${isChange} THEN m.unit END AS changed_unit`,
  `CASE WHEN ${isChange} THEN ${day} END AS changed_day`,
])}
FROM matched m
) by_day
GROUP BY GROUPING SETS ((whole_unit), (changed_unit, changed_day))`,
    },
    {
      name: 'counted',
      uses: [UNIT_DAYS],
      select: `SELECT\n${columnList(['unit', ...measures.all.map(({ name }) => name), ...counts])}\nFROM ${UNIT_DAYS}\nWHERE day_no = 0`,
    },
  ];
}
