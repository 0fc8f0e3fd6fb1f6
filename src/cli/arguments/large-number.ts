import { wholeNumber } from './whole-number.ts';

/**
 * A large whole number given as an option, which people also write as `1e6` or `1_000_000`.
 *
 * @param option its name, for the message: `--units`
 * @param min, max the bounds, both included
 * @throws OptionError (`option`) for anything else
 */
export function largeNumber(option: string, text: string, min: number, max: number): number {
  const plain = /^\d+(_\d+)*$/.test(text) ? text.replaceAll('_', '') : text;
  return wholeNumber(option, /^\d{1,3}e\d$/i.test(plain) ? String(Number(plain)) : plain, min, max);
}
