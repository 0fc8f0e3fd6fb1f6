import type { Engine } from '../../../src/analysis/engine.ts';
import { measureBaseline } from '../../../src/analysis/power/measure-baseline.ts';
import { planExperiment } from '../../../src/analysis/power/plan-experiment.ts';
import { AnalysisError } from '../../../src/errors/analysis-error.ts';
import { OptionError } from '../../../src/errors/usage-errors.ts';
import { createRandom } from '../../stats/random.ts';
import { NOW, SPECIFICATION } from './fixture.ts';
import { memoryEngine, type TestRecord } from './memory-engine.ts';

const DAY = 86_400_000;
const UNITS = 400;

/** Units with a first exposure in each of 10 days, and purchases before and after. */
function records(): {
  exposures: TestRecord[];
  outcomes: TestRecord[];
  after: number[];
  before: number[];
} {
  const random = createRandom(7);
  const exposures: TestRecord[] = [];
  const outcomes: TestRecord[] = [];
  const after: number[] = [];
  const before: number[] = [];
  for (let i = 0; i < UNITS; i++) {
    const unit = `u${i}`;
    // Windows of 14 days have ended for all of them.
    const at = NOW.getTime() - (15 + (i % 10)) * DAY;
    exposures.push({ unit, at, experiment: 'checkout' });
    // A second exposure, and an exposure of another experiment.
    exposures.push(
      { unit, at: at + DAY, experiment: 'checkout' },
      { unit, at: at - DAY, experiment: 'other' },
    );
    const usual = random() < 0.5 ? 0 : Math.round(random() * 100);
    const now = usual === 0 && random() < 0.8 ? 0 : usual + Math.round(random() * 20);
    if (usual > 0) outcomes.push({ unit, at: at - 2 * DAY, name: 'purchase', value: usual });
    if (now > 0) outcomes.push({ unit, at: at + 3 * DAY, name: 'purchase', value: now });
    outcomes.push({ unit, at, name: 'visit' });
    before.push(usual);
    after.push(now);
  }
  return { exposures, outcomes, after, before };
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

function covariance(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [meanOf(a), meanOf(b)];
  return a.reduce((sum, x, i) => sum + (x - meanA) * ((b[i] ?? 0) - meanB), 0) / (a.length - 1);
}

describe('measureBaseline', () => {
  const made = records();
  const options = { specification: SPECIFICATION, experiment: 'checkout', now: NOW };
  let engine: Awaited<ReturnType<typeof memoryEngine>>;

  beforeAll(async () => {
    engine = await memoryEngine(
      [
        ...made.exposures,
        { unit: 'boss', at: NOW.getTime() - 20 * DAY, experiment: 'checkout', overridden: true },
      ],
      made.outcomes,
    );
  });

  afterAll(() => engine.close());

  it('measures value, variance, explained variance and new units a day from exposures', async () => {
    const found = await measureBaseline({ ...options, engine, metric: 'revenue', days: 12 });
    expect(found.measured).toEqual({
      units: UNITS,
      from: '2026-11-05T10:00:00Z',
      until: '2026-11-17T10:00:00Z',
      days: 12,
      origin: { experiment: 'checkout' },
    });
    expect(found.value).toBeCloseTo(meanOf(made.after), 9);
    expect(found.variance).toBeCloseTo(covariance(made.after, made.after), 6);
    const explained =
      covariance(made.after, made.before) ** 2 /
      (covariance(made.after, made.after) * covariance(made.before, made.before));
    expect(found.reduction).toBeCloseTo(explained, 9);
    expect(found.reduction).toBeGreaterThan(0.3);
    expect(found.unitsPerDay).toBeCloseTo(UNITS / 12, 12);
  });

  it('measures ratios and quantiles per unit, also those without outcomes', async () => {
    // A metric without a window reaches to the present.
    const given = { ...options, engine, days: 26 };
    const ratio = await measureBaseline({ ...given, metric: 'per_purchase' });
    const bought = made.after.filter((value) => value > 0);
    expect(ratio.value).toBeCloseTo(meanOf(bought), 9);
    // With one purchase of each buyer: the variance of the values, divided by the share of buyers.
    const share = bought.length / UNITS;
    const squares = bought.map((value) => (value - meanOf(bought)) ** 2);
    const variance = (meanOf(squares) * share * (UNITS / (UNITS - 1))) / share ** 2;
    expect(ratio.variance).toBeCloseTo(variance, 6);
    const middle = await measureBaseline({ ...given, metric: 'middle', days: 18 });
    expect(middle.measured.units).toBe(UNITS);
    const sorted = bought.toSorted((a, b) => a - b);
    expect(middle.value).toBeGreaterThanOrEqual(sorted[Math.floor((sorted.length - 1) / 2)] ?? 0);
    expect(middle.value).toBeLessThanOrEqual(sorted[Math.ceil((sorted.length - 1) / 2)] ?? 0);
    // About 1.57 times the variance of the mean, if the values were normal; their shape is flat.
    expect(Number(middle.variance) / Number(ratio.variance)).toBeGreaterThan(1);
    expect(Number(middle.variance) / Number(ratio.variance)).toBeLessThan(6);
  });

  it('counts only units that are new in the period', async () => {
    // The windows of 7 days: the period ends 7 days ago and begins 11 days before that.
    const found = await measureBaseline({ ...options, engine, days: 11 });
    expect(found.measured.until).toBe('2026-11-24T10:00:00Z');
    // Exposures 15 to 18 days ago, and the second exposures of units of 19 days ago.
    expect(found.measured.units).toBe(UNITS / 2);
    expect(found.variance).toBe('rate');
  });

  it('takes units from outcomes if there are no exposures, and says so', async () => {
    const given = { ...options, engine, experiment: 'later', metric: 'revenue', days: 12 };
    const any = await measureBaseline(given);
    expect(any.measured).toMatchObject({ units: UNITS, origin: { outcome: null } });
    const visits = await measureBaseline({ ...given, entry: 'visit' });
    expect(visits.measured).toMatchObject({ units: UNITS, origin: { outcome: 'visit' } });
    expect(visits.value).toBeCloseTo(meanOf(made.after), 9);
    const exposures = await measureBaseline({ ...given, exposuresOf: 'checkout' });
    expect(exposures.measured.origin).toEqual({ experiment: 'checkout' });
    expect(exposures.variance).toBeCloseTo(Number(visits.variance), 9);
  });

  it('refuses outcomes alone that are all of the metric itself', async () => {
    const measured = measureBaseline({ ...options, engine, entry: 'purchase', days: 30 });
    await expect(measured).rejects.toThrow('does not vary in these records');
  });

  it('is what a plan is computed from', async () => {
    const baseline = await measureBaseline({ ...options, engine, metric: 'revenue', days: 12 });
    const plan = planExperiment({ ...options, metric: 'revenue', baseline, lift: 0.2 });
    expect(plan.baseline.measured?.units).toBe(UNITS);
    expect(plan.baseline.reduction).toBe(baseline.reduction);
    expect(plan.unitsNeeded).toBeLessThan(plan.unitsWithoutCuped ?? 0);
    expect(plan.duration?.unitsPerDay).toBe(baseline.unitsPerDay);
    const without = planExperiment({
      ...options,
      metric: 'revenue',
      baseline,
      lift: 0.2,
      cuped: 0,
    });
    expect(without.unitsNeeded).toBe(plan.unitsWithoutCuped);
  });

  it('takes the present as milliseconds too, and the clock if there is none', async () => {
    const { measured } = await measureBaseline({ ...options, engine, now: NOW.getTime() });
    expect((await measureBaseline({ ...options, engine })).measured).toEqual(measured);
    const { now: _, ...others } = options;
    const clock = jest.spyOn(Date, 'now').mockReturnValue(NOW.getTime());
    expect((await measureBaseline({ ...others, engine })).measured).toEqual(measured);
    clock.mockRestore();
  });

  it('passes the signal and the time limit to the engine', async () => {
    const { signal } = new AbortController();
    const query = jest.fn<ReturnType<Engine['query']>, Parameters<Engine['query']>>((...given) =>
      engine.query(...given),
    );
    await measureBaseline({ ...options, engine: { ...engine, query }, signal, timeoutMs: 60_000 });
    expect(query).toHaveBeenCalledWith(expect.any(String), { signal, timeoutMs: 60_000 });
  });

  it.each([
    [
      { exposuresOf: 'prices' },
      AnalysisError,
      'there are no units from exposures of "prices" between',
    ],
    [{ entry: "vis'it" }, AnalysisError, `there are no units from outcomes "vis'it" between`],
    [
      { metric: 'errors', days: 20 },
      AnalysisError,
      'metric "errors" does not vary in these records',
    ],
    [{ experiment: 'prices' }, OptionError, 'a baseline is measured for a metric; name one'],
    [{ now: new Date('tomorrow') }, OptionError, 'now must be a valid Date or milliseconds since'],
    [{ days: 0 }, OptionError, 'days must be a whole number from 1 to 366, not 0'],
    [{ entry: 'visit', exposuresOf: 'prices' }, OptionError, 'set either exposuresOf or entry'],
  ])('refuses %j', async (changes, type, message) => {
    const measured = measureBaseline({ ...options, engine, ...changes });
    await expect(measured).rejects.toThrow(type);
    await expect(measured).rejects.toThrow(message);
  });
});
