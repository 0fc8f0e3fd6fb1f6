import type { Metric } from '../../../src/exposures/metrics/metric.ts';
import { type MeasuredExposures, metricsOf } from '../../../src/exposures/metrics/metrics.ts';
import { prometheusText } from '../../../src/exposures/metrics/prometheus.ts';
import type { SinkStats } from '../../../src/exposures/delivery/sink-queue.ts';
import type { Split } from '../../../src/exposures/split-watch/watched-audience.ts';

const NOTHING: MeasuredExposures = {
  recorded: 0,
  deduplicated: 0,
  ignored: 0,
  sinks: [],
  splits: [],
};

const FILE: SinkStats = {
  name: 'file',
  written: 90,
  retried: 2,
  dropped: 3,
  queueLength: 7,
  queueBytes: 2100,
  oldestAgeMs: 1500,
  failure: undefined,
};

const SPLIT: Split = {
  experiment: 'button',
  checksum: 'c1',
  audience: 1,
  variants: [
    { variant: 'blue', percent: 25, units: 30, exposures: 40 },
    { variant: 'green', percent: 75, units: 60, exposures: 60 },
  ],
  units: 90,
  sampledShare: 1,
  p: 0.25,
  alarm: true,
};

function samplesOf(metrics: readonly Metric[]): Record<string, Metric['samples']> {
  return Object.fromEntries(metrics.map(({ name, samples }) => [name, samples]));
}

describe('metricsOf', () => {
  it('returns the numbers of recorded, written and dropped records', () => {
    const metrics = metricsOf({ ...NOTHING, recorded: 100, deduplicated: 20, sinks: [FILE] });
    expect(samplesOf(metrics)).toMatchObject({
      'evenhand.exposures.recorded': [{ labels: {}, value: 100 }],
      'evenhand.exposures.deduplicated': [{ labels: {}, value: 20 }],
      'evenhand.sink.written': [{ labels: { sink: 'file' }, value: 90 }],
      'evenhand.sink.retried': [{ labels: { sink: 'file' }, value: 2 }],
      'evenhand.sink.dropped': [{ labels: { sink: 'file' }, value: 3 }],
      'evenhand.sink.queue.length': [{ labels: { sink: 'file' }, value: 7 }],
      'evenhand.sink.queue.size': [{ labels: { sink: 'file' }, value: 2100 }],
      'evenhand.sink.queue.age': [{ labels: { sink: 'file' }, value: 1.5 }],
    });
  });

  it('returns each split with its shares, p-value and alarm', () => {
    const labels = { experiment: 'button', audience: '1' };
    const blue = { ...labels, variant: 'blue' };
    const green = { ...labels, variant: 'green' };
    expect(samplesOf(metricsOf({ ...NOTHING, splits: [SPLIT] }))).toMatchObject({
      'evenhand.split.exposures': [
        { labels: blue, value: 40 },
        { labels: green, value: 60 },
      ],
      'evenhand.split.units': [
        { labels: blue, value: 30 },
        { labels: green, value: 60 },
      ],
      'evenhand.split.expected_share': [
        { labels: blue, value: 0.25 },
        { labels: green, value: 0.75 },
      ],
      'evenhand.split.p': [{ labels, value: 0.25 }],
      'evenhand.split.alarm': [{ labels, value: 1 }],
    });
  });

  it('always returns the same metrics', () => {
    const namesOf = (measured: MeasuredExposures) => metricsOf(measured).map(({ name }) => name);
    expect(namesOf(NOTHING)).toEqual(
      namesOf({ recorded: 1, deduplicated: 1, ignored: 1, sinks: [FILE], splits: [SPLIT] }),
    );
  });

  it('has age 0 if no record waits', () => {
    const metrics = metricsOf({ ...NOTHING, sinks: [{ ...FILE, oldestAgeMs: undefined }] });
    expect(samplesOf(metrics)['evenhand.sink.queue.age']).toEqual([
      { labels: { sink: 'file' }, value: 0 },
    ]);
  });

  it('distinguishes sinks of the same name', () => {
    const sinks = ['file', 'file', 'file-2', 'file'].map((name) => ({ ...FILE, name }));
    expect(
      samplesOf(metricsOf({ ...NOTHING, sinks }))['evenhand.sink.written']?.map(
        ({ labels }) => labels['sink'],
      ),
    ).toEqual(['file', 'file-2', 'file-2-2', 'file-3']);
  });

  it('can be scraped by Prometheus', () => {
    const text = prometheusText(
      metricsOf({ recorded: 100, deduplicated: 20, ignored: 3, sinks: [FILE], splits: [SPLIT] }),
    );
    expect(text).toContain('evenhand_exposures_recorded_total 100\n');
    expect(text).toContain('evenhand_sink_queue_size_bytes{sink="file"} 2100\n');
    expect(text).toContain('evenhand_sink_queue_age_seconds{sink="file"} 1.5\n');
    expect(text).toContain('evenhand_split_p{experiment="button",audience="1"} 0.25\n');
  });
});
