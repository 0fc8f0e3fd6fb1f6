import type { Metric, MetricSample } from './metric.ts';
import type { SinkStats } from '../delivery/sink-queue.ts';
import type { Split } from '../split-watch/watched-audience.ts';

/** What metrics are made of; `stats()` gives it. */
export interface MeasuredExposures {
  /** How many records have been made, exposures and outcomes. */
  readonly recorded: number;
  /** How many exposures were left out, as the unit was known to have met the variant. */
  readonly deduplicated: number;
  readonly sinks: readonly SinkStats[];
  readonly splits: readonly Split[];
}

/**
 * What `stats()` tells, as metrics for OpenTelemetry or Prometheus. Always the same metrics, in the
 * same order; those about splits have samples for the experiments in force that somebody has met.
 * Labels hold names from the specification and of sinks, and nothing that comes from a request.
 */
export function metricsOf({ recorded, deduplicated, sinks, splits }: MeasuredExposures): Metric[] {
  return [...recordMetrics(recorded, deduplicated), ...sinkMetrics(sinks), ...splitMetrics(splits)];
}

function recordMetrics(recorded: number, deduplicated: number): Metric[] {
  return [
    {
      name: 'evenhand.exposures.recorded',
      description: 'Records made: exposures and outcomes.',
      type: 'counter',
      unit: '{record}',
      samples: [{ labels: {}, value: recorded }],
    },
    {
      name: 'evenhand.exposures.deduplicated',
      description: 'Exposures left out, as the unit was known to have met the variant.',
      type: 'counter',
      unit: '{exposure}',
      samples: [{ labels: {}, value: deduplicated }],
    },
  ];
}

const MS_PER_SECOND = 1000;

function sinkMetrics(sinks: readonly SinkStats[]): Metric[] {
  const names = distinctNames(sinks);
  const bySink = (read: (sink: SinkStats) => number): MetricSample[] =>
    sinks.map((sink, i) => ({ labels: { sink: names[i] ?? sink.name }, value: read(sink) }));
  return [
    {
      name: 'evenhand.sink.written',
      description: 'Records a sink has taken.',
      type: 'counter',
      unit: '{record}',
      samples: bySink(({ written }) => written),
    },
    {
      name: 'evenhand.sink.retried',
      description: 'Batches that were tried again, each time counted.',
      type: 'counter',
      unit: '{batch}',
      samples: bySink(({ retried }) => retried),
    },
    {
      name: 'evenhand.sink.dropped',
      description: 'Records a sink will never get.',
      type: 'counter',
      unit: '{record}',
      samples: bySink(({ dropped }) => dropped),
    },
    {
      name: 'evenhand.sink.queue.length',
      description: 'Records that wait for a sink, those being written among them.',
      type: 'gauge',
      unit: '{record}',
      samples: bySink(({ queueLength }) => queueLength),
    },
    {
      name: 'evenhand.sink.queue.size',
      description: 'About how large the records that wait for a sink are as JSON.',
      type: 'gauge',
      unit: 'By',
      samples: bySink(({ queueBytes }) => queueBytes),
    },
    {
      name: 'evenhand.sink.queue.age',
      description: 'How long the oldest record has waited for a sink; 0 where none waits.',
      type: 'gauge',
      unit: 's',
      samples: bySink(({ oldestAgeMs = 0 }) => oldestAgeMs / MS_PER_SECOND),
    },
  ];
}

function splitMetrics(splits: readonly Split[]): Metric[] {
  const bySplit = (read: (split: Split) => number): MetricSample[] =>
    splits.map((split) => ({ labels: labelsOf(split), value: read(split) }));
  const byVariant = (read: (variant: Split['variants'][number]) => number): MetricSample[] =>
    splits.flatMap((split) =>
      split.variants.map((one) => ({
        labels: { ...labelsOf(split), variant: one.variant },
        value: read(one),
      })),
    );
  return [
    {
      name: 'evenhand.split.exposures',
      description: 'Exposures that were not deduplicated; from 0 when the specification changes.',
      type: 'counter',
      unit: '{exposure}',
      samples: byVariant(({ exposures }) => exposures),
    },
    {
      name: 'evenhand.split.units',
      description: 'Different units counted with a variant; past 65,536 of an audience, a sample.',
      type: 'gauge',
      unit: '{unit}',
      samples: byVariant(({ units }) => units),
    },
    {
      name: 'evenhand.split.expected_share',
      description: 'The share of the units that should have the variant, 0 to 1.',
      type: 'gauge',
      unit: '1',
      samples: byVariant(({ percent }) => percent / 100),
    },
    {
      name: 'evenhand.split.p',
      description: 'The always-valid p of the split, 0 to 1.',
      type: 'gauge',
      unit: '1',
      samples: bySplit(({ p }) => p),
    },
    {
      name: 'evenhand.split.alarm',
      description: 'Whether the variants do not have their shares, beyond chance: 1 or 0.',
      type: 'gauge',
      unit: '1',
      samples: bySplit(({ alarm }) => Number(alarm)),
    },
  ];
}

function labelsOf({ experiment, audience }: Split): Record<string, string> {
  return { experiment, audience: String(audience) };
}

/** Two sinks of one name would be one time series with two values. */
function distinctNames(sinks: readonly SinkStats[]): string[] {
  const used = new Set<string>();
  return sinks.map(({ name }) => {
    let distinct = name;
    for (let number = 2; used.has(distinct); number++) distinct = `${name}-${number}`;
    used.add(distinct);
    return distinct;
  });
}
