import { type DrawArguments, operatorOf, type RandomDefinition } from '../random-operator.ts';

/** Arguments of {@link randomInteger}. */
export interface RandomIntegerArguments extends DrawArguments {
  /** The smallest number that can be drawn, whole. */
  readonly min: number;
  /** The largest number that can be drawn, whole, at least `min`. */
  readonly max: number;
}

/** How {@link randomInteger} draws: `min + hash mod (max - min + 1)`. */
export const RANDOM_INTEGER: RandomDefinition = {
  name: 'randomInteger',
  required: ['min', 'max', 'unit'],
  draw(args, hashes) {
    const min = args.whole('min');
    const max = args.whole('max');
    const count = max - min + 1;
    if (count < 1) args.refuse('max', `max is ${max}, below min, ${min}`);
    if (!Number.isSafeInteger(count)) args.refuse('max', 'min and max are too far apart');
    return min + hashes.remainder(count);
  },
};

/**
 * A whole number, [min, max], each as likely as any other.
 *
 * @throws PlanoutError `operator`, when drawn, for bounds that are not whole, or of which `max` is
 *   the smaller
 */
export function randomInteger(args: RandomIntegerArguments): number {
  return operatorOf(RANDOM_INTEGER, args) as number;
}
