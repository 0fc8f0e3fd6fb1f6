import { operatorOf, type RandomDefinition } from '../random-operator.ts';
import { drawsOf, shuffleFromEnd } from './draws.ts';
import type { SampleArguments } from './sample.ts';

/** How {@link fastSample} draws: as many shuffled as are drawn, and these taken. */
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
 * Some of the choices, none twice, in an order of their own; others than `sample` draws. Costs a hash
 * for each draw.
 *
 * @throws PlanoutError `operator`, when drawn, for more draws than choices
 */
export function fastSample<const T>(args: SampleArguments<T>): T[] {
  return operatorOf(FAST_SAMPLE, args) as T[];
}
