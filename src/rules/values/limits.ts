/**
 * The limits of a rule. They bound the time and memory of evaluating any accepted rule. Many people
 * edit the files that rules come from, and a slip must not take a site down.
 */

/** The characters of a rule's source. */
export const MAX_SOURCE = 10_000;

/** The depth of nested brackets, unary operators and conditionals. */
export const MAX_NESTING = 100;

/** The height of the tree. A chain such as `a + b + c` or `a.b.c` adds height without nesting. */
export const MAX_HEIGHT = 500;

/** The items that literals, comprehensions and repetitions create, in total for one evaluation. */
export const MAX_ITEMS = 10_000;

/** The characters of a string that a rule creates. */
export const MAX_STRING = 100_000;

/** The bits of a whole number that a rule computes: about 3,000 digits. */
export const MAX_BITS = 10_000;

/**
 * The elements and characters compared or copied in one evaluation: a few tenths of a second. This
 * stops rules such as `[x in huge for y in long]`, which are short but read large context values.
 */
export const MAX_STEPS = 10_000_000;

/** The depth of values that are compared. Context values may contain themselves. */
export const MAX_VALUE_DEPTH = 100;

/** The segments that one segment leads through, from use to use, including itself. */
export const MAX_SEGMENTS = 16;

/** The experiments in a chain in which each asks for the next. */
export const MAX_CHAIN = 16;
