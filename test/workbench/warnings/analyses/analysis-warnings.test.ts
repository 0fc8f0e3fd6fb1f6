import { parseConfig } from '../../../../src/cli/files/config-file.ts';
import { findWarnings } from '../../../../src/cli/files/find-warnings.ts';
import { experiment, METRICS } from '../../../specification/metrics/read-metrics.ts';

function warningsOf(data: object): string[] {
  const text = JSON.stringify({ metrics: Object.values(METRICS), ...data }, null, 1);
  const config = parseConfig({ origin: 'test', path: undefined, text });
  return findWarnings(config, { today: '2027-01-15' }).map(
    ({ code, path, message }) => `${code} ${path}: ${message}`,
  );
}

const analysis = { primary: ['revenue'] };

describe('the warnings about an analysis', () => {
  it('are none for an experiment that is recorded, and for metrics that no experiment uses', () => {
    const until = '2027-01-15T00:00:00Z';
    expect(warningsOf({ experiments: [experiment({ analysis: { ...analysis, until } })] })).toEqual(
      [],
    );
  });

  it('say that exposures are not recorded', () => {
    expect(warningsOf({ experiments: [experiment({ analysis, exposure: 'off' })] })).toEqual([
      'analysis-unrecorded /experiments/0/analysis: "checkout" has an analysis, but its exposures are not recorded; set "exposure": "auto" on the experiment, or remove "analysis"',
    ]);
  });

  it('say that outcomes can not be joined to random draws', () => {
    expect(warningsOf({ experiments: [experiment({ analysis, identity: 'random' })] })).toEqual([
      'analysis-random /experiments/0/analysis: "checkout" has an analysis, but with the identity "random" outcomes can\'t be joined to its exposures; use an identity such as "user.id" or "anonymous"',
    ]);
  });

  it('say that a planned end is past: of an experiment, a holdout and in a namespace', () => {
    const ended = { ...analysis, until: '2027-01-14T23:59:59Z' };
    const found = warningsOf({
      experiments: [experiment({ analysis: ended })],
      holdouts: [
        {
          name: 'winter',
          identity: 'user.id',
          percent: 5,
          experiments: ['checkout'],
          analysis: ended,
        },
      ],
      namespaces: [
        {
          name: 'prices',
          unit: 'user.id',
          exposure: 'off',
          experiments: [{ name: 'discount', script: 'a = 1;', analysis: ended }],
        },
      ],
    });
    expect(found).toContain(
      'analysis-ended /experiments/0/analysis/until: the planned end of "checkout", 2027-01-14T23:59:59Z, is past; decide the experiment and end it, or choose a later "until"',
    );
    expect(
      found.map((text) => text.split(':', 1)[0]).filter((text) => text?.startsWith('analysis')),
    ).toEqual([
      'analysis-ended /experiments/0/analysis/until',
      'analysis-ended /holdouts/0/analysis/until',
      'analysis-unrecorded /namespaces/0/experiments/0/analysis',
      'analysis-ended /namespaces/0/experiments/0/analysis/until',
    ]);
  });
});
