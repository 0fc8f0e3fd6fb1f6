import { type DrawArguments, operatorOf, type RandomDefinition } from '../random-operator.ts';

/** Arguments of {@link randomFloat}. */
export interface RandomFloatArguments extends DrawArguments {
  /** The lower bound. */
  readonly min: number;
  /** The upper bound, at least `min`. */
  readonly max: number;
}

/** The definition of {@link randomFloat}: `min + (max - min) × share`. */
export const RANDOM_FLOAT: RandomDefinition = {
  name: 'randomFloat',
  required: ['min', 'max', 'unit'],
  draw(args, hashes) {
    const min = args.number('min');
    const max = args.number('max');
    if (max < min) args.refuse('max', `max is ${max}, which is below min (${min})`);
    if (!Number.isFinite(max - min)) args.refuse('max', 'min and max are too far apart');
    return min + (max - min) * hashes.share();
  },
};

/**
 * Draws a number, [min, max], evenly distributed.
 *
 * @throws PlanoutError `operator`, when drawn, if a bound is not a finite number or `max` is below `min`
 */
export function randomFloat(args: RandomFloatArguments): number {
  return operatorOf(RANDOM_FLOAT, args) as number;
}
