import { parseExperiments } from '../../../../src/assignment/parse-experiments.ts';
import { DEFAULT_PARKED } from '../../../../src/changes/parked.ts';
import { diffJson } from '../../../../src/cli/output/diff/diff-json.ts';
import {
  diffSpecifications,
  isHarmfulDiff,
} from '../../../../src/workbench/diff/diff-specifications.ts';
import { experiment, METRICS } from '../../../specification/metrics/read-metrics.ts';

const spec = (analysis: object | undefined, ...metrics: object[]) => ({
  experiments: [experiment({ analysis })],
  metrics,
});

const diff = (before: object, after: object) =>
  diffSpecifications(
    parseExperiments(before, { logger: false }),
    parseExperiments(after, { logger: false }),
    { units: 1000, parked: new Set(DEFAULT_PARKED) },
  );

describe('the diff of metrics and analyses', () => {
  it('lists what is new, changed and removed, and moves no one', async () => {
    const { sum, count, mean } = METRICS;
    const found = await diff(
      spec({ primary: ['orders'], plannedUnits: 100 }, count, mean),
      spec({ primary: ['revenue'], guardrails: [{ metric: 'orders' }], plannedUnits: 100 }, sum, {
        ...count,
        window: '14d',
        description: 'a note',
      }),
    );
    expect(found.analyses).toStrictEqual([
      'metric revenue: new',
      'metric orders changed: window 7d → 14d',
      'metric order_value: removed',
      'analysis of checkout changed: primary metrics orders → revenue; guardrails none → orders (margin 0.01)',
    ]);
    expect([found.changed, found.unchanged, isHarmfulDiff(found)]).toStrictEqual([[], 1, false]);
    expect(diffJson(found)).toMatchObject({ harmful: false, analyses: found.analyses });
  });

  it('is silent about notes, and about files without metrics', async () => {
    const { count } = METRICS;
    const noted = await diff(spec({}, count), spec({}, { ...count, owner: 'ada' }));
    expect(noted).not.toHaveProperty('analyses');
    expect(await diff([experiment()], [experiment()])).not.toHaveProperty('analyses');
  });

  it('names the analyses of holdouts and of experiments in namespaces', async () => {
    const data = (analysis: object | undefined) => ({
      experiments: ['chat:on'],
      metrics: [METRICS.sum],
      holdouts: [
        { name: 'winter', identity: 'user.id', percent: 5, experiments: ['chat'], analysis },
      ],
      namespaces: [
        {
          name: 'prices',
          unit: 'user.id',
          experiments: [{ name: 'x', script: 'a = 1;', analysis }],
        },
      ],
    });
    const { analyses } = await diff(data(undefined), data({ primary: ['revenue'] }));
    expect(analyses).toStrictEqual(['analysis of winter: new', 'analysis of prices.x: new']);
  });
});
