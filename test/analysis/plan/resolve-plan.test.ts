// cspell:ignore chekout revenu treatmnt
import type { PlanOptions } from '../../../src/analysis/plan/plan-options.ts';
import { resolvePlan } from '../../../src/analysis/plan/resolve-plan.ts';
import { compileNamespace } from '../../../src/assignment/namespaces/namespace.ts';
import { additionChecksum, experimentChecksum } from '../../../src/exposures/records/checksum.ts';
import { asExperiment } from '../../../src/specification/holdouts.ts';
import { specificationAt } from '../../../src/specification/schedule/schedule.ts';
import { experiment, METRICS, specificationOf } from '../../specification/metrics/read-metrics.ts';

const NOW = Date.parse('2027-01-15T12:00:00Z');
const DAY = 86_400_000;
const metrics = Object.values(METRICS);
const split = (control: number, treatment: number, rule?: string) => ({
  ...(rule !== undefined && { rule }),
  allocations: [
    { variant: 'control', percent: control },
    { variant: 'treatment', percent: treatment },
  ],
});

function planOf(data: object, options: Partial<PlanOptions> = {}, name = 'checkout') {
  return resolvePlan(specificationOf(data), name, { now: NOW, ...options });
}

const file = (parts: object = {}, more: object = {}) => ({
  experiments: [experiment(parts)],
  metrics,
  ...more,
});

describe('resolvePlan', () => {
  it('fills in all defaults', () => {
    const data = file();
    const specification = specificationOf(data);
    const [spec] = specification.experiments;
    expect(resolvePlan(specification, 'checkout', { now: NOW })).toStrictEqual({
      experiment: 'checkout',
      checksum: spec && experimentChecksum(spec),
      identity: 'user.id',
      variants: ['control', 'treatment'],
      compared: ['control', 'treatment'],
      control: 'control',
      audiences: [{ audience: 0, percents: { control: 50, treatment: 50 } }],
      metrics: specification.metrics?.map((metric) => ({ spec: metric, role: 'secondary' })),
      until: NOW,
      segments: [],
      mixed: 'drop',
      mature: false,
      preMs: 28 * DAY,
      mergeById: true,
      timeLine: false,
      holdouts: [],
    });
  });

  it('takes the roles, the control and the segments of the analysis', () => {
    const analysis = {
      control: 'treatment',
      primary: ['revenue'],
      secondary: ['orders'],
      guardrails: [{ metric: 'revenue', margin: 0.05 }],
      segments: ['user.plan'],
    };
    const plan = planOf(file({ analysis }));
    expect(plan.metrics.map(({ spec, ...role }) => [spec.name, role])).toStrictEqual([
      ['revenue', { role: 'primary' }],
      ['orders', { role: 'secondary' }],
      ['revenue', { role: 'guardrail', margin: 0.05 }],
    ]);
    expect([plan.control, plan.segments]).toStrictEqual(['treatment', ['user.plan']]);
  });

  it('takes all metrics as secondary if the analysis names none', () => {
    const plan = planOf(file({ analysis: { plannedUnits: 100 } }));
    expect(plan.metrics.map(({ role }) => role)).toStrictEqual(metrics.map(() => 'secondary'));
  });

  it('takes chosen metrics, with their roles if they have one', () => {
    const analysis = { primary: ['revenue'], guardrails: [{ metric: 'slow' }] };
    const inline = { ...specificationOf(file()).metrics?.[2], name: 'inline' };
    const chosen = ['orders', 'slow', 'revenue', inline] as NonNullable<PlanOptions['metrics']>;
    const plan = planOf(file({ analysis }), { metrics: chosen });
    expect(plan.metrics.map(({ spec, role }) => [spec.name, role])).toStrictEqual([
      ['revenue', 'primary'],
      ['orders', 'secondary'],
      ['inline', 'secondary'],
      ['slow', 'guardrail'],
    ]);
  });

  it('takes metrics as in a file, and lists their problems', () => {
    const raw = { name: 'inline', type: 'count', outcome: 'visit', window: '2d' } as const;
    const { metrics: planned } = planOf([experiment()], { metrics: [raw] });
    expect(planned[0]?.spec).toMatchObject({ name: 'inline', windowMs: 2 * DAY, better: 'up' });
    const wrong = { ...raw, value: 'x', window: '2 days' };
    expect(() => planOf([experiment()], { metrics: [wrong] })).toThrow(
      'the option "metrics": 2 problems',
    );
    expect(() => planOf([experiment()], { metrics: [null as never] })).toThrow('a metric must be');
  });

  it('takes all other options', () => {
    const plan = planOf(file(), {
      control: 'treatment',
      until: '2027-01-10T00:00:00+01:00',
      from: '2027-01-01',
      segments: ['a', 'b.c', 'a'],
      mixed: 'first',
      mature: true,
      cuped: '2w',
      maxOutcomes: 1000,
      mergeById: false,
      timeLine: true,
    });
    expect(plan).toMatchObject({
      control: 'treatment',
      until: Date.parse('2027-01-09T23:00:00Z'),
      from: Date.parse('2027-01-01T00:00:00Z'),
      segments: ['a', 'b.c'],
      mixed: 'first',
      mature: true,
      preMs: 14 * DAY,
      maxOutcomes: 1000,
      mergeById: false,
      timeLine: true,
    });
    expect([null, false, true].map((cuped) => planOf(file(), { cuped }).preMs)).toStrictEqual([
      null,
      null,
      28 * DAY,
    ]);
    expect(planOf(file(), { until: 5, from: 0 })).toMatchObject({ from: 0, until: 5 });
  });

  it('has each audience with its rule, and 0 for variants without buckets', () => {
    const everyone = { allocations: [{ variant: 'treatment', percent: 100 }] };
    const uneven = {
      rule: 'user.id == 1',
      allocations: [
        { variant: 'treatment', percent: 0.25 },
        { variant: 'control', percent: 99.5 },
        { variant: 'treatment', percent: 0.25 },
      ],
    };
    const plan = planOf(file({ buckets: 10_000, audiences: [uneven, everyone] }));
    expect(plan.audiences).toStrictEqual([
      { audience: 0, rule: 'user.id == 1', percents: { control: 99.5, treatment: 0.5 } },
      { audience: 1, percents: { control: 0, treatment: 100 } },
    ]);
  });

  it('takes the first path of a list of identities, or another one of it', () => {
    const data = file({ identity: ['user.id', 'anonymous'] });
    expect(planOf(data).identity).toBe('user.id');
    expect(planOf(data, { identity: 'anonymous' }).identity).toBe('anonymous');
    expect(() => planOf(data, { identity: 'tenant.id' })).toThrow(
      'experiment "checkout" does not have the identity "tenant.id"; use "user.id" or "anonymous"',
    );
  });

  it('lists the holdouts of the experiment', () => {
    const holdout = { identity: 'user.id', percent: 5, experiments: ['checkout'] };
    const holdouts = ['winter', 'summer'].map((name) => ({ ...holdout, name }));
    expect(planOf(file({}, { holdouts })).holdouts).toStrictEqual(['winter', 'summer']);
  });
});

