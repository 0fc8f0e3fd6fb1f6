import { sha1 } from '../work/hashes.mjs';
import { decideByHand } from './by-hand.mjs';

export { configuration } from './by-hand.mjs';

/** A decision written by hand with Node's own SHA-1. */
export function start() {
  return ({ id, plan, locale }, name) => decideByHand({ locale, user: { id, plan } }, name, sha1);
}
