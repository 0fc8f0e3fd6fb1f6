/**
 * The work every contestant does: an experiment with a rule, 10/80/10 by user id for those who match
 * it, and `inactive` for all others.
 */
export const EXPERIMENT = 'experiment_1';

/** The rule of {@link EXPERIMENT} in Evenhand's language; each adapter has it in its peer's. */
export const RULE = 'locale == "en-US" and user.plan in ["pro", "team"]';

const PLANS = ['pro', 'team'];

/**
 * As many experiments; the first is {@link EXPERIMENT}. The others name one more plan each, which
 * nobody has: they decide alike, but no two have the same rule, so that none is compiled for another.
 *
 * @returns objects with `name` and `plans`
 */
export function createExperiments(count) {
  return Array.from({ length: count }, (_, i) => ({
    name: `experiment_${i + 1}`,
    plans: i === 0 ? PLANS : [...PLANS, `plan_${i + 1}`],
  }));
}

/** The same, all with one rule. */
export function createAlikeExperiments(count) {
  return createExperiments(count).map((experiment) => ({ ...experiment, plans: PLANS }));
}
