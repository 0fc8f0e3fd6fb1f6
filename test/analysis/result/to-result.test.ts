import type { MetricResult, Result } from '../../../src/analysis/result/result.ts';
import { withheldReason } from '../../../src/analysis/output/words.ts';
import { RECORD_CAUSES } from '../../../src/analysis/rows/moment-rows.ts';
import { mean, plan, planned, rate, rows } from './build.ts';
import { group, row } from './reference.ts';
import { resultOf } from './valid.ts';

const codes = (result: Result): string[] => result.warnings.map(({ code }) => code);

const first = (result: Result): MetricResult => {
  const [metric] = result.metrics;
  if (metric === undefined) throw new Error('no metric');
  return metric;
};

const only = (result: Result) => {
  const [comparison] = first(result).comparisons;
  if (comparison === undefined) throw new Error('no comparison');
  return comparison;
};

const PROPORTION = plan([planned('proportion')]);

/** The options of the one look at the planned end. */
const AT_END = { plannedEnd: PROPORTION.until };

describe('a verdict near the border', () => {
  const BORDER = { a: [rate(4830, 642)], b: [rate(4830, 709)] };

  it("agrees with the relative interval, which is Fieller's if the delta method's contains 0", () => {
    const result = resultOf(PROPORTION, rows(BORDER), { ...AT_END, confidence: 0.9 });
    const { verdict, absolute, relative } = only(result);
    expect(verdict).toBe('better');
    expect(absolute.interval?.[0]).toBeGreaterThan(0);
    expect(relative.method).toBe('fieller');
    expect(relative.interval?.[0]).toBeGreaterThan(0);
  });

  it('agrees in a sequential look, too', () => {
    const { verdict, absolute, relative } = only(
      resultOf(PROPORTION, rows({ a: [rate(4830, 642)], b: [rate(4830, 754)] })),
    );
    expect([verdict, relative.method]).toEqual(['better', 'fieller']);
    expect(absolute.interval?.[0]).toBeGreaterThan(0);
    expect(relative.interval?.[0]).toBeGreaterThan(0);
  });

  it("has the delta method's interval where both agree", () => {
    const clear = rows({ a: [rate(4830, 642)], b: [rate(4830, 800)] });
    expect(only(resultOf(PROPORTION, clear)).relative.method).toBe('delta');
  });
});

