import { AnalysisError } from '../../errors/analysis-error.ts';
import { quote, showValue } from '../../errors/show-value.ts';
import { checks, type OptionChecks, checkOptions, oneOf } from '../../options/check-options.ts';
import {
  formatInstant,
  INSTANT_MUST_BE,
  meantInstant,
  readInstant,
} from '../../specification/instant.ts';
import type { MetricSpec } from '../../specification/metric-types.ts';
import type { RawMetric } from '../../specification/metrics/raw-metric.ts';
import { DURATION_MUST_BE, readDuration } from '../../specification/metrics/duration.ts';
import type { MixedUnits } from './analysis-plan.ts';

/** A moment: milliseconds since 1970, ISO 8601 with a time zone, or a day (its begin in UTC). */
export type Moment = number | string;

/** Options of `resolvePlan()`. Each replaces what the specification says. */
export interface PlanOptions {
  /** The present time, in milliseconds since 1970. */
  readonly now: number;
  /** The only checksum that is analysed. Default: that of the audiences in force just before `until`. */
  readonly checksum?: string;
  /** The only identity path that is analysed. Default: the first path of the experiment. */
  readonly identity?: string;
  /** The variant that the others are compared with. Default: see `AnalysisSpec`. */
  readonly control?: string;
  /**
   * The variants that are compared, the control included. Default: see `AnalysisSpec`. An experiment with a
   * script needs them: the values of `variant` in its exposures.
   */
  readonly variants?: readonly string[];
  /**
   * The metrics: names, metrics as in a file, or metrics of a specification. Those with a role in the experiment's analysis keep it; the others are
   * secondary. Default: the metrics of the analysis; without one, all metrics of the specification.
   */
  readonly metrics?: readonly (string | RawMetric | MetricSpec)[];
  /** Only records before this moment count. @default now */
  readonly until?: Moment;
  /** Records before this moment are left out. @default none */
  readonly from?: Moment;
  /** Context paths by whose values results are broken down. Default: those of the analysis. */
  readonly segments?: readonly string[];
  /** The treatment of units that saw several variants. @default 'drop' */
  readonly mixed?: MixedUnits;
  /** True: only units whose window has ended. @default false */
  readonly mature?: boolean;
  /** The period before the exposure that reduces the variance: `28d`; false or null: none. @default '28d' */
  readonly cuped?: string | boolean | null;
  /** Units with more outcomes than this are left out. @default none */
  readonly maxOutcomes?: number;
  /** False: outcomes are known to be delivered once. @default true */
  readonly mergeById?: boolean;
  /** True: also the cumulative result of each day. @default false */
  readonly timeLine?: boolean;
}

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';

const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText);

const aText = { expected: 'a text', accepts: isText };

const aMoment = {
  expected: `milliseconds since 1970, a day, or ${INSTANT_MUST_BE}`,
  accepts: (value: unknown) => isText(value) || isTime(value),
};

/** The first and the last moment that ISO 8601 can write with four digits of the year. */
const TIMES = {
  first: Date.parse('0000-01-01T00:00:00Z'),
  last: Date.parse('9999-12-31T23:59:59.999Z'),
};

function isTime(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= TIMES.first && Number(value) <= TIMES.last;
}

/** The checks of the options of a plan. */
export const planChecks: OptionChecks = new Map([
  ['now', { expected: 'milliseconds since 1970', accepts: isTime }],
  [
    'checksum',
    {
      expected: '16 hexadecimal digits',
      accepts: (value: unknown) => typeof value === 'string' && /^[0-9a-f]{16}$/.test(value),
    },
  ],
  ['identity', aText],
  ['control', aText],
  [
    'variants',
    {
      expected: 'a list of at least two different texts',
      accepts: (value: unknown) =>
        Array.isArray(value) &&
        isTexts(value) &&
        new Set(value).size === value.length &&
        value.length > 1,
    },
  ],
  [
    'metrics',
    {
      expected: 'a list of at least one name or metric',
      accepts: (value: unknown) => Array.isArray(value) && value.length > 0,
    },
  ],
  ['until', aMoment],
  ['from', aMoment],
  ['segments', { expected: 'a list of context paths', accepts: isTexts }],
  ['mixed', oneOf('drop', 'first')],
  ['mature', checks.aBoolean],
  [
    'cuped',
    {
      expected: `true, false, or ${DURATION_MUST_BE}`,
      accepts: (value: unknown) => value === null || typeof value === 'boolean' || isText(value),
    },
  ],
  [
    'maxOutcomes',
    {
      expected: 'a whole number, 1 or more',
      accepts: (value: unknown) => Number.isSafeInteger(value) && Number(value) > 0,
    },
  ],
  ['mergeById', checks.aBoolean],
  ['timeLine', checks.aBoolean],
]);

/**
 * Checks the options of a plan.
 *
 * @throws OptionError (`option`) for an unknown option or a value of the wrong type
 */
export function checkPlanOptions(options: PlanOptions): PlanOptions {
  const own = checkOptions('resolvePlan()', options, planChecks);
  if (own.now === undefined) {
    throw new AnalysisError(
      'the option "now" is missing; pass the present time, such as Date.now()',
    );
  }
  return own;
}

/**
 * Returns a moment in milliseconds since 1970.
 *
 * @param name of the option, for messages
 * @throws AnalysisError (`analysis`) if it is not a moment
 */
export function momentOf(name: string, moment: Moment): number {
  if (typeof moment === 'number') return moment;
  const meant = meantInstant(moment);
  const isDay = /^\d{4}-\d\d-\d\d$/.test(moment);
  const read = readInstant(isDay ? (meant ?? moment) : moment);
  if (read === undefined) {
    const hint = meant === undefined ? '' : `; did you mean ${quote(meant)}?`;
    throw new AnalysisError(
      `${name} must be a day or ${INSTANT_MUST_BE}, not ${showValue(moment)}${hint}`,
    );
  }
  if ('problem' in read) throw new AnalysisError(`${name} ${read.problem}`);
  return read.ms;
}

/** The default period before the exposure: 28 days hold four of each weekday. */
const DEFAULT_PRE_PERIOD = '28d';

/**
 * Returns the length of the period before the exposure in milliseconds; null if it is not used.
 *
 * @throws AnalysisError (`analysis`) if it is not a duration
 */
export function prePeriodOf(cuped: PlanOptions['cuped'] = true): number | null {
  if (cuped === null || cuped === false) return null;
  const text = cuped === true ? DEFAULT_PRE_PERIOD : cuped;
  const ms = readDuration(text);
  if (ms === undefined || ms === 0) {
    throw new AnalysisError(
      `cuped must be ${DURATION_MUST_BE}, or false to switch it off, not ${quote(text)}`,
    );
  }
  return ms;
}

/**
 * Returns the period of a plan.
 *
 * @throws AnalysisError (`analysis`) for a wrong moment, and if the period is empty
 */
export function periodOf({ now, from, until }: PlanOptions): { from?: number; until: number } {
  const end = until === undefined ? now : momentOf('until', until);
  if (from === undefined) return { until: end };
  const start = momentOf('from', from);
  if (start >= end) {
    throw new AnalysisError(
      `from (${formatInstant(start)}) is not before until (${formatInstant(end)}); choose an earlier "from"`,
    );
  }
  return { from: start, until: end };
}
