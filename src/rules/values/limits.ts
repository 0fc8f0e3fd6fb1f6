/**
 * What a rule may use at most, so that the evaluation of any accepted rule ends in bounded time and
 * memory. Rules come from files that many people edit; a slip must not take a site down.
 */

/** Characters of a rule's source. */
export const MAX_SOURCE = 10_000;

/** Depth of brackets, unary operators and conditionals inside each other. */
export const MAX_NESTING = 100;

/** Height of the tree: a chain such as `a + b + c` or `a.b.c` is that high, without nesting. */
export const MAX_HEIGHT = 500;

/** Items that literals, comprehensions and repetitions make, in total per evaluation. */
export const MAX_ITEMS = 10_000;

/** Characters of a string that a rule makes. */
export const MAX_STRING = 100_000;

/** Bits of a whole number that a rule makes: about 3,000 digits. */
export const MAX_BITS = 10_000;

/**
 * Elements and characters compared or copied, in total per evaluation: some tenths of a second.
 * Guards against `[x in huge for y in long]`, where the context is what is large.
 */
export const MAX_STEPS = 10_000_000;

/** Depth of values compared with each other: context values may contain themselves. */
export const MAX_VALUE_DEPTH = 100;
