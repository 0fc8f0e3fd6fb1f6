import { OptionError } from '../../errors/usage-errors.ts';
import { quote } from '../../errors/show-value.ts';
import { isWholeNumber, wholeNumberRange } from '../../options/numbers.ts';
import type { ExperimentSpec } from '../../specification/types.ts';

/**
 * Reads a whole number from an option.
 *
 * @param option the option's name, for the message: `--to`
 * @param min, max the bounds, both included
 * @throws OptionError (`option`) for anything else
 */
export function wholeNumber(option: string, text: string, min: number, max: number): number {
  const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (isWholeNumber(number, min, max)) return number;
  throw new OptionError(`${option} takes ${wholeNumberRange(min, max)}, not ${quote(text)}`);
}

/**
 * Reads a percent from an option: a number from 0 to 100 with at most two decimals.
 *
 * @param option the option's name, for the message: `--to`
 * @throws OptionError (`option`) for anything else
 */
export function percentArgument(option: string, text: string): number {
  const percent = /^\d{1,3}(?:\.\d{1,2})?$/.test(text) ? Number(text) : Number.NaN;
  if (percent <= 100) return percent;
  throw new OptionError(
    `${option} takes a percent from 0 to 100 with at most two decimals, not ${quote(text)}`,
  );
}

/**
 * Returns the position of an audience from 0, given its number from 1.
 *
 * @throws OptionError (`option`) if the experiment has no such audience
 */
export function audienceNumber(
  { name, audiences }: ExperimentSpec,
  text: string | undefined,
): number | undefined {
  if (text === undefined) return undefined;
  const count = audiences.length;
  const number = /^\d{1,15}$/.test(text) ? Number(text) : 0;
  if (number >= 1 && number <= count) return number - 1;
  const has = count === 1 ? '1 audience' : `${count} audiences`;
  throw new OptionError(
    `--audience ${quote(text)} does not exist; "${name}" has ${has}, numbered from 1`,
  );
}
