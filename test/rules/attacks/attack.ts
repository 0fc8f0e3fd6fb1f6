import type { RuleErrorCode } from '../../../src/errors/evenhand-error.ts';
import { RuleError } from '../../../src/errors/rule-error.ts';
import { compileRule } from '../../../src/rules/compile/compile.ts';

/**
 * The outcome of a rule: it is refused when it is loaded, fails when it is evaluated, or evaluates
 * to something that its author could have written down in the first place.
 */
export type Answer = `refused: ${RuleErrorCode}` | `fails: ${RuleErrorCode}` | 'true' | 'false';

/** A group of rules that an attacker might write. */
export interface AttackGroup {
  /** The goal of the attack. */
  readonly tries: string;
  /** The program in which the attack worked, or whose tests it comes from. */
  readonly worked: string;
  /** The rules, each with its outcome here. */
  readonly rules: readonly (readonly [rule: string, answer: Answer])[];
}

/** Returns the outcome of a rule in a context. Other errors are thrown. */
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
