import * as fc from 'fast-check';
import type { Metric } from '../../../src/exposures/metrics/metric.ts';
import {
  PROMETHEUS_CONTENT_TYPE,
  prometheusText,
} from '../../../src/exposures/metrics/prometheus.ts';

function metric(more: Partial<Metric>): Metric {
  return {
    name: 'evenhand.test',
    description: 'A test.',
    type: 'gauge',
    unit: '1',
    samples: [{ labels: {}, value: 1 }],
    ...more,
  };
}

interface ReadSample {
  readonly name: string;
  readonly labels: Record<string, string>;
  readonly value: number;
}

/** Parses the format as its documentation requires. */
function readText(text: string): ReadSample[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const parts = /^([a-zA-Z_][a-zA-Z0-9_]*)(?:\{(.*)\})? (\S+)$/.exec(line);
      if (parts === null) throw new Error(`can't be read: ${line}`);
      const [, name = '', inside = '', value = ''] = parts;
      const pairs = [...inside.matchAll(/([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"(?:,|$)/g)];
      const labels = pairs.map(([, label = '', escaped = '']): [string, string] => [
        label,
        escaped.replaceAll(/\\(.)/g, (_, one: string) => (one === 'n' ? '\n' : one)),
      ]);
      const number = value === '+Inf' ? Infinity : value === '-Inf' ? -Infinity : Number(value);
      return { name, labels: Object.fromEntries(labels), value: number };
    });
}

describe('prometheusText', () => {
  it('writes a metric with its description, type and samples', () => {
    const text = prometheusText([
      metric({
        name: 'evenhand.exposures.recorded',
        description: 'Records made.',
        type: 'counter',
        unit: '{record}',
        samples: [
          { labels: { event: 'exposure' }, value: 12 },
          { labels: { event: 'outcome', sink: 'file' }, value: 3.5 },
        ],
      }),
    ]);
    expect(text).toBe(
      '# HELP evenhand_exposures_recorded_total Records made.\n' +
        '# TYPE evenhand_exposures_recorded_total counter\n' +
        'evenhand_exposures_recorded_total{event="exposure"} 12\n' +
        'evenhand_exposures_recorded_total{event="outcome",sink="file"} 3.5\n',
    );
  });

  it('adds the unit to the name', () => {
    const names = [
      metric({ unit: 's' }),
      metric({ unit: 'By' }),
      metric({ unit: 's', type: 'counter' }),
      metric({ unit: '{unit}' }),
    ].map((one) => readText(prometheusText([one]))[0]?.name);
    expect(names).toEqual([
      'evenhand_test_seconds',
      'evenhand_test_bytes',
      'evenhand_test_seconds_total',
      'evenhand_test',
    ]);
  });

  it('leaves out metrics without samples', () => {
    expect(prometheusText([metric({ samples: [] })])).toBe('');
  });

  it('escapes characters that would end a line or a label', () => {
    const text = prometheusText([
      metric({
        description: 'Two\nlines and a \\.',
        samples: [{ labels: { name: 'a"b\\c\nd' }, value: 1 }],
      }),
    ]);
    expect(text).toContain('# HELP evenhand_test Two\\nlines and a \\\\.\n');
    expect(text).toContain('evenhand_test{name="a\\"b\\\\c\\nd"} 1\n');
  });

  it('can be parsed with any labels and values', () => {
    const labels = fc.dictionary(fc.stringMatching(/^[a-z_][a-z0-9_]{0,8}$/), fc.string());
    const value = fc.double({ noDefaultInfinity: false, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.record({ labels, value }), { minLength: 1 }), (samples) => {
        const read = readText(prometheusText([metric({ samples })]));
        expect(read.map((one) => ({ ...one.labels }))).toEqual(
          samples.map((one) => ({ ...one.labels })),
        );
        expect(read.map((one) => (one.value === 0 ? 0 : one.value))).toEqual(
          samples.map((one) => (one.value === 0 ? 0 : one.value)),
        );
      }),
    );
  });

  it('makes valid names from any text', () => {
    const [sample] = readText(
      prometheusText([
        metric({ name: '9 lives', samples: [{ labels: { 'a-b': 'x' }, value: 1 }] }),
      ]),
    );
    expect(sample).toEqual({ name: '_9_lives', labels: { a_b: 'x' }, value: 1 });
  });

  it('has the content type of version 0.0.4', () => {
    expect(PROMETHEUS_CONTENT_TYPE).toBe('text/plain; version=0.0.4; charset=utf-8');
  });
});
