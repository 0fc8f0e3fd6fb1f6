// A target with a planted fault, which the fuzzer must find.
import { mutateText } from '../../../tools/fuzz/harness/mutate-text.mjs';

export const target = {
  imports: { 'test/fuzz/planted/maze.mjs': ['walk'] },
  seeds: () => ['start'],
  mutate: (random, text, other) => mutateText(random, text, other, ['go']),
  prepare: ({ walk }) => walk,
};
