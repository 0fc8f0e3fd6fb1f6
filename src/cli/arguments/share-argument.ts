import { OptionError } from '../../errors/usage-errors.ts';
import { quote } from '../../errors/show-value.ts';

/**
 * Reads a share from an option: a percent such as `5%`, or a fraction such as `0.05`.
 *
 * @param option the option's name, for the message: `--lift`
 * @returns a number, not checked for its range; undefined if the option is missing
 * @throws OptionError (`option`) for anything else. A number of 1 or more without `%` is refused, because it
 *   may be meant as a percent
 */
export function shareArgument(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [, digits, percent] = /^([+-]?\d{1,9}(?:\.\d{1,12})?)(%?)$/.exec(text) ?? [];
  const number = Number(digits);
  if (percent === '%') return Number((number / 100).toPrecision(15));
  if (Math.abs(number) < 1) return number;
  const hint = digits === undefined ? '' : `; did you mean ${digits}%?`;
  throw new OptionError(`${option} takes a percent such as 5%, not ${quote(text)}${hint}`);
}

/**
 * Reads a number from an option.
 *
 * @param option the option's name, for the message: `--mean`
 * @returns undefined if the option is missing
 * @throws OptionError (`option`) for anything else
 */
export function numberArgument(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[+-]?\d{1,15}(?:\.\d{1,15})?(?:e[+-]?\d{1,2})?$/i.test(text)) return Number(text);
  throw new OptionError(`${option} takes a number, not ${quote(text)}`);
}
