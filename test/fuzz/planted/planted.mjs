// A target with a fault, to show that the fuzzer finds it.
import { mutateText } from '../../../tools/tools/fuzz/harness/mutate-text.mjs';

export const target = {
  imports: { 'test/fuzz/planted/maze.mjs': ['walk'] },
  seeds: () => ['start'],
  mutate: (random, text, other) => mutateText(random, text, other, ['go']),
  prepare: ({ walk }) => walk,
};
