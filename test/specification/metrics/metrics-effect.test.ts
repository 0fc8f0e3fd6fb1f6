import * as fc from 'fast-check';
import type { SpecError } from '../../../src/errors/spec-error.ts';
import { experimentChecksum } from '../../../src/exposures/records/checksum.ts';
import { atOnce } from '../../../src/runtime/steps.ts';
import { readSpecification } from '../../../src/specification/read.ts';
import { specificationAt } from '../../../src/specification/schedule/schedule.ts';
import type { MetricSpec } from '../../../src/specification/metric-types.ts';
import { formatDuration } from '../../../src/specification/metrics/duration.ts';
import { experiment, METRICS, specificationOf } from './read-metrics.ts';

const name = fc.stringMatching(/^[A-Za-z0-9_]{1,10}$/);
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('.'));
const outcomes = fc.uniqueArray(fc.stringMatching(/^[ -~]{1,10}$/), { minLength: 1, maxLength: 3 });
const where = fc.constantFrom('a == 1', 'b.c in ["x", None]', 'not (1 < d <= 2)');
const duration = fc
  .tuple(fc.integer({ min: 1, max: 400 }), fc.constantFrom('m', 'h', 'd', 'w'))
  .map(([count, unit]) => `${count}${unit}`);
const share = fc.constantFrom(0.001, 0.5, 0.9, 0.999);
const part = fc.record({ outcome: outcomes, value: path, where }, { requiredKeys: ['outcome'] });
const shared = {
  name,
  window: fc.option(duration),
  better: fc.constantFrom('up', 'down'),
  description: fc.string(),
  owner: fc.string(),
};
const cap = fc.option(
  fc.oneof(
    share,
    fc.record({ quantile: share, ignoreZeros: fc.boolean() }),
    fc.record({ at: share }),
  ),
);
const of = (type: string, needed: object, optional: object = {}) =>
  fc.record(
    { type: fc.constant(type), ...needed, ...shared, ...optional },
    { requiredKeys: ['type', 'name', ...Object.keys(needed)] as never[] },
  );
const metric = fc.oneof(
  of('proportion', { outcome: outcomes }, { where, delay: duration }),
  of('retention', { outcome: outcomes, delay: duration }, { where }),
  of('count', { outcome: outcomes }, { where, cap }),
  of('sum', { outcome: outcomes, value: path }, { where, cap }),
  of('mean', { outcome: outcomes, value: path }, { where, cap }),
  of('ratio', { numerator: part, denominator: part }, { cap }),
  of('quantile', { outcome: outcomes, value: path, quantile: share }, { where }),
  of(
    'quantile',
    { outcome: outcomes, value: path, quantile: share, of: fc.constant('units') },
    { ignoreZeros: fc.boolean() },
  ),
);

/** Writes a metric as JSON again, with all defaults. */
function asJson(spec: MetricSpec): object {
  const { outcomes: names, delayMs, windowMs, cap: limit, numerator, denominator, ...rest } = spec;
  const half = (one: MetricSpec['numerator']) =>
    one && { ...one, outcome: one.outcomes, outcomes: undefined };
  const isCapped = limit !== null || ['count', 'sum'].includes(spec.type);
  return JSON.parse(
    JSON.stringify({
      ...rest,
      ...(numerator === undefined && { outcome: names }),
      ...(delayMs > 0 && { delay: formatDuration(delayMs) }),
      window: windowMs === null ? null : formatDuration(windowMs),
      ...(isCapped && { cap: limit }),
      numerator: half(numerator),
      denominator: half(denominator),
    }),
  ) as object;
}

describe('random metrics', () => {
  it('are valid, and equal to those written with all defaults', () => {
    fc.assert(
      fc.property(metric, (raw) => {
        const { metrics = [] } = specificationOf({ experiments: [], metrics: [raw] });
        const again = specificationOf({ experiments: [], metrics: metrics.map(asJson) });
        expect(metrics).toHaveLength(1);
        expect(again.metrics).toStrictEqual(metrics);
      }),
    );
  });
});

describe('metrics and analyses', () => {
  const analysis = { control: 'treatment', primary: ['revenue'], plannedUnits: 10 };
  const asker = experiment({
    name: 'asker',
    audiences: [
      {
        rule: "experiments.checkout == 'control'",
        allocations: [{ variant: 'control', percent: 100 }],
      },
      { allocations: [{ variant: 'control', percent: 100 }] },
    ],
  });
  const schedule = [{ at: '2027-01-01T00:00:00Z', audiences: experiment().audiences }];
  const read = (parts: object, metrics?: object[]) =>
    specificationOf({ experiments: [experiment({ schedule, ...parts }), asker], metrics });

  it('change no checksum, also of experiments that ask for others', () => {
    const [without, with_] = [read({}), read({ analysis }, [METRICS.sum])];
    for (const at of [0, Date.parse('2027-02-01')]) {
      const checksums = (all: typeof without) =>
        specificationAt(all, at).experiments.map(experimentChecksum);
      expect(checksums(with_)).toStrictEqual(checksums(without));
    }
    expect(with_.experiments[1]?.prerequisites).toStrictEqual(
      without.experiments[1]?.prerequisites,
    );
    expect(with_.experiments[0]?.analysis).toBeDefined();
  });
});

describe('the metrics of several texts', () => {
  const read = (...data: object[]) =>
    atOnce(
      readSpecification({
        origin: 'all',
        texts: data.map((one, i) => ({ text: JSON.stringify(one), origin: `${i}.json` })),
      }),
    );

  it('are those of all texts', () => {
    const { metrics } = read({ experiments: [], metrics: [METRICS.sum] }, ['chat:on'], {
      experiments: [],
      metrics: [METRICS.count],
    });
    expect(metrics?.map((one) => one.name)).toStrictEqual(['revenue', 'orders']);
    expect(read(['a:on'], ['b:on'])).not.toHaveProperty('metrics');
  });

  it('have different names, which experiments may have too', () => {
    const named = (other: string) => ({ ...METRICS.sum, name: other });
    const [first, second] = [named('a'), named('b')].map((one) => ({
      experiments: ['a:on'],
      metrics: [one],
    }));
    expect(() => read(first ?? {}, { experiments: [], metrics: [named('b')] })).not.toThrow();
    let problems: unknown;
    try {
      read({ ...first, experiments: [] }, { ...second, metrics: [named('c'), named('a')] });
    } catch (error) {
      problems = (error as SpecError).problems;
    }
    expect(problems).toStrictEqual([
      expect.objectContaining({
        path: '/metrics/1/name',
        origin: '1.json',
        message: 'metric "a" is declared twice: 0.json:1:38 has the same name; rename one of them',
      }),
    ]);
  });
});