describe('the plan of a scheduled experiment', () => {
  const data = file({
    audiences: [split(90, 10)],
    schedule: [
      { at: '2027-01-10T00:00:00Z', audiences: [split(50, 50)] },
      { at: '2027-02-01T00:00:00Z', audiences: [split(0, 100)] },
    ],
  });
  const checksumAt = (at: string) => {
    const [spec] = specificationAt(specificationOf(data), Date.parse(at)).experiments;
    return spec && experimentChecksum(spec);
  };

  it.each([
    ['2027-01-10T00:00:00Z', '2027-01-01T00:00:00Z', 90],
    ['2027-01-10T00:00:01Z', '2027-01-11T00:00:00Z', 50],
    ['2027-01-15T00:00:00Z', '2027-01-11T00:00:00Z', 50],
    ['2027-02-02T00:00:00Z', '2027-02-02T00:00:00Z', 0],
  ])('until %s has the audiences in force just before', (until, at, percent) => {
    const plan = planOf(data, { until });
    expect(plan.checksum).toBe(checksumAt(at));
    expect(plan.audiences[0]?.percents['control']).toBe(percent);
  });

  it('has the shares of an earlier or later step if that checksum is asked for', () => {
    for (const [at, percent] of [
      ['2027-01-01T00:00:00Z', 90],
      ['2027-02-02T00:00:00Z', 0],
    ] as const) {
      const checksum = checksumAt(at) ?? '';
      const plan = planOf(data, { checksum });
      expect([plan.checksum, plan.audiences[0]?.percents['control']]).toStrictEqual([
        checksum,
        percent,
      ]);
    }
  });

  it('has no shares for a checksum that no step has', () => {
    const plan = planOf(data, { checksum: '0123456789abcdef' });
    expect([plan.checksum, plan.audiences]).toStrictEqual(['0123456789abcdef', []]);
  });
});

