/**
 * The limits of scripts, so that every script is read and run in bounded time and memory. Scripts come
 * from files and databases that many people write to.
 */

/** The number of operators, lists and values in a script. */
export const MAX_NODES = 100_000;

/** The nesting depth of operators, lists and maps. */
export const MAX_DEPTH = 400;

/** The number of characters of all texts and names in a script, or of its source. */
export const MAX_TEXT = 1_000_000;

/** The number of elements that one run hashes, compares or puts into lists: about one second's hashes. */
export const MAX_STEPS = 1_000_000;

/** The nesting depth of lists and maps that a script builds or compares. */
export const MAX_VALUE_DEPTH = 100;

/** The number of elements of a list or map that a script builds, including nested elements. */
export const MAX_VALUE_SIZE = 100_000;
