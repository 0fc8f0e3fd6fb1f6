import { AnalysisError } from '../../errors/analysis-error.ts';
import { showValue } from '../../errors/show-value.ts';
import type { EngineRow } from '../engine.ts';
import { planDigest } from '../plan/plan-digest.ts';
import type { AnalysisPlan, PlannedMetric } from '../plan/analysis-plan.ts';
import type { ChecksumRow, GroupRow, MetricRow, MomentRows, Variable } from './moment-rows.ts';
import { RowReader } from './row-reader.ts';

/** The kinds of rows with the moments of a group. */
const GROUP_KINDS: ReadonlySet<string> = new Set(['total', 'audience', 'segment', 'day']);

/**
 * Reads the rows that a statement returned, or somebody else's tool. Numbers may be texts or bigints, and
 * column names in upper case.
 *
 * @throws AnalysisError if columns are missing, or rows do not belong to the plan
 */
export function readMomentRows(rows: readonly EngineRow[], plan: AnalysisPlan): MomentRows {
  const groups: GroupRow[] = [];
  const checksums: ChecksumRow[] = [];
  const records = new Map<string, number>();
  let isOfPlan = false;
  for (const [i, values] of rows.entries()) {
    const row = new RowReader(values, i + 1);
    const kind = row.text('kind');
    if (kind === 'checksum') {
      checksums.push({
        checksum: row.text('name'),
        exposures: row.count('units'),
        last: row.time('value'),
      });
    } else if (kind === 'plan') {
      if (row.text('name') !== planDigest(plan)) throw new AnalysisError(OTHER_PLAN(row.place));
      isOfPlan = true;
    } else if (kind === 'records') {
      records.set(row.text('name'), row.count('units'));
    } else if (isGroupKind(kind)) {
      groups.push(readGroup(row, kind, plan));
    } else {
      throw new AnalysisError(
        `${row.place}: the kind ${showValue(kind)} is not known; use the rows of the statement that --sql prints`,
      );
    }
  }
  if (rows.length === 0) {
    throw new AnalysisError('there are no rows; pass the rows of the statement that --sql prints');
  }
  return { groups, checksums, records, ...(isOfPlan && { isOfPlan }) };
}

const OTHER_PLAN = (place: string): string =>
  `${place}: the rows are of another experiment, checksum or order of metrics, or of other options; ` +
  'read them with the options that their statement was made with, or make a new statement with --sql';

function isGroupKind(kind: string): kind is GroupRow['kind'] {
  return GROUP_KINDS.has(kind);
}

function readGroup(row: RowReader, kind: GroupRow['kind'], plan: AnalysisPlan): GroupRow {
  const variant = row.text('variant');
  if (!plan.variants.includes(variant)) {
    throw new AnalysisError(
      `${row.place}: ${plan.experiment} has no variant ${showValue(variant)}; the rows are of another plan`,
    );
  }
  const mixed = row.count('mixed') > 0;
  const metrics = plan.metrics.map((metric, i) =>
    kind === 'audience' ? undefined : readMetric(row, kind, metric, i + 1, plan),
  );
  return {
    kind,
    name: row.text('name'),
    value: kind === 'day' ? row.time('value') : row.text('value'),
    variant,
    mixed,
    units: row.count('units'),
    metrics,
  };
}

function readMetric(
  row: RowReader,
  kind: GroupRow['kind'],
  { spec }: PlannedMetric,
  number: number,
  plan: AnalysisPlan,
): MetricRow | undefined {
  const isQuantile = spec.type === 'quantile';
  if (isQuantile && kind === 'day') return undefined;
  const column = (name: string): string => `m${number}_${name}`;
  const variables = variablesOf(spec, plan);
  const means = variables.map((name) => row.number(column(name)));
  const n = row.optionalCount(column('n'));
  if (n === undefined) return undefined;
  const covariances = variables.map((a, i) =>
    variables.map((b, j) => row.number(column(i <= j ? a + b : b + a)) ?? 0),
  );
  const cap = row.optional(column('cap'));
  const preCap = row.optional(column('precap'));
  const capped = row.optional(column('capped'));
  const value = isQuantile ? row.number(column('q')) : undefined;
  if (isQuantile && n > 0 && value === undefined && spec.of === 'units') return undefined;
  const low = row.optional(column('low'));
  const high = row.optional(column('high'));
  return {
    variables,
    moments: { n, means: means.map((mean) => mean ?? 0), covariances },
    open: row.optional(column('open')) ?? 0,
    early: row.optional(column('early')) ?? 0,
    late: row.optional(column('late')) ?? 0,
    ...(cap === undefined ? {} : { cap }),
    ...(preCap === undefined ? {} : { preCap }),
    ...(capped === undefined ? {} : { capped }),
    ...(value === undefined
      ? {}
      : {
          quantile: {
            value,
            ...(low === undefined ? {} : { low }),
            ...(high === undefined ? {} : { high }),
          },
        }),
  };
}

/** The variables that the rows of a metric have. */
function variablesOf(
  { type, of }: PlannedMetric['spec'],
  { preMs }: AnalysisPlan,
): readonly Variable[] {
  if (type === 'quantile') return of === 'units' ? ['y'] : ['y', 'd'];
  const isRatio = type === 'ratio' || type === 'mean';
  if (preMs === null) return isRatio ? ['y', 'd'] : ['y'];
  return isRatio ? ['y', 'd', 'x', 'w'] : ['y', 'x'];
}
