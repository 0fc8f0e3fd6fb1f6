/** Entry point `evenhand/opentelemetry`: metrics and events for OpenTelemetry. */

// Metrics
export { type MetricsOwner, observeMetrics } from './observe-metrics.ts';

// Events
export { evaluationHooks, type EvaluationHooksOptions } from './evaluation-hooks.ts';

// The parts of OpenTelemetry's API that are used
export type {
  OtelAttributes,
  OtelInstrumentOptions,
  OtelLogger,
  OtelMeter,
  OtelObservableResult,
  OtelTrace,
} from './api.ts';