describe('the look', () => {
  const data = rows({ a: [rate(2000, 200)], b: [rate(2000, 220)] });

  it('is a sequence with the whole error rate without a planned end, and says what one would bring', () => {
    const { look } = resultOf(PROPORTION, data);
    expect(look).toMatchObject({
      method: 'sequential',
      alpha: 0.05,
      tuning: 5000,
      plannedUnits: null,
    });
    expect(look.text).toMatch(/With a planned end, .* \d\d% narrower/);
  });

  it('is a sequence with half of the error rate before the planned end', () => {
    const { look } = resultOf(PROPORTION, data, { plannedUnits: 10_000 });
    expect(look).toMatchObject({ method: 'sequential', alpha: 0.025, tuning: 10_000 });
    expect(look.text).toContain('4,000 of 10,000 planned units');
  });

  it.each([
    ['the planned units are reached', { plannedUnits: 4000 }],
    ['a day has brought some more than the planned units', { plannedUnits: 3650 }],
    ['the planned end is reached', { plannedEnd: PROPORTION.until }],
  ])('is fixed with half of the error rate when %s', (_, options) => {
    expect(resultOf(PROPORTION, data, options).look).toMatchObject({
      method: 'fixed',
      alpha: 0.025,
    });
  });

  it('is a sequence once there are many more units than planned, and says how to get the end', () => {
    const { look, warnings } = resultOf(PROPORTION, data, { plannedUnits: 3600 });
    expect(look).toMatchObject({ method: 'sequential', alpha: 0.025, tuning: 3600 });
    expect(look.text).toBe(
      'The planned end has passed, so these are sequential 97.5% intervals, valid however often you look. The look at the planned end has the other half of the 5% error rate.',
    );
    expect(warnings).toContainEqual({
      code: 'after-planned-units',
      text: 'There are 4,000 units, more than the 3,600 that were planned, so the intervals are sequential. For the narrower fixed intervals at the planned end, pass --until with the time at which that number was reached.',
    });
  });

  it('names the first day with the planned units, if the days are known', () => {
    const day = (value: string, n: number) =>
      ['a', 'b'].map((variant) => group('day', variant, n, [rate(n, 0)], { value }));
    const days = [
      ...day('2027-01-12T00:00:00Z', 1850),
      ...day('2027-01-11T00:00:00Z', 1800),
      ...day('2027-01-10T00:00:00Z', 1700),
    ];
    const withDays = { ...data, groups: [...data.groups, ...days] };
    const { warnings } = resultOf(PROPORTION, withDays, { plannedUnits: 3600 });
    expect(warnings.find(({ code }) => code === 'after-planned-units')?.text).toMatch(
      /pass --until 2027-01-11T00:00:00Z\.$/,
    );
  });

  it('is a sequence after the planned time', () => {
    const { look } = resultOf(PROPORTION, data, { plannedEnd: PROPORTION.until - 1 });
    expect(look).toMatchObject({ method: 'sequential', alpha: 0.025 });
    expect(look.text).toMatch(/^The planned end has passed/);
  });

  it('is at the planned time only, if a number of units is planned as well', () => {
    const both = (plannedEnd: number) =>
      resultOf(PROPORTION, data, { plannedUnits: 4000, plannedEnd });
    expect(both(PROPORTION.until + 1).look.method).toBe('sequential');
    expect(both(PROPORTION.until).look.method).toBe('fixed');
    const few = { plannedUnits: 100, plannedEnd: PROPORTION.until };
    expect(codes(resultOf(PROPORTION, data, few))).not.toContain('after-planned-units');
  });

  it('is a sequence while the planned end is ahead', () => {
    const { look, period } = resultOf(PROPORTION, data, { plannedEnd: PROPORTION.until + 1 });
    expect(look).toMatchObject({ method: 'sequential', alpha: 0.025, tuning: 5000 });
    expect(period.plannedEnd).toBe('2027-02-01T00:00:00.001Z');
  });

  it('has wider intervals before the planned end than at it', () => {
    const widthOf = (plannedUnits: number): number => {
      const [low, high] =
        only(resultOf(PROPORTION, data, { plannedUnits })).relative.interval ?? [];
      return (high ?? 0) - (low ?? 0);
    };
    expect(widthOf(4001)).toBeGreaterThan(1.3 * widthOf(4000));
  });
});

describe('verdicts', () => {
  const at = AT_END;

  it('are "better" and "worse" by the direction of the metric', () => {
    const data = rows({ a: [rate(5000, 500)], b: [rate(5000, 700)] });
    expect(only(resultOf(PROPORTION, data, at)).verdictText).toBe('better');
    const down = plan([planned('proportion', 'primary', { better: 'down' })]);
    const result = resultOf(down, data, at);
    expect(only(result).verdictText).toBe('worse');
    expect(result.summary).toBe('b is worse than a in proportion (+40%).');
  });

  it('are "not decided" with the units still needed, after which they are decided', () => {
    const data = (times: number) =>
      rows({ a: [rate(2000 * times, 200 * times)], b: [rate(2000 * times, 220 * times)] });
    for (const options of [{}, { plannedUnits: 1e6 }]) {
      const { verdict, verdictText, unitsNeeded } = only(resultOf(PROPORTION, data(1), options));
      expect(verdict).toBe('not-decided');
      expect(verdictText).toMatch(/^not decided: about [\d,.]+( million)? more units$/);
      const times = 1 + (unitsNeeded ?? 0) / 4000;
      expect(only(resultOf(PROPORTION, data(Math.ceil(times * 1.01)), options)).verdict).toBe(
        'better',
      );
      expect(only(resultOf(PROPORTION, data(Math.floor(times * 0.99)), options)).verdict).toBe(
        'not-decided',
      );
    }
  });

  it('are "not decided" without a number if the variants are equal', () => {
    const { verdictText, unitsNeeded } = only(
      resultOf(PROPORTION, rows({ a: [rate(100, 50)], b: [rate(100, 50)] })),
    );
    expect([verdictText, unitsNeeded]).toEqual(['not decided', null]);
  });

  it('of guardrails are "no harm beyond 1%", "worse" or "not decided"', () => {
    const guard = plan([planned('mean', 'guardrail', { better: 'up' })]);
    const verdictOf = (value: number, n = 100_000) => {
      const ratio = (of: number) =>
        row(
          n,
          ['y', 'd'],
          [of, 1],
          [
            [1, 0],
            [0, 0],
          ],
        );
      return only(resultOf(guard, rows({ a: [ratio(10)], b: [ratio(value)] }), at));
    };
    expect(verdictOf(10)).toMatchObject({
      verdict: 'no-harm',
      verdictText: 'no harm beyond 1%',
      correction: 'none',
    });
    expect(verdictOf(10).relative.interval).toEqual([expect.any(Number), null]);
    expect(verdictOf(9)).toMatchObject({ verdict: 'worse', verdictText: 'worse' });
    expect(verdictOf(9).relative.interval).toEqual([null, expect.any(Number)]);
    expect(verdictOf(9.95, 1000)).toMatchObject({ verdict: 'not-decided' });
    expect(verdictOf(9.95, 1000).unitsNeeded).toBeGreaterThan(1000);
  });

  it('of a guardrail that should go down exclude an increase beyond the margin', () => {
    const guard = plan([planned('count', 'guardrail', { better: 'down' })]);
    const verdictOf = (value: number) =>
      only(resultOf(guard, rows({ a: [mean(100_000, 10, 1)], b: [mean(100_000, value, 1)] }), at));
    expect(verdictOf(10)).toMatchObject({
      verdict: 'no-harm',
      relative: { interval: [null, expect.any(Number)] },
    });
    expect(verdictOf(11)).toMatchObject({ verdict: 'worse' });
    expect(verdictOf(9)).toMatchObject({ verdict: 'no-harm' });
  });

  it('never say that there is no effect', () => {
    const texts = JSON.stringify(
      resultOf(PROPORTION, rows({ a: [rate(9e6, 9e5)], b: [rate(9e6, 9e5)] })),
    );
    expect(texts).not.toMatch(/no effect|no difference/i);
  });
});

