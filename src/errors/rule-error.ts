import { EvenhandError, type RuleErrorCode } from './evenhand-error.ts';

/** Where in a rule's source something is: offsets in UTF-16 code units, `end` exclusive. */
export interface RuleRange {
  readonly start: number;
  readonly end: number;
}

/** A rule that can't be compiled or evaluated; the message shows the rule with a caret. */
export class RuleError extends EvenhandError {
  declare readonly code: RuleErrorCode;
  /** The whole rule. */
  readonly rule: string;
  /** The place in the rule. */
  readonly range: RuleRange;
  /** What is wrong, without the excerpt of the rule. */
  readonly reason: string;

  constructor(code: RuleErrorCode, reason: string, rule: string, range: RuleRange) {
    super(code, `${reason}\n${excerpt(rule, range)}`);
    this.rule = rule;
    this.range = range;
    this.reason = reason;
  }
}

/** How much of a long rule's line is shown around the place, in characters. */
const EXCERPT = 80;

/** The line of the rule that holds the place, and carets under it. */
function excerpt(rule: string, { start, end }: RuleRange): string {
  // Before the first character there is no line break; lastIndexOf would look at that one.
  const lineStart = start === 0 ? 0 : rule.lastIndexOf('\n', start - 1) + 1;
  const nextBreak = rule.indexOf('\n', start);
  const lineEnd = nextBreak === -1 ? rule.length : nextBreak;
  const from = Math.max(lineStart, start - EXCERPT / 2);
  const to = Math.min(lineEnd, from + EXCERPT);
  const lead = from > lineStart ? '…' : '';
  // Tabs and other control characters would move the caret or the terminal's cursor.
  const shown = rule
    .slice(from, to)
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (one) => ' '.repeat(one.length));
  const carets = '^'.repeat(Math.max(1, Math.min(end, to) - start));
  return `  ${lead}${shown}${to < lineEnd ? '…' : ''}\n  ${' '.repeat(lead.length + start - from)}${carets}`;
}
