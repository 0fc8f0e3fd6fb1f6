import type { OptionCheck } from '../options/check-options.ts';

/**
 * Returns the check of an option that is a list of texts.
 *
 * @param expected the list in words, for the message
 * @param accepts decides about one text
 */
export function listOf(expected: string, accepts: (entry: string) => boolean): OptionCheck {
  return {
    expected,
    accepts: (value) =>
      Array.isArray(value) && value.every((entry) => typeof entry === 'string' && accepts(entry)),
  };
}