describe('corrections', () => {
  const three = { variants: ['a', 'b', 'c'] };
  const data = (metrics: number) =>
    rows({
      a: Array.from({ length: metrics }, () => rate(5000, 500)),
      b: Array.from({ length: metrics }, () => rate(5000, 570)),
      c: Array.from({ length: metrics }, () => rate(5000, 540)),
    });
  const pValues = (metric: MetricResult): (number | null)[][] =>
    metric.comparisons.map(({ pValue, pValueAdjusted }) => [pValue, pValueAdjusted]);

  it('are those of Holm over the variants of the primary metric', () => {
    const metric = first(resultOf(plan([planned('proportion')], three), data(1), AT_END));
    const [[b = 0, holmB] = [], [c = 0, holmC] = []] = pValues(metric);
    expect(holmB).toBe(2 * (b ?? 0));
    expect(holmC).toBe(Math.max(c ?? 0, 2 * (b ?? 0)));
  });

  it('are those of Benjamini and Hochberg for secondary metrics, and none for guardrails', () => {
    const metrics = [
      planned('proportion'),
      planned('proportion', 'secondary', { name: 'x' }),
      planned('proportion', 'secondary', { name: 'y' }),
      planned('proportion', 'guardrail', { name: 'z' }),
    ];
    const result = resultOf(plan(metrics, three), data(4), AT_END);
    const [, x, y, z] = result.metrics;
    if (x === undefined || y === undefined || z === undefined) throw new Error('missing');
    // Both metrics have the same p-values, so that the smaller ones have rank 2 of 4.
    const [[b = 0, adjustedB] = []] = pValues(x);
    expect(adjustedB).toBeCloseTo(2 * (b ?? 0), 12);
    expect(x.comparisons.map(({ correction }) => correction)).toEqual(
      Array(2).fill('benjamini-hochberg'),
    );
    for (const { pValue, pValueAdjusted } of z.comparisons) expect(pValueAdjusted).toBe(pValue);
  });
});

