import type { PlanoutError } from '../../../src/errors/planout-error.ts';
import {
  Assignment,
  compileScript,
  Interpreter,
  parseScript,
  randomInteger,
  sample,
  uniformChoice,
} from '../../../src/planout/index.ts';
import { thrownBy } from '../../assignment/build.ts';
import vectors from '../../vectors/planout.json' with { type: 'json' };

/** Returns `x` after a script with one assignment, in JSON. */
function valueOf(value: unknown, inputs: object = {}): unknown {
  return new Interpreter({ op: 'set', var: 'x', value }, { inputs }).getParams()['x'];
}

/** Returns `x` after a script in PlanOut's language. */
function xAfter(source: string, inputs: object = {}): unknown {
  return new Interpreter(source, { inputs }).getParams()['x'];
}

const errorOf = (run: () => unknown) => thrownBy(run) as PlanoutError;

describe('Interpreter', () => {
  it.each(vectors.operators.map((vector, i) => [i, vector.op, vector] as const))(
    'draws as the reference: draw %i, %s',
    (_, op, { args, unit, experimentSalt, parameter, salt, value }) => {
      const members = {
        ...args,
        unit: { op: 'get', var: 'unit' },
        ...(salt === null ? {} : { salt }),
      };
      const script = { op: 'set', var: parameter, value: { op, ...members } };
      const run = new Interpreter(script, { salt: experimentSalt, inputs: { unit } });
      expect(run.getParams()).toEqual({ [parameter]: value });
      expect(run.inExperiment).toBe(true);
    },
  );

  it("returns the result of PlanOut's documentation for a JSON script", () => {
    const config = {
      button_color: ['#00ff00', '#aaaaaa'],
      button_text: ['Post', 'Share', 'X'],
    };
    const script = parseScript({
      op: 'seq',
      seq: Object.entries(config).map(([name, choices]) => ({
        op: 'set',
        var: name,
        value: { op: 'uniformChoice', choices, unit: { op: 'get', var: 'userid' } },
      })),
    });
    const shown = [0, 1, 2, 3, 4].map((userid) => {
      const run = new Interpreter(script, { salt: 'custom_experiment', inputs: { userid } });
      return run.getParams();
    });
    expect(shown.map(({ button_text }) => button_text)).toEqual([
      'X',
      'Share',
      'X',
      'Post',
      'Post',
    ]);
    expect(shown.map(({ button_color }) => button_color)).toEqual(Array(5).fill('#aaaaaa'));
  });

  it('reads parameters, inputs and null, in that order', () => {
    expect(xAfter('x = a;')).toBeNull();
    expect(xAfter('x = a;', { a: 1 })).toBe(1);
    expect(xAfter('a = 2; x = a;', { a: 1 })).toBe(2);
    expect(xAfter('x = toString;')).toBeNull();
    const run = new Interpreter('a = 2;', { inputs: { a: 1, b: 3 } });
    expect([run.get('a'), run.get('b'), run.get('c'), run.get('c', 4)]).toEqual([
      2,
      3,
      undefined,
      4,
    ]);
  });

  it('keeps overrides instead of draws, and lets later lines read them', () => {
    const source = 'x = uniformChoice(choices=[1, 2], unit=userid); y = x + 1;';
    const run = new Interpreter(source, { inputs: { userid: 4 }, overrides: { x: 7 } });
    expect(run.getParams()).toEqual({ x: 7, y: 8 });
  });

  it("shows the experiment's own salt even if experiment_salt is overridden", () => {
    const overrides = { experiment_salt: 'other' };
    const run = new Interpreter("experiment_salt = 'new';", { salt: 'exp', overrides });
    expect(run.getParams()).toEqual({ experiment_salt: 'exp' });
    expect(run.get('experiment_salt')).toBe('exp');
  });

  it('draws with the value of experiment_salt after its assignment', () => {
    const line = 'randomInteger(min=0, max=1000000, unit=userid, salt="s");';
    const run = new Interpreter(`a = ${line} experiment_salt = "other"; b = ${line}`, {
      salt: 'first',
      inputs: { userid: 4 },
    });
    const drawn = (salt: string) => {
      const assignment = new Assignment(salt);
      assignment.set('s', randomInteger({ min: 0, max: 1_000_000, unit: 4 }));
      return assignment.get('s');
    };
    expect(run.getParams()).toEqual({ a: drawn('first'), b: drawn('other') });
    expect(drawn('first')).not.toBe(drawn('other'));
  });

  it('uses the default salt of the reference', () => {
    const assignment = new Assignment('global_salt');
    assignment.set('x', randomInteger({ min: 0, max: 1_000_000, unit: 4 }));
    expect(xAfter('x = randomInteger(min=0, max=1000000, unit=4);')).toBe(assignment.get('x'));
  });

  it('gives nested operators no salt, but accepts full_salt', () => {
    expect(errorOf(() => xAfter('x = [uniformChoice(choices=[1], unit=4)];'))).toMatchObject({
      code: 'operator',
      operator: 'uniformChoice',
      parameter: 'salt',
    });
    expect(xAfter('x = [uniformChoice(choices=[1], unit=4, salt="s")];')).toEqual([1]);
    expect(xAfter('x = [uniformChoice(choices=[1], unit=4, full_salt="s")];')).toEqual([1]);
  });

  it.each([
    ['return false;', false],
    ['return 0;', false],
    ['return "";', false],
    ['return [];', false],
    ['return null;', false],
    ['return true;', true],
    ['return "no";', true],
    ['x = 1;', true],
  ])('returns whether the unit is in the experiment: %s', (source, inExperiment) => {
    expect(new Interpreter(source).inExperiment).toBe(inExperiment);
  });

  it('stops at return and keeps the assigned parameters', () => {
    const run = new Interpreter('x = 1; if (true) { return false; } x = 2; y = 3;');
    expect(run.getParams()).toEqual({ x: 1 });
    expect(run.inExperiment).toBe(false);
  });

  it('isolates runs from each other', () => {
    const script = parseScript(compileScript('x = @[1, [2]]; y = @{"a": [1]};'));
    const { x } = new Interpreter(script).getParams();
    expect(() => (x as number[]).push(3)).toThrow(TypeError);
    expect(new Interpreter(script).getParams()).toEqual({ x: [1, [2]], y: { a: [1] } });
  });
});

