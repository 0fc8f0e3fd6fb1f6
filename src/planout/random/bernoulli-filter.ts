import { choiceText } from '../hashes.ts';
import { type DrawArguments, operatorOf, type RandomDefinition } from '../random-operator.ts';

/** Arguments of {@link bernoulliFilter}. */
export interface BernoulliFilterArguments<T> extends DrawArguments {
  /** The values to filter. Each is hashed by its text in Python. */
  readonly choices: readonly T[];
  /** The probability that a choice stays, [0, 1]. */
  readonly p: number;
}

/** The definition of {@link bernoulliFilter}: a choice stays if the share of unit and choice is ≤ p. */
export const BERNOULLI_FILTER: RandomDefinition = {
  name: 'bernoulliFilter',
  required: ['choices', 'p', 'unit'],
  draw(args, hashes) {
    const p = args.probability('p');
    return args.list('choices').filter((choice) => hashes.nextShare(choiceText(args, choice)) <= p);
  },
};

/**
 * Draws a subset of the choices, in their order. Each choice stays with probability `p`, independently of
 * the others.
 *
 * @throws PlanoutError `operator`, when drawn, for a `p` outside 0–1
 */
export function bernoulliFilter<const T>(args: BernoulliFilterArguments<T>): T[] {
  return operatorOf(BERNOULLI_FILTER, args) as T[];
}