describe('verdicts are withheld', () => {
  it('while the split is off', () => {
    const result = resultOf(PROPORTION, rows({ a: [rate(5000, 500)], b: [rate(4000, 700)] }));
    expect(result.status).toBe('split-off');
    expect(only(result)).toMatchObject({
      verdict: 'withheld',
      verdictText: 'withheld',
      unitsNeeded: null,
    });
    expect(codes(result)[0]).toBe('split-off');
    expect(result.split.text).toMatch(/Split is off \(sample ratio mismatch, p = \de-\d+\)/);
  });

  it('if one unit has a variant whose share is 0', () => {
    const audiences = [{ audience: 0, percents: { a: 50, b: 50, c: 0 } }];
    const withC = { variants: ['a', 'b', 'c'], audiences };
    const data = { a: [rate(500, 50)], b: [rate(500, 50)] };
    const off = resultOf(plan([planned('proportion')], withC), rows({ ...data, c: [rate(1, 0)] }));
    expect(off.split).toMatchObject({ status: 'off', pValue: 0, lnPValue: null });
    const right = resultOf(plan([planned('proportion')], withC), rows(data));
    expect(right.split.status).toBe('right');
    expect(right.status).toBe('ok');
  });

  it('from 10% of mixed units on, with a warning from 1%', () => {
    const withMixed = (units: number) =>
      rows(
        { a: [rate(500, 50)], b: [rate(500, 50)] },
        {
          groups: ['a', 'b'].flatMap((variant) => [
            group('total', variant, units / 2, [undefined], { mixed: true }),
            group('audience', variant, units / 2, [], { mixed: true, value: '0' }),
          ]),
        },
      );
    const many = resultOf(PROPORTION, withMixed(112));
    expect(many.status).toBe('too-mixed');
    expect(codes(many)).toContain('too-mixed');
    expect(many.split.withMixed).not.toBeNull();
    expect(many.data.find(({ code }) => code === 'mixed_units')?.count).toBe(112);
    expect(codes(resultOf(PROPORTION, withMixed(20)))).toContain('mixed-units');
    expect(codes(resultOf(PROPORTION, withMixed(8)))).not.toContain('mixed-units');
  });

  it('with fewer than ten units of a variant, or none', () => {
    const few = resultOf(PROPORTION, rows({ a: [rate(15, 1)], b: [rate(9, 1)] }));
    expect([few.status, codes(few)[0]]).toEqual(['too-few', 'too-few']);
    const none = resultOf(PROPORTION, rows({ a: [rate(4, 1)] }));
    expect(none.status).toBe('too-few');
    expect(codes(none)).toContain('empty-variant');
    expect(only(none)).toMatchObject({ status: 'too-few', verdict: 'withheld', pValue: null });
  });

  it('without any unit', () => {
    const result = resultOf(PROPORTION, rows({}));
    expect(result).toMatchObject({ status: 'no-data', split: { status: 'small' } });
    expect(result.summary).toContain('No exposure of exp counts before 2027-02-01T00:00:00Z');
  });

  it('if the split is off only with the mixed units, by their first variant', () => {
    const result = resultOf(
      PROPORTION,
      rows(
        { a: [rate(5000, 500)], b: [rate(5000, 500)] },
        { groups: [group('audience', 'a', 400, [], { mixed: true, value: '0' })] },
      ),
    );
    expect(result.status).toBe('split-off');
    expect(result.split.text).toContain('together with the units that saw several variants');
  });
});

describe('the split', () => {
  it('is not tested with small counts, unknown shares, or sticky units', () => {
    const small = resultOf(PROPORTION, rows({ a: [rate(4, 1)], b: [rate(2, 1)] }));
    expect(small.split).toMatchObject({ status: 'small', pValue: null });
    const unknown = resultOf(
      plan([], { audiences: [] }),
      rows({ a: [rate(90, 1)], b: [rate(9, 1)] }),
    );
    expect(unknown.split.status).toBe('unknown');
    const sticky = {
      groups: [
        group('total', 'a', 900, [rate(900, 90)]),
        group('total', 'b', 100, [rate(100, 10)]),
        group('audience', 'a', 800, [], { value: 'none' }),
        group('audience', 'a', 100, [], { value: '0' }),
        group('audience', 'b', 100, [], { value: '0' }),
      ],
      checksums: [],
      records: new Map([['sticky_units', 800]]),
    };
    expect(resultOf(PROPORTION, sticky).split).toMatchObject({ status: 'right', pValue: 1 });
  });

  it('is that of the only audience if exposures have no audience', () => {
    const data = rows({ a: [rate(500, 50)], b: [rate(400, 50)] });
    const groups = data.groups.map((one) =>
      one.kind === 'audience' ? { ...one, value: 'none' } : one,
    );
    expect(resultOf(PROPORTION, { ...data, groups }).split.audiences).toHaveLength(1);
  });

  it('shows what is off in one audience although the pool is right', () => {
    const audiences = [0, 1].map((audience) => ({ audience, percents: { a: 50, b: 50 } }));
    const data = rows({ a: [rate(2000, 1)], b: [rate(2000, 1)] });
    const groups = [
      ...data.groups.filter(({ kind }) => kind === 'total'),
      ...(
        [
          ['0', 1200, 800],
          ['1', 800, 1200],
        ] as const
      ).flatMap(([value, a, b]) => [
        group('audience', 'a', a, [], { value }),
        group('audience', 'b', b, [], { value }),
      ]),
    ];
    const { split } = resultOf(plan([planned('proportion')], { audiences }), { ...data, groups });
    expect(split.overall?.pValue).toBe(1);
    expect(split.status).toBe('off');
  });
});

