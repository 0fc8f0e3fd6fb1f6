import type { RuleNode } from '../syntax/nodes.ts';
import { RuleFault } from '../values/fault.ts';
import type { OutcomeLiteral } from './outcome-rule.ts';

/**
 * Returns the value of a literal, which may have a sign.
 *
 * @returns undefined for anything else
 * @throws RuleFault `limit` for numbers and texts that databases can't represent exactly
 */
export function readOutcomeLiteral(node: RuleNode): OutcomeLiteral | undefined {
  const isSigned = node.kind === 'unary' && (node.operator === '-' || node.operator === '+');
  const inner = isSigned ? node.operand : node;
  if (inner.kind !== 'literal') return undefined;
  const { value } = inner;
  if (typeof value === 'bigint' || (typeof value === 'number' && !Number.isFinite(value))) {
    const reason =
      'this number is too large; use one between -9007199254740991 and 9007199254740991';
    throw new RuleFault('limit', reason, node);
  }
  // `-0` and `0` are equal in every comparison; one form keeps statements equal.
  if (typeof value === 'number') return isSigned && node.operator === '-' ? 0 - value : value;
  if (isSigned) return undefined;
  if (typeof value === 'string' && !isStorable(value)) {
    const reason = "this text has a character that databases can't store (U+0000, or half a pair)";
    throw new RuleFault('limit', reason, node);
  }
  return value;
}

/** Returns true for a text of whole characters without U+0000, which PostgreSQL can't store. */
function isStorable(text: string): boolean {
  return !text.includes('\0') && !/\p{Surrogate}/u.test(text);
}