describe('the operators of scripts', () => {
  it.each<[string, unknown]>([
    ['2 + 3 + 4', 9],
    ['2 * 3 * 4', 24],
    ['-2', -2],
    ['2 + 3 - 4', 1],
    ['4 % 2', 0],
    ['(-7) % 3', 2],
    ['7 % -3', -2],
    ['(-7.5) % 2', 0.5],
    ['4 / 2', 2],
    ['1 / 4', 0.25],
    ['true + true', 2],
    ['round(2.3)', 2],
    ['round(0.5)', 0],
    ['round(1.5)', 2],
    ['round(2.5)', 2],
    ['round(-2.5)', -2],
    ['round(-0.4)', 0],
    ['round(2.51)', 3],
    ['exp(0)', 1],
    ['sqrt(9)', 3],
    ['-0', 0],
    ['0 * -1', 0],
    ['min(1, 2, -4)', -4],
    ['min(values=[1, 2, -4])', -4],
    ['min([1, 2, -4])', -4],
    ['max(1, 2, -4)', 2],
    ['max("a", "b")', 'b'],
    ['min(1, true)', 1],
    ['sum(values=[])', 0],
    ['length([1, [2, 3]])', 2],
    ['length("a😀")', 2],
    ['length(@{"a": 1})', 1],
    ['1 == true', true],
    ['1 == "1"', false],
    ['null == false', false],
    ['[1, [2]] == [1, [2]]', true],
    ['[1, 2] == [1]', false],
    ['@{"a": 1, "b": [2]} == @{"b": [2], "a": 1}', true],
    ['@{"a": 1} == @{"b": 1}', false],
    ['1 != 2', true],
    ['1 < 2', true],
    ['2 <= 2', true],
    ['1 > 2', false],
    ['2 >= 3', false],
    ['"b" > "a"', true],
    ['"😀" > "\uffee"', true],
    ['"a" < "ab"', true],
    ['[1, 2] < [1, 3]', true],
    ['[1] < [1, 3]', true],
    ['!0', true],
    ['![]', true],
    ['!@{}', true],
    ['!"0"', false],
    ['1 && "a"', true],
    ['1 && 0', false],
    ['0 || "a"', true],
    ['0 || null', false],
    ['null ?? 0 ?? 8', 0],
    ['coalesce(null, null, 0, 8)', 0],
    ['coalesce(null, null)', null],
    ['coalesce(values=[null, 3])', 3],
    ['[4, 5, "foo"][0]', 4],
    ['[1, 2][22]', null],
    ['[1, 2][-1]', null],
    ['null[1]', null],
    ['@{"foo": 1, "bar": [2, 3]}["bar"][0]', 2],
    ['@{"foo": 1}["bogus"]', null],
    ['@{"foo": 1}["toString"]', null],
    ['@{"foo": 1}[0]', null],
    ['map(a=1, b=[2])', { a: 1, b: [2] }],
    ['map(a=1, salt="s")', { a: 1 }],
    ['map()', {}],
    ['{ y = 1; }', null],
    // A fraction is only wrong inside the list.
    ['[1, 2][2.5]', null],
    ['[1, 2][-0.5]', null],
    ['1e308 * 10 <= 1e308 * 10', true],
    ['1e308 * 10 < 1e308 * 10', false],
    ['-(1e308 * 10) < 1e308 * 10', true],
    ['max(1e308 * 10, 1e308 * 10) >= 1e308 * 10', true],
    ['product(values=["ab"])', 'ab'],
    ['product(values=[true])', true],
  ])('%s', (expression, expected) => {
    expect(xAfter(`x = ${expression};`)).toEqual(expected);
  });

  it('evaluate only the arguments that matter', () => {
    expect(xAfter('x = 0 && 1 / 0;')).toBe(false);
    expect(xAfter('x = 1 || 1 / 0;')).toBe(true);
    expect(xAfter('x = 1 ?? 1 / 0;')).toBe(1);
    expect(xAfter('if (true) { x = 1; } else { x = 1 / 0; }')).toBe(1);
    expect(xAfter('if (false) { x = 1; } else if (null) { x = 2; }')).toBeUndefined();
  });

  it('evaluate lists everywhere, but no maps without an operator', () => {
    const get = { op: 'get', var: 'a' };
    expect(valueOf([1, get, [get]], { a: 2 })).toEqual([1, 2, [2]]);
    expect(valueOf({ key: get }, { a: 2 })).toEqual({ key: get });
    expect(valueOf({ op: 'literal', value: [get] }, { a: 2 })).toEqual([get]);
  });

  it('ignore unknown arguments, as the reference does', () => {
    expect(valueOf({ op: 'not', value: 1, salt: 'x' })).toBe(false);
  });

  it('evaluate unknown arguments too, and all arguments in the order of the script', () => {
    const setTo = (value: number) => ({ op: 'seq', seq: [{ op: 'set', var: 'y', value }] });
    const y = { op: 'get', var: 'y' };
    expect(valueOf({ op: 'round', note: setTo(7), value: y })).toBe(7);
    expect(valueOf({ op: 'round', value: y, note: setTo(7) }, { y: 1 })).toBe(1);
    const right = { op: 'coalesce', values: [setTo(2), 3] };
    expect(valueOf({ op: '%', right, left: y }, { y: 1 })).toBe(2);
    expect(valueOf({ op: '%', left: y, right }, { y: 1 })).toBe(1);
    expect(() => valueOf({ op: 'not', value: 1, note: { op: '/', left: 1, right: 0 } })).toThrow(
      'right must not be 0',
    );
    expect(() => valueOf({ op: 'not', value: 1, note: { op: 'nope' } })).toThrow(
      '/value/note unknown operator "nope"',
    );
  });

  it('evaluate the salt of a map, which does not become a part of it', () => {
    expect(valueOf({ op: 'map', a: 1, salt: { op: 'round', value: 2.5 } })).toEqual({ a: 1 });
    const failing = { op: 'map', salt: { op: '/', left: 1, right: 0 } };
    expect(() => valueOf(failing)).toThrow('right must not be 0');
  });

  it('refuse to round infinity', () => {
    expect(() => xAfter('x = round(1e308 * 10);')).toThrow(
      'value must be a finite number, not Infinity',
    );
  });
});

