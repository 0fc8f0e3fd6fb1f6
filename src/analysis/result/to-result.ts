import { formatInstant } from '../../specification/instant.ts';
import type { AnalysisPlan } from '../plan/analysis-plan.ts';
import { MAX_SEGMENT_VALUES } from '../plan/max-segment-values.ts';
import type { MomentRows } from '../rows/moment-rows.ts';
import { lookOf } from './look.ts';
import { findWarnings, statusOf } from './parts/find-warnings.ts';
import {
  groupedRows,
  mixedUnits,
  totalRows,
  unitsByVariant,
  unitsNotCompared,
} from './parts/groups.ts';
import { metricResults, type Situation } from './parts/metric-results.ts';
import { splitResult } from './parts/split-result.ts';
import { plannedUnitsWarning } from './parts/planned-units-warning.ts';
import { firstDay, timeLines } from './parts/time-lines.ts';
import {
  type DataNote,
  type Result,
  RESULT_VERSION,
  type ResultUnits,
  type SegmentResult,
} from './result.ts';
import type { ResultOptions } from './result-options.ts';
import {
  mixedNote,
  notComparedNote,
  recordNotes,
  segmentNote,
  unreadableNote,
} from './words/data-notes.ts';
import { summaryOf } from './words/summary.ts';
import { warnings } from './words/warnings.ts';

/**
 * Computes the result of an analysis from its moments. It holds plain data without NaN and infinite
 * numbers. The same rows give the same result.
 *
 * @param rows from `readMomentRows()`; of several shards, from `addMomentRows()`
 */
export function toResult(
  plan: AnalysisPlan,
  rows: MomentRows,
  options: ResultOptions = {},
): Result {
  const total = totalRows(rows, plan);
  const units = unitsOf(plan, rows);
  const split = splitResult(plan, rows);
  const status = statusOf(plan, units, split);
  const look = lookOf(plan, units.total, options);
  const used = options.cuped === false ? { ...plan, preMs: null } : plan;
  const situation: Situation = { look, withheld: status !== 'ok' };
  const metrics = metricResults(used, total, situation);
  const segments = groupedRows(rows, plan, 'segment').map(({ name, value, rows: ofSegment }) => ({
    path: name,
    value,
    units: unitsByVariant(plan, ofSegment),
    metrics: metricResults(used, ofSegment, situation),
  }));
  const period = {
    from: firstDay(plan, rows),
    until: formatInstant(plan.until),
    plannedEnd: options.plannedEnd === undefined ? null : formatInstant(options.plannedEnd),
  };
  const { experiment, control } = plan;
  const { unreadable = [] } = options;
  const cut = unreadable.flatMap(({ file, isCut }) => (isCut === true ? [file] : []));
  const data = dataNotes(plan, rows, units, segments, options);
  const parts = { status, units, split, metrics, segments, period, experiment, control, data };
  return {
    version: RESULT_VERSION,
    experiment,
    ...(options.description !== undefined && { description: options.description }),
    checksum: plan.checksum,
    identity: plan.identity,
    variants: plan.compared,
    control,
    period,
    status,
    partial: (options.partial ?? false) || cut.length > 0,
    summary: summaryOf(parts),
    look,
    units,
    split,
    metrics,
    segments,
    timeLine: timeLines(used, rows, look, metrics),
    data,
    warnings: [
      ...(options.warnings ?? []),
      ...(cut.length > 0 ? [warnings.fileCut(cut)] : []),
      ...plannedUnitsWarning(plan, rows, units.total, options),
      ...findWarnings(plan, rows, parts),
    ],
  };
}

function unitsOf(plan: AnalysisPlan, rows: MomentRows): ResultUnits {
  const byVariant = unitsByVariant(plan, totalRows(rows, plan));
  return {
    total: Object.values(byVariant).reduce((sum, units) => sum + units, 0),
    byVariant,
    mixed: mixedUnits(rows),
    mixedTreatment: plan.mixed,
    notCompared: unitsNotCompared(plan, rows),
  };
}

function dataNotes(
  plan: AnalysisPlan,
  { records }: MomentRows,
  { mixed, total, mixedTreatment, notCompared }: ResultUnits,
  segments: readonly SegmentResult[],
  { unreadable = [] }: ResultOptions,
): DataNote[] {
  const all = mixedTreatment === 'drop' ? total + mixed : total;
  return [
    ...recordNotes(records, plan),
    ...(mixed > 0 ? [mixedNote(mixed, all, plan)] : []),
    ...(Object.keys(notCompared).length > 0 ? [notComparedNote(notCompared)] : []),
    ...plan.segments.flatMap((name) => {
      const values = segments.filter(({ path }) => path === name).length;
      return values >= MAX_SEGMENT_VALUES ? [segmentNote(name, values)] : [];
    }),
    ...unreadable
      .filter(({ lines }) => lines > 0)
      .map(({ file, lines, first }) => unreadableNote(file, lines, first)),
  ];
}
