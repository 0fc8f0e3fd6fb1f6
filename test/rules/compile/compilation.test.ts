import { RuleError } from '../../../src/errors/rule-error.ts';
import { SharedParts } from '../../../src/rules/compile/compilation.ts';
import { CompiledRule } from '../../../src/rules/compile/compile.ts';

/** Compiles rules of one specification, which share their parts. */
function together(...sources: readonly string[]): CompiledRule[] {
  const shared = new SharedParts();
  return sources.map((source) => new CompiledRule(source, shared));
}

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

describe('rules that share parts', () => {
  it('distinguish a variable from a context value of the same name', () => {
    const rules = together(
      'x == "a"',
      'True in [x == "a" for x in xs]',
      'x == "a" and True in [x == "a" for x in xs]',
      'True in [x == "a" for y in xs] and True in [x == "a" for x in xs]',
      '[x for x in xs] == [x, x]',
      'True in [x.y == "a" for x in ys] or x.y == "a"',
    );
    const results = (context: object) => rules.map((rule) => told(rule, context));
    const context = { xs: ['b', 'b'], ys: [{ y: 'b' }] };
    expect(results({ ...context, x: 'a' })).toEqual([
      true,
      false,
      false,
      false,
      false,
      'attribute: x.y',
    ]);
    expect(results({ ...context, xs: ['a', 'a'], x: 'b' })).toEqual([
      false,
      true,
      false,
      false,
      false,
      'attribute: x.y',
    ]);
    expect(results({ ...context, xs: ['a', 'a'], x: { y: 'a' } })).toEqual([
      false,
      true,
      false,
      false,
      false,
      true,
    ]);
  });

  it('read the iterable of a comprehension from the context, not from its own variable', () => {
    const [first, second] = together('x == ["a"]', 'x == [x for x in x]');
    expect([first, second].map((rule) => rule && told(rule, { x: ['a'] }))).toEqual([true, true]);
  });

  it('distinguish parts that only look alike', () => {
    const rules = together(
      'a == "b"',
      'a == "b" "c"',
      "a == 'b'",
      'a != "b"',
      'a in ["b"]',
      'a not in ["b"]',
      '(a) == "b"',
      'a == "b" == "b"',
      'a.b == "b"',
      'a.b.c == "b"',
      'not a == "b"',
    );
    const results = (a: unknown) => rules.map((rule) => told(rule, { a }));
    const missing = ['attribute: a.b', 'attribute: a.b'];
    expect(results('b')).toEqual(
      [true, false, true, false, true, false, true, true, missing, false].flat(),
    );
    expect(results('bc')).toEqual(
      [false, true, false, true, false, true, false, false, missing, true].flat(),
    );
    expect(results({ b: 'b' })).toEqual(
      [false, false, false, true, false, true, false, false, true, 'attribute: a.b.c', true].flat(),
    );
  });

  it('each report their own place for the same fault', () => {
    const rules = together('user.plan == "pro"', 'True and not user.plan == "pro"', 'user.plan');
    const context = { user: {} };
    for (const rule of rules) {
      expect(told(rule, context)).toBe('attribute: user.plan');
      // The second time, the closure that locates faults exists already.
      expect(told(rule, context)).toBe('attribute: user.plan');
    }
    expect(rules.map((rule) => told(rule, {}))).toEqual(['name: user', 'name: user', 'name: user']);
  });
});

describe('the place of a fault', () => {
  const rule = (source: string) => new CompiledRule(source, new SharedParts());

  it.each([
    ['a.b.c.d == "x"', { a: { b: {} } }, 'attribute: a.b.c'],
    ['a.b.c.d == "x"', { a: {} }, 'attribute: a.b'],
    ['q == "x" or (a.b in ["x"])', { q: 1, a: {} }, 'attribute: a.b'],
    ['q == "x" or z in ["x"]', { q: 1 }, 'name: z'],
    ['q and 1 + q < 2', { q: 'x' }, 'type: 1 + q'],
    ['[x for x in xs if x.y == "a"] == []', { xs: [{ y: 1 }, {}] }, 'attribute: x.y'],
    ['1 in [z == "a" for x in xs]', { xs: [1] }, 'name: z'],
    ['xs[7] == "a"', { xs: [] }, 'index: xs[7]'],
    ['q == "a" if z else q', { q: 1 }, 'name: z'],
    ['q', { q: 1 }, 'not-boolean: q'],
  ])('is found in %s', (source, context, place) => {
    expect(told(rule(source), context)).toBe(place);
  });

  it('is the whole rule if the context returns different values each time', () => {
    let asked = 0;
    const context = {
      get plan() {
        return ++asked % 2 === 1 ? 1 : 'pro';
      },
    };
    expect(told(rule(' plan + "x" == "prox" '), context)).toBe('type: plan + "x" == "prox"');
    expect(asked).toBe(2);
  });

  it('is found for the first fault, even if the second evaluation throws another error', () => {
    let asked = 0;
    const context = {
      get plan(): number {
        if (++asked > 1) throw new Error('no second look');
        return 1;
      },
    };
    expect(told(rule('plan + "x" == "prox"'), context)).toBe('type: plan + "x" == "prox"');
  });

  it('is not searched for if the rule succeeds', () => {
    let asked = 0;
    const context = {
      get plan() {
        asked++;
        return 'pro';
      },
    };
    expect(told(rule('plan == "pro"'), context)).toBe(true);
    expect(asked).toBe(1);
  });
});

describe('operations', () => {
  it('are not counted outside comprehensions', () => {
    const many = `${'y == 1 or '.repeat(480)}True`;
    expect(told(new CompiledRule(many, new SharedParts()), { y: 2 })).toBe(true);
  });
});
