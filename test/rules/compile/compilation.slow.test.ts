import { RuleError } from '../../../src/errors/rule-error.ts';
import { SharedParts } from '../../../src/rules/compile/compilation.ts';
import { CompiledRule } from '../../../src/rules/compile/compile.ts';

/**
 * Returns the value of a rule, or the code of its error and the part of the rule that the error
 * points at.
 */
function told(rule: CompiledRule, context: object): unknown {
  try {
    return rule.holds(context);
  } catch (error) {
    if (!(error instanceof RuleError)) throw error;
    return `${error.code}: ${error.rule.slice(error.range.start, error.range.end)}`;
  }
}

describe('operations', () => {
  it('are counted everywhere inside comprehensions', () => {
    const xs = Array.from({ length: 9000 }, (_, i) => i);
    const many = `${'y == 1 or '.repeat(300)}0`;
    for (const source of [
      `[0 for x in xs if ${many}] == []`,
      `[${many} for x in xs] == []`,
      `{x: ${many} for x in xs} == {}`,
      `{${many}: x for x in xs} == {}`,
      `[0 for x in xs for z in [${many}]] == []`,
      `[[0 for z in [${many}]] for x in xs] == []`,
      `${many} or [0 for x in xs if ${many}] == []`,
    ]) {
      expect(told(new CompiledRule(source, new SharedParts()), { xs, y: 2 })).toMatch(/^limit: /);
    }
  });
});
