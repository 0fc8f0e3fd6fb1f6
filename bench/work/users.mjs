/** What an application knows of a user; each contestant makes its own kind of context of it. */

const PLANS = ['pro', 'team', 'free'];

/** Three quarters of two thirds: half of the users match the rule. */
const ENGLISH_SHARE = 0.75;

/**
 * As many users, the same in every process: in no order that a branch predictor could learn.
 *
 * @returns objects with `id`, `plan` and `locale`
 */
export function createUsers(count) {
  const random = createRandom(20_251);
  return Array.from({ length: count }, (_, i) => ({
    id: `user-${i}`,
    plan: PLANS[Math.floor(random() * PLANS.length)],
    locale: random() < ENGLISH_SHARE ? 'en-US' : 'fr-CA',
  }));
}

/** Whether the user is in the first audience. */
export function matches({ locale, plan }) {
  return locale === 'en-US' && (plan === 'pro' || plan === 'team');
}

/** Marsaglia's xorshift with 32 bits; numbers in [0, 1). */
export function createRandom(seed) {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
