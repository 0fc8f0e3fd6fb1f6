import type { BuildContext } from './build-context.ts';
import type { MetricColumns, VariableName } from './metric-columns.ts';
import { DAY_MICROS } from './outcomes.ts';
import { comparedUnits, variableColumns } from './per-unit.ts';
import { resultSelect, variantName, type ResultRows } from './result-rows.ts';
import { columnList, type Stage } from './stage.ts';

/** The most days of the time line. A longer one has every second day, or fewer. */
const MAX_DAYS = 60;

const DAY_MS = 86_400_000;

/** The share of a sum of squares below which its remainder is only rounding. */
const ROUNDING = '0.0000000000001';

/** The metrics with moments that change from day to day. */
function metricsByDay({ metrics }: BuildContext): readonly MetricColumns[] {
  return metrics.filter(({ spec }) => spec.type !== 'quantile');
}

/** The pairs of a metric's variables. */
function pairsOf({ variables }: MetricColumns): [VariableName, VariableName][] {
  const names = [...variables.keys()];
  return names.flatMap((a, i) => names.slice(i).map((b): [VariableName, VariableName] => [a, b]));
}

/**
 * Returns the stages of the time line. Each change of a unit is two rows: its state after the change with the
 * sign 1, and its state before with -1. The sums of all rows up to a midnight are then those of the units'
 * states at midnight, from one pass. Values are centred on the means of the total, because sums of squares of
 * large values would lose the variance. A deviation below a millionth of the mean is lost all the same.
 */
export function dayStages(context: BuildContext, hasCaps: boolean): readonly Stage[] {
  const { dialect, measures, plan } = context;
  const lastDay = Math.floor(plan.until / DAY_MS);
  const metrics = metricsByDay(context);
  const inWindow = measures.all.filter(({ period }) => period === 'window');
  const constant = measures.all.filter(({ period }) => period === 'before').map(({ name }) => name);
  const day = (time: string): string => `${dialect.quotient(time, DAY_MICROS)} + 1`;
  const running = (name: string): string =>
    `coalesce(sum(${name}) OVER (PARTITION BY unit ORDER BY day_no ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW), 0) AS after_${name}`;
  // The state before a change is the state after it, less the change.
  const state = (name: string): string =>
    `after_${name} - CASE WHEN sign < 0 THEN coalesce(change_${name}, 0) ELSE 0 END AS ${name}`;
  const unitColumns = ['variant', 'mixed', 't0', 'bot', ...constant];
  const sums = metrics.flatMap((metric) => {
    const { number } = metric;
    const centred = (name: VariableName): string =>
      `(${name}_${number} - centre_${name}_${number})`;
    const counted = `CASE WHEN ${[...metric.variables.keys()][0] ?? 'y'}_${number} IS NOT NULL THEN sign ELSE 0 END`;
    return [
      `sum(${counted}) AS n_${number}`,
      ...[...metric.variables.keys()].map((a) => `sum(sign * ${centred(a)}) AS sum_${a}_${number}`),
      ...pairsOf(metric).map(
        ([a, b]) => `sum(sign * ${centred(a)} * ${centred(b)}) AS sum_${a}${b}_${number}`,
      ),
    ];
  });
  const centres = metrics.flatMap(({ number, variables }) =>
    [...variables.keys()].map((name) => {
      const mean = `sum(m${number}_${name} * m${number}_n) / nullif(sum(m${number}_n), 0)`;
      return `coalesce(${mean}, 0) AS centre_${name}_${number}`;
    }),
  );
  return [
    {
      name: 'day_states',
      uses: ['unit_days', 'per_unit'],
      select: `SELECT
${columnList([
  ...unitColumns.map((name) => `p.${name} AS ${name}`),
  's.day_no AS day_no',
  's.sign AS sign',
  ...inWindow.map(({ name }) => `s.${name} AS ${name}`),
])}
FROM (
SELECT
${columnList(['unit', 'day_no', 'sign', ...inWindow.map(({ name }) => state(name))])}
FROM (
SELECT
${columnList([
  'unit',
  'day_no',
  ...inWindow.flatMap(({ name }) => [`${name} AS change_${name}`, running(name)]),
])}
FROM unit_days
WHERE day_no > 0
) changes
CROSS JOIN (SELECT 1 AS sign UNION ALL SELECT -1) signs
) s
JOIN per_unit p ON p.unit = s.unit
UNION ALL
SELECT
${columnList([...unitColumns, day('t0'), '1', ...inWindow.map(() => '0')])}
FROM per_unit`,
    },
    {
      name: 'span',
      uses: ['per_unit'],
      select: `SELECT first_day, ${dialect.quotient(`(${lastDay} - first_day)`, MAX_DAYS)} + 1 AS step
FROM (SELECT ${day('min(t0)')} AS first_day FROM per_unit WHERE ${comparedUnits(plan)}) first_days
WHERE first_day <= ${lastDay}`,
    },
    {
      name: 'centres',
      uses: ['moments'],
      select: `SELECT\n${columnList(['count(*) AS centred', ...centres])}\nFROM moments\nWHERE set_no = 0`,
    },
    {
      name: 'day_values',
      uses: ['day_states', 'span', ...(hasCaps ? ['caps'] : [])],
      select: `SELECT
${columnList([
  'variant',
  'mixed',
  `${lastDay} - ${dialect.quotient(`(${lastDay} - day_no)`, 'step')} * step AS day_no`,
  'sign',
  ...metrics.flatMap((metric) => variableColumns(metric, context)),
])}
FROM day_states
CROSS JOIN span${hasCaps ? '\nCROSS JOIN caps' : ''}
WHERE ${comparedUnits(plan)} AND day_no <= ${lastDay}`,
    },
    {
      name: 'day_sums',
      uses: ['day_values', 'centres'],
      isShared: true,
      select: `SELECT
${columnList(['variant', 'mixed', 'day_no', 'sum(sign) AS units', ...sums])}
FROM day_values
CROSS JOIN centres
GROUP BY variant, mixed, day_no`,
    },
  ];
}

