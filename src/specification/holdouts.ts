import { hundredthsOf, percentOfHundredths } from './percents.ts';
import type { ExperimentSpec, HoldoutSpec, Specification } from './types.ts';

/** The variant of a holdout whose participants get the control of each experiment. */
export const HELD_OUT = 'held_out';

/** The variant of a holdout whose participants take part in the experiments. */
export const INCLUDED = 'included';

const VARIANTS: ExperimentSpec['variants'] = Object.freeze([
  Object.freeze({ name: HELD_OUT }),
  Object.freeze({ name: INCLUDED }),
]);

const WHOLE = 100;

/**
 * Returns the experiment that a holdout is decided and recorded as: `held_out` takes the first buckets, so
 * another percent moves the fewest participants.
 */
export function asExperiment(holdout: HoldoutSpec): ExperimentSpec {
  const { name, identity, seed, percent, buckets } = holdout;
  const others = percentOfHundredths(hundredthsOf(WHOLE) - hundredthsOf(percent));
  return Object.freeze({
    name,
    identity,
    seed,
    ...(buckets !== undefined && { buckets }),
    variants: VARIANTS,
    audiences: Object.freeze([
      Object.freeze({
        allocations: Object.freeze([
          Object.freeze({ variant: HELD_OUT, percent }),
          Object.freeze({ variant: INCLUDED, percent: others }),
        ]),
      }),
    ]),
    exposure: 'auto',
    shorthand: false,
  });
}

/** Returns the holdouts that list an experiment, in the order of the specification. */
export function holdoutsOf(
  { holdouts = [] }: Pick<Specification, 'holdouts'>,
  experiment: string,
): HoldoutSpec[] {
  return holdouts.filter(({ experiments }) => experiments.includes(experiment));
}
