import { RuleError } from '../../../src/errors/rule-error.ts';
import { withAnswers } from '../../../src/rules/compile/answers.ts';
import { compiledWith, type Declared } from '../declared.ts';

const paying = { segments: { staff: 'user.staff', paying: 'user.plan == "pro"' } };
const checkout = { experiments: { checkout: ['on', 'off'], search: ['a', 'b'] } };

/** Returns the problem of a rule that can't be compiled: its code, its reason and the marked part. */
function problemOf(rule: string, declared: Declared): string {
  try {
    compiledWith(rule, declared);
  } catch (error) {
    if (!(error instanceof RuleError)) throw error;
    const { code, reason, range } = error;
    return `${code}: ${reason} [${rule.slice(range.start, range.end)}]`;
  }
  return 'compiles';
}

describe('segments in rules', () => {
  it.each([
    [
      'segments.payng',
      'name: there is no segment "payng"; did you mean "paying"? [segments.payng]',
    ],
    ['segments.x', 'name: there is no segment "x"; declared: staff, paying [segments.x]'],
    [
      'segments',
      'forbidden: "segments" can only be used with a dot and the name of a segment, such as segments.staff [segments]',
    ],
    [
      'segments["paying"]',
      'forbidden: "segments" can only be used with a dot and the name of a segment, such as segments.staff [segments]',
    ],
    [
      'segments.paying.plan == 1',
      'attribute: segments.paying is True or False and has no attributes or items; use it alone [segments.paying]',
    ],
    [
      'segments.paying[0] == 1',
      'attribute: segments.paying is True or False and has no attributes or items; use it alone [segments.paying]',
    ],
    ['segments._x', `forbidden: the attribute "_x" can't be used in rules [segments._x]`],
    ['[x for x in segments] == []', 'forbidden: "segments" can only be used with a dot'],
  ])('refuses %s', (rule, problem) => {
    expect(problemOf(rule, paying)).toContain(problem);
  });

  it.each([
    'segments.paying',
    'not segments.paying or user.id in [1]',
    '(segments.paying if segments.staff else user.id == 1)',
    '{"a": segments.paying}["a"] and -1 < 0 and user.name[0:1] == "x"',
    '[x for x in [1, 2] if segments.paying] == [1, 2]',
  ])('accepts %s', (rule) => {
    expect(problemOf(rule, paying)).toBe('compiles');
  });

  it('keeps variables of comprehensions that are named segments', () => {
    const rule = compiledWith('[segments for segments in [3]] == [3] and segments.paying', paying);
    expect(rule.holds({ user: { plan: 'pro' } })).toBe(true);
    const nested = compiledWith(
      '[segments.x for segments in items if segments.x > 1] == [2]',
      paying,
    );
    expect(nested.holds({ items: [{ x: 1 }, { x: 2 }] })).toBe(true);
    // The first iterable can't use the variable.
    const iterable = compiledWith('[segments for segments in [segments.paying]] == [True]', paying);
    expect(iterable.holds({ user: { plan: 'pro' } })).toBe(true);
  });

  it('leaves segments and experiments to the context if nothing is declared', () => {
    const context = { segments: { x: 1 }, experiments: { y: 'on' } };
    expect(compiledWith('segments.x == 1', checkout).holds(context)).toBe(true);
    expect(compiledWith('experiments.y == "on"', paying).holds(context)).toBe(true);
    expect(compiledWith('segments["x"] == 1', {}).holds(context)).toBe(true);
  });

  it('refuses a rule that is too long together with its segments', () => {
    const long = `user.id in [${'1, '.repeat(1500)}2]`;
    const declared = { segments: { long, twice: 'segments.long and segments.long' } };
    expect(problemOf('segments.twice', declared)).toBe('compiles');
    expect(problemOf('segments.twice or segments.long', declared)).toContain(
      'limit: with the rules of its segments, this rule has more than the 10000 characters allowed',
    );
  });

  it('refuses segments that double in size with each step', () => {
    const segments: Record<string, string> = { s0: 'user.id == 1' };
    const build = (): unknown => {
      for (let i = 1; i <= 16; i++) segments[`s${i}`] = `segments.s${i - 1} or segments.s${i - 1}`;
      return compiledWith('segments.s16', { segments });
    };
    expect(build).toThrow(/with the rules of its segments, this rule has more than the 10000/);
  });

  it('refuses chains of more than 16 segments', () => {
    const chain = (length: number): Declared => {
      const segments: Record<string, string> = { s1: 'user.id == 1' };
      for (let i = 2; i <= length; i++) segments[`s${i}`] = `segments.s${i - 1}`;
      return { segments };
    };
    expect(compiledWith('segments.s16', chain(16)).holds({ user: { id: 1 } })).toBe(true);
    expect(() => compiledWith('segments.s17', chain(17))).toThrow(
      'the segment "s17" begins a chain of more than 16 segments',
    );
  });
});

describe('questions about experiments in rules', () => {
  const answers = (name: string): string | null => (name === 'checkout' ? 'on' : null);

  it.each([
    [
      'experiments.chekout == "on"',
      'name: there is no experiment "chekout"; did you mean "checkout"?',
    ],
    [
      'experiments["checkout"] == "on"',
      `forbidden: "experiments" can only be used with a dot and the name of an experiment's variant, such as experiments.checkout`,
    ],
    ['experiments == 1', 'forbidden: "experiments" can only be used'],
  ])('refuses %s', (rule, problem) => {
    expect(problemOf(rule, checkout)).toContain(problem);
  });

  it.each([
    ['experiments.checkout == "on"', true],
    ['experiments.checkout in ["off"]', false],
    ['experiments.search is None', true],
    ['experiments.search == "a"', false],
    ['[1 for x in [1, 2] if experiments.checkout == "on"] == [1, 1]', true],
    ['[experiments for experiments in ["on"]] == ["on"]', true],
  ])('answers %s', (rule, expected) => {
    const compiled = compiledWith(rule, checkout);
    expect(withAnswers(answers, () => compiled.holds({}))).toBe(expected);
  });

  it('fail outside a decision', () => {
    const rule = compiledWith('experiments.checkout == "on"', checkout);
    expect(() => rule.holds({})).toThrow('other experiments can only be asked for in a decision');
    withAnswers(answers, () =>
      withAnswers(
        () => null,
        () => rule.holds({}),
      ),
    );
    expect(() => rule.holds({})).toThrow(RuleError);
  });
});
