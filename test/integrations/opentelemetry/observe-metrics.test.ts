import type { Metric } from '../../../src/exposures/metrics/metric.ts';
import { observeMetrics } from '../../../src/integrations/opentelemetry/observe-metrics.ts';
import { FakeMeter } from './fake-meter.ts';

function metricsOf(written: number): Metric[] {
  return [
    {
      name: 'evenhand.exposures.written',
      description: 'Records written to the sink.',
      type: 'counter',
      unit: '{record}',
      samples: [
        { labels: { sink: 'file' }, value: written },
        { labels: { sink: 'webhook' }, value: 0 },
      ],
    },
    {
      name: 'evenhand.exposures.queue.age',
      description: 'How old the oldest record is.',
      type: 'gauge',
      unit: 's',
      samples: [],
    },
  ];
}

describe('observeMetrics', () => {
  it('creates an instrument for each metric, with its unit and description', () => {
    const meter = new FakeMeter();
    observeMetrics(meter, { metrics: () => metricsOf(0) });
    expect(meter.instruments).toEqual([
      {
        name: 'evenhand.exposures.written',
        kind: 'counter',
        options: { unit: '{record}', description: 'Records written to the sink.' },
      },
      {
        name: 'evenhand.exposures.queue.age',
        kind: 'gauge',
        options: { unit: 's', description: 'How old the oldest record is.' },
      },
    ]);
  });

  it('reports the current values at each collection, with the labels as attributes', () => {
    let written = 1;
    const meter = new FakeMeter();
    observeMetrics(meter, { metrics: () => metricsOf(written) });
    const point = (value: number, sink: string) => ({
      name: 'evenhand.exposures.written',
      value,
      attributes: { sink },
    });
    expect(meter.collect()).toEqual([point(1, 'file'), point(0, 'webhook')]);
    written = 5;
    expect(meter.collect()).toEqual([point(5, 'file'), point(0, 'webhook')]);
  });

  it('leaves out metrics without an instrument', () => {
    const meter = new FakeMeter();
    let metrics: Metric[] = [];
    observeMetrics(meter, { metrics: () => metrics });
    metrics = metricsOf(1);
    expect(meter.collect()).toEqual([]);
  });

  it('stops when the returned function is called', () => {
    const meter = new FakeMeter();
    const stop = observeMetrics(meter, { metrics: () => metricsOf(1) });
    stop();
    expect(meter.collect()).toEqual([]);
  });
});
