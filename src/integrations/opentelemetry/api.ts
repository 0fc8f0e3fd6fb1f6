/**
 * The used parts of OpenTelemetry's API, as in `@opentelemetry/api` 1.3 and newer and
 * `@opentelemetry/api-logs` 0.203 and newer. Structural types, so that applications need not
 * install packages they don't use.
 */

/** The attributes of instruments, events and spans. */
export type OtelAttributes = Record<string, string | number | boolean>;

/** Options of a new instrument. */
export interface OtelInstrumentOptions {
  description?: string;
  unit?: string;
}

/** The argument of an observing callback; `Instrument` is the meter's own type. */
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