describe('metrics', () => {
  it('with a control of 0 have an absolute difference, and say why there is no relative one', () => {
    const result = resultOf(PROPORTION, rows({ a: [rate(100, 0)], b: [rate(100, 5)] }), {
      plannedEnd: PROPORTION.until,
      confidence: 0.9,
    });
    const { absolute, relative, pValue, bayesian } = only(result);
    expect(absolute.status).toBe('ok-small-counts');
    expect(absolute.interval?.[0]).toBeCloseTo(0.003, 3);
    expect(absolute.interval?.[1]).toBeCloseTo(0.112, 3);
    expect(pValue).toBeCloseTo(0.059, 3);
    expect(relative).toMatchObject({ estimate: null, interval: null });
    expect(bayesian?.chanceToBeBetter).toBeGreaterThan(0.9);
    expect(codes(result)).toContain('no-baseline');
  });

  it('whose outcome never occurs say so', () => {
    const data = (late: number) =>
      rows({ a: [rate(100, 0, { late })], b: [rate(100, 0, { late })] });
    const never = resultOf(PROPORTION, data(0)).warnings.find(({ code }) => code === 'no-outcomes');
    expect(never?.text).toContain('no unit has the outcome "purchase"');
    const late = resultOf(PROPORTION, data(3)).warnings.find(({ code }) => code === 'no-outcomes');
    expect(late?.text).toContain('after the window');
  });

  it('have counts of 0 as values, not as missing data', () => {
    const result = resultOf(PROPORTION, rows({ a: [rate(100, 0)], b: [rate(100, 0)] }));
    expect(first(result).arms).toMatchObject([
      { value: 0, numerator: 0, denominator: 100 },
      { value: 0 },
    ]);
    expect(only(result)).toMatchObject({ status: 'no-variance', verdict: 'not-decided' });
  });

  it('of ratios without a denominator say so', () => {
    const ratio = (y: number, d: number) =>
      row(
        100,
        ['y', 'd'],
        [y, d],
        [
          [1, 0],
          [0, d],
        ],
      );
    const result = resultOf(plan([planned('ratio')]), rows({ a: [ratio(1, 1)], b: [ratio(0, 0)] }));
    expect(first(result).arms[1]).toMatchObject({ value: null, numerator: 0, denominator: 0 });
    expect(only(result).status).toBe('no-denominator');
    expect(codes(result)).toContain('no-denominator');
  });

  it('of quantiles have values, and remarks on zeros and too few values', () => {
    const quantiles = plan([planned('quantile', 'primary', { of: 'units', quantile: 0.5 })]);
    const arm = (value: number, more = { low: value - 1, high: value + 1 }) =>
      row(1000, ['y'], [value], [[9]], { quantile: { value, ...more } });
    const found = resultOf(quantiles, rows({ a: [arm(10)], b: [arm(12)] }));
    expect(first(found).arms).toMatchObject([{ value: 10 }, { value: 12 }]);
    expect(only(found).absolute).toMatchObject({ estimate: 2, method: 'quantile' });
    expect(first(found).cuped.text).toContain('quantiles');
    const zeros = resultOf(
      quantiles,
      rows({ a: [arm(0, { low: 0, high: 0 })], b: [arm(0, { low: 0, high: 0 })] }),
    );
    expect(codes(zeros)).toContain('quantile-zero');
    const few = resultOf(
      quantiles,
      rows({ a: [row(20, ['y'], [3], [[9]], { quantile: { value: 3 } })], b: [arm(12)] }),
    );
    expect(codes(few)).toContain('quantile-too-few');
  });

  it('show caps, and warn of a cap of 0', () => {
    const capped = plan([
      planned('sum', 'primary', { cap: { quantile: 0.999, ignoreZeros: false } }),
    ]);
    const data = (cap: number) =>
      rows({ a: [mean(100, 5, 4, { cap, capped: 2 })], b: [mean(100, 5, 4, { cap, capped: 1 })] });
    expect(first(resultOf(capped, data(80))).cap).toEqual({ at: 80, quantile: 0.999, units: 3 });
    expect(codes(resultOf(capped, data(0)))).toContain('cap-zero');
  });

  it('count open windows, early and late outcomes', () => {
    const counts = { open: 5, early: 2, late: 3 };
    const result = resultOf(
      PROPORTION,
      rows({ a: [rate(100, 9, counts)], b: [rate(100, 9, counts)] }),
    );
    expect(first(result)).toMatchObject({ openUnits: 10, earlyOutcomes: 4, lateOutcomes: 6 });
    expect(codes(result)).toContain('window-open');
  });

  it('near a baseline of 0 have Fieller intervals, or none', () => {
    const near = plan([planned('sum')]);
    const result = resultOf(near, rows({ a: [mean(100, 0.1, 1)], b: [mean(100, 5, 1)] }), {
      plannedEnd: PROPORTION.until,
    });
    expect(only(result).relative).toMatchObject({
      status: 'unbounded',
      interval: null,
      method: 'fieller',
    });
    expect(only(result)).toMatchObject({ verdict: 'better' });
    expect(codes(result)).toContain('baseline-near-zero');
  });

  it('use CUPED unless it is no use, hides a fault, or is switched off', () => {
    const pre = plan([planned('sum')], { preMs: 28 * 86_400_000 });
    const arm = (x: number, covariance: number) =>
      row(
        5000,
        ['y', 'x'],
        [10, x],
        [
          [100, covariance],
          [covariance, 100],
        ],
      );
    const cupedOf = (x: number, covariance: number, options = {}) =>
      first(resultOf(pre, rows({ a: [arm(10, covariance)], b: [arm(x, covariance)] }), options));
    expect(cupedOf(10, 50).cuped).toMatchObject({ used: true, theta: 0.5 });
    expect(cupedOf(10, 50).comparisons[0]?.varianceReduction).toBeCloseTo(0.25, 10);
    expect(cupedOf(10, 50).comparisons[0]?.unadjusted).not.toBeNull();
    expect(cupedOf(10, 5).cuped).toMatchObject({
      used: false,
      text: expect.stringContaining('only 0.25%'),
    });
    expect(cupedOf(11, 50).cuped).toMatchObject({
      used: false,
      text: expect.stringContaining('differed before'),
    });
    expect(cupedOf(10, 50, { cuped: false }).cuped).toMatchObject({ used: false, theta: null });
  });
});

