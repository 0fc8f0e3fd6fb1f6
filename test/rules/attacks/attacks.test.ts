import { traceRule } from '../../../src/rules/trace.ts';
import { answerTo, type AttackGroup } from './attack.ts';
import { called, temptingContext } from './context.ts';
import { JAVASCRIPT } from './javascript.ts';
import { PYTHON } from './python.ts';
import { RESOURCES } from './resources.ts';
import { TEXT } from './text.ts';
import { watchBuiltIns } from '../../generators/built-ins.ts';

const groups: readonly AttackGroup[] = [...JAVASCRIPT, ...PYTHON, ...TEXT, ...RESOURCES];

/** Formats a rule for a test title. */
function shown(rule: string): string {
  return JSON.stringify(rule.length > 80 ? `${rule.slice(0, 80)}… (${rule.length})` : rule);
}

const changedBuiltIn = watchBuiltIns();

describe.each(groups)('a rule that tries to $tries, as in $worked', ({ rules }) => {
  it.each(rules.map(([rule, answer]) => ({ title: shown(rule), rule, answer })))(
    'has the expected outcome: $title $answer',
    ({ rule, answer }) => {
      const context = temptingContext();
      expect(answerTo(rule, context)).toBe(answer);
      // The second run and the trace have the same outcome, because nothing is left behind.
      expect(answerTo(rule, context)).toBe(answer);
      expect(() => {
        if (!answer.startsWith('refused')) JSON.stringify(traceRule(rule, context).clauses);
      }).not.toThrow();
      expect(changedBuiltIn()).toBeUndefined();
      expect(called).toEqual([]);
    },
  );
});

describe('the attacks', () => {
  it('are many, and all different', () => {
    const rules = groups.flatMap((group) => group.rules.map(([rule]) => rule));
    expect(new Set(rules).size).toBe(rules.length);
    expect(rules.length).toBeGreaterThan(300);
  });
});
