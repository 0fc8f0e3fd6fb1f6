import type { RuleErrorCode } from '../../errors/evenhand-error.ts';
import { quote } from '../../errors/show-value.ts';
import { RuleError, type RuleRange } from '../../errors/rule-error.ts';

/**
 * A fault inside a rule. It becomes a {@link RuleError} in code that knows the rule's source.
 * Operators do not know their place in the rule; the closure that called them adds it.
 */
export class RuleFault extends Error {
  readonly code: RuleErrorCode;
  range: RuleRange | undefined;
  /** The segment whose rule failed, and that rule's source; undefined for the rule itself. */
  segment: { readonly name: string; readonly source: string } | undefined;

  constructor(code: RuleErrorCode, message: string, range?: RuleRange) {
    super(message);
    this.code = code;
    this.range = range;
  }
}

/** Returns true for a fault. Never throws: a context can throw a Proxy that refuses every question. */
export function isFault(thrown: unknown): thrown is RuleFault {
  try {
    return thrown instanceof RuleFault;
  } catch {
    return false;
  }
}

/** Converts a fault in the given rule to an error. Returns anything else unchanged. */
export function toRuleError(thrown: unknown, source: string): unknown {
  if (!isFault(thrown)) return thrown;
  const { code, message, segment } = thrown;
  const rule = segment?.source ?? source;
  // Copied, because the range is often a node, and its whole tree must not get into logs.
  const { start, end } = thrown.range ?? wholeOf(rule);
  const where = segment === undefined ? '' : `segment ${quote(segment.name)}: `;
  return new RuleError(code, where + message, rule, { start, end });
}

/** Returns the range of the whole rule, without the space around it. */
export function wholeOf(source: string): RuleRange {
  return { start: Math.max(0, source.search(/\S/)), end: source.trimEnd().length };
}
