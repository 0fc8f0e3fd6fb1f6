import type { BuildContext } from './build-context.ts';
import { cappedVariables } from './per-unit.ts';
import { columnList, type Stage } from './stage.ts';

/** Computes means, variances and covariances of all groups of units in one pass. */
export function moments(context: BuildContext): Stage {
  const { segments, metrics, dialect } = context;
  const columns = metrics.flatMap(({ number, variables }) => {
    const names = [...variables.keys()];
    return [
      ...names.slice(0, 1).map((name) => `count(${name}_${number}) AS m${number}_n`),
      ...names.map((name) => `avg(${name}_${number}) AS m${number}_${name}`),
      ...names.flatMap((a, i) =>
        names.slice(i).map((b) => {
          const [left, right] = [`${a}_${number}`, `${b}_${number}`];
          const moment = a === b ? dialect.variance(left) : dialect.covariance(left, right);
          return `${moment} AS m${number}_${a}${b}`;
        }),
      ),
      ...['open', 'early', 'late'].map((name) => `sum(${name}_${number}) AS m${number}_${name}`),
    ];
  });
  const capped = metrics.flatMap((metric) =>
    cappedVariables(metric).length === 0
      ? []
      : [`sum(above_${metric.number}) AS m${metric.number}_capped`],
  );
  const sets = [[], ...segments.map((segment) => [segment])].map(
    (set) => `(${['variant', 'mixed', ...set].join(', ')})`,
  );
  const bySegment = (value: (segment: string, i: number) => string, otherwise: string): string =>
    segments.length === 0
      ? otherwise
      : `CASE ${segments.map((segment, i) => `WHEN grouping(${segment}) = 0 THEN ${value(segment, i)}`).join(' ')} ELSE ${otherwise} END`;
  return {
    name: 'moments',
    uses: ['metric_values'],
    isShared: true,
    select: `SELECT
${columnList([
  'variant',
  'mixed',
  // The position of the segment that a row is about, from 1; 0 for a row about all units.
  `${bySegment((_, i) => String(i + 1), '0')} AS set_no`,
  `${bySegment((segment) => segment, "''")} AS seg_value`,
  'count(*) AS units',
  ...columns,
  ...capped,
])}
FROM metric_values
GROUP BY ${segments.length === 0 ? 'variant, mixed' : `GROUPING SETS (${sets.join(', ')})`}`,
  };
}
