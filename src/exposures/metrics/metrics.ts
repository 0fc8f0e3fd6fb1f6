import type { Metric, MetricSample } from './metric.ts';
import type { SinkStats } from '../delivery/sink-queue.ts';
import type { Split } from '../split-watch/watched-audience.ts';

/** The counts that metrics are made from, as `stats()` returns them. */
export interface MeasuredExposures {
  /** The number of recorded exposures and outcomes. */
  readonly recorded: number;
  /** The number of exposures that were skipped because the unit had already seen the variant. */
  readonly deduplicated: number;
  /** The number of exposures that were skipped because no person saw the response. */
  readonly ignored: number;
  readonly sinks: readonly SinkStats[];
  readonly splits: readonly Split[];
}

/**
 * Returns the counts of `stats()` as metrics for OpenTelemetry or Prometheus. The metrics and their
 * order never change. Metrics about splits have samples for the current experiments that someone
 * has seen. Labels contain names of the specification and of sinks, and never a value from a
 * request.
 */
export function metricsOf(exposures: MeasuredExposures): Metric[] {
  const { sinks, splits } = exposures;
  return [...recordMetrics(exposures), ...sinkMetrics(sinks), ...splitMetrics(splits)];
}

function recordMetrics({ recorded, deduplicated, ignored }: MeasuredExposures): Metric[] {
  return [
    {
      name: 'evenhand.exposures.recorded',
      description: 'Exposures and outcomes recorded.',
      type: 'counter',
      unit: '{record}',
      samples: [{ labels: {}, value: recorded }],
    },
    {
      name: 'evenhand.exposures.deduplicated',
      description: 'Exposures skipped because the unit had already seen the variant.',
      type: 'counter',
      unit: '{exposure}',
      samples: [{ labels: {}, value: deduplicated }],
    },
    {
      name: 'evenhand.exposures.ignored',
      description: 'Exposures skipped because no person saw the response: HEAD, prefetch, bots.',
      type: 'counter',
      unit: '{exposure}',
      samples: [{ labels: {}, value: ignored }],
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
      description: 'Records written to the sink.',
      type: 'counter',
      unit: '{record}',
      samples: bySink(({ written }) => written),
    },
    {
      name: 'evenhand.sink.retried',
      description: 'Retries of batches after a failed write.',
      type: 'counter',
      unit: '{batch}',
      samples: bySink(({ retried }) => retried),
    },
    {
      name: 'evenhand.sink.dropped',
      description: 'Records lost: the queue was full or closed, or the sink rejected them.',
      type: 'counter',
      unit: '{record}',
      samples: bySink(({ dropped }) => dropped),
    },
    {
      name: 'evenhand.sink.queue.length',
      description: 'Records waiting for the sink, including the batch being written.',
      type: 'gauge',
      unit: '{record}',
      samples: bySink(({ queueLength }) => queueLength),
    },
    {
      name: 'evenhand.sink.queue.size',
      description: 'Approximate size of the records waiting for the sink, as JSON.',
      type: 'gauge',
      unit: 'By',
      samples: bySink(({ queueBytes }) => queueBytes),
    },
    {
      name: 'evenhand.sink.queue.age',
      description: 'Age of the oldest record waiting for the sink; 0 if none waits.',
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
      description: 'Exposures after deduplication; restarts from 0 when the experiment changes.',
      type: 'counter',
      unit: '{exposure}',
      samples: byVariant(({ exposures }) => exposures),
    },
    {
      name: 'evenhand.split.units',
      description:
        'Distinct units that saw the variant; beyond 65,536 units of an audience, a sample.',
      type: 'gauge',
      unit: '{unit}',
      samples: byVariant(({ units }) => units),
    },
    {
      name: 'evenhand.split.expected_share',
      description: 'Share of units that should see the variant, 0 to 1.',
      type: 'gauge',
      unit: '1',
      samples: byVariant(({ percent }) => percent / 100),
    },
    {
      name: 'evenhand.split.p',
      description: 'Always-valid p-value of the split, 0 to 1.',
      type: 'gauge',
      unit: '1',
      samples: bySplit(({ p }) => p),
    },
    {
      name: 'evenhand.split.alarm',
      description: '1 if the split is off (sample ratio mismatch), otherwise 0.',
      type: 'gauge',
      unit: '1',
      samples: bySplit(({ alarm }) => Number(alarm)),
    },
  ];
}

function labelsOf({ experiment, audience }: Split): Record<string, string> {
  return { experiment, audience: String(audience) };
}

/** Returns unique names: two sinks of one name would be one time series with two values. */
function distinctNames(sinks: readonly SinkStats[]): string[] {
  const used = new Set<string>();
  return sinks.map(({ name }) => {
    let distinct = name;
    for (let number = 2; used.has(distinct); number++) distinct = `${name}-${number}`;
    used.add(distinct);
    return distinct;
  });
}
