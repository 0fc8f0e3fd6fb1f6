import { checkOptions, checks, isObject, oneOf } from '../../options/check-options.ts';
import type { OptionChecks } from '../../options/check-options.ts';
import { OptionError } from '../../errors/usage-errors.ts';
import type { Hooks, MadeDecision } from '../../exposures/hooks.ts';
import type { ExposureRecord } from '../../exposures/records/record.ts';
import type { OtelAttributes, OtelLogger, OtelTrace } from './api.ts';

/** Options of {@link evaluationHooks}; at least one of `logger` and `trace` is required. */
export interface EvaluationHooksOptions {
  /**
   * The logger that emits the events as log records, as the conventions require:
   * `logs.getLogger('evenhand')` of `@opentelemetry/api-logs`.
   */
  logger?: OtelLogger;
  /**
   * The trace API, which adds the events to the active span for tools that show them there: `trace`
   * of `@opentelemetry/api`. OpenTelemetry is deprecating span events.
   */
  trace?: OtelTrace;
  /**
   * The trigger of an event: each `decision` for a participant, as the conventions require, or each
   * recorded `exposure`, which happens less often. @default 'decision'
   */
  on?: 'decision' | 'exposure';
  /** The name of the whole set of experiments, such as `shop/production`: `feature_flag.set.id`. */
  setId?: string;
  /**
   * Adds the recorded unit to the events of exposures as `feature_flag.context.id`. It is hashed
   * with `privacy: 'hash'`. @default false
   */
  unit?: boolean;
}

const hookOptionChecks: OptionChecks = new Map([
  [
    'logger',
    {
      expected: 'a logger with an emit() method',
      accepts: (value) => isObject(value) && checks.aFunction.accepts(value['emit']),
    },
  ],
  [
    'trace',
    {
      expected: 'the trace API with its getActiveSpan() method',
      accepts: (value) => isObject(value) && checks.aFunction.accepts(value['getActiveSpan']),
    },
  ],
  ['on', oneOf('decision', 'exposure')],
  ['setId', { expected: 'a string', accepts: (value) => typeof value === 'string' }],
  ['unit', checks.aBoolean],
]);

/** The event's name; its conventions were a release candidate in 2026. */
const EVENT = 'feature_flag.evaluation';

const PROVIDER = 'evenhand';

/** The conventions' name for an error that no other name fits. */
const OTHER_ERROR = 'general';

/**
 * Returns hooks that emit a `feature_flag.evaluation` event for each decision, or each exposure,
 * according to OpenTelemetry's semantic conventions for feature flags:
 * `evenhand({ hooks: evaluationHooks({ logger: logs.getLogger('evenhand') }) })`.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/feature-flags/feature-flags-events/
 * @throws OptionError (`option`) for invalid options
 */
export function evaluationHooks(options: EvaluationHooksOptions): Hooks {
  const {
    logger,
    trace,
    on = 'decision',
    setId,
    unit: withUnit = false,
  } = checkOptions('evaluationHooks()', options, hookOptionChecks);
  if (logger === undefined && trace === undefined) {
    throw new OptionError(
      'evaluationHooks(): there is no destination for events; set "logger" or "trace"',
    );
  }
  if (withUnit && on !== 'exposure') {
    throw new OptionError(
      'evaluationHooks(): "unit" works only for exposures; set on: "exposure" too',
    );
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
    'feature_flag.result.reason': conventionalReason(decision),
    ...(revision === undefined ? {} : { 'feature_flag.version': String(revision) }),
    ...(error === undefined ? {} : { 'error.type': OTHER_ERROR, 'error.message': error }),
  };
}

/** Returns the reason in the words of the conventions, which are OpenFeature's. */
function conventionalReason(decision: MadeDecision): string {
  if (decision.error !== undefined || decision.reason === 'error') return 'error';
  if (decision.reason === 'no-consent') return 'disabled';
  if (decision.overridden) return 'targeting_match';
  // A kept variant was once split off like the others, and a holdout splits by its own buckets.
  const { bucket, reason } = decision;
  if (bucket !== undefined || reason === 'sticky' || reason === 'holdout') return 'split';
  if (decision.rule !== undefined) return 'targeting_match';
  // The fallback audience decided: if it is the only one, no rule was evaluated.
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
