import { RuleFault } from '../values/fault.ts';
import { MAX_BITS } from '../values/limits.ts';

const DIGITS = String.raw`[0-9](?:_?[0-9])*`;
const EXPONENT = `[eE][+-]?${DIGITS}`;
const FLOAT = new RegExp(
  `(?:${DIGITS})?\\.${DIGITS}(?:${EXPONENT})?|${DIGITS}\\.(?:${EXPONENT})?|${DIGITS}${EXPONENT}`,
  'y',
);
const RADIX = /0(?:[xX](?:_?[0-9a-fA-F])+|[oO](?:_?[0-7])+|[bB](?:_?[01])+)/y;
const WHOLE = new RegExp(DIGITS, 'y');

/** The digits of the longest whole number that fits in {@link MAX_BITS}. */
const MAX_DIGITS = Math.floor(MAX_BITS * Math.log10(2));

/**
 * Reads a number in Python's syntax: `17`, `1_000`, `0x1f`, `0o17`, `0b11`, `.5`, `1.`, `1e3`.
 *
 * @returns the value and the offset after it; undefined if no number starts at `index`
 * @throws RuleFault for a malformed number
 */
export function readNumber(
  source: string,
  index: number,
): { value: number | bigint; end: number } | undefined {
  const float = match(FLOAT, source, index);
  const text = float ?? match(RADIX, source, index) ?? match(WHOLE, source, index);
  if (text === undefined) return undefined;
  const range = { start: index, end: index + text.length };
  const next = source.charAt(range.end);
  if (next === 'j' || next === 'J') {
    throw new RuleFault('forbidden', "complex numbers can't be used in rules", range);
  }
  const plain = text.replaceAll('_', '');
  if (plain === '0' && /[xXoObB]/.test(next)) {
    throw new RuleFault('syntax', `0${next} needs digits after it`, {
      ...range,
      end: range.end + 1,
    });
  }
  if (float !== undefined) return { value: Number(plain), end: range.end };
  if (/^0[0-9]*[1-9]/.test(plain)) {
    throw new RuleFault('syntax', "a whole number can't have leading zeros", range);
  }
  if (plain.length > MAX_DIGITS) {
    throw new RuleFault(
      'limit',
      `the number has more than ${MAX_DIGITS} digits; use a smaller one`,
      range,
    );
  }
  const value = BigInt(plain);
  return {
    value: value <= Number.MAX_SAFE_INTEGER ? Number(value) : value,
    end: range.end,
  };
}

function match(pattern: RegExp, source: string, index: number): string | undefined {
  pattern.lastIndex = index;
  return pattern.exec(source)?.[0];
}
