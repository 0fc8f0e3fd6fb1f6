// cspell:ignore outcom
import { MS_PER_DAY, METRICS, problemsOf, specificationOf } from './read-metrics.ts';

const metricsOf = (...metrics: object[]) => specificationOf({ experiments: [], metrics }).metrics;
const problems = (...metrics: object[]) => problemsOf({ experiments: [], metrics });
const BASE = { delayMs: 0, windowMs: 7 * MS_PER_DAY, cap: null, better: 'up' };
const CAP = { quantile: 0.999, ignoreZeros: false };

describe('a metric', () => {
  it.each([
    [METRICS.proportion, { ...BASE, outcomes: ['purchase'] }],
    [METRICS.retention, { ...BASE, outcomes: ['visit'], delayMs: 7 * MS_PER_DAY }],
    [METRICS.count, { ...BASE, outcomes: ['purchase'], cap: CAP }],
    [METRICS.sum, { ...BASE, outcomes: ['purchase', 'renewal'], value: 'value', cap: CAP }],
    [METRICS.mean, { ...BASE, outcomes: ['purchase'], value: 'order.total' }],
    [
      METRICS.ratio,
      {
        ...BASE,
        outcomes: ['purchase', 'visit'],
        numerator: { outcomes: ['purchase'], value: 'value' },
        denominator: { outcomes: ['visit', 'purchase'], where: 'page != "home"' },
      },
    ],
    [METRICS.quantile, { ...BASE, outcomes: ['load'], value: 'ms', quantile: 0.9, of: 'outcomes' }],
  ])('gets its defaults: %j', (metric, expected) => {
    const { name, type } = metric;
    expect(metricsOf(metric)).toStrictEqual([{ name, type, ...expected }]);
  });

  it.each([
    [{ window: '12h' }, { windowMs: MS_PER_DAY / 2 }],
    [{ window: '2w' }, { windowMs: 14 * MS_PER_DAY }],
    [{ window: null }, { windowMs: null }],
    [{ delay: '30m' }, { delayMs: 1_800_000 }],
    [{ cap: null }, { cap: null }],
    [{ cap: 0.99 }, { cap: { quantile: 0.99, ignoreZeros: false } }],
    [
      { cap: { quantile: 0.99, ignoreZeros: true } },
      { cap: { quantile: 0.99, ignoreZeros: true } },
    ],
    [{ cap: { at: 500 } }, { cap: { at: 500 } }],
    [{ better: 'down' }, { better: 'down' }],
    [{ where: 'currency == "EUR"' }, { where: 'currency == "EUR"' }],
    [
      { description: 'why', owner: 'ada' },
      { description: 'why', owner: 'ada' },
    ],
  ])('takes %j', (parts, expected) => {
    expect(metricsOf({ ...METRICS.sum, ...parts })?.[0]).toMatchObject(expected);
  });

  it('is a quantile of units, with or without those without a value', () => {
    const ofUnits = { ...METRICS.quantile, of: 'units' };
    expect(metricsOf(ofUnits)?.[0]).toMatchObject({ of: 'units', ignoreZeros: false });
    const [metric] = metricsOf({ ...ofUnits, ignoreZeros: true }) ?? [];
    expect(metric).toMatchObject({ of: 'units', ignoreZeros: true });
  });

  it('is frozen with everything inside', () => {
    const [metric] = metricsOf(METRICS.ratio) ?? [];
    expect([metric, metric?.outcomes, metric?.denominator?.outcomes].every(Object.isFrozen)).toBe(
      true,
    );
  });

  it('is absent if the file declares none', () => {
    expect(specificationOf([])).not.toHaveProperty('metrics');
    expect(specificationOf({ experiments: [], metrics: [] })).not.toHaveProperty('metrics');
  });

  it.each<[string, object, ...string[]]>([
    ['no type', { type: undefined }, '/metrics/0: the property "type" is missing'],
    [
      'another word for a type',
      { type: 'conversion' },
      '/metrics/0/type: type must be one of "proportion", "count", "sum", "mean", "ratio", "quantile", "retention", not "conversion"; did you mean "proportion"?',
    ],
    [
      'a name with other characters',
      { name: 'net revenue' },
      '/metrics/0/name: name must be a string of letters, digits and underscores, not "net revenue"; did you mean "net_revenue"?',
    ],
    [
      'a misspelt property',
      { outcom: 'purchase', outcome: undefined },
      '/metrics/0/outcom: unknown property "outcom"; did you mean "outcome"?',
    ],
    [
      'a window in words',
      { window: '7 days' },
      '/metrics/0/window: window must be a duration such as "30m", "12h", "7d" or "2w", or null, not "7 days"; did you mean "7d"?',
    ],
    [
      'an ISO duration',
      { delay: 'P7D' },
      '/metrics/0/delay: delay must be a duration such as "30m", "12h", "7d" or "2w", not "P7D"; did you mean "7d"?',
    ],
    [
      'a window without length',
      { window: '0d' },
      '/metrics/0/window: a window of 0d holds no outcomes; write one such as "7d"',
    ],
    [
      'a window of centuries',
      { window: '99999w' },
      '/metrics/0/window: window is longer than ten years; for a window without end, write null',
    ],
    [
      'a cap that is a fixed limit',
      { cap: 500 },
      '/metrics/0/cap: cap must be a quantile between 0 and 1, such as 0.999, { "at": 500 }, or null, not 500',
    ],
    ['a cap of 1', { cap: 1 }, '/metrics/0/cap: cap must be a quantile'],
    [
      'two caps',
      { cap: { quantile: 0.9, at: 5 } },
      '/metrics/0/cap: a cap has either "quantile" or "at", not both',
    ],
    ['an empty cap', { cap: {} }, '/metrics/0/cap: a cap needs "quantile" or "at"'],
    [
      'a fixed cap that ignores zeros',
      { cap: { at: 5, ignoreZeros: true } },
      '/metrics/0/cap/ignoreZeros: "ignoreZeros" has no meaning for a fixed cap',
    ],
    ['a cap at 0', { cap: { at: 0 } }, '/metrics/0/cap/at: at must be a number above 0, not 0'],
    [
      'another word for a direction',
      { better: 'lower' },
      '/metrics/0/better: better must be "up" or "down", not "lower"; did you mean "down"?',
    ],
    [
      'no value',
      { value: undefined },
      '/metrics/0: a metric of the type "sum" needs "value"; add "value": "value"',
    ],
    [
      'a value that is not a path',
      { value: 'order[0]' },
      `/metrics/0/value: value must be a dotted path of letters, digits and underscores of the outcome's properties, such as "value" or "order.total", not "order[0]"`,
    ],
    [
      'a numerator',
      { numerator: { outcome: 'visit' } },
      '/metrics/0/numerator: "numerator" has no meaning for the type "sum"; remove it, or use the type "ratio"',
    ],
    [
      'a quantile',
      { quantile: 0.5 },
      '/metrics/0/quantile: "quantile" has no meaning for the type "sum"; remove it, or use the type "quantile"',
    ],
    [
      'zeros to ignore',
      { ignoreZeros: true },
      '/metrics/0/ignoreZeros: "ignoreZeros" has a meaning only for a "quantile" of units; remove it, or write it inside "cap"',
    ],
    [
      'an empty list of outcomes',
      { outcome: [] },
      '/metrics/0/outcome: outcome must be the name of an outcome, or a list of at least one name, not an empty list',
    ],
    [
      'an outcome twice',
      { outcome: ['a', 'a'] },
      '/metrics/0/outcome/1: this outcome is listed twice; remove one of them',
    ],
    [
      'a rule that does not parse',
      { where: 'currency = "EUR"' },
      '/metrics/0/where: rules have no "="; to compare, write ==\n  currency = "EUR"\n           ^',
    ],
    [
      'a rule with a call',
      { where: 'len(items) > 1' },
      "/metrics/0/where: rules can't call len(…)",
    ],
  ])('is refused with %s', (_, parts, ...expected) => {
    const found = problems({ ...METRICS.sum, ...parts });
    expect(found.map((text, i) => text.slice(0, expected[i]?.length))).toStrictEqual(expected);
  });

  it.each([
    [
      { ...METRICS.proportion, value: 'value' },
      '/metrics/0/value: "value" has no meaning for the type "proportion"; remove it, or use the type "sum"',
    ],
    [
      { ...METRICS.proportion, cap: 0.9 },
      '/metrics/0/cap: "cap" has no meaning for the type "proportion"; remove it',
    ],
    [
      { ...METRICS.retention, delay: undefined },
      '/metrics/0: a metric of the type "retention" needs "delay"; add "delay": "7d"',
    ],
    [
      { ...METRICS.retention, delay: '0d' },
      '/metrics/0/delay: the delay of a "retention" must be longer than 0, such as "7d"',
    ],
    [
      { ...METRICS.ratio, denominator: undefined },
      '/metrics/0: a metric of the type "ratio" needs "denominator"; add "denominator": { "outcome": "visit" }',
    ],
    [
      { ...METRICS.ratio, outcome: 'visit' },
      '/metrics/0/outcome: "outcome" has no meaning for the type "ratio"; write it in "numerator" or "denominator"',
    ],
    [
      { ...METRICS.ratio, numerator: { outcome: 'visit', wher: 'a == 1' } },
      '/metrics/0/numerator/wher: unknown property "wher"; did you mean "where"?',
    ],
    [
      { ...METRICS.ratio, numerator: { outcome: 7 } },
      '/metrics/0/numerator/outcome: outcome must be the name of an outcome, or a list of at least one name, not 7',
    ],
    [
      { ...METRICS.quantile, quantile: undefined },
      '/metrics/0: a metric of the type "quantile" needs "quantile"; add "quantile": 0.9',
    ],
    [
      { ...METRICS.quantile, quantile: 1 },
      '/metrics/0/quantile: quantile must be a number between 0 and 1, not 1',
    ],
    [
      { ...METRICS.quantile, ignoreZeros: true },
      '/metrics/0/ignoreZeros: "ignoreZeros" has a meaning only for a "quantile" of units; add "of": "units"',
    ],
  ])('is refused if its properties do not fit its type: %j', (metric, expected) => {
    expect(problems(metric)).toStrictEqual([expected]);
  });

  it('is refused with the name of another', () => {
    expect(problems(METRICS.sum, METRICS.count, METRICS.sum)).toStrictEqual([
      '/metrics/2/name: metric "revenue" is declared twice: /metrics/0 has the same name; rename one of them',
    ]);
  });

  it('has the problems of its rule in both halves of a ratio', () => {
    const part = { outcome: 'visit', where: 'a' };
    const found = problems({ ...METRICS.ratio, numerator: part, denominator: part });
    expect(found.map((text) => text.split(':', 1)[0])).toStrictEqual([
      '/metrics/0/numerator/where',
      '/metrics/0/denominator/where',
    ]);
  });
});
