// Express
export { evenhand, type ExperimentsMiddleware } from './express/middleware.ts';
export { requireOff, requireOn, requireVariant, type GuardOptions } from './express/guards.ts';
export type {
  ContextProvider,
  EvenhandOptions,
  OverrideOptions,
  TrackingCookieOptions,
} from './express/options.ts';
export type { LazyValue } from './express/request-context.ts';
export type { ExperimentQuestions } from './express/augmentation.ts';

// Without Express
export { createClient, type Client } from './client/client.ts';
export type { ClientOptions } from './client/options.ts';
export { parseExperiments } from './assignment/parse-experiments.ts';
export type { Snapshot, ParticipantOptions } from './assignment/snapshot.ts';
export type { Participant } from './assignment/participant.ts';
export type { AssignmentOptions, OnError } from './assignment/policy.ts';

// What `npx evenhand types` fills
export type {
  ExperimentName,
  Experiments,
  SwitchName,
  ValueOf,
  VariantOf,
  VariantsByName,
} from './assignment/registry.ts';

// Namespaces
export type {
  NamespaceAssignment,
  NamespaceExplanation,
} from './assignment/namespace-assignment.ts';
export { assertAppended } from './assignment/assert-appended.ts';
export type { AdditionLine, HistoryLine, RemovalLine } from './planout/history.ts';

// Explanations
export type { AudienceTrace, Decision } from './assignment/explanation.ts';
export type { AllocationRange } from './assignment/audience.ts';
export type { DecisionReason } from './assignment/outcome.ts';
export type { ClauseTrace } from './rules/trace.ts';
export type { Shown } from './rules/show.ts';

// Sources
export { settingsSource, type SettingsSource } from './sources/settings-source.ts';
export type { RawData, RawSpecification, RawText, Source } from './sources/source.ts';

// The specification
export type {
  AllocationSpec,
  AudienceSpec,
  ExperimentSpec,
  JsonValue,
  NamespaceExperimentSpec,
  NamespaceSpec,
  NamespaceVariantSpec,
  VariantSpec,
} from './spec/types.ts';

// Rules, hash and buckets
export { compileRule, type Rule } from './rules/compile.ts';
export { rapidhash } from './hash/rapidhash.ts';
export { bucketOf, type Identity } from './hash/bucket.ts';

// Errors and logging
export {
  ContextError,
  EvenhandError,
  HistoryError,
  IdentityError,
  NotMountedError,
  OptionError,
  PlanoutError,
  RuleError,
  SourceError,
  SpecError,
  type ErrorCode,
  type HistoryChange,
  type NamespaceChange,
  type PlanoutErrorCode,
  type PlanoutPlace,
  type Problem,
  type RuleErrorCode,
  type RuleRange,
} from './errors.ts';
export type { Logger } from './logger.ts';
