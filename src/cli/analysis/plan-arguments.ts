import { OptionError } from '../../errors/usage-errors.ts';
import { quote } from '../../errors/show-value.ts';
import { DURATION_MUST_BE, readDuration } from '../../specification/metrics/duration.ts';
import type { AnalyzeOptions } from '../../analysis/analyze-options.ts';
import type { PlanOptions } from '../../analysis/plan/plan-options.ts';
import { largeNumber } from '../arguments/large-number.ts';
import type { AnalyzeArguments } from './analyze-arguments.ts';

const MS_PER_SECOND = 1000;

const SECONDS_PER_DAY = 86_400;

const MAX = Number.MAX_SAFE_INTEGER;

/** The options that `analyze()` and `resolvePlan()` share. */
type SharedOptions = Pick<
  PlanOptions,
  | 'checksum'
  | 'identity'
  | 'control'
  | 'variants'
  | 'metrics'
  | 'segments'
  | 'mixed'
  | 'mature'
  | 'maxOutcomes'
  | 'mergeById'
  | 'cuped'
  | 'timeLine'
> & { readonly from?: string; readonly until?: string; readonly metrics?: readonly string[] };

/**
 * Converts the options that say what is analysed.
 *
 * @throws OptionError (`option`) for a number or duration that can't be read
 */
export function planArguments(options: AnalyzeArguments): SharedOptions {
  const { checksum, identity, control, variants, metric, segment, mixed, mature, from, until } =
    options;
  const { maxOutcomes, cuped, merge, timeLine, html } = options;
  if (typeof cuped === 'string' && !readDuration(cuped)) {
    throw new OptionError(`--cuped takes ${DURATION_MUST_BE}, not ${quote(cuped)}`);
  }
  return {
    ...(checksum !== undefined && { checksum }),
    ...(identity !== undefined && { identity }),
    ...(control !== undefined && { control }),
    ...(variants !== undefined && { variants }),
    ...(metric !== undefined && { metrics: metric }),
    ...(segment !== undefined && { segments: segment }),
    ...(from !== undefined && { from }),
    ...(until !== undefined && { until }),
    ...(mixed !== undefined && { mixed }),
    ...(mature !== undefined && { mature }),
    ...(maxOutcomes !== undefined && {
      maxOutcomes: largeNumber('--max-outcomes', maxOutcomes, 1, MAX),
    }),
    ...(cuped !== undefined && { cuped }),
    mergeById: merge,
    timeLine: timeLine ?? html !== undefined,
  };
}

/**
 * Converts the options that only `analyze()` takes.
 *
 * @throws OptionError (`option`) for a number that can't be read
 */
export function resultArguments({
  plannedUnits,
  confidence,
  timeout,
}: AnalyzeArguments): Pick<AnalyzeOptions, 'plannedUnits' | 'confidence' | 'timeoutMs'> {
  return {
    ...(plannedUnits !== undefined && {
      plannedUnits: largeNumber('--planned-units', plannedUnits, 1, MAX),
    }),
    ...(confidence !== undefined && { confidence: confidenceOf(confidence) }),
    ...(timeout !== undefined && {
      timeoutMs: largeNumber('--timeout', timeout, 1, SECONDS_PER_DAY) * MS_PER_SECOND,
    }),
  };
}

/** Reads a percent above 50 and below 100, with or without its sign. */
function confidenceOf(text: string): number {
  const percent = /^\d{2}(\.\d{1,4})?%?$/.test(text) ? Number.parseFloat(text) : Number.NaN;
  if (percent > 50) return percent / 100;
  throw new OptionError(
    `--confidence takes a percent above 50 and below 100, such as 95, not ${quote(text)}`,
  );
}
