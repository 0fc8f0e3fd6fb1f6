import { EvenhandError, type RuleErrorCode } from './evenhand-error.ts';
import { quote } from './show-value.ts';

/** A place in a rule's source: offsets in UTF-16 code units, `end` exclusive. */
export interface RuleRange {
  readonly start: number;
  readonly end: number;
}

/** The decision that an error made impossible. */
export interface FailedDecision {
  /** The experiment's name. */
  readonly experiment: string;
  /** The remedies, for the message. */
  readonly advice: string;
}

/**
 * The error for a rule that can't be compiled or evaluated. The message shows the rule and marks
 * the place with carets.
 */
export class RuleError extends EvenhandError {
  declare readonly code: RuleErrorCode;
  /** The experiment that could not be decided; undefined outside decisions, as in `compileRule()`. */
  readonly experiment: string | undefined;
  /** The whole rule. */
  readonly rule: string;
  /** The place in the rule. */
  readonly range: RuleRange;
  /** The problem, without the excerpt of the rule. */
  readonly reason: string;

  constructor(
    code: RuleErrorCode,
    reason: string,
    rule: string,
    range: RuleRange,
    decision?: FailedDecision,
  ) {
    const where = decision === undefined ? '' : `experiment ${quote(decision.experiment)}: `;
    const advice = decision === undefined ? '' : `\n  ${decision.advice}`;
    super(code, `${where}${reason}\n${excerpt(rule, range)}${advice}`);
    this.experiment = decision?.experiment;
    this.rule = rule;
    this.range = range;
    this.reason = reason;
  }
}

/** The length of the excerpt of a long line, in characters. */
const EXCERPT = 80;

/** Returns the line of the rule that contains the place, with carets under it. */
function excerpt(rule: string, { start, end }: RuleRange): string {
  // At offset 0, lastIndexOf would find a line break at offset 0 itself.
  const lineStart = start === 0 ? 0 : rule.lastIndexOf('\n', start - 1) + 1;
  const nextBreak = rule.indexOf('\n', start);
  const lineEnd = nextBreak === -1 ? rule.length : nextBreak;
  const from = Math.max(lineStart, start - EXCERPT / 2);
  const to = Math.min(lineEnd, from + EXCERPT);
  const lead = from > lineStart ? '…' : '';
  // Control characters would move the caret or the terminal's cursor. Spaces keep the positions.
  const shown = rule
    .slice(from, to)
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (one) => ' '.repeat(one.length));
  const carets = '^'.repeat(Math.max(1, Math.min(end, to) - start));
  return `  ${lead}${shown}${to < lineEnd ? '…' : ''}\n  ${' '.repeat(lead.length + start - from)}${carets}`;
}
