const split = (name: string, seed: string) => ({
  name,
  seed,
  identity: 'user.id',
  variants: [{ name: 'a' }, { name: 'b' }],
  audiences: [
    {
      allocations: [
        { variant: 'a', percent: 50 },
        { variant: 'b', percent: 50 },
      ],
    },
  ],
});

/** Three experiments, of which the first two share a seed. */
export const SAME_SEED = [split('one', 'same'), split('two', 'same'), split('three', 'three')];

/** Returns as many experiments, each with its own seed. */
export function splits(count: number): object[] {
  return Array.from({ length: count }, (_, i) => split(`test_${i}`, `test_${i}`));
}

const experiment = (name: string) => ({ name, variants: [{ name: 'a', values: { p: 1 } }] });

/** A namespace of 1,000 segments with two experiments, after one was removed and added again. */
export const NAMESPACE = {
  experiments: [],
  namespaces: [
    {
      name: 'checkout',
      description: 'All experiments on the button.',
      unit: 'user.id',
      segments: 1000,
      experiments: [experiment('words'), experiment('colors')],
      history: [
        { add: 'words', segments: 300 },
        { add: 'colors', segments: 500 },
        { remove: 'words' },
        { add: 'words_2', experiment: 'words', segments: 100 },
      ],
    },
  ],
};
