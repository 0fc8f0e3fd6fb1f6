import type { RuleErrorCode } from '../../../src/errors/evenhand-error.ts';
import { RuleError } from '../../../src/errors/rule-error.ts';
import { compileRule } from '../../../src/rules/compile/compile.ts';

/**
 * What becomes of a rule: refused when it is loaded, failed when it is evaluated, or evaluated to what
 * its author could have written down in the first place.
 */
export type Answer = `refused: ${RuleErrorCode}` | `fails: ${RuleErrorCode}` | 'true' | 'false';

/** Rules as an attacker writes them, of one kind. */
export interface AttackGroup {
  /** What they try. */
  readonly tries: string;
  /** Where it worked, or who has a test of it since it did. */
  readonly worked: string;
  /** Each with what becomes of it here. */
  readonly rules: readonly (readonly [rule: string, answer: Answer])[];
}

/** What becomes of a rule in a context; whatever else is thrown is thrown. */
export function answerTo(rule: string, context: object): Answer {
  let stage: 'refused' | 'fails' = 'refused';
  try {
    const compiled = compileRule(rule);
    stage = 'fails';
    return compiled(context) ? 'true' : 'false';
  } catch (error) {
    if (!(error instanceof RuleError)) throw error;
    return `${stage}: ${error.code}`;
  }
}
