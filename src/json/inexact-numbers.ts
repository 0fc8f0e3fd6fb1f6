import type { Problem } from '../errors/spec-error.ts';
import { placedTokens } from './placed-tokens.ts';
import { positionsIn, withoutBom } from './positions.ts';

/** The digits, the fraction and the exponent of a number in JSON. */
const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([-+]?\d+))?$/;

/** The largest exponent that a finite number can have. */
const MAX_EXPONENT = 400;

/**
 * Finds whole numbers that are read as other numbers: JavaScript has only some of the whole numbers above
 * 2^53.
 *
 * @param text valid JSON
 */
export function inexactNumbers(text: string): Required<Omit<Problem, 'origin'>>[] {
  const json = withoutBom(text);
  const position = positionsIn(json);
  const problems: Required<Omit<Problem, 'origin'>>[] = [];
  for (const { kind, start, end, path } of placedTokens(json)) {
    if (kind !== 'scalar') continue;
    const literal = json.slice(start, end);
    const value = Number(literal);
    if (Number.isNaN(value) || Number.isSafeInteger(value) || isKept(literal, value)) continue;
    problems.push({
      path: path(),
      ...position(start),
      message: `the number ${literal} is read as ${value}, because it is too large; write it as text, in quotes`,
    });
  }
  return problems;
}

/** Returns true if a number stays the same, or is not whole. */
function isKept(literal: string, value: number): boolean {
  if (!Number.isFinite(value)) return false;
  const written = wholeNumber(literal);
  // The same digits come out again, although they stand for a slightly different number.
  return written === undefined || written === BigInt(value) || written === wholeNumber(`${value}`);
}

/** Returns the exact value of a whole number in JSON; undefined for others. */
function wholeNumber(literal: string): bigint | undefined {
  const [, sign = '', digits = '', fraction = '', exponent = '0'] = NUMBER.exec(literal) ?? [];
  const zeros = Number(exponent) - fraction.replace(/0+$/, '').length;
  if (digits === '' || zeros < 0 || zeros > MAX_EXPONENT) return undefined;
  const whole = digits + fraction.replace(/0+$/, '') + '0'.repeat(zeros);
  return BigInt(sign === '-' ? -1 : 1) * BigInt(whole);
}
