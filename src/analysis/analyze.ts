import { OptionError } from '../errors/usage-errors.ts';
import { checkOptions } from '../options/check-options.ts';
import { formatInstant } from '../specification/instant.ts';
import type { Specification } from '../specification/types.ts';
import { analyzeChecks, type AnalyzeOptions } from './analyze-options.ts';
import { computeRows } from './compute-rows.ts';
import type { EngineRow } from './engine.ts';
import type { AnalysisPlan } from './plan/analysis-plan.ts';
import { planChecks } from './plan/plan-options.ts';
import { plannedEndOf, planOptionsOf } from './plan-options-of.ts';
import { findSubject } from './plan/plan-subject.ts';
import { resolvePlan } from './plan/resolve-plan.ts';
import type { Result, ResultWarning } from './result/result.ts';
import type { ResultOptions } from './result/result-options.ts';
import { toResult } from './result/to-result.ts';
import { runWarnings } from './result/words/run-warnings.ts';
import { addMomentRows } from './rows/add-moment-rows.ts';
import type { MomentRows } from './rows/moment-rows.ts';
import { readMomentRows } from './rows/read-moment-rows.ts';
import { specificationOf } from './specification-of.ts';

const checks = new Map([...planChecks, ...analyzeChecks]);

/**
 * Analyses an experiment: whether the split is as intended, and for each metric how the variants differ.
 *
 * If the time is up, or the signal is aborted, while the time line is computed, the result has no time line
 * and is marked as partial.
 *
 * @throws AnalysisError (`analysis`) if the experiment can't be analysed, or the database fails
 * @throws OptionError (`option`) for an invalid option, or one that is missing
 * @throws SpecError (`spec`) for an invalid specification
 * @throws the signal's reason if it is aborted before there is a result
 */
export async function analyze(options: AnalyzeOptions): Promise<Result> {
  const own = checkOptions('analyze()', options, checks);
  const { specification: given, experiment, signal, onProgress } = own;
  if (given === undefined || experiment === undefined) {
    throw new OptionError('analyze(): set "specification" and "experiment"');
  }
  signal?.throwIfAborted();
  const specification = specificationOf(given);
  const plannedEnd = plannedEndOf(specification, own);
  const planOptions = planOptionsOf(own, Date.now(), plannedEnd);
  const plan = resolvePlan(specification, experiment, planOptions);
  const computed =
    own.rows === undefined
      ? await computeRows(own, plan, (checksum) =>
          resolvePlan(specification, experiment, { ...planOptions, checksum }),
        )
      : { plan, ...addUp(own.rows, plan), partial: false, unreadable: [] };
  onProgress?.('statistics', 0);
  const { plan: used, rows, ...rest } = computed;
  const result = toResult(used, rows, {
    ...resultOptionsOf(own, specification, plannedEnd),
    ...rest,
    warnings: [
      ...rest.warnings,
      ...endWarnings(own.until, planOptions.now, plan.until, plannedEnd),
    ],
  });
  onProgress?.('statistics', 1);
  return result;
}

function endWarnings(
  given: AnalyzeOptions['until'],
  now: number,
  until: number,
  plannedEnd: number | undefined,
): readonly ResultWarning[] {
  if (plannedEnd === undefined) return [];
  const end = formatInstant(plannedEnd);
  if (until > plannedEnd) return [runWarnings.afterPlannedEnd(end)];
  const isCut = given === undefined && until < now;
  return isCut ? [runWarnings.endsAsPlanned(end, formatInstant(now))] : [];
}

function resultOptionsOf(
  options: AnalyzeOptions,
  specification: Specification,
  plannedEnd: number | undefined,
): ResultOptions {
  const { analysis, spec } = findSubject(specification, options.experiment);
  const plannedUnits = options.plannedUnits ?? analysis?.plannedUnits;
  const { confidence } = options;
  const { description } = spec;
  return {
    ...(description !== undefined && { description }),
    ...(confidence !== undefined && { confidence }),
    ...(plannedUnits !== undefined && { plannedUnits }),
    ...(plannedEnd !== undefined && { plannedEnd }),
  };
}

/** Reads rows of one statement, or of several for shards. */
function addUp(
  given: NonNullable<AnalyzeOptions['rows']>,
  plan: AnalysisPlan,
): { readonly rows: MomentRows; readonly warnings: readonly ResultWarning[] } {
  const isSeveral = (rows: typeof given): rows is readonly (readonly EngineRow[])[] =>
    rows.every((one) => Array.isArray(one));
  const several = isSeveral(given) && given.length > 0 ? given : [given as readonly EngineRow[]];
  const read = several.map((rows) => readMomentRows(rows, plan));
  const isChecked = read.every(({ isOfPlan }) => isOfPlan === true);
  const rows = addMomentRows(read);
  const hasFewerDays = read.some((one) => dayCount(one) > dayCount(rows));
  return {
    rows,
    warnings: [
      ...(isChecked ? [] : [runWarnings.uncheckedRows()]),
      ...(hasFewerDays ? [runWarnings.fewerDays()] : []),
    ],
  };
}

function dayCount({ groups }: MomentRows): number {
  return new Set(groups.flatMap(({ kind, value }) => (kind === 'day' ? [value] : []))).size;
}
