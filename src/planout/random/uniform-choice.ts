import { type DrawArguments, operatorOf, type RandomDefinition } from '../random-operator.ts';

/** Arguments of {@link uniformChoice}. */
export interface UniformChoiceArguments<T> extends DrawArguments {
  /** What is chosen from. */
  readonly choices: readonly T[];
}

/** How {@link uniformChoice} draws: `choices[hash mod length]`. */
export const UNIFORM_CHOICE: RandomDefinition = {
  name: 'uniformChoice',
  required: ['choices', 'unit'],
  draw(args, hashes) {
    const choices = args.list('choices');
    return choices.length === 0 ? [] : choices[hashes.remainder(choices.length)];
  },
};

/**
 * One of the choices, each as likely as any other. Of no choices it draws an empty list, as PlanOut
 * does.
 *
 * @throws PlanoutError `operator`, when drawn, for choices that are no list
 */
export function uniformChoice<const T>(args: UniformChoiceArguments<T>): T {
  return operatorOf(UNIFORM_CHOICE, args) as T;
}