/** Returns the rows `day`: the moments at each midnight in UTC, over all records before it. */
export function dayRows(context: BuildContext): ResultRows {
  const { dialect, plan } = context;
  const lastDay = Math.floor(plan.until / DAY_MS);
  const metrics = metricsByDay(context);
  const zero = `CAST(0 AS ${dialect.types.real})`;
  const upTo = (name: string): string =>
    `sum(CASE WHEN s.day_no <= g.day_no THEN s.${name} ELSE 0 END) AS ${name}`;
  const names = metrics.flatMap((metric) => [
    `n_${metric.number}`,
    ...[...metric.variables.keys()].map((a) => `sum_${a}_${metric.number}`),
    ...pairsOf(metric).map(([a, b]) => `sum_${a}${b}_${metric.number}`),
  ]);
  const columns = new Map<string, string>();
  for (const metric of metrics) {
    const { number } = metric;
    const n = `CAST(d.n_${number} AS ${dialect.types.real})`;
    columns.set(`m${number}_n`, `d.n_${number}`);
    for (const a of metric.variables.keys()) {
      columns.set(
        `m${number}_${a}`,
        `c.centre_${a}_${number} + d.sum_${a}_${number} / nullif(${n}, 0)`,
      );
    }
    for (const [a, b] of pairsOf(metric)) {
      const between = `d.sum_${a}_${number} * d.sum_${b}_${number} / nullif(${n}, 0)`;
      const rest = `(d.sum_${a}${b}_${number} - ${between})`;
      const moment = `${rest} / nullif(${n} - 1, 0)`;
      // Rounding leaves a little of a variance that is 0.
      const isZero = `${rest} <= ${ROUNDING} * d.sum_${a}${b}_${number}`;
      columns.set(
        `m${number}_${a}${b}`,
        a === b ? `CASE WHEN ${isZero} THEN ${zero} ELSE ${moment} END` : moment,
      );
    }
  }
  const grid = Array.from({ length: MAX_DAYS }, (_, i) =>
    i === 0 ? 'SELECT 0 AS i' : `SELECT ${i}`,
  );
  return {
    uses: ['day_sums', 'span', 'centres'],
    select: resultSelect(
      context,
      {
        kind: "'day'",
        name: "''",
        value: `d.day_no * ${DAY_MS}`,
        variant: variantName('d.variant', context),
        mixed: 'd.mixed',
        units: 'd.units',
      },
      columns,
      `(
SELECT
${columnList(['g.day_no AS day_no', 's.variant AS variant', 's.mixed AS mixed', upTo('units'), ...names.map(upTo)])}
FROM day_sums s
CROSS JOIN (
SELECT ${lastDay} - i * step AS day_no
FROM (
${grid.join(' UNION ALL ')}
) numbers
CROSS JOIN span
WHERE ${lastDay} - i * step >= first_day
) g
GROUP BY g.day_no, s.variant, s.mixed
) d
CROSS JOIN centres c
WHERE d.units > 0`,
    ),
  };
}
