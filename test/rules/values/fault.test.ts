import { RuleFault, toRuleError } from '../../../src/rules/values/fault.ts';
import { failureOf, placeOf } from '../outcome.ts';

describe('toRuleError', () => {
  it('returns other errors unchanged', () => {
    const broken = new TypeError('no database');
    expect(toRuleError(broken, 'x')).toBe(broken);
    expect(toRuleError('thrown text', 'x')).toBe('thrown text');
    expect(toRuleError(undefined, 'x')).toBeUndefined();
  });

  it('points at the whole rule, without the space around it, if no place is known', () => {
    const range = (source: string) => toRuleError(new RuleFault('type', 'bad'), source);
    expect(range(' \n x == 1 \n')).toMatchObject({ range: { start: 3, end: 9 } });
    expect(range('')).toMatchObject({ range: { start: 0, end: 0 } });
  });
});

/** Returns the message after its first line, which is the reason. */
function excerptOf(rule: string, context: object = {}): string {
  const { message, reason } = failureOf(rule, context);
  expect(message.startsWith(`${reason}\n`)).toBe(true);
  return message.slice(reason.length + 1);
}

describe('the message of a RuleError', () => {
  it.each([
    ['a == b', '  a == b\n  ^'],
    ['1 == b', '  1 == b\n       ^'],
    ['1 == bcd or x', '  1 == bcd or x\n       ^^^'],
    ['1 ==', '  1 ==\n      ^'],
    ['(1 == 2', '  (1 == 2\n  ^'],
    ['1 == 2)', '  1 == 2)\n        ^'],
    ['x', '  x\n  ^'],
    ['[1, 2][5] == 1', '  [1, 2][5] == 1\n  ^^^^^^^^^'],
    ['1 == 1 and "a" + 1 == 2', '  1 == 1 and "a" + 1 == 2\n             ^^^^^^^'],
    ['1 + 1', '  1 + 1\n  ^^^^^'],
    ['  1 + 1  ', '    1 + 1  \n    ^^^^^'],
  ])('shows %j with carets under the place', (rule, excerpt) => {
    expect(excerptOf(rule)).toBe(excerpt);
  });

  it('shows only the line with the place', () => {
    expect(excerptOf('(1 == 1\n  and x == 1\n  and 2 == 2)')).toBe('    and x == 1\n        ^');
    expect(excerptOf('(1 == 1 and "a"\n + 1 == 2)')).toBe('  (1 == 1 and "a"\n              ^^^');
    expect(excerptOf('\n\n1 + 1')).toBe('  1 + 1\n  ^^^^^');
    expect(excerptOf('(1 +\n  ')).toBe('  (1 +\n      ^');
    expect(excerptOf('1 ==\n1')).toBe('  1 ==\n      ^');
  });

  it('shows tabs and other control characters as one space each', () => {
    expect(excerptOf('1\t==\tb')).toBe('  1 == b\n       ^');
    expect(excerptOf('"\u001b[31m" == b')).toBe('  " [31m" == b\n             ^');
    expect(excerptOf('(1\r\n== b)')).toBe('  == b)\n     ^');
  });

  it('cuts a long rule around the place', () => {
    const left = '1 == 1 and '.repeat(20);
    const right = ' and 1 == 1'.repeat(20);
    const [shown = '', carets = ''] = excerptOf(`${left}missing${right}`).split('\n');
    expect(shown).toHaveLength(2 + 1 + 80 + 1);
    expect(shown.slice(2, 3) + shown.slice(-1)).toBe('……');
    expect(shown.slice(carets.indexOf('^'), carets.lastIndexOf('^') + 1)).toBe('missing');
    const end = excerptOf(`${left}missing`).split('\n')[0];
    expect(end).toMatch(/^ {2}….*missing$/);
    const start = excerptOf(`missing${right}`).split('\n')[0];
    expect(start).toMatch(/^ {2}missing.*…$/);
  });

  it('cuts the carets of a long place with it', () => {
    const error = failureOf(`"a" + 1 + ${'1 + '.repeat(100)}1 == 1`);
    expect(placeOf(error)).toBe('"a" + 1');
    const whole = failureOf(`x.missing == [${'1, '.repeat(100)}1]`, { x: {} });
    expect(placeOf(whole)).toBe('x.missing');
    const long = excerptOf(`[${'1, '.repeat(100)}1]`).split('\n');
    expect(long.map((line) => line.length)).toEqual([2 + 80 + 1, 2 + 80]);
  });
});
