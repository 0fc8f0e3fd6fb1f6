/** The identity of an experiment: one path, or a list whose first available path decides. */
export type IdentitySpec = string | readonly string[];

/** The most paths in a list of identities. */
export const MAX_IDENTITIES = 8;

/** Returns the paths of an identity, in the order in which they are tried. */
export function identityPaths(identity: IdentitySpec): readonly string[] {
  return typeof identity === 'string' ? [identity] : identity;
}

/**
 * Returns the name of an identity for people: its path, or the paths of a list with "or" between them:
 * `user.id or anonymous`. No path contains a space, so different identities have different names.
 */
export function identityLabel(identity: IdentitySpec): string {
  return typeof identity === 'string' ? identity : identity.join(' or ');
}

/** Returns true if two identities have the same paths in the same order. */
export function isSameIdentity(one: IdentitySpec, other: IdentitySpec): boolean {
  return identityLabel(one) === identityLabel(other);
}
