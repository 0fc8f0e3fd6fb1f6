// cspell:ignore treatmnt conversoin primery
import { experiment, METRICS, problemsOf, specificationOf } from './read-metrics.ts';

const metrics = Object.values(METRICS);
const withAnalysis = (analysis: unknown, parts: object = {}) => ({
  experiments: [experiment({ analysis, ...parts })],
  metrics,
});
const holdout = { name: 'winter', identity: 'user.id', percent: 5, experiments: ['checkout'] };
const namespaceOf = (one: object) => ({
  experiments: [experiment()],
  metrics,
  namespaces: [{ name: 'prices', unit: 'user.id', experiments: [{ name: 'discount', ...one }] }],
});

describe('the analysis of an experiment', () => {
  it('gets its defaults', () => {
    const empty = { primary: [], secondary: [], guardrails: [], segments: [] };
    const [one] = specificationOf(withAnalysis({})).experiments;
    expect(one?.analysis).toStrictEqual(empty);
    expect(specificationOf(withAnalysis(undefined)).experiments[0]).not.toHaveProperty('analysis');
  });

  it('has everything that the file says', () => {
    const analysis = {
      control: 'treatment',
      primary: ['conversion'],
      secondary: ['revenue', 'orders'],
      guardrails: [{ metric: 'conversion' }, { metric: 'slow', margin: 0.02 }],
      plannedUnits: 20_000,
      until: '2027-02-01T01:00:00+01:00',
      segments: ['user.plan', 'country'],
    };
    const [one] = specificationOf(withAnalysis(analysis)).experiments;
    expect(one?.analysis).toStrictEqual({
      ...analysis,
      guardrails: [
        { metric: 'conversion', margin: 0.01 },
        { metric: 'slow', margin: 0.02 },
      ],
      until: '2027-02-01T00:00:00Z',
    });
    expect(Object.isFrozen(one?.analysis?.guardrails[0])).toBe(true);
  });

  it.each([
    ['a list', [], ': analysis must be an object, not an empty list'],
    [
      'a misspelt property',
      { primery: ['conversion'] },
      '/primery: unknown property "primery"; did you mean "primary"?',
    ],
    [
      'an unknown metric',
      { primary: ['conversoin'] },
      '/primary/0: metric "conversoin" is not in this specification; declared in "metrics": conversion, return, orders, revenue, order_value, ratio, slow; did you mean "conversion"?',
    ],
    [
      'an unknown secondary metric',
      { secondary: ['x'] },
      '/secondary/0: metric "x" is not in this specification',
    ],
    [
      'an unknown guardrail',
      { guardrails: [{ metric: 'x' }] },
      '/guardrails/0/metric: metric "x" is not in this specification',
    ],
    [
      'a guardrail that is a text',
      { guardrails: ['slow'] },
      '/guardrails/0: a guardrail must be an object with "metric" and, if you like, "margin", not "slow"',
    ],
    [
      'a metric twice in one role',
      { primary: ['slow', 'slow'] },
      '/primary/1: metric "slow" is a primary metric twice; remove one of them',
    ],
    [
      'a guardrail twice',
      { guardrails: [{ metric: 'slow' }, { metric: 'slow', margin: 0.1 }] },
      '/guardrails/1/metric: metric "slow" is a guardrail twice; remove one of them',
    ],
    [
      'a control that is not a variant',
      { control: 'treatmnt' },
      '/control: "treatmnt" is not a variant; the variants: control, treatment; did you mean "treatment"?',
    ],
    [
      'one compared variant',
      { variants: ['control'] },
      '/variants: variants must be a list of at least two variants, such as ["control", "treatment"]',
    ],
    [
      'a compared variant that is not a variant',
      { variants: ['control', 'treatmnt'] },
      '/variants/1: "treatmnt" is not a variant; the variants: control, treatment; did you mean "treatment"?',
    ],
    [
      'a compared variant twice',
      { variants: ['control', 'control'] },
      '/variants/1: this variant is listed twice; remove one of them',
    ],
    [
      'a number as a compared variant',
      { variants: ['control', 7] },
      '/variants/1: a compared variant must be the name of a variant, not 7',
    ],
    [
      'a margin of 0',
      { guardrails: [{ metric: 'slow', margin: 0 }] },
      '/guardrails/0/margin: margin must be a share above 0 and up to 1, such as 0.01 for 1%, not 0',
    ],
    [
      'a margin in percent',
      { guardrails: [{ metric: 'slow', margin: 2 }] },
      '/guardrails/0/margin: margin must be a share',
    ],
    [
      'one planned unit',
      { plannedUnits: 1 },
      '/plannedUnits: plannedUnits must be a whole number, 2 or more, not 1',
    ],
    [
      'a day as the end',
      { until: '2027-02-01' },
      '/until: until must be a date and time with a time zone, such as "2026-12-01T09:00:00Z", not "2027-02-01"; did you mean "2027-02-01T00:00:00Z"?',
    ],
    [
      'a day that does not exist',
      { until: '2027-02-30T00:00:00Z' },
      '/until: until is 2027-02-30T00:00:00Z, but 2027-02 has only 28 days',
    ],
    [
      'a segment that is not a path',
      { segments: ['user plan'] },
      '/segments/0: a segment must be a dotted path of letters, digits and underscores, such as "user.plan", not "user plan"',
    ],
    [
      'a segment twice',
      { segments: ['a', 'a'] },
      '/segments/1: this path is listed twice; remove one of them',
    ],
  ])('is refused with %s', (_, analysis, expected) => {
    const [first = '', ...others] = problemsOf(withAnalysis(analysis));
    expect(others).toStrictEqual([]);
    expect(first).toContain(`/experiments/0/analysis${expected}`);
  });

  it('compares variants with a control that is one of them', () => {
    const parts = {
      variants: [{ name: 'control' }, { name: 'treatment' }, { name: 'other' }],
      analysis: { variants: ['treatment', 'other'] },
    };
    expect(problemsOf({ experiments: [experiment(parts)], metrics })).toStrictEqual([
      '/experiments/0/analysis/variants: the control "control" is not compared; add it, or set another "control"',
    ]);
    const analysis = { variants: ['treatment', 'other'], control: 'other' };
    const [one] = specificationOf({
      experiments: [experiment({ ...parts, analysis })],
      metrics,
    }).experiments;
    expect(one?.analysis).toMatchObject(analysis);
    expect(Object.isFrozen(one?.analysis?.variants)).toBe(true);
  });

  it('can have a metric in several roles', () => {
    const roles = { primary: ['slow'], secondary: ['orders'], guardrails: [{ metric: 'slow' }] };
    expect(problemsOf(withAnalysis(roles))).toStrictEqual([]);
  });

  it('reports all problems at once, in the order of the file', () => {
    const analysis = { control: 'x', primary: ['y'], until: '2027-02-30T00:00:00Z' };
    const wrong = { ...METRICS.sum, name: 'other', value: undefined, where: 'a' };
    const found = problemsOf({ ...withAnalysis(analysis), metrics: [wrong] });
    expect(found.map((text) => text.split(':', 1)[0])).toStrictEqual([
      '/experiments/0/analysis/control',
      '/experiments/0/analysis/primary/0',
      '/experiments/0/analysis/until',
      '/metrics/0',
      '/metrics/0/where',
    ]);
  });

  it('is refused in a list of experiments, which can declare no metrics', () => {
    expect(problemsOf([experiment({ analysis: { primary: ['a'] } })])).toStrictEqual([
      '/0/analysis/primary/0: metric "a" is not in this specification; declared in "metrics": none',
    ]);
  });
});

