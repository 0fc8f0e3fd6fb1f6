import { fnv1a } from '../work/hashes.mjs';
import { decideByHand } from './by-hand.mjs';

export { configuration } from './by-hand.mjs';

/** The lower bound: an `if` and a loop. */
export function start() {
  return ({ id, plan, locale }, name) => decideByHand({ locale, user: { id, plan } }, name, fnv1a);
}
