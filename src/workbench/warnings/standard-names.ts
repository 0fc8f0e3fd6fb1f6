import { didYouMean } from '../../errors/did-you-mean.ts';
import { isReservedIdentity } from '../../specification/reserved-identities.ts';

const USER = 'user';
const USER_ID = 'user.id';
const ANONYMOUS = 'anonymous';

/** The flags that every user of a request has. */
const FLAGS = ['is_authenticated', 'is_anonymous'];

/**
 * The most slips in a misspelt standard name. With three, ordinary names of applications would count:
 * `autonomous` is three slips from `anonymous`.
 */
const MOST_SLIPS = 2;

/** Objects of JavaScript that hold the user in an application, but not in a context. */
const HOLDERS: ReadonlySet<string> = new Set(['req', 'request', 'ctx', 'context', 'this', 'self']);

/** Short names that people use for a standard value. */
const SHORT: ReadonlyMap<string, string> = new Map(
  Object.entries({
    id: USER_ID,
    user_id: USER_ID,
    users_id: USER_ID,
    anon: ANONYMOUS,
    anonymous_id: ANONYMOUS,
    anonymous_key: ANONYMOUS,
    rand: 'random',
  }).map(([name, meant]) => [squash(name), meant]),
);

/**
 * Returns the standard identity that a misspelt one probably stands for.
 *
 * @returns undefined for a standard identity, and for a path of the application, such as `tenant.id`
 */
export function meantIdentity(identity: string): string | undefined {
  if (isReservedIdentity(identity)) return undefined;
  const [root = '', ...rest] = identity.split('.');
  if (rest.length === 0) {
    return SHORT.get(squash(root)) ?? near(root, [ANONYMOUS, 'random']);
  }
  if (HOLDERS.has(root) && rest[0] === USER && rest.length > 1) return meantPath(rest);
  if (root === ANONYMOUS) return ANONYMOUS;
  const path = meantPath([near(root, [USER]) ?? root, ...rest]);
  return path === identity ? undefined : path;
}

/** Corrects the case of the user's `id`. Other attributes of users belong to the application. */
function meantPath([root = '', ...rest]: readonly string[]): string {
  return [root, ...rest.map((name) => (root === USER && /^id$/i.test(name) ? 'id' : name))].join(
    '.',
  );
}

/**
 * Returns the standard value that a misspelt context name in a rule probably stands for.
 *
 * @param member the attribute that the rule reads from it, if any
 */
export function meantName(name: string, member: string | undefined): string | undefined {
  if (name === USER || name === ANONYMOUS) return undefined;
  if (member !== undefined) {
    return HOLDERS.has(name) && member === USER ? `${USER} without "${name}."` : near(name, [USER]);
  }
  if (name === 'none') return 'None';
  const short = SHORT.get(squash(name));
  // `id` and `random` are ordinary names in a rule.
  if (short !== undefined && name !== 'id' && short !== 'random') return short;
  const flag = near(name, FLAGS);
  return flag === undefined ? near(name, [ANONYMOUS]) : `${USER}.${flag}`;
}

/** Returns the standard attribute that a misspelt attribute of `user` probably stands for. */
export function meantAttribute(name: string): string | undefined {
  if (name === 'id' || FLAGS.includes(name)) return undefined;
  return /^id$/i.test(name) ? 'id' : near(name, FLAGS);
}

function near(word: string, names: readonly string[]): string | undefined {
  const spelling = names.find((name) => squash(name) === squash(word));
  return spelling ?? didYouMean(word, names, MOST_SLIPS);
}

/** Removes the differences between `is_authenticated`, `isAuthenticated` and `IsAuthenticated`. */
function squash(name: string): string {
  return name.replaceAll('_', '').toLowerCase();
}
