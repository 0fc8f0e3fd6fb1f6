import { type DrawArguments, operatorOf, type RandomDefinition } from '../random-operator.ts';

/** Arguments of {@link uniformChoice}. */
export interface UniformChoiceArguments<T> extends DrawArguments {
  /** The values to choose from. */
  readonly choices: readonly T[];
}

/** The definition of {@link uniformChoice}: `choices[hash mod length]`. */
export const UNIFORM_CHOICE: RandomDefinition = {
  name: 'uniformChoice',
  required: ['choices', 'unit'],
  draw(args, hashes) {
    const choices = args.list('choices');
    return choices.length === 0 ? [] : choices[hashes.remainder(choices.length)];
  },
};

/**
 * Draws one of the choices. All are equally likely. Without choices it draws an empty list, as PlanOut
 * does.
 *
 * @throws PlanoutError `operator`, when drawn, if `choices` is not a list
 */
export function uniformChoice<const T>(args: UniformChoiceArguments<T>): T {
  return operatorOf(UNIFORM_CHOICE, args) as T;
}
