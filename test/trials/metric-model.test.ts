import { defaultRate, type MadeOutcome, metricModel } from '../../src/trials/metric-model.ts';
import { TrialRandom } from '../../src/trials/trial-random.ts';
import { matchesOutcome, propertyAt } from '../../src/rules/outcomes/matches-outcome.ts';
import { parseOutcomeRule } from '../../src/rules/outcomes/parse-outcome-rule.ts';
import type { MetricSpec, OutcomePart } from '../../src/specification/metric-types.ts';
import { metric, ONE_OF_EACH } from './metrics.ts';

const UNITS = 12_000;

/** Three standard errors of the lift, by the spread of the made-up values. The numbers are seeded. */
const TOLERANCE = 0.15;

/** Computes a metric from the outcomes of all units, as its definition says. */
function valueOf(spec: MetricSpec, units: readonly (readonly MadeOutcome[])[]): number {
  const sums = (part: OutcomePart, valued = part.value !== undefined) =>
    units.map((outcomes) =>
      outcomes
        .filter(({ name, properties }) => matches(part, name, properties))
        .map(({ properties }) => (valued ? Number(propertyAt(properties, part.value ?? '')) : 1))
        .reduce((sum, one) => sum + one, 0),
    );
  const total = (values: readonly number[]) => values.reduce((sum, one) => sum + one, 0);
  switch (spec.type) {
    case 'proportion':
    case 'retention':
      return sums(spec).filter((count) => count > 0).length / units.length;
    case 'count':
    case 'sum':
      return total(sums(spec)) / units.length;
    case 'mean':
      return total(sums(spec)) / total(sums(spec, false));
    case 'ratio':
      return total(sums(spec.numerator ?? spec)) / total(sums(spec.denominator ?? spec));
    case 'quantile': {
      const values =
        spec.of === 'units'
          ? sums(spec)
          : units.flat().map(({ properties }) => Number(propertyAt(properties, spec.value ?? '')));
      const sorted = values.toSorted((a, b) => a - b);
      return sorted[Math.floor((spec.quantile ?? 0.5) * sorted.length)] ?? Number.NaN;
    }
  }
}

function matches(part: OutcomePart, name: string, properties: object): boolean {
  if (!part.outcomes.includes(name)) return false;
  return part.where === undefined || matchesOutcome(parseOutcomeRule(part.where), properties);
}

function simulate(spec: MetricSpec, lift: number, run: number): MadeOutcome[][] {
  const random = new TrialRandom(1, run);
  const model = metricModel(spec, defaultRate(spec), lift);
  return Array.from({ length: UNITS }, () => {
    const traits = model.traits(random);
    return model.outcomes(random, traits, lift);
  });
}

describe('metricModel()', () => {
  it.each(ONE_OF_EACH.map((spec) => [spec.name, spec] as const))(
    'makes %s larger by the planted effect',
    (_, spec) => {
      const control = valueOf(spec, simulate(spec, 0, 0));
      const treatment = valueOf(spec, simulate(spec, 0.5, 1));
      expect(control).toBeGreaterThan(0);
      expect(Math.abs(treatment / control - 1.5)).toBeLessThan(TOLERANCE);
    },
  );

  it('makes the past of a unit tell something about its future', () => {
    const spec = metric({ type: 'count' });
    const random = new TrialRandom(1, 0);
    const model = metricModel(spec, 0.1, 0);
    let both = 0;
    let first = 0;
    let second = 0;
    for (let unit = 0; unit < UNITS; unit++) {
      const traits = model.traits(random);
      const [a, b] = [0, 1].map(() => model.outcomes(random, traits, 0).length > 0);
      if (a) first++;
      if (b) second++;
      if (a && b) both++;
    }
    // Independent periods would have 1% of units in both.
    expect(both / UNITS).toBeGreaterThan((1.5 * first * second) / UNITS ** 2);
  });

  it('makes up only outcomes that match the rule of the metric', () => {
    const spec = metric({ type: 'sum', value: 'value', where: "currency == 'EUR' and value > 0" });
    const rule = parseOutcomeRule(spec.where ?? '');
    const made = simulate(spec, 0.1, 0).flat();
    expect(made.length).toBeGreaterThan(0);
    expect(made.every(({ properties }) => matchesOutcome(rule, properties))).toBe(true);
  });

  it('reports a rule that not every value matches', () => {
    const spec = metric({ type: 'sum', value: 'value', where: 'value > 10' });
    expect(() => metricModel(spec, 0.1, 0)).toThrow(
      'metric "sum": no outcome "purchase" can be made up that matches its rule for every value; simulate another metric',
    );
  });

  it('reports a rate that can not rise so much', () => {
    expect(() => metricModel(metric({ type: 'proportion' }), 0.9, 0.25)).toThrow(
      'metric "proportion": a rate of 0.9 can\'t rise by 25%; pass a lower --rate',
    );
  });

  it('keeps chances below 1 for a high rate', () => {
    const spec = metric({ type: 'proportion' });
    const model = metricModel(spec, 0.8, 0.2);
    const random = new TrialRandom(1, 0);
    const active = Array.from({ length: UNITS }, () => {
      const traits = model.traits(random);
      return model.outcomes(random, traits, 0.2).length > 0;
    }).filter(Boolean).length;
    expect(Math.abs(active / UNITS - 0.96)).toBeLessThan(0.01);
  });
});
