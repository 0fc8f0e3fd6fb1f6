import { sampleRatio } from '../../../src/stats/split/sample-ratio.ts';
import { casesOf, differences } from '../vectors.ts';

interface Input {
  readonly counts: readonly number[];
  readonly weights: readonly number[];
}

describe('sampleRatio', () => {
  it.each(casesOf<Input, object>('srm'))('computes %s', (_, one) => {
    expect(differences({ ...sampleRatio(one.input.counts, one.input.weights) }, one)).toEqual([]);
  });
});
