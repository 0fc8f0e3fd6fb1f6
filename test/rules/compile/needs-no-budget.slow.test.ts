import { compileRule } from '../../../src/rules/compile/compile.ts';
import { MAX_STEPS } from '../../../src/rules/values/limits.ts';

describe('needsNoBudget', () => {
  it('describes a single evaluation: it uses up no budget of others', () => {
    const user = Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`key${i}`, i]));
    const rules = ['user and a == "1"', 'a == "2" or not not user', 'a == "1" if user else False'];
    const context = { user, a: '1' };
    const evaluations = MAX_STEPS / 50_000;
    for (const rule of rules.map(compileRule)) {
      for (let i = 0; i < evaluations; i++) rule(context);
      expect(rule(context)).toBe(true);
    }
  });
});
