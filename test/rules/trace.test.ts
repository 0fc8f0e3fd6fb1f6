import { RuleError } from '../../src/errors/rule-error.ts';
import { traceRule } from '../../src/rules/trace.ts';

const context = {
  user: { plan: 'pro', age: 34, tags: ['beta'], email: null },
  country: 'CA',
  items: [3, 4],
};

/** Returns the clauses of a trace in short: `clause: outcome`. */
function clausesOf(rule: string): string[] {
  return traceRule(rule, context).clauses.map(({ clause, outcome }) => `${clause}: ${outcome}`);
}

describe('traceRule', () => {
  it.each([
    ['user.plan == "pro"', ['user.plan == "pro": true']],
    // A true `and` reports all clauses, a false one only the false clause; vice versa for `or`.
    ['user.age > 18 and country == "CA"', ['user.age > 18: true', 'country == "CA": true']],
    ['user.age > 18 and country == "US" and missing', ['country == "US": false']],
    ['country == "US" or user.age > 18 or missing', ['user.age > 18: true']],
    ['country == "US" or user.age > 65', ['country == "US": false', 'user.age > 65: false']],
    ['not country == "US"', ['country == "US": false']],
    ['not (country == "US" or user.age > 65)', ['country == "US": false', 'user.age > 65: false']],
    [
      '(country == "CA" or missing) and user.age < 40',
      ['country == "CA": true', 'user.age < 40: true'],
    ],
    [
      'user.age > 40 if country == "US" else user.plan == "pro"',
      ['country == "US": false', 'user.plan == "pro": true'],
    ],
    ['18 <= user.age < 65', ['18 <= user.age < 65: true']],
    ['not user.email', ['user.email: false']],
    ['not (user.email or not user.tags)', ['user.email: false', 'user.tags: true']],
    [
      '[x for x in items if x > 3 and x < 9] == [4]',
      ['[x for x in items if x > 3 and x < 9] == [4]: true'],
    ],
    ['True', ['True: true']],
  ])('reports the clauses that decided %s', (rule, clauses) => {
    expect(clausesOf(rule)).toEqual(clauses);
  });

  it('shows the values that a clause read, by their path as written', () => {
    const valuesOf = (rule: string) => traceRule(rule, context).clauses.map(({ values }) => values);
    expect(valuesOf('user . plan == "pro"')).toEqual([{ 'user . plan': 'pro' }]);
    expect(valuesOf('18 <= user.age < items[0] * 20')).toEqual([{ 'user.age': 34, 'items[0]': 3 }]);
    expect(valuesOf('"beta" in user["tags"]')).toEqual([{ 'user["tags"]': ['beta'] }]);
    expect(valuesOf('[x for x in items if x > user.age] == []')).toEqual([{ items: [3, 4] }]);
    expect(valuesOf('items[user.age - 33] == 4')).toEqual([{ items: [3, 4], 'user.age': 34 }]);
    expect(valuesOf('country == country')).toEqual([{ country: 'CA' }]);
  });

  it('reports the result of the rule', () => {
    expect(traceRule('country == "CA"', context)).toMatchObject({ outcome: true });
    expect(traceRule('country == "US"', context)).toMatchObject({ outcome: false });
    expect(traceRule('country == "US"', context)).not.toHaveProperty('error');
  });

  it('reports the failed clause and the ones before it', () => {
    const trace = traceRule('user.age > 18 and user.age < "65" and missing', context);
    expect(trace).not.toHaveProperty('outcome');
    expect(trace.clauses).toEqual([
      { clause: 'user.age > 18', outcome: true, values: { 'user.age': 34 } },
      { clause: 'user.age < "65"', outcome: 'error', values: { 'user.age': 34 } },
    ]);
    expect(trace.error).toBeInstanceOf(RuleError);
    expect(trace.error).toMatchObject({ code: 'type', range: { start: 18, end: 33 } });
  });

  it('omits missing values', () => {
    const { clauses, error } = traceRule('missing == user.nothing', context);
    expect(clauses).toEqual([{ clause: 'missing == user.nothing', outcome: 'error', values: {} }]);
    expect(error).toMatchObject({ code: 'name' });
  });

  it('reports the value of a rule that is not a boolean', () => {
    const { clauses, error } = traceRule('user.age and user.plan', context);
    expect(clauses.map(({ outcome }) => outcome)).toEqual([true, true]);
    expect(error).toMatchObject({ code: 'not-boolean' });
  });

  it('reports only the error of a rule that does not compile', () => {
    for (const [rule, code] of [
      ['user.', 'syntax'],
      ['f()', 'call'],
      ['x.__proto__', 'forbidden'],
    ]) {
      expect(traceRule(rule ?? '', context)).toEqual({
        clauses: [],
        error: expect.objectContaining({ code }) as unknown,
      });
    }
  });

  it('passes on the error of a context’s getter unchanged', () => {
    const broken = new Error('no database');
    const failing = {
      get user(): never {
        throw broken;
      },
    };
    const trace = traceRule('user.age > 18', failing);
    expect(trace.error).toBe(broken);
    expect(trace.clauses).toEqual([{ clause: 'user.age > 18', outcome: 'error', values: {} }]);
  });

  it('has the same result as the rule even if reading the values costs as much again', () => {
    // Each access to a character counts the whole string.
    const long = { text: 'x'.repeat(1_000_000) };
    const rule = Array.from({ length: 9 }, (_, i) => `text[${i}] == "x"`).join(' and ');
    expect(traceRule(rule, long).outcome).toBe(true);
  });
});
