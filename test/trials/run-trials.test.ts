import { runTrials } from '../../src/trials/run-trials.ts';
import type { TrialDesign } from '../../src/trials/trial-design.ts';
import type { TrialReport } from '../../src/trials/trial-report.ts';
import { atOnce } from '../../src/runtime/steps.ts';
import { specificationSteps } from '../../src/specification/specification.ts';
import { audience, experiment } from '../assignment/build.ts';

const specification = atOnce(
  specificationSteps(
    {
      metrics: [
        { name: 'buyers', outcome: 'purchase', type: 'proportion', where: "currency == 'EUR'" },
        { name: 'revenue', outcome: 'purchase', type: 'sum', value: 'value' },
        { name: 'visits', outcome: 'visit', type: 'count' },
      ],
      experiments: [
        experiment({ name: 'checkout', audiences: [audience({ control: 50, short: 50 })] }),
      ],
    },
    { origin: 'test' },
  ),
);

const DESIGN: TrialDesign = {
  experiment: 'checkout',
  effects: [{ metric: 'buyers', lift: 0.9 }],
  rate: 0.3,
  runs: 2,
  units: 1500,
  looks: 1,
  seed: 5,
  context: {},
  start: Date.UTC(2027, 0, 4),
};

function run(
  design: Partial<TrialDesign>,
  more: Partial<Parameters<typeof runTrials>[2]> = {},
): Promise<TrialReport> {
  return runTrials(specification, { ...DESIGN, ...design }, more);
}

describe('runTrials()', () => {
  it('finds a large planted effect in each experiment', async () => {
    const report = await run({});
    expect(report).toMatchObject({ runs: 2, partial: false, control: 'control' });
    const [buyers] = report.comparisons;
    expect(buyers).toMatchObject({ metric: 'buyers', variant: 'short', planted: 0.9 });
    expect(buyers?.methods.map(({ decided }) => decided.count)).toEqual([2, 2, 2]);
    expect(buyers?.methods.map(({ wrong }) => wrong.count)).toEqual([0, 0, 0]);
    expect(Math.abs((buyers?.estimate?.mean ?? 0) - 0.9)).toBeLessThan(0.3);
  });

  it('gives the same figures for the same seed, and others for another', async () => {
    const [first, again, other] = [await run({}), await run({}), await run({ seed: 6 })];
    expect(again).toEqual(first);
    expect(other.comparisons[0]?.estimate).not.toEqual(first.comparisons[0]?.estimate);
  });

  it('looks at each day of one experiment', async () => {
    const effects = [{ metric: 'buyers', lift: 0.8 }];
    const { comparisons } = await run({ effects, looks: 5, runs: 1 });
    // The first day has too few units for a decision, and the last day has more than are needed.
    expect(comparisons[0]?.methods[2]?.firstDecision).toBeGreaterThan(0);
    expect(comparisons[0]?.methods[2]?.firstDecision).toBeLessThan(1);
  });

  it('ends with the finished experiments when it is aborted', async () => {
    const abort = new AbortController();
    const report = await run(
      { runs: 50 },
      { signal: abort.signal, onProgress: (runs) => runs === 2 && abort.abort() },
    );
    expect(report).toMatchObject({ runs: 2, plannedRuns: 50, partial: true });
  });

  it('refuses metrics that count the same outcome', async () => {
    const effects = ['buyers', 'revenue'].map((metric) => ({ metric, lift: 0 }));
    await expect(run({ effects })).rejects.toThrow(
      'metrics "buyers" and "revenue" count the same outcome "purchase"; simulate them one after the other',
    );
  });

  it('refuses an unknown metric, and one that is listed twice', async () => {
    await expect(run({ effects: [{ metric: 'byers', lift: 0 }] })).rejects.toThrow('"buyers"');
    const twice = [DESIGN.effects[0], DESIGN.effects[0]].flatMap((one) => one ?? []);
    await expect(run({ effects: twice })).rejects.toThrow('a metric is listed twice with --effect');
  });
});
