import type { BuildContext } from './build-context.ts';
import { recordColumns } from './record-columns.ts';

/** The conditions of the exposures that are classified. */
export function exposureConditions({ plan, dialect, sources }: BuildContext): readonly string[] {
  const source = recordColumns(sources.exposures, dialect);
  const names = [plan.experiment, ...plan.holdouts].map(dialect.text);
  return [
    ...(source.has('experiment') ? [`${source.text('experiment')} IN (${names.join(', ')})`] : []),
    ...(plan.from === undefined ? [] : [`r.at >= ${dialect.time(plan.from)}`]),
  ];
}

/** The conditions of the outcomes that are read. */
export function outcomeConditions(context: BuildContext): readonly string[] {
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
