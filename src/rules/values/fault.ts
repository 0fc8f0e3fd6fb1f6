import type { RuleErrorCode } from '../../errors/evenhand-error.ts';
import { RuleError, type RuleRange } from '../../errors/rule-error.ts';

/**
 * Something wrong inside a rule, thrown where it is found and turned into a {@link RuleError} where
 * the rule's source is known. Operators do not know their place; the closure that called them adds
 * it.
 */
export class RuleFault extends Error {
  readonly code: RuleErrorCode;
  range: RuleRange | undefined;

  constructor(code: RuleErrorCode, message: string, range?: RuleRange) {
    super(message);
    this.code = code;
    this.range = range;
  }
}

/** The error of a fault in the given rule; anything else is passed through. */
export function toRuleError(thrown: unknown, source: string): unknown {
  if (!(thrown instanceof RuleFault)) return thrown;
  // A copy: the place is often a node, whose whole tree must not get into logs.
  const { start, end } = thrown.range ?? wholeOf(source);
  return new RuleError(thrown.code, thrown.message, source, { start, end });
}

/** The whole rule, without the space around it. */
function wholeOf(source: string): RuleRange {
  return { start: Math.max(0, source.search(/\S/)), end: source.trimEnd().length };
}
