import { RuleError } from '../../src/errors/rule-error.ts';
import { compileRule } from '../../src/rules/compile/compile.ts';

/** Returns the result of a rule: true, false, or the code of its error. Other errors are thrown. */
export function outcomeOf(rule: string, context: object = {}): boolean | string {
  try {
    return compileRule(rule)(context);
  } catch (error) {
    if (error instanceof RuleError) return error.code;
    throw error;
  }
}

/** Returns the RuleError of a rule that must fail when it is compiled or evaluated. */
export function failureOf(rule: string, context: object = {}): RuleError {
  let result: boolean;
  try {
    result = compileRule(rule)(context);
  } catch (error) {
    if (error instanceof RuleError) return error;
    throw error;
  }
  throw new Error(`${rule} gives ${result} instead of an error`);
}

/** Returns the RuleError of a rule that must not compile. */
export function refusalOf(rule: string): RuleError {
  try {
    compileRule(rule);
  } catch (error) {
    if (error instanceof RuleError) return error;
    throw error;
  }
  throw new Error(`${rule} is accepted`);
}

/** Returns the part of the rule that the error points at. */
export function placeOf({ rule, range }: RuleError): string {
  return rule.slice(range.start, range.end);
}