describe('the rest of a result', () => {
  it('notes that a segment may have more values than are returned', () => {
    const segments = ['user.city', 'user.plan'];
    const ofValues = (count: number) =>
      resultOf(
        plan([], { segments }),
        rows(
          { a: [rate(500, 90)], b: [rate(500, 90)] },
          {
            groups: Array.from({ length: count }, (_, i) =>
              group('segment', 'a', 10, [], { name: 'user.city', value: `${i}` }),
            ),
          },
        ),
      ).data.filter(({ code }) => code === 'segment_values');
    expect(ofValues(99)).toEqual([]);
    expect(ofValues(100)).toEqual([
      {
        code: 'segment_values',
        count: 100,
        text: 'Only the 100 values of user.city with the most units are shown, if it has more.',
      },
    ]);
  });

  it('has segments with a warning about many comparisons', () => {
    const segment = (value: string) =>
      ['a', 'b'].map((variant) =>
        group('segment', variant, 50, [rate(50, 9)], { name: 'user.plan', value }),
      );
    const result = resultOf(
      plan([planned('proportion')], { segments: ['user.plan'] }),
      rows(
        { a: [rate(100, 18)], b: [rate(100, 18)] },
        { groups: [...segment('pro'), ...segment('free')] },
      ),
    );
    expect(result.segments.map(({ value, units }) => [value, units])).toEqual([
      ['pro', { a: 50, b: 50 }],
      ['free', { a: 50, b: 50 }],
    ]);
    expect(codes(result)).toContain('many-comparisons');
  });

  it('has a cumulative time line with sequential intervals', () => {
    const day = (before: string, n: number) =>
      ['a', 'b'].map((variant) => group('day', variant, n, [rate(n, n / 4)], { value: before }));
    const result = resultOf(
      plan([planned('proportion')], { timeLine: true }),
      rows(
        { a: [rate(4000, 1000)], b: [rate(4000, 1000)] },
        { groups: [...day('2027-01-03T00:00:00Z', 4000), ...day('2027-01-02T00:00:00Z', 2000)] },
      ),
      AT_END,
    );
    const [line] = result.timeLine;
    expect(line?.points.map(({ before }) => before)).toEqual([
      '2027-01-02T00:00:00Z',
      '2027-01-03T00:00:00Z',
    ]);
    const widthOf = ([low, high]: readonly (number | null)[]) => (high ?? 0) - (low ?? 0);
    expect(widthOf(line?.points[1]?.interval ?? [])).toBeGreaterThan(
      widthOf(only(result).relative.interval ?? []),
    );
    expect(result.period.from).toBe('2027-01-01T00:00:00Z');
  });

  it('has a note with a sentence for each cause', () => {
    const records = new Map(RECORD_CAUSES.map((cause, i) => [cause as string, i + 1]));
    const { data } = resultOf(
      plan([], { holdouts: ['winter'], maxOutcomes: 500 }),
      rows({}, { records }),
    );
    expect(data.map(({ code, count }) => [code, count])).toEqual([...records]);
    for (const { text } of data) {
      expect(text).toMatch(/^[A-Z\d].*\.$/);
      for (const sentence of text.split('. '))
        expect(sentence.split(' ').length).toBeLessThanOrEqual(25);
    }
    const many = new Map(RECORD_CAUSES.map((cause) => [cause as string, 12_345]));
    expect(
      resultOf(plan([], { maxOutcomes: 9 }), rows({}, { records: many })).data[0]?.text,
    ).toContain('12,345 exposures');
  });

  it('lists other checksums, hashed units and unreadable lines', () => {
    const result = resultOf(
      PROPORTION,
      rows(
        { a: [rate(100, 10)], b: [rate(100, 10)] },
        {
          checksums: [
            { checksum: PROPORTION.checksum, exposures: 200, last: '2027-01-02T00:00:00Z' },
            { checksum: 'fedcba9876543210', exposures: 7, last: '2026-01-02T00:00:00Z' },
          ],
          records: new Map([['hashed_units', 200]]),
        },
      ),
      { unreadable: [{ file: 'x.ndjson', lines: 2, first: 17 }] },
    );
    expect(codes(result)).toEqual(expect.arrayContaining(['several-checksums', 'hashed-units']));
    expect(result.data.find(({ code }) => code === 'unreadable_lines')?.text).toBe(
      '2 lines of x.ndjson are not records and were skipped, the first in line 17.',
    );
  });

  it('survives names from outside', () => {
    const variants = ['__proto__', 'constructor'];
    const spec = { name: 'toString', outcomes: ['a\u0007\u202e'] };
    const result = resultOf(
      plan([planned('proportion', 'primary', spec)], {
        variants,
        audiences: [
          { audience: 0, percents: Object.fromEntries(variants.map((one) => [one, 50])) },
        ],
      }),
      rows(Object.fromEntries(variants.map((one) => [one, [rate(100, 10)]]))),
    );
    expect(Object.entries(result.units.byVariant)).toEqual([
      ['__proto__', 100],
      ['constructor', 100],
    ]);
    expect(JSON.stringify(result)).not.toMatch(/(?<!\\)\\u0007|\u202e/);
  });
});

