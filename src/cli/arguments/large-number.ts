import { wholeNumber } from './whole-number.ts';

/**
 * Reads a large whole number from an option; accepts `1e6` and `1_000_000` too.
 *
 * @param option the option's name, for the message: `--units`
 * @param min, max the bounds, both included
 * @throws OptionError (`option`) for anything else
 */
export function largeNumber(option: string, text: string, min: number, max: number): number {
  const plain = /^\d+(_\d+)*$/.test(text) ? text.replaceAll('_', '') : text;
  return wholeNumber(option, /^\d{1,3}e\d$/i.test(plain) ? String(Number(plain)) : plain, min, max);
}
