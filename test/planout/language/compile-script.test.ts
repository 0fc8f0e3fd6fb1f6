import type { PlanoutError } from '../../../src/errors/planout-error.ts';
import { compileScript, parseScript } from '../../../src/planout/index.ts';
import { thrownBy } from '../../assignment/build.ts';

/** Returns a clause of a conditional. */
const clause = (...parts: readonly unknown[]) =>
  Object.fromEntries(['if', 'then'].map((key, i) => [key, parts[i]]));

const get = (name: string) => ({ op: 'get', var: name });

/** Returns the JSON of an expression. */
function expression(source: string): unknown {
  const script = compileScript(`x = ${source};`) as { seq: [{ value: unknown }] };
  return script.seq[0].value;
}

describe('compileScript', () => {
  it("compiles the script of PlanOut's documentation to the JSON shown there", () => {
    const source = `
      button_text = uniformChoice(choices=['Purchase', 'Buy'], unit=userid);
      has_discount = bernoulliTrial(p=0.3, unit=userid);`;
    expect(compileScript(source)).toEqual({
      op: 'seq',
      seq: [
        {
          op: 'set',
          var: 'button_text',
          value: {
            choices: { op: 'array', values: ['Purchase', 'Buy'] },
            unit: get('userid'),
            op: 'uniformChoice',
          },
        },
        {
          op: 'set',
          var: 'has_discount',
          value: { p: 0.3, unit: get('userid'), op: 'bernoulliTrial' },
        },
      ],
    });
  });

  it('compiles conditions, blocks and return', () => {
    const source = `if (country == 'US') { p = 0.2; } else if (country == 'UK') { p = 0.4; }
      else { return false; }
      # and this is a comment; p = 7;
      q <- p # another
      ;`;
    const set = (name: string, value: unknown) => ({ op: 'set', var: name, value });
    const equals = (right: string) => ({ op: 'equals', left: get('country'), right });
    expect(compileScript(source)).toEqual({
      op: 'seq',
      seq: [
        {
          op: 'cond',
          cond: [
            clause(equals('US'), { op: 'seq', seq: [set('p', 0.2)] }),
            clause(equals('UK'), { op: 'seq', seq: [set('p', 0.4)] }),
            clause(true, { op: 'seq', seq: [{ op: 'return', value: false }] }),
          ],
        },
        set('q', get('p')),
      ],
    });
  });

  it.each<[string, unknown]>([
    ['1.5', 1.5],
    ['true', true],
    ['null', null],
    ['.5', 0.5],
    ['1e3', 1000],
    ['2.5E-1', 0.25],
    // As in the original compiler, a backslash only escapes the quote.
    [`"it's \\"it\\""`, String.raw`it's \"it\"`],
    [String.raw`'a\n'`, String.raw`a\n`],
    [`'say "it"'`, 'say "it"'],
    ['a', get('a')],
    ['(a)', get('a')],
    ['a + 1', { op: 'sum', values: [get('a'), 1] }],
    ['a - 1', { op: 'sum', values: [get('a'), { op: 'negative', value: 1 }] }],
    ['a -1', { op: 'sum', values: [get('a'), { op: 'negative', value: 1 }] }],
    ['-a[0]', { op: 'negative', value: { op: 'index', base: get('a'), index: 0 } }],
    // A sign has the precedence of a minus between two values.
    ['-7 % 3', { op: 'negative', value: { op: '%', left: 7, right: 3 } }],
    ['-a + 1', { op: 'sum', values: [{ op: 'negative', value: get('a') }, 1] }],
    [
      '2 * -a * b - 1',
      {
        op: 'sum',
        values: [
          {
            op: 'product',
            values: [2, { op: 'negative', value: { op: 'product', values: [get('a'), get('b')] } }],
          },
          { op: 'negative', value: 1 },
        ],
      },
    ],
    [
      '!-a * b',
      {
        op: 'not',
        value: { op: 'negative', value: { op: 'product', values: [get('a'), get('b')] } },
      },
    ],
    ['!a == b', { op: 'equals', left: { op: 'not', value: get('a') }, right: get('b') }],
    [
      'a ?? b || c',
      { op: 'or', values: [{ op: 'coalesce', values: [get('a'), get('b')] }, get('c')] },
    ],
    ['a * 2 + 1', { op: 'sum', values: [{ op: 'product', values: [get('a'), 2] }, 1] }],
    ['1 + a * 2', { op: 'sum', values: [1, { op: 'product', values: [get('a'), 2] }] }],
    ['(1 + a) / 2', { op: '/', left: { op: 'sum', values: [1, get('a')] }, right: 2 }],
    ['6 / 3 % 2', { op: '%', left: { op: '/', left: 6, right: 3 }, right: 2 }],
    ['a < 1 + 2', { op: '<', left: get('a'), right: { op: 'sum', values: [1, 2] } }],
    ['a != 1', { op: 'not', value: { op: 'equals', left: get('a'), right: 1 } }],
    [
      'a == 1 && b >= 2',
      {
        op: 'and',
        values: [
          { op: 'equals', left: get('a'), right: 1 },
          { op: '>=', left: get('b'), right: 2 },
        ],
      },
    ],
    ['a || b && c', { op: 'and', values: [{ op: 'or', values: [get('a'), get('b')] }, get('c')] }],
    ['a ?? 1', { op: 'coalesce', values: [get('a'), 1] }],
    ['!a && b', { op: 'and', values: [{ op: 'not', value: get('a') }, get('b')] }],
    ['!(a && b)', { op: 'not', value: { op: 'and', values: [get('a'), get('b')] } }],
    ['[]', { op: 'array', values: [] }],
    ['[1, [a]]', { op: 'array', values: [1, { op: 'array', values: [get('a')] }] }],
    ['round(2.3)', { op: 'round', value: 2.3 }],
    ['min(1, a)', { op: 'min', values: [1, get('a')] }],
    ['map(a=1)', { op: 'map', a: 1 }],
    ['map()', { op: 'map' }],
    ['@{"a": [1, -2, {}], "b": null}', { op: 'literal', value: { a: [1, -2, {}], b: null } }],
    ['@[true, "x"]', { op: 'literal', value: [true, 'x'] }],
    ['@7', { op: 'literal', value: 7 }],
    ['{ y = 1; }', { op: 'seq', seq: [{ op: 'set', var: 'y', value: 1 }] }],
  ])('compiles %s', (source, json) => {
    expect(expression(source)).toEqual(json);
  });

  it('compiles an empty script to an empty sequence', () => {
    expect(compileScript(' # only a comment')).toEqual({ op: 'seq', seq: [] });
  });

  it('keeps names of JavaScript object properties', () => {
    const script = JSON.stringify(expression('map(__proto__=1, constructor=2)'));
    expect(JSON.parse(script)).toEqual(JSON.parse('{"__proto__":1,"constructor":2,"op":"map"}'));
    expect(script).toContain('"__proto__":1');
  });

  it.each<[string, number, number, string]>([
    ['x = 1', 1, 6, 'expected ;, not the end of the script'],
    ['x = 1;\n  y == 2;', 2, 5, 'expected = after y, not =='],
    ['x = ;', 1, 5, 'expected a value, not ;'],
    ['x = 1 +;', 1, 8, 'expected a value, not ;'],
    ['x = (1;', 1, 7, 'expected ), not ;'],
    ['x = [1;', 1, 7, 'expected ], not ;'],
    ['x = f(1', 1, 8, 'expected ), not the end of the script'],
    ['7;', 1, 1, 'expected an assignment, if or return, not 7'],
    ['if true { x = 1; }', 1, 4, 'expected (, not true'],
    ['if (true) { x = 1;', 1, 19, 'expected an assignment, if or return, not the end'],
    ['x = f(a=1, 2);', 1, 14, 'give a name to all arguments or to none'],
    ['x = f(a=1, a=2);', 1, 12, 'the argument a is given twice'],
    ['x = f(1=2);', 1, 7, 'only a name is allowed before ='],
    ['x = f(op=2);', 1, 7, 'an argument must not be named op'],
    ['x = @{a: 1};', 1, 7, 'expected a key in quotes, not a'],
    ['x = @{"a" 1};', 1, 11, 'expected :, not 1'],
    ['x = @[a];', 1, 7, 'expected JSON after @, not a'],
    ['x = @-a;', 1, 7, 'expected a number, not a'],
    ['x = "abc', 1, 5, 'this string is not closed; add the missing'],
    ["x = 'abc", 1, 5, 'this string is not closed; add the missing'],
    ['x = ' + '9'.repeat(400) + ';', 1, 5, 'the number is too large'],
    ['x = 1e;', 1, 5, 'write numbers as'],
    ['x = 2x;', 1, 5, 'write numbers as'],
    ['x = 1e999;', 1, 5, 'the number is too large'],
    ['x = 1.;', 1, 5, 'write numbers as'],
    ['x = $;', 1, 5, 'unexpected "$"'],
    ['x = a & b;', 1, 7, 'unexpected "&"'],
    ['switch { }', 1, 1, 'switch is not supported'],
    ['if = 1;', 1, 4, 'expected (, not ='],
    ['x = "a" "b";', 1, 9, 'expected ;, not the string "b"'],
  ])('refuses %j at its line and column', (source, line, column, reason) => {
    const error = thrownBy(() => compileScript(source)) as PlanoutError;
    expect(error).toMatchObject({ name: 'PlanoutError', code: 'script', line, column });
    expect(error.path).toBeUndefined();
    expect(error.reason).toContain(reason);
    expect(error.message).toBe(`${line}:${column} ${error.reason}`);
  });

  it.each([
    ['brackets', '(', ')'],
    ['lists', '[', ']'],
    ['negations', '!', ''],
    ['signs', '-', ''],
    ['blocks', '{ y = ', '; }'],
    ['literals', '@[', ']'],
    ['calls', 'not(', ')'],
    ['right sides', '1 + (', ')'],
  ])('refuses 10,000 nested %s', (_, open, close) => {
    const inner = open === '@[' ? '@' + '['.repeat(10_000) : open.repeat(10_000);
    const source = `x = ${inner}1${(close === '' ? '' : close).repeat(10_000)};`;
    expect(thrownBy(() => compileScript(source))).toMatchObject({
      code: 'script',
      line: 1,
      reason: 'the script is nested more than 400 levels deep',
    });
  });

  it('lets parseScript refuse a chain that is too long, with the path', () => {
    const json = compileScript(`x = list${'[0]'.repeat(500)};`);
    expect(thrownBy(() => parseScript(json))).toMatchObject({ code: 'script' });
  });

  it.each([
    ['statements', 'x = 1; '],
    ['quotes', '"'],
    ['backslashes', '"\\'],
    ['spaces', ' '],
    ['comments', '#'],
    ['digits', '1'],
  ])('refuses 5 MB of %s', (_, text) => {
    const source = text.repeat(5_000_000 / text.length);
    expect(thrownBy(() => compileScript(source))).toMatchObject({ code: 'script' });
  });

  it.each(['"'.repeat(999_999), '"\\'.repeat(499_999), ' '.repeat(1e6), '1'.repeat(1e6)])(
    'reads a million characters in bounded time',
    (source) => {
      expect(() => compileScript(`x = ${source.slice(0, 999_000)};`)).toThrow(
        expect.objectContaining({ code: 'script' }),
      );
    },
  );

  it('refuses a source that is not a string', () => {
    expect(thrownBy(() => Reflect.apply(compileScript, undefined, [7]))).toMatchObject({
      code: 'option',
    });
  });
});
