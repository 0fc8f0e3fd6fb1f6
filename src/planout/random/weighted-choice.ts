import { type DrawArguments, operatorOf, type RandomDefinition } from '../random-operator.ts';

/** Arguments of {@link weightedChoice}. */
export interface WeightedChoiceArguments<T> extends DrawArguments {
  /** What is chosen from. */
  readonly choices: readonly T[];
  /** A number from 0 for each choice; only their proportions matter, and one is above 0. */
  readonly weights: readonly number[];
}

/** How {@link weightedChoice} draws: the first choice whose cumulated weight reaches share × sum. */
export const WEIGHTED_CHOICE: RandomDefinition = {
  name: 'weightedChoice',
  required: ['choices', 'weights', 'unit'],
  draw(args, hashes) {
    const choices = args.list('choices');
    const weights = args.list('weights');
    if (weights.length !== choices.length) {
      args.refuse('weights', `there are ${weights.length} weights for ${choices.length} choices`);
    }
    if (choices.length === 0) return [];
    let sum = 0;
    const cumulated = weights.map((weight, i) => {
      const number = args.toNumber('weights', weight, `weights[${i}]`);
      if (number < 0) args.refuse('weights', `weights[${i}] is negative: ${number}`);
      sum += number;
      return sum;
    });
    if (sum === 0) args.refuse('weights', 'all weights are 0');
    if (!Number.isFinite(sum)) args.refuse('weights', 'the sum of the weights is too large');
    const stop = sum * hashes.share();
    return choices[cumulated.findIndex((reached) => stop <= reached)];
  },
};

/**
 * One of the choices, likely in proportion to its weight. Of no choices it draws an empty list, as
 * PlanOut does.
 *
 * @throws PlanoutError `operator`, when drawn, for weights that are negative, all 0, or not one for
 *   each choice
 */
export function weightedChoice<const T>(args: WeightedChoiceArguments<T>): T {
  return operatorOf(WEIGHTED_CHOICE, args) as T;
}
