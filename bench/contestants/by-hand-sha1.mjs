import { sha1 } from '../work/hashes.mjs';
import { decideByHand } from './by-hand.mjs';

export { configuration } from './by-hand.mjs';

/** The same with a hash that Node brings. */
export function start() {
  return ({ id, plan, locale }, name) => decideByHand({ locale, user: { id, plan } }, name, sha1);
}