describe('the plan of a holdout', () => {
  const holdout = { name: 'winter', identity: 'user.id', percent: 5, experiments: ['checkout'] };

  it('compares those who take part with those who are held out', () => {
    const data = file({}, { holdouts: [holdout] });
    const [spec] = specificationOf(data).holdouts ?? [];
    expect(planOf(data, {}, 'winter')).toMatchObject({
      experiment: 'winter',
      checksum: spec && experimentChecksum(asExperiment(spec)),
      variants: ['held_out', 'included'],
      control: 'held_out',
      audiences: [{ audience: 0, percents: { held_out: 5, included: 95 } }],
      holdouts: [],
    });
  });

  it('takes its own analysis', () => {
    const analysis = { primary: ['revenue'] };
    const plan = planOf(file({}, { holdouts: [{ ...holdout, analysis }] }), {}, 'winter');
    expect(plan.metrics.map(({ spec, role }) => [spec.name, role])).toStrictEqual([
      ['revenue', 'primary'],
    ]);
  });
});

describe('the plan of an experiment in a namespace', () => {
  const variants = [
    { name: 'low', weight: 1, values: {} },
    { name: 'control', weight: 3, values: {} },
  ];
  const namespace = (experiments: object[], history: object[]) =>
    file({}, { namespaces: [{ name: 'prices', unit: ['user.id', 'page'], experiments, history }] });
  const added = { add: 'discount', segments: 10 };

  it('has the shares of the weights, which no audience of an exposure names', () => {
    const analysis = { primary: ['revenue'] };
    const data = namespace([{ name: 'discount', variants, analysis }], [added]);
    const [prices] = specificationOf(data).namespaces;
    const compiled = prices && compileNamespace(prices);
    const one = compiled?.running.get('discount');
    expect(planOf(data, {}, 'prices.discount')).toMatchObject({
      experiment: 'prices.discount',
      checksum: compiled && one && additionChecksum(compiled, one),
      identity: 'user.id,page',
      variants: ['low', 'control'],
      control: 'control',
      inNamespace: true,
      audiences: [{ audience: 0, percents: { low: 25, control: 75 } }],
      metrics: [{ role: 'primary' }],
    });
  });

  it('finds it by the name of its last addition, also after it was removed', () => {
    const history = [
      { add: 'old', segments: 5, experiment: 'discount' },
      { remove: 'old' },
      { add: 'old', segments: 7, experiment: 'other' },
      { remove: 'old' },
    ];
    const other = { name: 'other', variants: [...variants, { name: 'new', values: {} }] };
    const data = namespace([{ name: 'discount', variants }, other], history);
    expect(planOf(data, {}, 'prices.old').variants).toStrictEqual(['low', 'control', 'new']);
    expect(() => planOf(data, {}, 'prices')).toThrow(
      '"prices" is a namespace; choose one of its experiments: prices.old',
    );
    expect(() => planOf(data, {}, 'prices.discount')).toThrow(
      'experiment "prices.discount" is not in this specification; declared: checkout, prices.old',
    );
  });

  it('needs the variants of a script, and has no shares for them', () => {
    const data = namespace([{ name: 'discount', script: 'x = 1;' }], [added]);
    const recorded = ['{"x":1}', '{"x":2}'];
    expect(() => planOf(data, {}, 'prices.discount')).toThrow(
      'experiment "prices.discount" has a script, so its variants are not known; list the values of "variant" in its exposures as "variants"',
    );
    const expected = {
      variants: recorded,
      compared: recorded,
      control: '{"x":1}',
      audiences: [],
    };
    expect(planOf(data, { variants: recorded }, 'prices.discount')).toMatchObject(expected);
    const analysis = { variants: recorded };
    const declared = namespace([{ name: 'discount', script: 'x = 1;', analysis }], [added]);
    expect(planOf(declared, {}, 'prices.discount')).toMatchObject(expected);
  });

  it('has no shares for another checksum', () => {
    const data = namespace([{ name: 'discount', variants }], [added]);
    const plan = planOf(data, { checksum: '0123456789abcdef' }, 'prices.discount');
    expect(plan.audiences).toStrictEqual([]);
  });
});

