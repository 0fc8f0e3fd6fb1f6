import { createClient, parseExperiments } from '../../../src/index.ts';
import {
  Assignment,
  compileScript,
  defineExperiment,
  defineRandomOperator,
  Interpreter,
  type OperatorDefinition,
  parseScript,
  PlanoutError,
  registerOperators,
} from '../../../src/planout/index.ts';
import type * as planout from '../../../src/planout/index.ts';
import vectors from '../../vectors/planout-extensions.json' with { type: 'json' };

const page = {
  required: ['pages'],
  draw: ({ pages }: { pages: number }, hash: { remainder(modulus: number): number }) =>
    hash.remainder(pages),
};

/** The vectors' draw of `page` for the unit 4. */
const PAGE_OF_4 = vectors.operators.params[4]?.page;

/** The operators of the vectors. */
const operators = registerOperators({
  tripled: ({ value }) => 3 * Number(value),
  page,
  walk: {
    draw: ({ steps }, hash) => (Array.isArray(steps) ? steps : []).map((one) => hash.share(one)),
  },
  mixed: {
    draw: (_args, hash) => [
      hash.remainder(1000, 'a'),
      hash.share(),
      hash.remainder(1000, null),
      hash.remainder(1000, true),
    ],
  },
});

/** Runs a script in which `x` is set, and returns `x`. */
const xAfter = (
  script: unknown,
  definitions: Record<string, OperatorDefinition>,
  inputs: object = { userid: 4 },
) => new Interpreter(script, { operators: registerOperators(definitions), inputs }).get('x');

