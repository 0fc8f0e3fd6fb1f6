import { type DrawArguments, operatorOf, type RandomDefinition } from '../random-operator.ts';

/** Arguments of {@link weightedChoice}. */
export interface WeightedChoiceArguments<T> extends DrawArguments {
  /** The values to choose from. */
  readonly choices: readonly T[];
  /**
   * A number for each choice, 0 or more, at least one above 0. Only the proportions matter. A choice
   * without a weight is never drawn.
   */
  readonly weights: readonly number[];
}

/**
 * The definition of {@link weightedChoice}: the first choice whose cumulative weight reaches
 * share × sum.
 */
export const WEIGHTED_CHOICE: RandomDefinition = {
  name: 'weightedChoice',
  required: ['choices', 'weights', 'unit'],
  draw(args, hashes) {
    const choices = args.list('choices');
    const weights = args.list('weights');
    if (choices.length === 0) return [];
    if (weights.length === 0) return null;
    let sum = 0;
    const cumulated = weights.map((weight, i) => {
      const number = args.toNumber('weights', weight, `weights[${i}]`);
      if (number < 0) args.refuse('weights', `weights[${i}] must be 0 or more, not ${number}`);
      sum += number;
      return sum;
    });
    if (sum === 0) args.refuse('weights', 'all weights are 0; raise at least one');
    if (!Number.isFinite(sum))
      args.refuse('weights', 'the sum of the weights is too large; use smaller weights');
    const stop = sum * hashes.share();
    const index = cumulated.findIndex((reached) => stop <= reached);
    if (index >= choices.length) {
      args.refuse(
        'weights',
        `there are ${weights.length} weights for ${choices.length} choices; give one for each`,
      );
    }
    return choices[index];
  },
};

/**
 * Draws one of the choices with a probability in proportion to its weight. Without choices it draws an
 * empty list, and without weights null, as PlanOut does.
 *
 * @throws PlanoutError `operator`, when drawn, if a weight is negative, all are 0, or the draw falls on a
 *   weight without a choice
 */
export function weightedChoice<const T>(args: WeightedChoiceArguments<T>): T {
  return operatorOf(WEIGHTED_CHOICE, args) as T;
}
