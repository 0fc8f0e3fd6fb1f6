import { MAX_SEGMENT_VALUES } from '../../plan/max-segment-values.ts';
import type { BuildContext } from './build-context.ts';
import { ANALYSED, CAUSES, HELD_OUT_CAUSE } from './exposures.ts';
import { MISSING, selectedColumns } from './outcomes.ts';
import { cappedVariables } from './per-unit.ts';
import { quantileResultColumns } from './quantiles.ts';
import { columnList } from './stage.ts';

/** The most checksums that are returned: those with the last exposures. */
const MAX_CHECKSUMS = 100;

/** A SELECT with the result's columns, and the stages that it reads. */
export interface ResultRows {
  readonly uses: readonly string[];
  readonly select: string;
}

/** A column of the result, and the type of its NULL. */
interface ResultColumn {
  readonly name: string;
  readonly type: 'integer' | 'real';
}

/** Returns the columns of the metrics, in the order of the result. */
export function metricResultColumns({ metrics }: BuildContext): readonly ResultColumn[] {
  return metrics.flatMap((metric) => {
    const { number, spec, variables } = metric;
    const names =
      spec.type === 'quantile' && variables.size === 0
        ? (['y', 'd'] as const)
        : [...variables.keys()];
    const real = [
      ...names,
      ...names.flatMap((a, i) => names.slice(i).map((b) => a + b)),
      ...cappedVariables(metric).map(([variable]) => (variable === 'y' ? 'cap' : 'precap')),
      ...(spec.type === 'quantile' ? ['q', 'low', 'high'] : []),
    ];
    const whole = [
      'n',
      'open',
      'early',
      'late',
      ...(cappedVariables(metric).length > 0 ? ['capped'] : []),
    ];
    return [
      ...whole.map((name) => ({ name: `m${number}_${name}`, type: 'integer' as const })),
      ...real.map((name) => ({ name: `m${number}_${name}`, type: 'real' as const })),
    ];
  });
}

/** Returns one SELECT with all columns of the result; those without an expression are NULL. */
export function resultSelect(
  context: BuildContext,
  keys: Readonly<Record<'kind' | 'name' | 'value' | 'variant' | 'mixed' | 'units', string>>,
  metricColumns: ReadonlyMap<string, string>,
  from: string,
): string {
  const { types } = context.dialect;
  const cast = (name: 'kind' | 'name' | 'value' | 'variant'): string =>
    `CAST(${keys[name]} AS ${types.text}) AS ${RESULT_NAMES[name]}`;
  return `SELECT
${columnList([
  cast('kind'),
  cast('name'),
  cast('value'),
  cast('variant'),
  `CAST(${keys.mixed} AS ${types.integer}) AS mixed`,
  `CAST(${keys.units} AS ${types.integer}) AS units`,
  ...metricResultColumns(context).map(
    ({ name, type }) => `CAST(${metricColumns.get(name) ?? 'NULL'} AS ${types[type]}) AS ${name}`,
  ),
])}
FROM ${from}`;
}

const RESULT_NAMES = { kind: 'kind', name: 'name', value: 'value', variant: 'variant' } as const;

/** Returns the name of a variant by its number. */
export function variantName(column: string, { plan, dialect }: BuildContext): string {
  const cases = plan.variants.map((variant, i) => `WHEN ${i} THEN ${dialect.text(variant)}`);
  return `CASE ${column} ${cases.join(' ')} END`;
}

/** Returns the rows `total` and `segment`. */
export function groupRows(context: BuildContext, hasCaps: boolean): ResultRows {
  const { plan, metrics, dialect } = context;
  const columns = new Map(
    metricResultColumns(context).map(({ name }) => [name, `g.${name}`] as [string, string]),
  );
  const joins: string[] = [];
  const uses = ['moments'];
  for (const metric of metrics) {
    const { number, spec } = metric;
    for (const [variable, name] of cappedVariables(metric)) {
      columns.set(`m${number}_${variable === 'y' ? 'cap' : 'precap'}`, `caps.${name}`);
    }
    if (spec.type !== 'quantile') continue;
    const own = quantileResultColumns(metric);
    for (const name of own) columns.set(`m${number}_${name}`, `q_${number}.${name}`);
    uses.push(`q_${number}`);
    joins.push(
      `\nLEFT JOIN q_${number} ON q_${number}.set_no = g.set_no AND q_${number}.seg_value = g.seg_value ` +
        `AND q_${number}.variant = g.variant AND g.mixed = 0`,
    );
  }
  const names = plan.segments.map((path, i) => `WHEN ${i + 1} THEN ${dialect.text(path)}`);
  const isWhole = plan.segments.length === 0;
  const ranked = isWhole
    ? 'moments g'
    : `(
SELECT sized.*, dense_rank() OVER (PARTITION BY set_no ORDER BY value_units DESC, seg_value) AS place
FROM (
SELECT m.*, sum(units) OVER (PARTITION BY set_no, seg_value) AS value_units
FROM moments m
) sized
) g`;
  return {
    uses: hasCaps ? [...uses, 'caps'] : uses,
    select: resultSelect(
      context,
      {
        kind: "CASE WHEN g.set_no = 0 THEN 'total' ELSE 'segment' END",
        name: isWhole ? "''" : `CASE g.set_no ${names.join(' ')} ELSE '' END`,
        value: 'g.seg_value',
        variant: variantName('g.variant', context),
        mixed: 'g.mixed',
        units: 'g.units',
      },
      columns,
      `${ranked}${joins.join('')}${hasCaps ? '\nCROSS JOIN caps' : ''}` +
        (isWhole ? '' : `\nWHERE g.set_no = 0 OR g.place <= ${MAX_SEGMENT_VALUES}`),
    ),
  };
}

