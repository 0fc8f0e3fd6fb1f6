import {
  beginBudget,
  restoreBudget,
  spendItems,
  spendKeys,
  spendSteps,
  spendString,
} from '../../../src/rules/values/budget.ts';
import { compileRule } from '../../../src/rules/compile/compile.ts';
import { MAX_ITEMS, MAX_STEPS, MAX_STRING } from '../../../src/rules/values/limits.ts';
import { traceRule } from '../../../src/rules/trace.ts';
import { outcomeOf } from '../outcome.ts';

/** Runs with its own budget. */
function inBudget(work: () => void): void {
  const saved = beginBudget();
  try {
    work();
  } finally {
    restoreBudget(saved);
  }
}

describe('the budget of an evaluation', () => {
  it('ends exactly at its limits', () => {
    inBudget(() => {
      spendItems(MAX_ITEMS);
      expect(() => spendItems(1)).toThrow('the rule creates more than 10000 items');
      spendSteps(MAX_STEPS);
      expect(() => spendSteps(1)).toThrow('the rule takes more than 10000000 steps');
    });
    inBudget(() => {
      spendKeys(Math.floor(MAX_STEPS / 30));
      expect(() => spendKeys(1)).toThrow('the rule takes more than 10000000 steps');
    });
    inBudget(() => {
      expect(() => spendString(MAX_STRING + 1)).toThrow(
        'the rule creates a string of more than 100000',
      );
      for (let i = 0; i < MAX_STEPS / MAX_STRING; i++) spendString(MAX_STRING);
      expect(() => spendString(1)).toThrow('the rule takes more than 10000000 steps');
    });
  });

  it('is full for a nested evaluation, and restored after it', () => {
    inBudget(() => {
      spendItems(MAX_ITEMS - 1);
      inBudget(() => spendItems(MAX_ITEMS));
      spendItems(1);
      expect(() => spendItems(1)).toThrow('items');
    });
    inBudget(() => spendItems(MAX_ITEMS));
  });

  it.each([
    ['[x for x in xs].length == 10000', 10_000, true],
    ['[x for x in xs].length == 10000', 10_001, 'limit'],
    ['[x for x in xs if False] == []', 10_001, 'limit'],
    ['[1 for x in xs for y in xs] == []', 100, 'limit'],
    ['[1 for x in xs for y in xs].length == 9801', 99, true],
    ['[[y for y in xs] for x in xs].length == 99', 99, true],
    ['[[y for y in xs] for x in xs] == []', 101, 'limit'],
    ['[[x, x] for x in xs].length == 3000', 3000, true],
    ['[[x, x] for x in xs] == []', 4000, 'limit'],
    ['[(x, x, x) for x in xs] == []', 3000, 'limit'],
    ['[{x, 1} for x in xs] == []', 4000, 'limit'],
    ['[{x: 1, 2: x} for x in xs] == []', 4000, 'limit'],
    ['xs + xs == []', 5000, false],
    ['xs + xs == []', 5001, 'limit'],
    ['xs * 3 == []', 3334, 'limit'],
    ['{x for x in xs} | {1} == {}', 5001, 'limit'],
    ['xs == xs[::-1] or xs[0] in xs', 500_000, true],
  ])('is checked by %s over %i items: %s', (rule, count, outcome) => {
    expect(outcomeOf(rule, { xs: Array.from({ length: count }, (_, i) => i) })).toBe(outcome);
  });

  it('is full for every evaluation, also after a failed one', () => {
    const rule = compileRule('[x for x in xs].length > 0');
    const large = { xs: Array.from({ length: 9999 }, () => 1) };
    for (let i = 0; i < 5; i++) {
      expect(rule(large)).toBe(true);
      expect(outcomeOf('[0] * 10 ** 9 == []')).toBe('limit');
      expect(() =>
        rule({
          get xs(): never {
            throw new Error('broken');
          },
        }),
      ).toThrow('broken');
      expect(traceRule('[0] * 10 ** 9 == []', {}).error).toMatchObject({ code: 'limit' });
    }
  });

  it('is not used by compiling', () => {
    const source = `x in {("${'a'.repeat(9000)}", 1)}`;
    const context = {
      word: 'abc',
      get compiled(): boolean {
        for (let i = 0; i < (1.1 * MAX_STEPS) / source.length; i++) compileRule(source);
        return true;
      },
    };
    expect(outcomeOf('compiled and "b" in word', context)).toBe(true);
  });

  it('is separate for a rule that a getter evaluates', () => {
    const half = { xs: Array.from({ length: 6000 }, (_, i) => i) };
    const inner = compileRule('[x for x in xs].length == 6000');
    const failing = compileRule('[0] * 10 ** 9 == []');
    const context = {
      ...half,
      get answer(): boolean {
        return inner(half);
      },
      get failure(): boolean {
        return failing({});
      },
    };
    const outer = '[x for x in xs].length == 6000 and answer and [1, 2] == [1, 2]';
    expect(outcomeOf(outer, context)).toBe(true);
    expect(outcomeOf(`${outer} and [y for y in xs] == xs`, context)).toBe('limit');
    // The error names the rule that it comes from.
    expect(() => compileRule('failure')(context)).toThrow(
      expect.objectContaining({ rule: '[0] * 10 ** 9 == []', code: 'limit' }) as Error,
    );
    expect(outcomeOf('answer and answer', context)).toBe(true);
  });
});
