import type { BuildContext } from './build-context.ts';
import {
  CONSTANT,
  pairsOf,
  sumColumns,
  type SummedColumn,
  sumsOfChanges,
  sumsOfEntries,
} from './day-sums.ts';
import type { MetricColumns } from './metric-columns.ts';
import { DAY_MICROS, UNIT_DAYS } from './outcomes.ts';
import { cappedValue, comparedUnits } from './per-unit.ts';
import { resultSelect, variantName, type ResultRows } from './result-rows.ts';
import { columnList, type Stage } from './stage.ts';

/** The most days of the time line. A longer one has every second day, or fewer. */
const MAX_DAYS = 60;

/** The name of the last stage of the time line. */
export const DAY_SUMS = 'day_sums';

const DAY_MS = 86_400_000;

/** The share of a sum of squares below which its remainder is only rounding. */
const ROUNDING = '0.0000000000001';

/** The metrics with moments that change from day to day. */
function metricsByDay({ metrics }: BuildContext): readonly MetricColumns[] {
  return metrics.filter(({ spec }) => spec.type !== 'quantile');
}

/** The states of a unit: before its first outcome, and before and after the changes of a day. */
type State = 'first' | 'before' | 'after';

/**
 * Returns the stages of the time line. A unit enters on the day of its exposure, and its values change on the
 * days of its outcomes. The sums of all changes up to a midnight are then those of the units' values at
 * midnight, from one pass. Values are centred on the means of the total, because sums of squares of large
 * values would lose the variance. A deviation below a millionth of the mean is lost all the same.
 */
export function dayStages(context: BuildContext, hasCaps: boolean): readonly Stage[] {
  const { dialect, measures, plan } = context;
  const lastDay = Math.floor(plan.until / DAY_MS);
  const metrics = metricsByDay(context);
  const inWindow = measures.all.filter(({ period }) => period === 'window').map(({ name }) => name);
  const withCaps = hasCaps ? ['caps'] : [];
  const crossCaps = hasCaps ? '\nCROSS JOIN caps' : '';
  const day = (time: string): string => `${dialect.quotient(time, DAY_MICROS)} + 1`;
  /** The day of the time line that shows a day first. */
  const shownDay = (dayNo: string): string =>
    `${lastDay} - ${dialect.quotient(`(${lastDay} - ${dayNo})`, 'step')} * step AS day_no`;
  const stateOf = (state: State) => (measure: string) => {
    if (!inWindow.includes(measure)) return `p.${measure}`;
    return state === 'first' ? '0' : `${state}_${measure}`;
  };
  const values = (state: State): string[] =>
    metrics.flatMap((metric) =>
      [...metric.variables.keys()]
        .filter((name) => state !== 'before' || !CONSTANT.has(name))
        .map((name) => {
          const { value } = cappedValue(metric, name, context, stateOf(state));
          return `${value} AS ${state === 'before' ? 'before_' : ''}${name}_${metric.number}`;
        }),
    );
  const running = (name: string): string =>
    `coalesce(sum(${name}) OVER (PARTITION BY unit ORDER BY day_no ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW), 0) AS after_${name}`;
  const centres = metrics.flatMap(({ number, variables }) =>
    [...variables.keys()].map((name) => {
      const mean = `sum(m${number}_${name} * m${number}_n) / nullif(sum(m${number}_n), 0)`;
      return `coalesce(${mean}, 0) AS centre_${name}_${number}`;
    }),
  );
  const summed = (units: string, of: (metric: MetricColumns) => readonly SummedColumn[]): string =>
    columnList([
      'variant',
      'mixed',
      'day_no',
      `${units} AS units`,
      ...metrics.flatMap((metric) => of(metric).map(([name, sql]) => `${sql} AS ${name}`)),
    ]);
  const group = 'GROUP BY variant, mixed, day_no';
  return [
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
      name: 'entries',
      uses: ['per_unit', 'span', ...withCaps],
      select: `SELECT
${columnList(['p.variant AS variant', 'p.mixed AS mixed', shownDay(`(${day('p.t0')})`), ...values('first')])}
FROM per_unit p
CROSS JOIN span${crossCaps}
WHERE ${comparedUnits(plan)} AND ${day('p.t0')} <= ${lastDay}`,
    },
    {
      name: 'running',
      uses: [UNIT_DAYS],
      select: `SELECT
${columnList([
  'unit',
  'day_no',
  ...inWindow.flatMap((name) => [`coalesce(${name}, 0) AS change_${name}`, running(name)]),
])}
FROM ${UNIT_DAYS}
WHERE day_no > 0`,
    },
    {
      name: 'changes',
      uses: ['running', 'per_unit', 'span', ...withCaps],
      select: `SELECT
${columnList(['p.variant AS variant', 'p.mixed AS mixed', shownDay('s.day_no'), ...values('after'), ...values('before')])}
FROM (
SELECT
${columnList(['unit', 'day_no', ...inWindow.flatMap((name) => [`after_${name}`, `after_${name} - change_${name} AS before_${name}`])])}
FROM running
) s
JOIN per_unit p ON p.unit = s.unit
CROSS JOIN span${crossCaps}
WHERE ${comparedUnits(plan)} AND s.day_no <= ${lastDay}`,
    },
    {
      name: DAY_SUMS,
      uses: ['entries', 'changes', 'centres'],
      isShared: true,
      select: `SELECT
${summed('sum(units)', (metric) => sumColumns(metric).map((name) => [name, `sum(${name})`]))}
FROM (
SELECT
${summed('count(*)', sumsOfEntries)}
FROM entries
CROSS JOIN centres
${group}
UNION ALL
SELECT
${summed('0', sumsOfChanges)}
FROM changes
CROSS JOIN centres
${group}
) parts
${group}`,
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
  const names = metrics.flatMap(sumColumns);
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
    uses: [DAY_SUMS, 'span', 'centres'],
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
FROM ${DAY_SUMS} s
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