describe('the analysis of a holdout', () => {
  it('compares the variants held_out and included', () => {
    const data = (control: string) => ({
      experiments: [experiment()],
      metrics,
      holdouts: [{ ...holdout, analysis: { control, primary: ['revenue'] } }],
    });
    expect(specificationOf(data('included')).holdouts?.[0]?.analysis).toMatchObject({
      control: 'included',
      primary: ['revenue'],
    });
    expect(problemsOf(data('control'))).toStrictEqual([
      '/holdouts/0/analysis/control: "control" is not a variant; the variants: held_out, included',
    ]);
  });
});

describe('the analysis of an experiment in a namespace', () => {
  const variants = [
    { name: 'a', values: {} },
    { name: 'b', values: {} },
  ];

  it('is read and checked', () => {
    const analysis = { control: 'b', primary: ['revenue'] };
    const [prices] = specificationOf(namespaceOf({ variants, analysis })).namespaces;
    expect(prices?.experiments[0]?.analysis).toMatchObject(analysis);
    expect(
      problemsOf(namespaceOf({ variants, analysis: { control: 'c', primary: 7 } })),
    ).toStrictEqual([
      '/namespaces/0/experiments/0/analysis/control: "c" is not a variant; the variants: a, b',
      '/namespaces/0/experiments/0/analysis/primary: primary must be a list of names of metrics, not 7',
    ]);
  });

  it('can name any recorded variant as the control of a script', () => {
    const script = 'x = 1;';
    const analysis = { control: '{"x":1}' };
    expect(problemsOf(namespaceOf({ script, analysis }))).toStrictEqual([]);
  });
});
