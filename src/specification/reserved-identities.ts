/** The identity that chooses a new bucket for every participant. It is not a path into the context. */
export const RANDOM_IDENTITY = 'random';

/** The identity whose value is the key in the tracking cookie; also the name of that context value. */
export const ANONYMOUS_IDENTITY = 'anonymous';

/** Tells whether an identity is one of the reserved names, which the context need not declare. */
export function isReservedIdentity(identity: string): boolean {
  return identity === RANDOM_IDENTITY || identity === ANONYMOUS_IDENTITY;
}
