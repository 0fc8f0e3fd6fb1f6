import { matches } from './users.mjs';

/** The number of users a contestant must decide correctly before it is timed. */
export const PROOF_USERS = 10_000;

const MATCHING_SHARE = 0.5;
const SHARES = { active: 0.1, inactive: 0.8, control: 0.1 };

/** About five standard deviations for 5,000 users, so that chance does not stop a run. */
const TOLERANCE = 0.025;

/**
 * Throws unless a contestant really decides: users who don't match the rule must be inactive, and of the
 * others a tenth each must be active and control.
 *
 * @param decide returns the user's variant, or a promise of it
 * @param users at least {@link PROOF_USERS}; half of them match
 */
export async function prove(name, decide, users) {
  const counts = { active: 0, inactive: 0, control: 0 };
  let matching = 0;
  for (const user of users.slice(0, PROOF_USERS)) {
    const variant = await decide(user);
    if (!Object.hasOwn(counts, variant)) throw new Error(`${name} answers ${variant}`);
    if (matches(user)) {
      matching++;
      counts[variant]++;
    } else if (variant !== 'inactive') {
      throw new Error(`${name}: ${user.id} does not match the rule, but is ${variant}`);
    }
  }
  expectShare(name, 'of the users matching', matching / PROOF_USERS, MATCHING_SHARE);
  for (const [variant, share] of Object.entries(SHARES)) {
    expectShare(name, variant, counts[variant] / matching, share);
  }
}

function expectShare(name, what, share, expected) {
  if (Math.abs(share - expected) > TOLERANCE) {
    throw new Error(`${name}: a share of ${share.toFixed(3)} ${what}, not ${expected}`);
  }
}
