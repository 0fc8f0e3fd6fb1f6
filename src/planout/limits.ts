/**
 * What a script may use at most, so that any is read and run in bounded time and memory. Scripts come
 * from files and databases that many people write to.
 */

/** Operators, lists and values in a script. */
export const MAX_NODES = 100_000;

/** Depth of operators, lists and maps inside each other. */
export const MAX_DEPTH = 400;

/** Characters of all texts and names in a script, or of its source. */
export const MAX_TEXT = 1_000_000;

/** Elements hashed, compared or put into lists in one run: about a second's hashes. */
export const MAX_STEPS = 1_000_000;

/** Depth of the lists and maps a script makes, and of values it compares. */
export const MAX_VALUE_DEPTH = 100;

/** Elements of a list or map a script makes, with all inside it. */
export const MAX_VALUE_SIZE = 100_000;
