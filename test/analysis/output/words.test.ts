import { hasFindings, metricGroups, resultTone } from '../../../src/analysis/output/words.ts';
import { buildResult, comparison, metric } from './fixtures/build-result.ts';
import { DECIDED, HARM, NO_DATA, NOT_DECIDED, SPLIT_OFF, TOO_FEW } from './fixtures/results.ts';

describe('hasFindings', () => {
  it.each([
    ['a decided experiment', DECIDED, false],
    ['an experiment that is not decided', NOT_DECIDED, false],
    ['a violated guardrail', HARM, true],
    ['a split that is off', SPLIT_OFF, true],
    ['too few units', TOO_FEW, false],
    ['no data', NO_DATA, false],
  ])('says of %s: %p', (_name, result, found) => {
    expect(hasFindings(result)).toBe(found);
  });

  it('ignores a primary metric that is worse, which is a result', () => {
    const worse = metric('purchases', [0.2, 0.1], [comparison('worse', [-0.5, -0.6, -0.4])]);
    expect(hasFindings(buildResult({ metrics: [worse] }))).toBe(false);
  });
});

describe('resultTone', () => {
  it.each([
    ['good', DECIDED],
    ['quiet', NOT_DECIDED],
    ['bad', HARM],
    ['bad', SPLIT_OFF],
    ['warn', TOO_FEW],
    ['warn', NO_DATA],
  ] as const)('is %s', (tone, result) => {
    expect(resultTone(result)).toBe(tone);
  });
});

describe('metricGroups', () => {
  it('titles each role, with the margin that all guardrails share', () => {
    expect(metricGroups(DECIDED.metrics).map(({ title }) => title)).toEqual([
      'Primary metric',
      'Secondary metrics',
      'Guardrails (at most 10% worse)',
    ]);
  });

  it('leaves the margin out of the title if guardrails have different ones', () => {
    const guardrails = [0.01, 0.02].map((margin) =>
      metric(`m${margin}`, [1, 1], [], { role: 'guardrail', margin }),
    );
    expect(metricGroups(guardrails).map(({ title }) => title)).toEqual(['Guardrails']);
  });
});