/** Returns the rows `audience`: numbers of units only. */
export function audienceRows(context: BuildContext): ResultRows {
  const { types } = context.dialect;
  return {
    uses: ['per_unit'],
    select: resultSelect(
      context,
      {
        kind: "'audience'",
        name: "''",
        value: `CASE WHEN a.audience < 0 THEN 'none' ELSE CAST(a.audience AS ${types.text}) END`,
        variant: variantName('a.variant', context),
        mixed: 'a.mixed',
        units: 'a.units',
      },
      new Map(),
      `(SELECT variant, mixed, audience, count(*) AS units FROM per_unit WHERE bot < 1 ` +
        `GROUP BY variant, mixed, audience) a`,
    ),
  };
}

/** Returns the rows `checksum`: the exposures of each, and the last of them in milliseconds since 1970. */
export function checksumRows(context: BuildContext): ResultRows {
  const { dialect, plan } = context;
  return {
    uses: ['first_exposures'],
    select: resultSelect(
      context,
      {
        kind: "'checksum'",
        name: 'k.checksum',
        value: `CAST(${dialect.quotient('k.last_t', 1000)} AS ${dialect.types.integer})`,
        variant: "''",
        mixed: '0',
        units: 'k.records',
      },
      new Map(),
      `(
SELECT j.*, row_number() OVER (ORDER BY last_t DESC, checksum) AS place
FROM (
SELECT checksum, sum(records) AS records, max(last_t) AS last_t
FROM (
SELECT CASE WHEN cause = ${ANALYSED} THEN ${dialect.text(plan.checksum)} ELSE unit_key END AS checksum,
  records, last_t
FROM first_exposures
WHERE cause <> ${HELD_OUT_CAUSE}
) i
WHERE checksum IS NOT NULL AND last_t IS NOT NULL
GROUP BY checksum
) j
) k
WHERE k.place <= ${MAX_CHECKSUMS}`,
    ),
  };
}

/** Returns the rows `records`. */
export function recordRows(context: BuildContext): ResultRows {
  const { measures, dialect } = context;
  const { merged, delivered } = selectedColumns(context);
  const byCause = (cause: number): string => `sum(CASE WHEN cause = ${cause} THEN records END)`;
  const exposureCounts: [string, string][] = [
    ['exposures', `sum(CASE WHEN cause <> ${HELD_OUT_CAUSE} THEN records END)`],
    ['repeated_exposures', `sum(CASE WHEN cause <> ${HELD_OUT_CAUSE} THEN records - ids END)`],
    ...[...CAUSES].map(([number, name]): [string, string] => [name, byCause(number)]),
    ['held_out_units', `sum(CASE WHEN cause = ${HELD_OUT_CAUSE} THEN 1 END)`],
    [
      'hashed_units',
      `sum(CASE WHEN cause = ${ANALYSED} AND ${dialect.looksHashed('unit_key')} THEN 1 END)`,
    ],
  ];
  const unitCounts: [string, string][] = [
    ['sticky_units', 'sum(sticky)'],
    ['bot_units', 'sum(bot)'],
    ['most_outcomes', 'max(outcomes)'],
    ['outcomes', `sum(${delivered})`],
    ['repeated_outcomes', `sum(${delivered} - ${merged})`],
    ...(measures.amounts.length === 0
      ? []
      : [['values_missing', `sum(${MISSING})`] as [string, string]]),
  ];
  const counts = [...exposureCounts, ...unitCounts];
  const aggregates = (list: readonly [string, string][], offset: number): string =>
    columnList(
      list.map(
        ([, sql], i) =>
          `CAST(coalesce(${sql}, 0) AS ${dialect.types.integer}) AS n_${offset + i + 1}`,
      ),
    );
  const numbers = counts.map((_, i) => (i === 0 ? 'SELECT 1 AS i' : `SELECT ${i + 1}`));
  const name = counts.map(([cause], i) => `WHEN ${i + 1} THEN '${cause}'`);
  const units = counts.map((_, i) => `WHEN ${i + 1} THEN n_${i + 1}`);
  return {
    uses: ['first_exposures', 'per_unit'],
    select: resultSelect(
      context,
      {
        kind: "'records'",
        name: `CASE numbers.i ${name.join(' ')} END`,
        value: "''",
        variant: "''",
        mixed: '0',
        units: `CASE numbers.i ${units.join(' ')} END`,
      },
      new Map(),
      `(
SELECT
${aggregates(exposureCounts, 0)}
FROM first_exposures
) of_exposures
CROSS JOIN (
SELECT
${aggregates(unitCounts, exposureCounts.length)}
FROM per_unit
) of_units
CROSS JOIN (
${numbers.join(' UNION ALL ')}
) numbers`,
    ),
  };
}
