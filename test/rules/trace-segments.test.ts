import { RuleError } from '../../src/errors/rule-error.ts';
import { withAnswers } from '../../src/rules/compile/answers.ts';
import { traceRule } from '../../src/rules/trace.ts';
import { declarationsOf } from './declared.ts';

const declarations = declarationsOf({
  segments: {
    staff: 'user.role == "staff"',
    paying: 'segments.staff or user.plan in ["pro"]',
    broken: 'user.id > 0 and user.nothing',
    number: 'user.id',
  },
  experiments: { checkout: ['on', 'off'] },
});

const context = { user: { id: 7, role: 'guest', plan: 'pro' } };

const trace = (rule: string) =>
  withAnswers(
    () => 'on',
    () => traceRule(rule, context, declarations),
  );

describe('traceRule with declared names', () => {
  it('lists the clauses of a segment after the clause that uses it', () => {
    expect(trace('user.id == 7 and segments.paying')).toEqual({
      outcome: true,
      clauses: [
        { clause: 'user.id == 7', outcome: true, values: { 'user.id': 7 } },
        { clause: 'segments.paying', outcome: true, values: { 'segments.paying': true } },
        {
          clause: 'user.plan in ["pro"]',
          outcome: true,
          values: { 'user.plan': 'pro' },
          segment: 'paying',
        },
      ],
    });
  });

  it('lists the clauses of segments within segments', () => {
    const { outcome, clauses } = trace('not (segments.staff or segments.staff)');
    expect(outcome).toBe(true);
    expect(clauses.map(({ clause, segment }) => [clause, segment])).toEqual([
      ['segments.staff', undefined],
      ['user.role == "staff"', 'staff'],
      ['segments.staff', undefined],
      ['user.role == "staff"', 'staff'],
    ]);
  });

  it('shows the value of a segment inside a comparison', () => {
    const [clause] = trace('segments.paying == True').clauses;
    expect(clause?.values).toEqual({ 'segments.paying': true });
  });

  it('shows the variant of another experiment', () => {
    expect(trace('experiments.checkout == "on"').clauses).toEqual([
      {
        clause: 'experiments.checkout == "on"',
        outcome: true,
        values: { 'experiments.checkout': 'on' },
      },
    ]);
  });

  it('shows where the rule of a segment failed', () => {
    const { outcome, clauses, error } = trace('segments.broken');
    expect(outcome).toBeUndefined();
    expect(clauses.map((one) => [one.clause, one.outcome, one.segment])).toEqual([
      ['segments.broken', 'error', undefined],
      ['user.id > 0', true, 'broken'],
      ['user.nothing', 'error', 'broken'],
    ]);
    expect(error).toBeInstanceOf(RuleError);
    expect((error as RuleError).message).toContain(
      'segment "broken": an object has no attribute "nothing"',
    );
  });

  it('reports a segment that is not True or False', () => {
    const { error } = trace('segments.number');
    expect((error as RuleError).message).toContain('segment "number": its rule evaluates to');
  });
});