describe('resolvePlan refuses', () => {
  it.each<[string, object, Partial<PlanOptions>, string, string]>([
    [
      'an unknown experiment',
      file(),
      {},
      'chekout',
      'experiment "chekout" is not in this specification; declared: checkout; did you mean "checkout"?',
    ],
    [
      'any experiment of an empty file',
      { experiments: [] },
      {},
      'checkout',
      'experiment "checkout" is not in this specification; declared: none',
    ],
    [
      'an unknown metric',
      file(),
      { metrics: ['revenu'] },
      'checkout',
      'metric "revenu" is not in this specification; declared: conversion, return, orders, revenue, order_value, ratio, slow; did you mean "revenue"?',
    ],
    [
      'a metric twice',
      file(),
      { metrics: ['revenue', 'revenue'] },
      'checkout',
      'metric "revenue" is chosen twice; remove one of them',
    ],
    [
      'a file without metrics',
      [experiment()],
      {},
      'checkout',
      'there are no metrics; declare them as "metrics" in the specification, or pass the option "metrics"',
    ],
    [
      'an unknown control',
      file(),
      { control: 'treatmnt' },
      'checkout',
      '"treatmnt" is not a variant of experiment "checkout"; its variants: control, treatment; did you mean "treatment"?',
    ],
    [
      'random draws',
      file({ identity: 'random' }),
      {},
      'checkout',
      'experiment "checkout" has the identity "random", so outcomes can\'t be joined to its exposures; use an identity such as "user.id" or "anonymous"',
    ],
    [
      'a single variant',
      file({
        variants: [{ name: 'only' }],
        audiences: [{ allocations: [{ variant: 'only', percent: 100 }] }],
      }),
      {},
      'checkout',
      'experiment "checkout" has only the variant "only"; an analysis compares at least two',
    ],
    [
      'variants that are not declared',
      file(),
      { variants: ['control', 'b'] },
      'checkout',
      '"b" is not a variant of experiment "checkout"; its variants: control, treatment',
    ],
    [
      'a moment in words',
      file(),
      { until: 'yesterday' },
      'checkout',
      'until must be a day or a date and time with a time zone, such as "2026-12-01T09:00:00Z", not "yesterday"',
    ],
    [
      'a moment without a time zone',
      file(),
      { from: '2027-01-01 10:00' },
      'checkout',
      'from must be a day or a date and time with a time zone, such as "2026-12-01T09:00:00Z", not "2027-01-01 10:00"; did you mean "2027-01-01T10:00:00Z"?',
    ],
    [
      'a day that does not exist',
      file(),
      { until: '2027-02-30' },
      'checkout',
      'until must be a day',
    ],
    [
      'an empty period',
      file(),
      { from: '2027-01-15T12:00:00Z' },
      'checkout',
      'from (2027-01-15T12:00:00Z) is not before until (2027-01-15T12:00:00Z); choose an earlier "from"',
    ],
    [
      'a pre-period in words',
      file(),
      { cuped: '28 days' },
      'checkout',
      'cuped must be a duration such as "30m", "12h", "7d" or "2w", or false to switch it off, not "28 days"',
    ],
    [
      'a segment that is not a path',
      file(),
      { segments: ['a b'] },
      'checkout',
      '"a b" is not a context path; write names with dots between them, such as "user.plan"',
    ],
  ])('%s', (_, data, options, name, message) => {
    let error: unknown;
    try {
      planOf(data, options, name);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ code: 'analysis', name: 'AnalysisError' });
    expect(String(error)).toContain(message);
  });

  it.each<[object, string]>([
    [{ now: undefined }, 'the option "now" is missing'],
    [{ now: 1.5 }, 'option "now" must be milliseconds since 1970, not 1.5'],
    [{ until: Number.NaN }, 'option "until" must be milliseconds since 1970, a day, or'],
    [{ checksum: 'x' }, 'option "checksum" must be 16 hexadecimal digits, not "x"'],
    [{ metrics: [] }, 'option "metrics" must be a list of at least one name or metric'],
    [{ mixed: 'keep' }, 'option "mixed" must be "drop" or "first", not "keep"'],
    [{ maxOutcomes: 0 }, 'option "maxOutcomes" must be a whole number, 1 or more, not 0'],
    [{ segment: [] }, 'unknown option "segment"; did you mean "segments"?'],
    [{ variants: ['a', 'a'] }, 'option "variants" must be a list of at least two different texts'],
  ])('the option %j', (options, message) => {
    expect(() => planOf(file(), options)).toThrow(message);
  });
});
