import { choiceText } from '../hashes.ts';
import { type DrawArguments, operatorOf, type RandomDefinition } from '../random-operator.ts';

/** Arguments of {@link bernoulliFilter}. */
export interface BernoulliFilterArguments<T> extends DrawArguments {
  /** What is filtered; each is hashed by Python's text of it. */
  readonly choices: readonly T[];
  /** The probability of each to stay, [0, 1]. */
  readonly p: number;
}

/** How {@link bernoulliFilter} draws: a choice stays where the share of unit and choice is ≤ p. */
export const BERNOULLI_FILTER: RandomDefinition = {
  name: 'bernoulliFilter',
  required: ['choices', 'p', 'unit'],
  draw(args, hashes) {
    const p = args.probability('p');
    return args.list('choices').filter((choice) => hashes.nextShare(choiceText(args, choice)) <= p);
  },
};

/**
 * The choices that stay, in their order: each with probability `p`, whatever becomes of the others.
 *
 * @throws PlanoutError `operator`, when drawn, for a `p` outside 0–1
 */
export function bernoulliFilter<const T>(args: BernoulliFilterArguments<T>): T[] {
  return operatorOf(BERNOULLI_FILTER, args) as T[];
}
