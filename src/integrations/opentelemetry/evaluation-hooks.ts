import { checkOptions, checks, isObject, oneOf } from '../../options/check-options.ts';
import type { OptionChecks } from '../../options/check-options.ts';
import { OptionError } from '../../errors/usage-errors.ts';
import type { Hooks, MadeDecision } from '../../exposures/hooks.ts';
import type { ExposureRecord } from '../../exposures/records/record.ts';
import type { OtelAttributes, OtelLogger, OtelTrace } from './api.ts';

/** Options of {@link evaluationHooks}; one of `logger` and `trace` at least. */
export interface EvaluationHooksOptions {
  /**
   * Emits the events as log records, as the conventions have it: `logs.getLogger('evenhand')` of
   * `@opentelemetry/api-logs`.
   */
  logger?: OtelLogger;
  /**
   * Adds the events to the active span, for tools that show them there: `trace` of
   * `@opentelemetry/api`. OpenTelemetry is giving this kind of event up.
   */
  trace?: OtelTrace;
  /**
   * With which there is an event: each `decision` that a participant is given, as the conventions have
   * it, or each `exposure` recorded, which is fewer. @default 'decision'
   */
  on?: 'decision' | 'exposure';
  /** What the experiments as a whole are called, as `shop/production`: `feature_flag.set.id`. */
  setId?: string;
  /**
   * Whether events of exposures tell the unit as it is recorded, hashed with `privacy: 'hash'`:
   * `feature_flag.context.id`. @default false
   */
  unit?: boolean;
}

const hookOptionChecks: OptionChecks = new Map([
  [
    'logger',
    {
      expected: 'a logger with the method emit()',
      accepts: (value) => isObject(value) && checks.aFunction.accepts(value['emit']),
    },
  ],
  [
    'trace',
    {
      expected: 'the trace API with the method getActiveSpan()',
      accepts: (value) => isObject(value) && checks.aFunction.accepts(value['getActiveSpan']),
    },
  ],
  ['on', oneOf('decision', 'exposure')],
  ['setId', { expected: 'a text', accepts: (value) => typeof value === 'string' }],
  ['unit', checks.aBoolean],
]);

/** The event's name; the conventions for it were a release candidate in 2026. */
const EVENT = 'feature_flag.evaluation';

const PROVIDER = 'evenhand';

/** What an error is called that none of the conventions' names fits. */
const OTHER_ERROR = 'general';

/**
 * Hooks that emit a `feature_flag.evaluation` event with each decision, or each exposure, after
 * OpenTelemetry's semantic conventions for feature flags:
 * `evenhand({ hooks: evaluationHooks({ logger: logs.getLogger('evenhand') }) })`.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/feature-flags/feature-flags-events/
 * @throws OptionError (`option`) for options that can't be meant
 */
export function evaluationHooks(options: EvaluationHooksOptions): Hooks {
  checkOptions('evaluationHooks()', options, hookOptionChecks);
  const { logger, trace, on = 'decision', setId, unit: withUnit = false } = options;
  if (logger === undefined && trace === undefined) {
    throw new OptionError(
      'evaluationHooks(): events must go somewhere; give a "logger" or "trace"',
    );
  }
  if (withUnit && on !== 'exposure') {
    throw new OptionError('evaluationHooks(): "unit" needs "on" to be "exposure"');
  }
  const shared: OtelAttributes = {
    'feature_flag.provider.name': PROVIDER,
    ...(setId === undefined ? {} : { 'feature_flag.set.id': setId }),
  };
  const emit = (own: OtelAttributes): void => {
    const attributes = { ...shared, ...own };
    logger?.emit({ eventName: EVENT, attributes });
    trace?.getActiveSpan()?.addEvent(EVENT, attributes);
  };
  return on === 'decision'
    ? { decision: (decision) => emit(attributesOfDecision(decision)) }
    : { exposure: (record) => emit(attributesOfExposure(record, withUnit)) };
}

function attributesOfDecision(decision: MadeDecision): OtelAttributes {
  const { experiment, variant, error, revision } = decision;
  return {
    'feature_flag.key': experiment,
    ...(variant === undefined ? {} : { 'feature_flag.result.variant': variant }),
    'feature_flag.result.reason': reasonOf(decision),
    ...(revision === undefined ? {} : { 'feature_flag.version': String(revision) }),
    ...(error === undefined ? {} : { 'error.type': OTHER_ERROR, 'error.message': error }),
  };
}

/** The reasons of the conventions, which are OpenFeature's. */
function reasonOf(decision: MadeDecision): string {
  if (decision.error !== undefined || decision.reason === 'error') return 'error';
  if (decision.overridden) return 'targeting_match';
  if (decision.bucket !== undefined) return 'split';
  if (decision.rule !== undefined) return 'targeting_match';
  // The last audience: where it is the only one, there was nothing to evaluate.
  return decision.audience === 0 ? 'static' : 'default';
}

function attributesOfExposure(record: ExposureRecord, withUnit: boolean): OtelAttributes {
  const { experiment, variant, checksum, overridden, unit } = record;
  return {
    'feature_flag.key': experiment,
    'feature_flag.result.variant': variant,
    'feature_flag.result.reason': overridden ? 'targeting_match' : 'split',
    'feature_flag.version': checksum,
    ...(withUnit && unit !== undefined ? { 'feature_flag.context.id': unit } : {}),
  };
}
