import { quote } from '../../errors/show-value.ts';
import { OptionError } from '../../errors/usage-errors.ts';

/** Milliseconds by unit. */
const UNITS_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * Reads a time span from an option: `90m`, `12h`, `1d`.
 *
 * @param option the option's name, for the message: `--max-age`
 * @param minMs, maxMs the bounds in milliseconds, both included
 * @param range the bounds as people write them, for the message
 * @throws OptionError (`option`) for anything else
 */
export function ageArgument(
  option: string,
  text: string,
  {
    minMs,
    maxMs,
    range,
  }: { readonly minMs: number; readonly maxMs: number; readonly range: string },
): number {
  const [, count = '', unit = ''] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  const ms = Number(count) * (UNITS_MS[unit] ?? Number.NaN);
  if (ms >= minMs && ms <= maxMs) return ms;
  throw new OptionError(
    `${option} takes a time such as 90m, 12h or 1d, ${range}, not ${quote(text)}`,
  );
}
