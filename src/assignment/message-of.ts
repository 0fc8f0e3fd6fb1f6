import { EvenhandError } from '../errors.ts';

/**
 * What was thrown, in words. An application's getters may throw anything, also what can't be made
 * text; telling of it must not throw again.
 */
export function messageOf(thrown: unknown): string {
  if (thrown instanceof EvenhandError) return thrown.message;
  try {
    return String(thrown);
  } catch {
    return 'something that has no text';
  }
}
