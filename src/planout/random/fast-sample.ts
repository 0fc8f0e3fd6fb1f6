import { operatorOf, type RandomDefinition } from '../random-operator.ts';
import { drawsOf, shuffleFromEnd } from './draws.ts';
import type { SampleArguments } from './sample.ts';

/** The definition of {@link fastSample}: shuffles only as many choices as are drawn, and takes these. */
export const FAST_SAMPLE: RandomDefinition = {
  name: 'fastSample',
  required: ['choices', 'unit'],
  draw(args, hashes) {
    const choices = [...args.list('choices')];
    const rest = choices.length - drawsOf(args, choices.length);
    shuffleFromEnd(choices, hashes, rest);
    return choices.slice(rest);
  },
};

/**
 * Draws some of the choices, without repetition, in random order. The result differs from that of
 * `sample`. Takes one hash for each draw.
 *
 * @throws PlanoutError `operator`, when drawn, for more draws than choices
 */
export function fastSample<const T>(args: SampleArguments<T>): T[] {
  return operatorOf(FAST_SAMPLE, args) as T[];
}
