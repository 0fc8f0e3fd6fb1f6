import { type DrawArguments, operatorOf, type RandomDefinition } from '../random-operator.ts';

/** Arguments of {@link randomInteger}. */
export interface RandomIntegerArguments extends DrawArguments {
  /** The smallest number that can be drawn. A whole number. */
  readonly min: number;
  /** The largest number that can be drawn. A whole number, at least `min`. */
  readonly max: number;
}

/** The definition of {@link randomInteger}: `min + hash mod (max - min + 1)`. */
export const RANDOM_INTEGER: RandomDefinition = {
  name: 'randomInteger',
  required: ['min', 'max', 'unit'],
  draw(args, hashes) {
    const min = args.whole('min');
    const max = args.whole('max');
    const count = max - min + 1;
    if (count < 1) args.refuse('max', `max is ${max}, which is below min (${min})`);
    if (!Number.isSafeInteger(count)) args.refuse('max', 'min and max are too far apart');
    return min + hashes.remainder(count);
  },
};

/**
 * Draws a whole number, [min, max]. All are equally likely.
 *
 * @throws PlanoutError `operator`, when drawn, if a bound is not whole or `max` is below `min`
 */
export function randomInteger(args: RandomIntegerArguments): number {
  return operatorOf(RANDOM_INTEGER, args) as number;
}
