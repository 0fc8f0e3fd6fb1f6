/**
 * Work that can be interrupted at each `yield`. The caller decides whether other work runs in
 * between.
 */
export type Steps<T> = Generator<undefined, T, undefined>;

/** The number of similar items, of a few microseconds each, that make one step. */
export const STEP = 8;

/** Runs all steps without a break. */
export function atOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}