describe('a result without exposures that count', () => {
  it.each([
    ['after_until', '--until'],
    ['other_checksum', '--checksum'],
    ['overridden', 'without an override'],
    ['random', 'identity'],
    ['other_identity', '--identity'],
    ['cut', 'shorter units'],
    ['undeclared_variant', 'specification'],
  ])('names the cause and what to do: %s', (cause, remedy) => {
    const records = new Map([
      ['exposures', 121],
      [cause, 120],
    ]);
    const result = resultOf(PROPORTION, rows({}, { records }));
    expect(result.summary).toContain('120 exposures');
    expect(withheldReason(result)).toContain(remedy);
    expect(withheldReason(result)).not.toContain('paths');
  });

  it('advises to check the paths if there is no exposure at all', () => {
    expect(withheldReason(resultOf(PROPORTION, rows({})))).toContain('Check the paths');
  });
});

describe('warnings against false certainty', () => {
  const data = rows({ a: [rate(2000, 200)], b: [rate(2000, 300)] });

  it('say that verdicts trust a split that could not be tested', () => {
    const unknown = plan([planned('proportion')], { audiences: [] });
    expect(codes(resultOf(unknown, data))).toContain('split-unknown');
    expect(codes(resultOf(PROPORTION, data))).not.toContain('split-unknown');
  });

  it('name a probable bot, unless busy units are left out or others are as busy', () => {
    const withRecords = (most: number, outcomes: number) => ({
      ...data,
      records: new Map([
        ['most_outcomes', most],
        ['outcomes', outcomes],
      ]),
    });
    expect(codes(resultOf(PROPORTION, withRecords(33_200, 40_000)))).toContain('busiest-unit');
    expect(codes(resultOf(PROPORTION, withRecords(999, 5000)))).not.toContain('busiest-unit');
    expect(codes(resultOf(PROPORTION, withRecords(33_200, 4e6)))).not.toContain('busiest-unit');
    const limited = plan([planned('proportion')], { maxOutcomes: 500 });
    expect(codes(resultOf(limited, withRecords(33_200, 40_000)))).not.toContain('busiest-unit');
  });

  it('explain a verdict whose interval contains 0', () => {
    const few = rows({ a: [rate(30, 0)], b: [rate(55, 7)] });
    const result = resultOf(PROPORTION, few, { ...AT_END, confidence: 0.9 });
    expect(only(result).absolute.interval?.[0]).toBeLessThan(0);
    expect(only(result).verdict).toBe('better');
    expect(result.warnings.find(({ code }) => code === 'p-value-decides')?.text).toContain(
      'contains 0',
    );
  });

  it('explain an interval that excludes 0 without a verdict', () => {
    const over = AT_END;
    const few = rows({ a: [rate(100, 0)], b: [rate(100, 5)] });
    const small = resultOf(PROPORTION, few, { ...over, confidence: 0.9 });
    expect(only(small).absolute.interval?.[0]).toBeGreaterThan(0);
    expect(only(small).verdict).toBe('not-decided');
    expect(small.warnings.find(({ code }) => code === 'p-value-decides')?.text).toContain(
      'small counts',
    );
    const two = plan([planned('proportion'), planned('proportion', 'primary', { name: 'other' })]);
    const lone = rows({
      a: [rate(2000, 200), rate(2000, 200)],
      b: [rate(2000, 245), rate(2000, 200)],
    });
    const corrected = resultOf(two, lone, over);
    expect(only(corrected).pValue).toBeLessThan(0.025);
    expect(only(corrected)).toMatchObject({ verdict: 'not-decided' });
    expect(corrected.warnings.find(({ code }) => code === 'p-value-decides')?.text).toContain(
      'number of tests',
    );
  });
});

describe('the time line', () => {
  it('uses CUPED on each day as for all units', () => {
    const both = (n: number, y: number, x: number) =>
      row(
        n,
        ['y', 'x'],
        [y, x],
        [
          [4, 1.6],
          [1.6, 4],
        ],
      );
    const METRIC = plan([planned('count')], { preMs: 86_400_000, timeLine: true });
    // On the first day the variants differ before the exposure, by chance.
    const day = (variant: string, x: number) =>
      group('day', variant, 400, [both(400, 5, x)], { value: '2027-01-10T00:00:00.000Z' });
    const result = resultOf(
      METRIC,
      rows(
        { a: [both(5000, 5, 3)], b: [both(5000, 5, 3)] },
        { groups: [day('a', 3), day('b', 3.6)] },
      ),
    );
    const theta = first(result).cuped.theta ?? 0;
    expect(theta).toBeCloseTo(0.4, 3);
    const relative = result.timeLine[0]?.points[0]?.relative ?? 0;
    expect(relative).toBeCloseTo((-theta * 0.6) / 5, 6);
  });
});
