/** The data about a user. Each contestant builds its own kind of context from it. */

const PLANS = ['pro', 'team', 'free'];

/** The share of users with en-US. Two of three plans match, so half of the users match the rule. */
const ENGLISH_SHARE = 0.75;

/**
 * Returns users, the same in every process, in an order that a branch predictor can't learn.
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

/** Tells whether the user is in the first audience. */
export function matches({ locale, plan }) {
  return locale === 'en-US' && (plan === 'pro' || plan === 'team');
}

/** Returns a generator of numbers in [0, 1): Marsaglia's xorshift with 32 bits. */
export function createRandom(seed) {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
