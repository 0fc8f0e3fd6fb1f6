import { HELD_OUT } from '../../../specification/holdouts.ts';
import type { TypedColumn } from '../dialects/sql-dialect.ts';
import type { BuildContext } from './build-context.ts';
import { recordColumns } from './record-columns.ts';
import { recordsFrom, recordUses } from './records.ts';
import { columnList, type Stage } from './stage.ts';

/** The causes by which exposures are left out, by their numbers in the statement. The first one counts. */
export const CAUSES: ReadonlyMap<number, string> = new Map([
  [1, 'after_until'],
  [2, 'other_checksum'],
  [3, 'overridden'],
  [4, 'random'],
  [5, 'other_identity'],
  [6, 'cut'],
  [7, 'undeclared_variant'],
]);

/** The number of an exposure of the experiment that is analysed. */
export const ANALYSED = 0;

/** The number of the exposure of a holdout, whose unit is held out. */
export const HELD_OUT_CAUSE = 8;

/** The number of the exposure of a holdout that does not count. */
const IGNORED = 9;

/** The longest text of a segment or a checksum. Longer ones are cut. */
const MAX_TEXT = 200;

/** The first moment that records can have, 1970, in milliseconds: databases have infinite times. */
const EPOCH = 0;

/** Returns a text that is at most {@link MAX_TEXT} characters long. */
function short(text: string): string {
  return `substr(${text}, 1, ${MAX_TEXT})`;
}

/**
 * Reads exposures and classifies them, so that one pass both groups those that are analysed by their unit
 * and counts the others.
 */
export function exposures(context: BuildContext): Stage {
  const { plan, dialect, sources } = context;
  const { text } = dialect;
  const source = recordColumns(sources.exposures, dialect);
  const variants = plan.variants.map((variant, i) => `WHEN ${text(variant)} THEN ${i}`);
  const isHoldout = `${source.text('experiment')} <> ${text(plan.experiment)}`;
  const inTime = `r.at >= ${dialect.time(EPOCH)} AND r.at < ${dialect.time(plan.until)}`;
  const isLate = `coalesce(NOT (${inTime}), true)`;
  const heldOut = [
    `${source.text('variant')} = ${text(HELD_OUT)}`,
    'r.unit IS NOT NULL',
    `NOT ${source.isTrue('overridden')}`,
    `NOT ${isLate}`,
  ];
  const differs = (column: string, value: string): string[] =>
    source.has(column) ? [`coalesce(${source.text(column)} <> ${text(value)}, true)`] : [];
  const cause = [
    ...(source.has('experiment') && plan.holdouts.length > 0
      ? [
          `WHEN ${isHoldout} AND ${heldOut.join(' AND ')} THEN ${HELD_OUT_CAUSE}`,
          `WHEN ${isHoldout} THEN ${IGNORED}`,
        ]
      : []),
    `WHEN ${isLate} THEN 1`,
    ...differs('checksum', plan.checksum).map((condition) => `WHEN ${condition} THEN 2`),
    ...(source.has('overridden') ? [`WHEN ${source.isTrue('overridden')} THEN 3`] : []),
    source.has('identity')
      ? `WHEN r.unit IS NULL OR ${source.text('identity')} = ${text('random')} THEN 4`
      : 'WHEN r.unit IS NULL THEN 4',
    ...differs('identity', plan.identity).map((condition) => `WHEN ${condition} THEN 5`),
    ...(source.has('cut') ? [`WHEN ${source.isTrue('cut')} THEN 6`] : []),
    `WHEN ${source.text('variant')} NOT IN (${plan.variants.map(text).join(', ')}) THEN 7`,
    'WHEN r.variant IS NULL THEN 7',
  ];
  const checksum = source.has('checksum')
    ? short(source.text('checksum'))
    : `CAST(NULL AS ${dialect.types.text})`;
  const segments = plan.segments.map((path, i) => {
    const column = source.further(path);
    const value =
      column === undefined
        ? source.has('context')
          ? dialect.jsonText('r.context', [path])
          : "''"
        : `CAST(${column} AS ${dialect.types.text})`;
    return `coalesce(${short(value)}, '') AS seg_${i + 1}`;
  });
  return {
    name: 'exposures',
    uses: recordUses(context),
    select: `SELECT
${columnList([
  `CASE WHEN cause IN (${ANALYSED}, ${HELD_OUT_CAUSE}) THEN unit ELSE checksum END AS unit_key`,
  'cause',
  'CASE WHEN cause = 1 THEN NULL ELSE t END AS t',
  'variant',
  ...optionalColumns(context).map(({ name }) => name),
  ...(source.has('id') ? ['id'] : []),
])}
FROM (
SELECT
${columnList([
  `${source.text('unit')} AS unit`,
  `${checksum} AS checksum`,
  `CASE ${cause.join('\n    ')}\n    ELSE ${ANALYSED} END AS cause`,
  `CASE WHEN ${isLate} THEN NULL ELSE ${dialect.micros('r.at')} END AS t`,
  `CASE ${source.text('variant')} ${variants.join(' ')} END AS variant`,
  ...(source.has('sticky')
    ? [`CASE WHEN ${source.isTrue('sticky')} THEN 1 ELSE 0 END AS sticky`]
    : []),
  ...(source.has('audience')
    ? [`coalesce(CAST(r.audience AS ${dialect.types.integer}), ${noAudience(context)}) AS audience`]
    : []),
  ...segments,
  ...(source.has('id') ? [`coalesce(${source.text('id')}, '') AS id`] : []),
])}
FROM ${recordsFrom(context, 'exposures')}
) classified
WHERE cause <> ${IGNORED}`,
  };
}

