import { comparisonFacts } from '../../../src/analysis/output/metric-facts.ts';
import { comparison, metric } from './fixtures/build-result.ts';

describe('comparisonFacts', () => {
  it.each([
    [2_765_432, 'about 2.8 million more units in all variants together'],
    [4137, 'about 4,200 more units in all variants together'],
  ])('rounds %d units still needed like the tables', (unitsNeeded, text) => {
    const undecided = {
      ...comparison('not-decided', [0.1, -0.1, 0.3]),
      unitsNeeded,
    };
    const facts = comparisonFacts(metric('purchases', [0.2, 0.1], [undecided]), undecided);
    expect(facts).toContainEqual(['Units still needed', text]);
  });
});
