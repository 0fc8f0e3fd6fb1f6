/**
 * The parts of OpenTelemetry's API that are used, as in `@opentelemetry/api` 1.3 and newer and
 * `@opentelemetry/api-logs` 0.203 and newer. Structural types, so that neither need be installed by
 * those who don't use them.
 */

/** Values by name, as instruments, events and spans take them. */
export type OtelAttributes = Record<string, string | number | boolean>;

/** What an instrument is told when it is made. */
export interface OtelInstrumentOptions {
  description?: string;
  unit?: string;
}

/** What a callback observes with; `Instrument` is whatever the meter makes. */
export interface OtelObservableResult<Instrument> {
  observe(instrument: Instrument, value: number, attributes?: OtelAttributes): void;
}

/** A meter: `metrics.getMeter('evenhand')`. */
export interface OtelMeter<Instrument> {
  createObservableCounter(name: string, options?: OtelInstrumentOptions): Instrument;
  createObservableGauge(name: string, options?: OtelInstrumentOptions): Instrument;
  addBatchObservableCallback(
    callback: (result: OtelObservableResult<Instrument>) => void,
    instruments: Instrument[],
  ): void;
  removeBatchObservableCallback(
    callback: (result: OtelObservableResult<Instrument>) => void,
    instruments: Instrument[],
  ): void;
}

/** A logger of `@opentelemetry/api-logs`: `logs.getLogger('evenhand')`. */
export interface OtelLogger {
  emit(record: { eventName?: string; attributes?: OtelAttributes }): void;
}

/** `trace` of `@opentelemetry/api`. */
export interface OtelTrace {
  getActiveSpan(): { addEvent(name: string, attributes?: OtelAttributes): unknown } | undefined;
}
