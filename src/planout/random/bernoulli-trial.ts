import { type DrawArguments, operatorOf, type RandomDefinition } from '../random-operator.ts';

/** Arguments of {@link bernoulliTrial}. */
export interface BernoulliTrialArguments extends DrawArguments {
  /** The probability of 1, [0, 1]. */
  readonly p: number;
}

/** The definition of {@link bernoulliTrial}: 1 if share ≤ p. */
export const BERNOULLI_TRIAL: RandomDefinition = {
  name: 'bernoulliTrial',
  required: ['p', 'unit'],
  draw(args, hashes) {
    return hashes.share() <= args.probability('p') ? 1 : 0;
  },
};

/**
 * Draws 1 with probability `p`, otherwise 0.
 *
 * @throws PlanoutError `operator`, when drawn, for a `p` outside 0–1
 */
export function bernoulliTrial(args: BernoulliTrialArguments): 0 | 1 {
  return operatorOf(BERNOULLI_TRIAL, args) as 0 | 1;
}
