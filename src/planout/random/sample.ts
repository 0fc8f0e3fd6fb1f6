import { type DrawArguments, operatorOf, type RandomDefinition } from '../random-operator.ts';
import { drawsOf, shuffleFromEnd } from './draws.ts';

/** Arguments of {@link sample} and {@link fastSample}. */
export interface SampleArguments<T> extends DrawArguments {
  /** The values to draw from. */
  readonly choices: readonly T[];
  /**
   * The number of choices to draw: a whole number, [0, number of choices].
   *
   * @default all, in random order
   */
  readonly draws?: number;
}

/** The definition of {@link sample}: shuffles all choices and takes the first ones. */
export const SAMPLE: RandomDefinition = {
  name: 'sample',
  required: ['choices', 'unit'],
  draw(args, hashes) {
    const choices = [...args.list('choices')];
    const draws = drawsOf(args, choices.length);
    shuffleFromEnd(choices, hashes, 1);
    return choices.slice(0, draws);
  },
};

/**
 * Draws some of the choices, without repetition, in random order. Takes one hash for each choice;
 * `fastSample` takes one for each draw.
 *
 * @throws PlanoutError `operator`, when drawn, for more draws than choices
 */
export function sample<const T>(args: SampleArguments<T>): T[] {
  return operatorOf(SAMPLE, args) as T[];
}
