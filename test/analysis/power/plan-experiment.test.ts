import * as fc from 'fast-check';
import type { ExperimentPlan } from '../../../src/analysis/power/experiment-plan.ts';
import { planExperiment } from '../../../src/analysis/power/plan-experiment.ts';
import { AnalysisError } from '../../../src/errors/analysis-error.ts';
import { OptionError } from '../../../src/errors/usage-errors.ts';
import { options } from './fixture.ts';

/** Returns the texts of a plan's notes by their codes. */
function notesOf({ notes }: ExperimentPlan): Readonly<Record<string, string>> {
  return Object.fromEntries(notes.map(({ code, text }) => [code, text]));
}

describe('planExperiment', () => {
  it('finds the units and the days for a lift', () => {
    const plan = planExperiment(options({ lift: 0.05, unitsPerDay: 7800, method: 'fixed' }));
    // A rate of 12% against 12.6%, by the formula: (z(0.975) + z(0.8))² · (v + v') / d² in each arm.
    const variances = 0.12 * 0.88 + 0.126 * 0.874;
    const arm = ((1.959963984540054 + 0.8416212335729143) ** 2 * variances) / 0.006 ** 2;
    // The second tail, which the formula leaves out, saves less than one unit.
    expect(Math.abs((plan.unitsNeeded ?? 0) - 2 * arm)).toBeLessThan(2);
    expect(plan.power).toBeCloseTo(0.8, 4);
    expect(plan.detectableLift).toBeCloseTo(0.05, 6);
    expect(plan.summary).toBe(
      'About 94,200 units (47,100 in each variant), 13 days at 7,800 new units a day, detect a ' +
        'lift of 5% with a chance of 80%.',
    );
    // 13 days after 10:00, with a window of 7 days, and then until midnight.
    expect(plan.duration).toEqual({
      unitsPerDay: 7800,
      arrivalDays: 13,
      totalDays: 20,
      until: '2026-12-22T00:00:00Z',
    });
  });

  it('says what looking every day costs', () => {
    const plan = planExperiment(options({ lift: 0.05 }));
    const [fixed, hybrid, sequential] = plan.methods;
    expect(fixed?.extraUnits).toBe(0);
    // (z(0.9875) + z(0.8))² / (z(0.975) + z(0.8))²
    expect(hybrid?.extraUnits).toBeCloseTo((2.241402728 + 0.8416212) ** 2 / 7.848879734 - 1, 3);
    expect(sequential?.extraUnits).toBeGreaterThan(hybrid?.extraUnits ?? 1);
    expect(notesOf(plan)['price']).toMatch(/^21% more units let you look every day \(one look/);
  });

  it('finds the lift that units or days detect', () => {
    const plan = planExperiment(options({ units: 20_000 }));
    expect(plan.summary).toBe(
      '20,000 units (10,000 in each variant) detect a lift of 12.1% or more with a chance of 80%.',
    );
    const days = planExperiment(options({ days: 10, unitsPerDay: 2000 }));
    expect([days.units?.total, days.detectableLift]).toEqual([20_000, plan.detectableLift]);
  });

  it('leaves out parked variants, and the new units that get them', () => {
    const given = { lift: 0.05, unitsPerDay: 7800 };
    const plan = planExperiment(options({ ...given, experiment: 'ramp' }));
    const all = planExperiment(options(given));
    expect(plan.shares).toEqual({ control: 0.5, short: 0.5 });
    expect(plan.unitsNeeded).toBe(all.unitsNeeded);
    expect(plan.test.comparisons).toBe(1);
    expect(plan.duration?.unitsPerDay).toBeCloseTo(3120, 9);
    expect(plan.duration?.arrivalDays).toBe(Math.ceil((all.unitsNeeded ?? 0) / 3120));
    expect(notesOf(plan)['not-compared']).toBe(
      'only 40% of new units get a variant that is compared (control, short); the plan counts these units',
    );
    const days = planExperiment(options({ days: 10, unitsPerDay: 2000, experiment: 'ramp' }));
    expect(days.units?.total).toBe(8000);
  });

  it('compares the variants that are asked for', () => {
    const given = { lift: 0.05, experiment: 'ramp', unitsPerDay: 1000 };
    const variants = ['inactive', 'short'];
    const plan = planExperiment(options({ ...given, variants, control: 'inactive' }));
    expect(plan.shares).toEqual({ inactive: 0.75, short: 0.25 });
    expect(plan.duration?.unitsPerDay).toBeCloseTo(800, 9);
    expect(() => planExperiment(options({ ...given, variants }))).toThrow(AnalysisError);
    expect(() => planExperiment(options({ ...given, variants: ['short'] }))).toThrow(
      'variants must be a list of at least two names, the control included',
    );
  });

  it('finds the power of units for a lift', () => {
    const plan = planExperiment(options({ units: 20_000, lift: 0.1 }));
    expect(plan.power).toBeGreaterThan(0.5);
    expect(plan.power).toBeLessThan(0.8);
    expect(plan.unitsNeeded).toBeGreaterThan(20_000);
    expect(plan.summary).toMatch(/detect a lift of 10% with a chance of 6\d(\.\d)?%\.$/);
  });

  it('plans for the treatment with the smallest share, and divides the error rate', () => {
    const plan = planExperiment(options({ experiment: 'prices', lift: 0.1 }));
    expect(plan.shares).toEqual({ off: 0.6, low: 0.3, high: 0.1 });
    expect(plan.test.alpha).toBeCloseTo(0.05 / 2 / 2, 12);
    const two = planExperiment(options({ lift: 0.1, comparisons: 2 }));
    expect(plan.unitsNeeded).toBeGreaterThan(2 * (two.unitsNeeded ?? 0));
    expect(notesOf(plan)).toMatchObject({
      'smallest-share': 'the units are those for the treatment with the smallest share',
      comparisons:
        "2 comparisons share the error rate; the plan gives each 1.25%, Holm's worst case",
    });
  });

  it('assumes equal shares before an experiment has any', () => {
    const plan = planExperiment(options({ experiment: 'later', lift: 0.1 }));
    expect(plan.shares).toEqual({ off: 0.5, on: 0.5 });
    expect(plan.notes[0]?.code).toBe('equal-shares');
  });

  it('needs fewer units with CUPED, in proportion to the variance', () => {
    const plan = planExperiment(options({ lift: 0.1, cuped: 0.3 }));
    expect((plan.unitsNeeded ?? 0) / (plan.unitsWithoutCuped ?? 1)).toBeCloseTo(0.7, 4);
    expect(notesOf(plan)['cuped']).toMatch(/^CUPED is expected to remove 30% of the variance; /);
  });

  it('plans a guardrail one-sided, against its margin', () => {
    const plan = planExperiment(options({ metric: 'errors', unitsPerDay: 9000 }));
    expect(plan.metric).toMatchObject({ role: 'guardrail', margin: 0.05, better: 'down' });
    expect(plan.test.alternative).toBe('less');
    expect(plan.detectableLift).toBeCloseTo(0.05, 5);
    expect(plan.summary).toMatch(
      /exclude a harm beyond 5% with a chance of 80% if there is none\.$/,
    );
  });

  it('finds the detectable decrease of a metric that should go down', () => {
    const guardrails = planExperiment(options({ metric: 'errors', units: 20_000 }));
    expect(guardrails.detectableLift).toBeGreaterThan(0);
    const plan = planExperiment(options({ experiment: 'prices', metric: 'errors', units: 90_000 }));
    expect(plan.detectableLift).toBeLessThan(0);
    expect(plan.summary).toMatch(/detect a lift of -\d+(\.\d+)?% or a larger decrease/);
  });

  it('says that no number of units reaches an impossible rate', () => {
    const plan = planExperiment(options({ lift: 11 }));
    expect([plan.units, plan.unitsNeeded, plan.duration]).toEqual([null, null, null]);
    expect(plan.summary).toBe('No number of units detects a lift of 1,100% with a chance of 80%.');
    expect(notesOf(plan)['impossible-lift']).toBe(
      'a lift of 1,100% would take the rate to 144%; choose a smaller lift',
    );
  });

  it('warns of a metric without a window, of few units and of a short time', () => {
    const plan = planExperiment(
      options({
        metric: 'per_purchase',
        baseline: { mean: 40, sd: 20 },
        lift: 0.5,
        unitsPerDay: 100,
      }),
    );
    expect(Object.keys(notesOf(plan))).toEqual([
      'few-units',
      'price',
      'secondary',
      'no-window',
      'short',
    ]);
  });

  it('draws curves that rise, with the target power at the detectable lift', () => {
    const { curves, detectableLift } = planExperiment(options({ units: 20_000, unitsPerDay: 780 }));
    const powers = curves.power.map((point) => point.power);
    expect(powers).toEqual(powers.toSorted((a, b) => a - b));
    const middle = curves.power[20];
    expect(middle?.lift).toBeCloseTo(detectableLift ?? 0, 12);
    expect(middle?.power).toBeCloseTo(0.8, 9);
    const lifts = curves.weeks.map(({ lift }) => lift ?? Infinity);
    expect(lifts).toEqual(lifts.toSorted((a, b) => b - a));
    expect(curves.weeks.length).toBe(8);
  });

  it.each([
    [{}, 'give the lift to detect, the number of units, or the days'],
    [{ days: 7 }, 'days need unitsPerDay, the number of new units a day'],
    [{ baseline: { rate: 1.2 }, lift: 0.1 }, 'rate must be a number above 0 and below 1, not 1.2'],
    [{ baseline: { mean: 0, sd: 1 } }, 'mean must be a number other than 0, not 0; a lift is'],
    [{ baseline: { mean: 3, sd: Number.NaN } }, 'sd must be a number above 0, not NaN'],
    [
      { baseline: { mean: 3, sd: 1 }, lift: 0.1 },
      'metric "purchase" is a proportion; give its rate',
    ],
    [{ metric: 'revenue', lift: 0.1 }, 'metric "revenue" is a sum; give its mean and its standard'],
    [{ lift: Number.NaN }, 'lift must be a share from -1000 to 1000, such as 0.05, not NaN'],
    [{ units: 2.5 }, 'units must be a whole number from 4'],
    [{ power: 1 }, 'power must be a number above'],
    [{ confidence: 0.5 }, 'confidence must be a number above 0.5 and below 1, not 0.5'],
    [{ cuped: 1 }, 'cuped must be a share from 0 to less than 1, not 1'],
    [{ comparisons: 0 }, 'comparisons must be a whole number above 0, not 0'],
  ])('refuses %j', (changes, message) => {
    const plan = (): ExperimentPlan => planExperiment(options(changes));
    expect(plan).toThrow(OptionError);
    expect(plan).toThrow(message);
  });

  it.each([
    [{ experiment: 'chekout' }, 'did you mean "checkout"?'],
    [{ metric: 'purchases' }, 'did you mean "purchase"?'],
    [{ control: 'shor' }, 'did you mean "short"?'],
  ])('refuses the unknown name in %j', (changes, message) => {
    const plan = (): ExperimentPlan => planExperiment(options({ lift: 0.1, ...changes }));
    expect(plan).toThrow(AnalysisError);
    expect(plan).toThrow(message);
  });

  it('holds plain data without NaN for any numbers', () => {
    const share = fc.double({ min: 0.0001, max: 0.9999, noNaN: true });
    const numbers = fc.record({
      baseline: fc.oneof(
        fc.record({ rate: share }),
        fc.record({
          mean: fc.double({ min: 1e-9, max: 1e12, noNaN: true }),
          sd: fc.double({ min: 1e-9, max: 1e12, noNaN: true }),
        }),
      ),
      lift: fc.option(fc.double({ min: -2, max: 3, noNaN: true }), { nil: undefined }),
      units: fc.option(fc.integer({ min: 4, max: 1e12 }), { nil: undefined }),
      unitsPerDay: fc.option(fc.double({ min: 1e-6, max: 1e9, noNaN: true }), { nil: undefined }),
      cuped: share,
      method: fc.constantFrom('fixed' as const, 'hybrid' as const, 'sequential' as const),
    });
    fc.assert(
      fc.property(numbers, ({ lift, units, unitsPerDay, ...rest }) => {
        const plan = planExperiment(
          options({
            experiment: 'prices',
            ...rest,
            ...(lift !== undefined && { lift }),
            ...(unitsPerDay !== undefined && { unitsPerDay }),
            ...(units !== undefined && { units }),
            ...(lift === undefined && units === undefined && { units: 1000 }),
          }),
        );
        // JSON has no NaN and no infinite numbers: they would become null.
        expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
        expect(plan.summary).not.toMatch(/NaN|Infinity|null|undefined/);
        for (const { text } of plan.notes) expect(text).not.toMatch(/NaN|Infinity|null|undefined/);
      }),
      { numRuns: 50 },
    );
  });
});
