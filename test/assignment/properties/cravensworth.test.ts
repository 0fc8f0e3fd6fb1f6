import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseExperiments } from '../../../src/assignment/parse-experiments.ts';

interface Vectors {
  readonly experiments: readonly { name: string }[];
  readonly decisions: readonly {
    readonly context: object;
    readonly variants: Readonly<Record<string, string>>;
    readonly buckets: Readonly<Record<string, number>>;
  }[];
}

const vectors = JSON.parse(
  readFileSync(join(__dirname, '../../vectors/cravensworth.json'), 'utf8'),
) as Vectors;

describe('decide, beside Cravensworth', () => {
  const snapshot = parseExperiments(vectors.experiments);

  it('has all 60 contexts and 24 experiments to compare', () => {
    expect(vectors.decisions).toHaveLength(60);
    expect(snapshot.experiments).toHaveLength(24);
  });

  it.each(vectors.decisions.map((decision, i) => ({ i, ...decision })))(
    'gives the same variants and buckets to context $i',
    ({ context, variants, buckets }) => {
      const participant = snapshot.participant(context);
      const explained = vectors.experiments.map(({ name }) => participant.explain(name));
      expect(participant.variants()).toEqual(variants);
      expect(Object.fromEntries(explained.map((d) => [d.experiment, d.variant]))).toEqual(variants);
      expect(Object.fromEntries(explained.map((d) => [d.experiment, d.bucket]))).toEqual(buckets);
    },
  );
});
