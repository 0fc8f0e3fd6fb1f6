import type { BuildContext } from './build-context.ts';
import { nested, quotedColumn, recordColumns } from './record-columns.ts';
import { columnList, type Stage } from './stage.ts';

/** The stage with the exposures and outcomes that an analysis uses, if one SELECT has both. */
const RECORDS = 'records';

/** Reads exposures and outcomes in one pass, if the sources offer that. */
export function records(context: BuildContext): Stage | undefined {
  const { combined } = context.sources;
  if (combined === undefined) return undefined;
  return {
    name: RECORDS,
    uses: [],
    isShared: true,
    select: `SELECT
${columnList(['is_exposure', 'unit', 'at', 'variant', 'name', ...neededColumns(context)].map((name) => `r.${quotedColumn(name, context.dialect)}`))}
FROM ${nested(combined)}
WHERE (${['r.is_exposure', ...exposureConditions(context)].join(' AND ')})
  OR (${['NOT r.is_exposure', ...outcomeConditions(context)].join(' AND ')})`,
  };
}

/** Returns the FROM and WHERE of exposures or of outcomes, whose rows are called `r`. */
export function recordsFrom(context: BuildContext, kind: 'exposures' | 'outcomes'): string {
  const { sources } = context;
  const isExposure = kind === 'exposures';
  if (sources.combined !== undefined) {
    return `${RECORDS} r\nWHERE ${isExposure ? '' : 'NOT '}r.is_exposure`;
  }
  const conditions = isExposure ? exposureConditions(context) : outcomeConditions(context);
  const where = conditions.length === 0 ? '' : `\nWHERE ${conditions.join(' AND ')}`;
  return `${nested(sources[kind])}${where}`;
}

/** Returns the stages that exposures and outcomes read. */
export function recordUses({ sources }: BuildContext): readonly string[] {
  return sources.combined === undefined ? [] : [RECORDS];
}

/** The further columns that are read. Long texts are left out unless something is computed from them. */
function neededColumns({ plan, sources, measures }: BuildContext): readonly string[] {
  const { exposures, outcomes } = sources;
  const unneeded = new Set([
    ...(plan.segments.length === 0 ? ['context'] : []),
    ...(plan.holdouts.length === 0 ? ['experiment'] : []),
    ...(measures.amounts.length === 0 && measures.parts.every(({ where }) => where === undefined)
      ? ['properties']
      : []),
  ]);
  return [...new Set([...exposures.columns, ...outcomes.columns])].filter(
    (name) => !unneeded.has(name),
  );
}

/** The conditions of the exposures that are classified. */
function exposureConditions({ plan, dialect, sources }: BuildContext): readonly string[] {
  const source = recordColumns(sources.exposures, dialect);
  const names = [plan.experiment, ...plan.holdouts].map(dialect.text);
  return [
    ...(source.has('experiment') ? [`${source.text('experiment')} IN (${names.join(', ')})`] : []),
    ...(plan.from === undefined ? [] : [`r.at >= ${dialect.time(plan.from)}`]),
  ];
}

/** The conditions of the outcomes that are read. */
function outcomeConditions(context: BuildContext): readonly string[] {
  const { plan, dialect, sources, measures } = context;
  const source = recordColumns(sources.outcomes, dialect);
  const name = source.text('name');
  const names = [...new Set(measures.parts.flatMap((part) => part.outcomes))];
  const earliest = plan.from === undefined ? 0 : Math.max(0, plan.from - (plan.preMs ?? 0));
  return [
    'r.unit IS NOT NULL',
    `r.at >= ${dialect.time(earliest)}`,
    `r.at < ${dialect.time(plan.until)}`,
    ...(source.has('identity')
      ? [`${source.text('identity')} = ${dialect.text(plan.identity)}`]
      : []),
    ...(plan.maxOutcomes === undefined
      ? [`${name} IN (${names.map(dialect.text).join(', ')})`]
      : []),
  ];
}