describe('bad scripts', () => {
  const seq = (value: unknown) => ({ op: 'seq', seq: [{ op: 'set', var: 'x', value }] });
  const at = '/seq/0/value';

  it.each<[string, unknown, object]>([
    ['an unknown operator', seq({ op: 'nope' }), { code: 'script', path: at }],
    ['an operator that is not a name', seq({ op: 7 }), { code: 'script', path: at }],
    ['the name of a prototype property', seq({ op: 'toString' }), { code: 'script', path: at }],
    [
      'a missing argument',
      seq({ op: 'equals', left: 1 }),
      { code: 'operator', operator: 'equals', parameter: 'right', path: at },
    ],
    [
      'a missing argument of a random operator',
      seq({ op: 'weightedChoice', choices: [], unit: 1 }),
      { code: 'operator', operator: 'weightedChoice', parameter: 'weights', path: at },
    ],
    ['a literal without a value', seq({ op: 'literal' }), { code: 'operator', path: at }],
    [
      'a variable without a name',
      { op: 'get', var: 7 },
      { code: 'operator', parameter: 'var', path: '/var' },
    ],
    [
      'a seq that is not a list',
      { op: 'seq', seq: 7 },
      { code: 'operator', parameter: 'seq', path: '/seq' },
    ],
    [
      'a clause without then',
      seq({ op: 'cond', cond: [{ if: 1 }] }),
      { code: 'operator', operator: 'cond', parameter: 'cond', path: `${at}/cond/0` },
    ],
    [
      'a value that is not JSON',
      seq({ op: 'not', value: new Date() }),
      { code: 'script', path: `${at}/value` },
    ],
    ['undefined', undefined, { code: 'script', path: '' }],
    ['an infinite number', [Number.POSITIVE_INFINITY], { code: 'script', path: '/0' }],
    [
      'a name with characters to escape',
      { 'a/b~': Number.NaN },
      { code: 'script', path: '/a~1b~0' },
    ],
  ])('are refused when they are parsed: %s', (_, script, expected) => {
    expect(errorOf(() => parseScript(script))).toMatchObject({ name: 'PlanoutError', ...expected });
  });

  it.each<[string, unknown, string, string]>([
    ['sum', { op: 'sum', values: [1, 'a'] }, 'values', `${at}/values`],
    ['sum', { op: 'sum', values: 7 }, 'values', `${at}/values`],
    ['/', { op: '/', left: 1, right: 0 }, 'right', `${at}/right`],
    ['%', { op: '%', left: 1, right: 0 }, 'right', `${at}/right`],
    ['<', { op: '<', left: 1, right: 'a' }, 'right', `${at}/right`],
    ['max', { op: 'max', values: [1, null] }, 'values', `${at}/values`],
    ['min', { op: 'min', values: [] }, 'values', `${at}/values`],
    ['sqrt', { op: 'sqrt', value: -1 }, 'value', `${at}/value`],
    ['exp', { op: 'exp', value: 1000 }, 'value', `${at}/value`],
    ['round', { op: 'round', value: 'a' }, 'value', `${at}/value`],
    ['length', { op: 'length', value: 7 }, 'value', `${at}/value`],
    ['index', { op: 'index', base: 7, index: 0 }, 'base', `${at}/base`],
    ['index', { op: 'index', base: [1], index: 'a' }, 'index', `${at}/index`],
    ['coalesce', { op: 'coalesce', values: 7 }, 'values', `${at}/values`],
    ['bernoulliTrial', { op: 'bernoulliTrial', p: 2, unit: 1 }, 'p', `${at}/p`],
    [
      'uniformChoice',
      { op: 'uniformChoice', choices: [1], unit: { op: 'get', var: 'nobody' } },
      'unit',
      `${at}/unit`,
    ],
    ['sample', { op: 'sample', choices: [1], draws: 2, unit: 1 }, 'draws', `${at}/draws`],
  ])('are refused when they run: %s', (operator, value, parameter, path) => {
    const error = errorOf(() => new Interpreter(seq(value)).getParams());
    expect(error).toMatchObject({ code: 'operator', operator, parameter, path });
    expect(error.message).toBe(`${path} ${operator}: ${error.reason}`);
  });

  it('are refused for an experiment_salt whose expression is too large to hash', () => {
    const value = { op: 'coalesce', values: ['\\'.repeat(600_000)] };
    const script = { op: 'set', var: 'experiment_salt', value };
    expect(errorOf(() => parseScript(script))).toMatchObject({
      path: '/value',
      reason: 'the expression for experiment_salt is too large',
    });
  });

  it('are refused if they are too deep, with the path', () => {
    let nested: unknown = 1;
    let listed: unknown = 1;
    let literal: unknown = 1;
    for (let i = 0; i < 10_000; i++) {
      nested = { op: 'not', value: nested };
      listed = [listed];
      literal = { a: literal };
    }
    const unknown = { op: 'get', var: 'x', unknown: literal };
    for (const script of [nested, listed, literal, unknown]) {
      const error = errorOf(() => parseScript(script));
      expect(error).toMatchObject({
        code: 'script',
        reason: 'is nested more than 400 levels deep',
      });
      expect(error.path?.split('/').length).toBeGreaterThan(390);
    }
  });

  it('run up to the depth limit', () => {
    let nested: unknown = 1;
    for (let i = 0; i < 399; i++) nested = { op: 'not', value: nested };
    expect(new Interpreter(nested).inExperiment).toBe(true);
  });

  it.each<[string, unknown, string]>([
    ['numbers', Array(2_500_000).fill(1), 'has more than 100000 parts'],
    ['text', { op: 'return', value: 'a'.repeat(5_000_000) }, 'has more than 1000000 characters'],
    ['names', { ['a'.repeat(5_000_000)]: 1 }, 'has more than 1000000 characters'],
    ['names of arguments', { op: 'map', ['a'.repeat(5_000_000)]: 1 }, 'has more than 1000000'],
  ])('are refused when they are large: 5 MB of %s', (_, script, reason) => {
    const error = errorOf(() => parseScript(script));
    expect(error).toMatchObject({ code: 'script', reason: expect.stringContaining(reason) });
    expect(error.path).toBeDefined();
  });

  it('end when their lists grow without bounds', () => {
    const grow = 'a = [1, 1];' + 'a = [a, a];'.repeat(50);
    expect(errorOf(() => xAfter(grow))).toMatchObject({ code: 'script' });
    const drawn = 'a = [1, 1];' + 'a = sample(choices=[a, a], unit=1);'.repeat(50);
    expect(errorOf(() => xAfter(drawn))).toMatchObject({ code: 'script' });
    const deep = 'a = 1;' + 'a = [a];'.repeat(150);
    expect(errorOf(() => xAfter(deep))).toMatchObject({ code: 'script' });
  });

  it.each([
    ['their literals', `a = @[${'1,'.repeat(999)}1];`, {}],
    ['their lists of constants', `a = [${'1,'.repeat(999)}1];`, {}],
    ['their inputs', 'a = given;', { given: Array(1000).fill(1) }],
    [
      'maps among their inputs',
      'a = given;',
      { given: Object.fromEntries(Array(1000).fill(1).entries()) },
    ],
  ])('end when %s are put into lists too often', (_, source, inputs) => {
    const twice = (times: number) => `${source}x = [${'a,'.repeat(times)}a];`;
    expect(xAfter(twice(50), inputs)).toHaveLength(51);
    expect(errorOf(() => xAfter(twice(100), inputs))).toMatchObject({
      code: 'script',
      reason: 'creates a list or map with more than 100000 elements',
    });
  });

  it('stop when they hash too much', () => {
    const choices = Array.from({ length: 50_000 }, (_, i) => i);
    const script = Array.from({ length: 100 }, () => ({
      op: 'sample',
      choices: { op: 'get', var: 'choices' },
      unit: 1,
      salt: 's',
      draws: 1,
    }));
    expect(
      errorOf(() => new Interpreter(script, { inputs: { choices } }).getParams()),
    ).toMatchObject({ code: 'script', reason: expect.stringContaining('steps') });
  });

  it('stop for circular inputs', () => {
    const a: unknown[] = [];
    a.push(a);
    const b: unknown[] = [];
    b.push(b);
    expect(errorOf(() => xAfter('x = a == b;', { a, b }))).toMatchObject({ code: 'script' });
    expect(errorOf(() => xAfter('x = a < b;', { a, b }))).toMatchObject({ code: 'script' });
    expect(errorOf(() => xAfter('x = [a];', { a, b }))).toMatchObject({ code: 'script' });
    const twice: unknown[] = [];
    twice.push(twice, twice);
    expect(errorOf(() => xAfter('x = [a];', { a: twice }))).toMatchObject({ code: 'script' });
  });

  it('are copied, so their JSON may change', () => {
    const choices = [1];
    const json = seq({ op: 'literal', value: choices });
    const script = parseScript(json);
    choices.push(2);
    expect(new Interpreter(script).getParams()).toEqual({ x: [1] });
  });
});

describe('a script', () => {
  it('draws the same values as code', () => {
    const assignment = new Assignment('exp');
    assignment.set('x', sample({ choices: ['a', 'b', 'c'], unit: [4, 'home'] }));
    assignment.set('y', uniformChoice({ choices: ['a', 'b', 'c'], unit: 4, salt: 'x' }));
    const source = `
      x <- sample(choices=['a', "b", 'c'], unit=[userid, page]);
      y = uniformChoice(choices=@["a", "b", "c"], unit=userid, salt='x');`;
    const run = new Interpreter(source, { salt: 'exp', inputs: { userid: 4, page: 'home' } });
    expect(run.getParams()).toEqual(assignment.getParams());
  });

  it('has a checksum that changes with the script', () => {
    const checksum = (source: string) => parseScript(compileScript(source)).checksum;
    expect(checksum('x = 1;')).toMatch(/^[0-9a-f]{8}$/);
    expect(checksum('x = 1;')).toBe(checksum('x=1; # one'));
    expect(checksum('x = 1;')).not.toBe(checksum('x = 2;'));
  });
});
