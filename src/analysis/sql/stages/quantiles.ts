import type { BuildContext } from './build-context.ts';
import type { MetricColumns } from './metric-columns.ts';
import { analysedUnits, realLiteral } from './per-unit.ts';
import { columnList, type Stage } from './stage.ts';

/** The standard deviations on each side of a quantile's bounds: 95%. */
const DEVIATIONS = 1.959963984540054;

const GROUP = 'set_no, seg_value, variant';

/** Returns the columns that the stage of a quantile makes. */
export function quantileResultColumns({ variables }: MetricColumns): readonly string[] {
  return variables.size === 0
    ? ['n', 'y', 'd', 'yy', 'yd', 'dd', 'q', 'low', 'high']
    : ['n', 'y', 'yy', 'q', 'low', 'high'];
}

/** Returns the stages that end with `q_1` for a quantile in position 1, with one row for each group. */
export function quantileStages(metric: MetricColumns, context: BuildContext): readonly Stage[] {
  if (metric.spec.type !== 'quantile') return [];
  return metric.variables.size === 0
    ? outcomeQuantile(metric, context)
    : unitQuantile(metric, context);
}

/** Repeats rows for the group of all units and for the group of each segment. */
function exploded(context: BuildContext, columns: string, from: string): string {
  const sets = [`SELECT 0 AS set_no, '' AS seg_value, variant, ${columns} FROM ${from}`];
  for (const [i, segment] of context.segments.entries()) {
    sets.push(
      `SELECT ${i + 1} AS set_no, ${segment} AS seg_value, variant, ${columns} FROM ${from}`,
    );
  }
  return sets.join('\nUNION ALL\n');
}

/** Gives each value its place in its group, from 0. */
function ranked(from: string): string {
  return `SELECT r.*, row_number() OVER (PARTITION BY ${GROUP} ORDER BY v) - 1 AS place,
  count(*) OVER (PARTITION BY ${GROUP}) AS size
FROM (
${from}
) r`;
}

/** The quantile of ranked values at a share, interpolated; NULL for a share outside of (0, 1). */
function interpolated(share: string, bounded: boolean, { dialect }: BuildContext): string {
  const place = `((size - 1) * ${share})`;
  const at = (edge: string): string => `max(CASE WHEN place = ${edge}(${place}) THEN v END)`;
  const value = `${at('floor')} + (max(${place}) - floor(max(${place}))) * (${at('ceil')} - ${at('floor')})`;
  if (!bounded) return value;
  const inside = `min(${share}) > 0 AND max(${share}) < 1`;
  return `CASE WHEN ${inside} THEN ${value} ELSE CAST(NULL AS ${dialect.types.real}) END`;
}

function quantileColumns({ spec }: MetricColumns, context: BuildContext): readonly string[] {
  const share = spec.quantile ?? 0.5;
  const literal = realLiteral(share, context);
  const spread = realLiteral(DEVIATIONS * Math.sqrt(share * (1 - share)), context);
  const size = `CAST(size AS ${context.dialect.types.real})`;
  return [
    `${interpolated(literal, false, context)} AS q`,
    `${interpolated(`(${literal} - ${spread} / sqrt(${size}))`, true, context)} AS low`,
    `${interpolated(`(${literal} + ${spread} / sqrt(${size}))`, true, context)} AS high`,
  ];
}

function unitQuantile(metric: MetricColumns, context: BuildContext): readonly Stage[] {
  const { number, spec } = metric;
  const value = `y_${number}`;
  const counted = `${value} IS NOT NULL${spec.ignoreZeros === true ? ` AND ${value} <> 0` : ''}`;
  const from = `metric_values WHERE ${analysedUnits(context)} AND ${counted}`;
  return [
    {
      name: `q_${number}`,
      uses: ['metric_values'],
      isShared: true,
      select: `SELECT
${columnList([
  GROUP,
  'count(*) AS n',
  'avg(v) AS y',
  `${context.dialect.variance('v')} AS yy`,
  ...quantileColumns(metric, context),
])}
FROM (
${ranked(exploded(context, `${value} AS v`, from))}
) ranked
GROUP BY ${GROUP}`,
    },
  ];
}

function outcomeQuantile(metric: MetricColumns, context: BuildContext): readonly Stage[] {
  const { number, spec, window } = metric;
  const { measures, plan, segments, dialect } = context;
  const { real } = dialect.types;
  const amount =
    spec.value === undefined
      ? '1'
      : `coalesce(m.v_${measures.amountOf(spec, spec.value).number}, 0)`;
  const mature = plan.mature ? ` AND NOT (${metric.open})` : '';
  // PostgreSQL takes the condition itself for so rare that it would join in a nested loop.
  const isInside = `CASE WHEN ${measures.inWindow(spec, window)} THEN 1 ELSE 0 END > 0`;
  return [
    {
      name: `events_${number}`,
      uses: ['matched', 'per_unit'],
      isShared: segments.length > 0,
      select: `SELECT
${columnList([
  'p.variant AS variant',
  'm.unit AS unit',
  ...segments.map((name) => `p.${name} AS ${name}`),
  `CAST(${amount} AS ${real}) AS v`,
])}
FROM matched m
JOIN per_unit p ON p.unit = m.unit
WHERE ${analysedUnits(context)}${mature} AND ${isInside}`,
    },
    {
      name: `ranked_${number}`,
      uses: [`events_${number}`],
      isShared: true,
      select: ranked(exploded(context, 'unit, v', `events_${number}`)),
    },
    {
      name: `value_${number}`,
      uses: [`ranked_${number}`],
      select: `SELECT
${columnList([GROUP, ...quantileColumns(metric, context)])}
FROM ranked_${number}
GROUP BY ${GROUP}`,
    },
    {
      name: `q_${number}`,
      uses: [`ranked_${number}`, `value_${number}`],
      isShared: true,
      // The moments of the units that have such outcomes, for the design effect.
      select: `SELECT
${columnList([
  GROUP,
  'count(*) AS n',
  'avg(y) AS y',
  'avg(d) AS d',
  `${dialect.variance('y')} AS yy`,
  `${dialect.covariance('y', 'd')} AS yd`,
  `${dialect.variance('d')} AS dd`,
  'max(unit_q) AS q',
  'max(unit_low) AS low',
  'max(unit_high) AS high',
])}
FROM (
SELECT
${columnList([
  'r.set_no AS set_no',
  'r.seg_value AS seg_value',
  'r.variant AS variant',
  'r.unit AS unit',
  `CAST(count(CASE WHEN r.v <= q.q THEN 1 END) AS ${real}) AS y`,
  `CAST(count(*) AS ${real}) AS d`,
  'max(q.q) AS unit_q',
  'max(q.low) AS unit_low',
  'max(q.high) AS unit_high',
])}
FROM ranked_${number} r
JOIN value_${number} q ON q.set_no = r.set_no AND q.seg_value = r.seg_value AND q.variant = r.variant
GROUP BY r.set_no, r.seg_value, r.variant, r.unit
) c
GROUP BY ${GROUP}`,
    },
  ];
}
