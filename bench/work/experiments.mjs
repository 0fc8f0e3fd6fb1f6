/**
 * The work of every contestant: an experiment with a rule. Users who match it are split 10/80/10 by user
 * id; all others are `inactive`.
 */
export const EXPERIMENT = 'experiment_1';

/** The rule of {@link EXPERIMENT} in Evenhand's language. Each adapter translates it for its peer. */
export const RULE = 'locale == "en-US" and user.plan in ["pro", "team"]';

const PLANS = ['pro', 'team'];

/**
 * Returns experiments; the first is {@link EXPERIMENT}. Each of the others adds a plan to the rule that no
 * user has. They decide alike, but all rules differ, so none shares compiled code with another.
 *
 * @returns objects with `name` and `plans`
 */
export function createExperiments(count) {
  return Array.from({ length: count }, (_, i) => ({
    name: `experiment_${i + 1}`,
    plans: i === 0 ? PLANS : [...PLANS, `plan_${i + 1}`],
  }));
}

/** Returns experiments that all have the same rule. */
export function createAlikeExperiments(count) {
  return createExperiments(count).map((experiment) => ({ ...experiment, plans: PLANS }));
}