/** The number of the audience of exposures that record none. */
function noAudience({ plan }: BuildContext): number {
  return plan.inNamespace === true ? 0 : -1;
}

/** The columns of the first exposure besides the variant. */
function optionalColumns({ sources, segments }: BuildContext): TypedColumn[] {
  const { columns } = sources.exposures;
  return [
    ...(['sticky', 'audience'] as const)
      .filter((name) => columns.includes(name))
      .map((name) => ({ name, type: 'integer' as const })),
    ...segments.map((name) => ({ name, type: 'text' as const })),
  ];
}

/** Groups exposures by unit, and those that are left out by cause and checksum. */
export function firstExposures(context: BuildContext): Stage {
  const { dialect, sources } = context;
  const hasId = sources.exposures.columns.includes('id');
  const countsIds = hasId && context.plan.mergeById;
  const hasChecksum = sources.exposures.columns.includes('checksum');
  const columns: TypedColumn[] = [
    { name: 'variant', type: 'integer' },
    ...optionalColumns(context),
  ];
  const first = dialect.firstValues(columns, 't', hasId ? 'id' : undefined);
  return {
    name: 'first_exposures',
    uses: ['exposures'],
    isShared: true,
    select: `SELECT
${columnList([
  'unit_key',
  ...(dialect.rowNumber === undefined ? [] : [`${dialect.rowNumber} AS unit_no`]),
  'cause',
  ...first.fields.map((field, i) => `${field} AS ${columns[i]?.name ?? ''}`),
  't0',
  ...(hasChecksum ? ['last_t'] : []),
  'mixed',
  'records',
  countsIds ? 'ids' : 'records AS ids',
])}
FROM (
SELECT
${columnList([
  'unit_key',
  'cause',
  ...first.aggregates,
  'min(t) AS t0',
  ...(hasChecksum ? ['max(t) AS last_t'] : []),
  'CASE WHEN min(variant) < max(variant) THEN 1 ELSE 0 END AS mixed',
  'count(*) AS records',
  ...(countsIds ? ['count(DISTINCT id) AS ids'] : []),
])}
FROM exposures
GROUP BY unit_key, cause
) grouped`,
  };
}

/** The analysed units. */
export function units(context: BuildContext): Stage {
  const { plan, dialect, sources, segments } = context;
  const { columns } = sources.exposures;
  const only = plan.audiences.length === 1 ? (plan.audiences[0]?.audience ?? 0) : -1;
  const audience = columns.includes('audience') ? 'audience' : String(only);
  return {
    name: 'units',
    uses: ['first_exposures'],
    select: `SELECT
${columnList([
  'unit_key AS unit',
  ...(dialect.rowNumber === undefined ? [] : ['unit_no']),
  't0',
  'variant',
  'mixed',
  columns.includes('sticky') ? 'sticky' : '0 AS sticky',
  columns.includes('sticky')
    ? `CASE WHEN sticky = 1 THEN -1 ELSE ${audience} END AS audience`
    : `${audience} AS audience`,
  ...segments,
])}
FROM first_exposures
WHERE cause = ${ANALYSED}`,
  };
}
