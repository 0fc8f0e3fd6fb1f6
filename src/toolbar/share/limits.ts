/** The most overrides in a link. */
export const MAX_OVERRIDES = 50;

/** The most characters of a token: a link must fit into the address bar, chats and a cookie. */
export const MAX_TOKEN = 2048;

/** The fewest bytes of a secret: as many as an HMAC-SHA-256 has. */
export const MIN_SECRET_BYTES = 32;

/** The shortest time that a link works, in milliseconds. */
export const MIN_AGE_MS = 60_000;

/** The longest time that a link works, in milliseconds: 7 days. */
export const MAX_AGE_MS = 604_800_000;

/** The most characters of the name of the person who shared. */
export const MAX_AUTHOR = 100;
