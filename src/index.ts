// Express
export { evenhand, type ExperimentsMiddleware } from './express/middleware.ts';
export { requireOff, requireOn, requireVariant, type GuardOptions } from './express/guards.ts';
export type { EvenhandOptions, OverrideOptions, TrackingCookieOptions } from './express/options.ts';
export type { StickyCookieOptions, StickyStoreOptions } from './express/sticky/sticky-options.ts';
export type { ContextProvider } from './express/request/context-provider.ts';
export type { LazyValue } from './express/request/request-context.ts';
export type { ExperimentQuestions } from './express/request/augmentation.ts';

// Without Express
export { createClient, type Client, type ReadyOptions } from './client/client.ts';
export type { ClientOptions, LiveOptions } from './client/options.ts';
export { parseExperiments, type ParseOptions } from './assignment/parse-experiments.ts';
export type { Snapshot, ParticipantOptions } from './assignment/snapshot.ts';
export type { Participant } from './assignment/participant.ts';
export type { AssignmentOptions, OnError } from './assignment/policy.ts';

// What `npx evenhand types` fills
export type {
  ExperimentName,
  Experiments,
  NamespaceName,
  Namespaces,
  ParamsOf,
  SwitchName,
  ValueOf,
  VariantOf,
  VariantsByName,
} from './assignment/declared-names.ts';

// Namespaces
export type { NamespaceAssignment } from './assignment/namespaces/namespace-assignment.ts';
export type { NamespaceExplanation } from './assignment/namespaces/namespace-explanation.ts';
export { assertAppended } from './assignment/assert-appended.ts';
export type { AdditionLine, HistoryLine, RemovalLine } from './planout/namespaces/history.ts';

// Explanations
export type { AudienceTrace, Decision } from './assignment/explanation.ts';
export type { AllocationRange } from './assignment/audience.ts';
export type { DecisionReason } from './assignment/outcome.ts';
export type { StickyAssignment } from './assignment/experiment.ts';
export type { ClauseTrace } from './rules/trace.ts';
export type { Shown } from './rules/values/show.ts';

// Sources
export {
  settingsSource,
  type SettingsFiles,
  type SettingsOptions,
  type SettingsSource,
} from './sources/file/settings-source.ts';
export { httpSource, type HttpSourceOptions } from './sources/http/http-source.ts';
export type { HttpHeaders } from './sources/http/http-address.ts';
export type { Delivery, LoadOptions, Source, Unchanged, WatchOptions } from './sources/source.ts';
export type {
  ChangeNote,
  RawData,
  RawSpecification,
  RawText,
  RawTexts,
} from './specification/raw.ts';
export type { ChangedEvent, ClientEvents, ReadyEvent, StaleEvent } from './client/events.ts';
export type { Change, ChangedNames, NameChanges } from './client/change.ts';
export type { ClientState, ClientStatus, HealthReport, Provider } from './client/status.ts';

// Exposures
export { createExposures, type Exposures, type ExposureStats } from './exposures/exposures.ts';
export type { Hooks, MadeDecision } from './exposures/hooks.ts';
export type { ExposuresOptions } from './exposures/options.ts';
export { planoutLog, type PlanoutLogOptions } from './exposures/planout-log.ts';
export type { EventRecord, ExposureRecord, OutcomeRecord } from './exposures/records/record.ts';
export type { Sink, SinkFailure } from './exposures/delivery/sink.ts';
export type { Drop, DropReason } from './exposures/delivery/queue-settings.ts';
export type { SinkStats } from './exposures/delivery/sink-queue.ts';
export type { Split, VariantSplit } from './exposures/split-watch/watched-audience.ts';
export type { Metric, MetricSample } from './exposures/metrics/metric.ts';
export { PROMETHEUS_CONTENT_TYPE, prometheusText } from './exposures/metrics/prometheus.ts';

// Sinks
export { callbackSink, type SinkCallback } from './exposures/sinks/callback-sink.ts';
export { fileSink } from './exposures/sinks/file/file-sink.ts';
export type { FileRotation, FileSinkOptions } from './exposures/sinks/file/file-sink-options.ts';
export { loggerSink, type LoggerSinkOptions } from './exposures/sinks/logger-sink.ts';
export { stdoutSink, type StdoutSinkOptions } from './exposures/sinks/stdout-sink.ts';
export { webhookSink } from './exposures/sinks/webhook/webhook-sink.ts';
export type { WebhookSinkOptions } from './exposures/sinks/webhook/webhook-options.ts';
export {
  type ReceivedHeaders,
  verifyWebhook,
  type VerifyWebhookOptions,
} from './exposures/sinks/webhook/webhook-signature.ts';

// The specification
export type {
  AllocationSpec,
  AudienceSpec,
  ExperimentSpec,
  ExposureMode,
  NamespaceExperimentSpec,
  HoldoutSpec,
  NamespaceSpec,
  NamespaceVariantSpec,
  Revision,
  ScheduleStep,
  VariantSpec,
} from './specification/types.ts';
export type {
  AnalysisSpec,
  CapSpec,
  GuardrailSpec,
  MetricSpec,
  MetricType,
  OutcomePart,
} from './specification/metric-types.ts';
export type { SchedulePlace } from './specification/schedule/schedule.ts';
export type { JsonValue } from './json/value.ts';

// Rules, hash and buckets
export { compileRule, type Rule } from './rules/compile/compile.ts';
export { version, type Version } from './rules/typed-text/version.ts';
export { rapidhash } from './hash/bucket.ts';
export { bucketOf, type Identity } from './hash/bucket.ts';

// Errors and logging
export {
  EvenhandError,
  type ErrorCode,
  type PlanoutErrorCode,
  type RuleErrorCode,
} from './errors/evenhand-error.ts';
export { HistoryError, type HistoryChange, type NamespaceChange } from './errors/history-error.ts';
export { IdentityError } from './errors/identity-error.ts';
export { PlanoutError, type PlanoutPlace } from './errors/planout-error.ts';
export { RuleError, type RuleRange } from './errors/rule-error.ts';
export { SpecError, type Problem } from './errors/spec-error.ts';
export { ConflictError, SourceError, StoreError } from './errors/store-errors.ts';
export { ContextError, NotMountedError, OptionError } from './errors/usage-errors.ts';
export type { Logger } from './runtime/logger.ts';
