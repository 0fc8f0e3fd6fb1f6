import type { Metric } from '../../exposures/metrics/metric.ts';
import type { OtelMeter, OtelObservableResult } from './api.ts';

/** An object with metrics: a client or the middleware. */
export interface MetricsOwner {
  metrics(): readonly Metric[];
}

/**
 * Reports the metrics of a client or middleware to OpenTelemetry at each collection:
 * `observeMetrics(metrics.getMeter('evenhand'), client)`, with `metrics` of `@opentelemetry/api`.
 *
 * It creates one observable counter or gauge for each metric that `owner.metrics()` returns now.
 * The names are the same, and labels become attributes.
 *
 * @returns a function that stops reporting
 */
export function observeMetrics<Instrument>(
  meter: OtelMeter<Instrument>,
  owner: MetricsOwner,
): () => void {
  const instruments = new Map(
    owner.metrics().map(({ name, type, description, unit }) => {
      const options = { description, unit };
      const instrument =
        type === 'counter'
          ? meter.createObservableCounter(name, options)
          : meter.createObservableGauge(name, options);
      return [name, instrument];
    }),
  );
  const observe = (result: OtelObservableResult<Instrument>): void => {
    for (const { name, samples } of owner.metrics()) {
      const instrument = instruments.get(name);
      if (instrument === undefined) continue;
      for (const { value, labels } of samples) result.observe(instrument, value, { ...labels });
    }
  };
  const all = [...instruments.values()];
  meter.addBatchObservableCallback(observe, all);
  return () => meter.removeBatchObservableCallback(observe, all);
}
