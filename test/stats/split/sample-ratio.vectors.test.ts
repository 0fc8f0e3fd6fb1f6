import { sampleRatio } from '../../../src/stats/split/sample-ratio.ts';
import { casesOf, expectFigures } from '../vectors.ts';

interface Input {
  readonly counts: readonly number[];
  readonly weights: readonly number[];
}

describe('sampleRatio', () => {
  it.each(casesOf<Input, object>('srm'))('computes %s', (_, one) => {
    expectFigures({ ...sampleRatio(one.input.counts, one.input.weights) }, one);
  });
});
