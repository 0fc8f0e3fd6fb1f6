/**
 * Work that may be interrupted: at each `yield` other work may come between. Who does it decides
 * whether any does.
 */
export type Steps<T> = Generator<undefined, T, undefined>;

/** How many of many alike, each of some microseconds, make a step. */
export const STEP = 8;

/** Does all steps one after the other. */
export function atOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}