function errorOf(run: () => unknown): PlanoutError {
  try {
    run();
  } catch (error) {
    if (error instanceof PlanoutError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('registerOperators', () => {
  it("gives random operators the hashes of PlanOut's reference", () => {
    const { script, params } = vectors.operators;
    const seen = params.map((_, userid) =>
      new Interpreter(script, { salt: 'exp', inputs: { userid }, operators }).getParams(),
    );
    expect(seen).toEqual(params);
  });

  it('serves defineExperiment, parseScript and scripts in PlanOut’s language', () => {
    const source = 'x = tripled(userid); page = page(pages=1000, unit=userid);';
    const expected = { x: 12, page: PAGE_OF_4 };
    const experiment = defineExperiment({ name: 'exp', script: source, operators });
    expect(experiment.participant({ userid: 4 }).getParams()).toEqual(expected);
    const parsed = parseScript(compileScript(source), { operators });
    const run = new Interpreter(parsed, { salt: 'exp', inputs: { userid: 4 } });
    expect(run.getParams()).toEqual(expected);
  });

  it('lists the names, and copies the definitions, so that later changes have no effect', () => {
    const definitions = { one: () => 1, two: { run: () => 2 } };
    const set = registerOperators(definitions);
    definitions.one = () => 7;
    definitions.two.run = () => 7;
    expect(set.names).toEqual(['one', 'two']);
    expect(Object.isFrozen(set)).toBe(true);
    expect(new Interpreter('x = [one(), two()];', { operators: set }).get('x')).toEqual([1, 2]);
  });

  it.each<[string, unknown, string]>([
    ['a name of PlanOut', { sum: () => 1 }, '"sum" is one of PlanOut\'s operators'],
    ['the name literal', { literal: () => 1 }, '"literal" is one of PlanOut\'s operators'],
    ['a name with a space', { 'a b': () => 1 }, '"a b" is not a name that scripts can call'],
    ['a word of the language', { if: () => 1 }, '"if" is not a name that scripts can call'],
    ['a number', { x: 3 }, '"x" must be a function, or an object with "run" or "draw", not 3'],
    ['an object without a function', { x: {} }, '"x" needs either a function "run"'],
    ['run and draw', { x: { run() {}, draw() {} } }, '"x" needs either a function "run"'],
    ['a class', { x: class Tripled extends Object {} }, '"x" is a class; pass a function'],
    ['an unknown property', { x: { run() {}, need: [] } }, '"x" has the unknown property "need"'],
    ['required names', { x: { run() {}, required: 'a' } }, '"x" must list the names of arguments'],
    ['a list', [() => 1], 'takes an object of functions, not a list'],
    ['nothing', undefined, 'takes an object of functions, not undefined'],
  ])('refuses %s', (_, definitions, message) => {
    expect(() => Reflect.apply(registerOperators, undefined, [definitions])).toThrow(
      expect.objectContaining({ code: 'option', message: expect.stringContaining(message) }),
    );
  });

  it.each([{ tripled: () => 1 }, [], 'operators', null])(
    'is required: the option operators rejects %j',
    (given) => {
      const wrong = { operators: given, name: 'exp', script: 'x = 1;' };
      for (const call of [
        () => Reflect.construct(Interpreter, ['x = 1;', wrong]),
        () => Reflect.apply(defineExperiment, undefined, [wrong]),
        () => Reflect.apply(parseScript, undefined, [7, wrong]),
        () => Reflect.apply(parseExperiments, undefined, [[], { operators: given }]),
      ]) {
        expect(call).toThrow(
          expect.objectContaining({
            code: 'option',
            message: expect.stringMatching(/must be a set from registerOperators\(\), not/),
          }),
        );
      }
    },
  );

  it('recognises a set from another copy of the package', async () => {
    let copy: typeof planout | undefined;
    await jest.isolateModulesAsync(async () => {
      copy = await import('../../../src/planout/index.ts');
    });
    const foreign = copy?.registerOperators({ tripled: ({ value }) => 3 * Number(value), page });
    expect(copy?.registerOperators).not.toBe(registerOperators);
    const options = { operators: foreign, salt: 'exp', inputs: { userid: 4 } };
    const run = new Interpreter('x = tripled(2); page = page(pages=1000, unit=userid);', options);
    expect(run.getParams()).toEqual({ x: 6, page: PAGE_OF_4 });
  });
});

describe('a script with custom operators', () => {
  it.each<[string, string, string]>([
    ['x = 1;\ny = tripped(2);', '2:5', 'did you mean "tripled"?'],
    ['x = uniformChoise(choices=[1], unit=4);', '1:5', 'did you mean "uniformChoice"?'],
    ['x = 1 + zzz(2);', '1:9', 'pass your own operators with the option "operators"'],
    ['x = constructor(2);', '1:5', 'pass your own operators'],
    ['x = __proto__(2);', '1:5', 'pass your own operators'],
  ])('is refused when it is loaded if it calls another name: %s', (script, place, advice) => {
    const error = errorOf(() => new Interpreter(script, { operators }));
    expect(error.code).toBe('script');
    expect(error.message).toMatch(new RegExp(`^${place} unknown operator "\\w+"; `));
    expect(error.message).toContain(advice);
  });

  it.each<[string, object]>([
    ['x = page(unit=userid);', { operator: 'page', parameter: 'pages', line: 1, column: 5 }],
    ['x = page(pages=2);', { operator: 'page', parameter: 'unit', line: 1, column: 5 }],
    ['x = 1 + page(pages=2, unit=4);', { operator: 'page', parameter: 'salt', column: 9 }],
  ])('is refused when it is loaded without a required argument: %s', (script, expected) => {
    expect(errorOf(() => new Interpreter(script, { operators }))).toMatchObject({
      code: 'operator',
      ...expected,
    });
  });

  it('passes unnamed values as value and values, and missing arguments as undefined', () => {
    const seen: unknown[] = [];
    const note = (args: object) => seen.push({ ...args });
    xAfter('a = note(1); b = note(1, 2); c = note(); d = note(f=null);', { note });
    expect(seen).toEqual([{ value: 1 }, { values: [1, 2] }, {}, { f: null }]);
  });

  it('keeps arguments and inputs from being changed', () => {
    const inputs = { list: [1, { a: 2 }], userid: 4 };
    const change = {
      outer: ({ list }: { list: number[] }) => list.push(3),
      inner: ({ list }: { list: [number, { a: number }] }) => (list[1].a = 3),
      whole: (args: { list: number }) => (args.list = 3),
    };
    for (const name of Object.keys(change)) {
      const error = errorOf(() => xAfter(`x = ${name}(list=list);`, change, inputs));
      expect(error.cause).toBeInstanceOf(TypeError);
    }
    expect(inputs).toEqual({ list: [1, { a: 2 }], userid: 4 });
    expect(xAfter('x = same(list=list);', { same: ({ list }) => list }, inputs)).not.toBe(
      inputs.list,
    );
  });

  it('treats names of prototypes like other names', () => {
    const read = (args: object) => [
      Reflect.get(args, '__proto__'),
      Reflect.get(args, 'constructor') ?? null,
      Reflect.get(args, 'toString') ?? null,
    ];
    const operators = { toString: read, constructor: read };
    expect(xAfter('x = toString(__proto__=1);', operators)).toEqual([1, null, null]);
    expect(xAfter('x = constructor(__proto__=1, constructor=2);', operators)).toEqual([1, 2, null]);
    const script = JSON.parse('{"op":"set","var":"x","value":{"op":"constructor","__proto__":5}}');
    expect(xAfter(script, operators)).toEqual([5, null, null]);
  });

  const circular: unknown[] = [];
  circular.push(circular);

  it.each<[string, () => unknown, string]>([
    ['undefined', () => undefined, 'the returned value must be JSON, not undefined'],
    ['NaN', () => Number.NaN, 'the returned value must be JSON, not NaN'],
    ['a date', () => new Date(0), 'the returned value must be JSON, not an instance of a class'],
    ['a function in a list', () => [() => 1], 'not a function (at /0)'],
    ['a cycle', () => circular, 'nested more than 100 levels deep'],
    ['a huge list', () => Array.from({ length: 100_001 }, () => 1), 'more than 100000 items'],
    ['a huge text', () => ['x'.repeat(600_000), 'y'.repeat(600_000)], 'more than 1000000 char'],
    ['a promise', () => Promise.resolve(1), 'its function returned a promise; make it synchronous'],
    ['a rejected promise', () => Promise.reject(new Error('late')), 'returned a promise'],
    [
      'a hostile value',
      () =>
        new Proxy(
          {},
          {
            ownKeys() {
              throw new Error('no keys');
            },
          },
        ),
      'its function failed: no keys',
    ],
  ])('reports a function that returns %s', (_, run, message) => {
    const error = errorOf(() => xAfter('y = 1;\nx = bad();', { bad: run }));
    expect(error).toMatchObject({ code: 'operator', operator: 'bad', line: 2, column: 5 });
    expect(error.message).toContain(message);
  });

  it('reports a function that throws, with the place in JSON or in the source', () => {
    const thrown = new RangeError('no rates');
    const rates = () => {
      throw thrown;
    };
    const fromSource = errorOf(() => xAfter('y = 1;\n  x = 2 * rates(value=1);', { rates }));
    expect(fromSource.message).toBe('2:11 rates: its function failed: no rates');
    expect(fromSource.cause).toBe(thrown);
    const json = { op: 'seq', seq: [{ op: 'set', var: 'x', value: { op: 'rates' } }] };
    const fromJson = errorOf(() => xAfter(json, { rates }));
    expect(fromJson.message).toBe('/seq/0/value rates: its function failed: no rates');
    expect(fromJson).toMatchObject({ operator: 'rates', path: '/seq/0/value', cause: thrown });
  });

  it.each<[string, unknown, string]>([
    ['a date', new Date(0), 'the argument of must be JSON, not an instance of a class'],
    ['a function', () => 1, 'the argument of must be JSON, not a function'],
    ['a big integer', 7n, 'the argument of must be JSON, not 7n'],
  ])('refuses %s as an argument', (_, value, message) => {
    const error = errorOf(() => xAfter('x = same(of=value);', { same: ({ of }) => of }, { value }));
    expect(error).toMatchObject({ code: 'operator', parameter: 'of', reason: message });
  });

  it('accepts a unit with its own toString(), and refuses null', () => {
    const unit = { toString: () => '4', createdAt: new Date(0) };
    const inputs = { unit };
    const options = { operators, salt: 'exp', inputs };
    expect(new Interpreter('page = page(pages=1000, unit=unit);', options).get('page')).toBe(
      PAGE_OF_4,
    );
    const error = errorOf(() =>
      new Interpreter('y = page(pages=9, unit=null);', { operators }).getParams(),
    );
    expect(error).toMatchObject({ operator: 'page', parameter: 'unit', column: 5 });
  });

  it('counts the elements of arguments as steps', () => {
    const list = Array.from({ length: 10_000 }, () => 1);
    const size = { size: ({ list: given }: { list: number[] }) => given.length };
    // Each sum takes as many steps as the list has elements; 1,000,000 are allowed.
    const after = (sums: number) =>
      xAfter(`a = [${'sum(list), '.repeat(sums)} 1]; x = size(list=list);`, size, { list });
    expect(after(97)).toBe(10_000);
    expect(() => after(99)).toThrow('takes more than 1000000 steps');
  });

  it('does not share operators with other scripts', () => {
    expect(xAfter('x = one();', { one: () => 1 })).toBe(1);
    expect(xAfter('x = one();', { one: () => 2 })).toBe(2);
    expect(() => new Interpreter('x = one();')).toThrow('unknown operator "one"');
  });
});

describe('a hash of a custom random operator', () => {
  it.each<[string, (hash: { remainder(modulus: number, appended?: never): number }) => number]>([
    ['a modulus of 0', (hash) => hash.remainder(0)],
    ['a modulus that is not whole', (hash) => hash.remainder(1.5)],
    ['an appended value that is not JSON', (hash) => hash.remainder(7, (() => 1) as never)],
  ])('refuses %s', (_, use) => {
    const error = errorOf(() =>
      xAfter('x = bad(unit=userid);', { bad: { draw: (_args, hash) => use(hash) } }),
    );
    expect(error).toMatchObject({ operator: 'bad', cause: { code: 'option' } });
  });

  it('replaces the unit and the salts among the arguments', () => {
    const seen: object[] = [];
    const note = { draw: (args: object) => seen.push({ ...args }) };
    xAfter('x = note(a=1, unit=userid, salt="s"); y = note(unit=1, full_salt="f");', { note });
    expect(seen).toEqual([{ a: 1 }, {}]);
  });
});

describe('defineRandomOperator', () => {
  const draw = defineRandomOperator('page', page);

  it('draws in code what the operator draws in scripts', () => {
    const assignment = new Assignment('exp');
    assignment.set('page', draw({ pages: 1000, unit: 4 }));
    assignment.set('salted', draw({ pages: 1000, unit: 4, salt: 'page' }));
    assignment.set('full', draw({ pages: 1000, unit: 4, full_salt: 'a.b' }));
    expect(vectors.operators.params[4]).toMatchObject(assignment.getParams());
  });

  it('reports missing arguments, and definitions without draw', () => {
    const assignment = new Assignment('exp');
    expect(() => assignment.set('x', draw({ unit: 4 }))).toThrow('page: pages is missing');
    expect(() => assignment.set('x', draw({ pages: 4, unit: undefined }))).toThrow(
      'page: unit is missing',
    );
    expect(() => Reflect.apply(defineRandomOperator, undefined, ['x', { run: () => 1 }])).toThrow(
      '"x" needs "draw"',
    );
  });
});

describe('the option operators of a client', () => {
  const config = {
    experiments: [],
    namespaces: [
      {
        name: 'shop',
        unit: 'userid',
        segments: 10,
        experiments: [{ name: 'a', script: 'x = tripled(userid);\ny = failing(value=1);' }],
        history: [{ add: 'a', segments: 10 }],
      },
    ],
  };
  const failing = ({ value }: { value: number }) => {
    if (value === 1) throw new Error('no rates');
    return 2;
  };
  const logger = false;

  it('serves the scripts of namespaces, and errors name the operator and the line', () => {
    const tripled = ({ value }: { value: number }) => 3 * value;
    const good = registerOperators({ tripled, failing: () => 1 });
    const client = createClient({ source: config, operators: good, logger });
    expect(client.participant({ userid: 4 }).namespace('shop').getParams()).toEqual({
      x: 12,
      y: 1,
    });
    const bad = registerOperators({ tripled, failing });
    const snapshot = parseExperiments(config, { operators: bad });
    expect(() => snapshot.participant({ userid: 4 }).namespace('shop').get('x')).toThrow(
      'namespace "shop", experiment "a": 2:5 failing: its function failed: no rates',
    );
    const fallback = parseExperiments(config, { operators: bad, onError: 'fallback', logger });
    expect(fallback.participant({ userid: 4 }).namespace('shop').get('x', 7)).toBe(7);
    return client.close();
  });

  it('refuses a specification that calls other operators when it is loaded', () => {
    const known = registerOperators({ tripled: () => 1, fail_ing: () => 1 });
    expect(() => parseExperiments(config, { operators: known })).toThrow(
      'unknown operator "failing"; did you mean "fail_ing"?',
    );
    expect(() => createClient({ source: config, logger })).toThrow('unknown operator "tripled"');
  });
});
