import { compileRule } from '../../src/rules/compile/compile.ts';
import { PlanoutError } from '../../src/errors/planout-error.ts';
import { RuleError } from '../../src/errors/rule-error.ts';
import { compileScript } from '../../src/planout/language/compile-script.ts';
import { parseScript } from '../../src/planout/script/parse-script.ts';
import { thrownBy } from '../assignment/build.ts';

const long = 'x'.repeat(9000);

describe('the message of an error', () => {
  it.each([
    ['a name', long],
    ['an attribute', `user.${long}`],
    ['a private name', `_${long}`],
    ['a private attribute', `user._${long}`],
    ['an extra word', `user ${long}`],
    ['a word after a number', `1${long}`],
  ])('of a rule shortens %s', (_what, rule) => {
    const error = thrownBy(() => compileRule(rule)({ user: {} }));
    expect(error).toBeInstanceOf(RuleError);
    expect((error as RuleError).message.length).toBeLessThan(500);
    expect((error as RuleError).message).toContain('…');
  });

  it.each([
    ['a name', `${long} 1;`],
    ['an argument', `x = f(${long}=1, ${long}=2);`],
    ['an extra word', `x = 1 ${long};`],
    ['a number', `x = y 1${'0'.repeat(300)};`],
  ])('of PlanOut source shortens %s', (_what, source) => {
    const error = thrownBy(() => compileScript(source));
    expect(error).toBeInstanceOf(PlanoutError);
    expect((error as PlanoutError).message.length).toBeLessThan(500);
  });

  it('of a PlanOut script shortens a path, and has the whole path as a property', () => {
    let script: unknown = { op: 'nothing' };
    for (let i = 0; i < 300; i++) script = [script];
    const error = thrownBy(() => parseScript(script)) as PlanoutError;
    expect(error.message.length).toBeLessThan(500);
    expect(error.path).toBe('/0'.repeat(300));
  });
});
