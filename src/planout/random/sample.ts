import { type DrawArguments, operatorOf, type RandomDefinition } from '../random-operator.ts';
import { drawsOf, shuffleFromEnd } from './draws.ts';

/** Arguments of {@link sample} and {@link fastSample}. */
export interface SampleArguments<T> extends DrawArguments {
  /** What is drawn from. */
  readonly choices: readonly T[];
  /**
   * How many are drawn, a whole number, [0, number of choices].
   *
   * @default all, in an order of their own
   */
  readonly draws?: number;
}

/** How {@link sample} draws: all choices shuffled, and the first of them taken. */
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
 * Some of the choices, none twice, in an order of their own. Costs a hash for each choice;
 * `fastSample` one for each draw.
 *
 * @throws PlanoutError `operator`, when drawn, for more draws than choices
 */
export function sample<const T>(args: SampleArguments<T>): T[] {
  return operatorOf(SAMPLE, args) as T[];
}
