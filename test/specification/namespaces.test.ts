import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { type Problem, SpecError } from '../../src/errors/spec-error.ts';
import { parseJson } from '../../src/json/parse.ts';
import { atOnce } from '../../src/runtime/steps.ts';
import { specificationSteps } from '../../src/specification/specification.ts';
import { runs } from '../runs.ts';

const SCRIPT = "text = uniformChoice(choices=['a', 'b'], unit=userid);";

/** A complete namespace. Tests change the part they are about. */
function namespace(changes: object = {}): object {
  return {
    name: 'checkout',
    unit: 'user.id',
    segments: 10,
    experiments: [
      { name: 'texts', script: SCRIPT },
      { name: 'colors', variants: [{ name: 'red', values: { color: 'red' } }] },
    ],
    ...changes,
  };
}

const config = (...namespaces: readonly unknown[]) => ({ experiments: [], namespaces });

function parse(data: unknown) {
  return atOnce(specificationSteps(data, { origin: 'config' })).namespaces;
}

function problemsOf(data: unknown, text?: string): readonly Problem[] {
  try {
    atOnce(specificationSteps(data, { origin: 'config', ...(text !== undefined && { text }) }));
  } catch (error) {
    if (error instanceof SpecError && error.code === 'spec') return error.problems;
    throw error;
  }
  return [];
}

/** Returns the problems of one namespace, with paths relative to it. */
function faults(changes: object): string[] {
  return problemsOf(config(namespace(changes))).map(
    ({ path, message }) => `${path.replace('/namespaces/0', '')}: ${message}`,
  );
}

const add = (name: string, segments: unknown, experiment?: unknown) => ({
  add: name,
  segments,
  ...(experiment === undefined ? {} : { experiment }),
});
const remove = (name: string) => ({ remove: name });

function isDeeplyFrozen(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return Object.isFrozen(value) && Object.values(value).every(isDeeplyFrozen);
}

describe('namespaces of a specification', () => {
  it('get all defaults', () => {
    const [found] = parse(
      config({
        name: 'check out',
        unit: ['user.id', 'page'],
        inputs: { userid: 'user.id' },
        defaults: { text: 'OK', __proto__: null },
        experiments: [
          { name: 'texts', script: SCRIPT, description: 'What to say' },
          {
            name: 'colors',
            variants: [
              { name: 'red', values: { color: { hue: 0 } } },
              { name: 'blue', weight: 0.5, values: {} },
            ],
          },
        ],
        history: [add('first', 10, 'texts'), remove('first'), add('colors', 5)],
        description: 'The checkout',
        owner: 'us',
      }),
    );
    expect(found).toStrictEqual({
      name: 'check out',
      unit: ['user.id', 'page'],
      segments: 10_000,
      sampling: 'full',
      inputs: { userid: 'user.id' },
      defaults: { text: 'OK' },
      experiments: [
        {
          name: 'texts',
          script: expect.objectContaining({ checksum: expect.stringMatching(/^[0-9a-f]{8}$/) }),
          description: 'What to say',
        },
        {
          name: 'colors',
          variants: [
            { name: 'red', weight: 1, values: { color: { hue: 0 } } },
            { name: 'blue', weight: 0.5, values: {} },
          ],
        },
      ],
      history: [
        { add: 'first', segments: 10, experiment: 'texts' },
        { remove: 'first' },
        { add: 'colors', segments: 5, experiment: 'colors' },
      ],
      exposure: 'auto',
      description: 'The checkout',
      owner: 'us',
    });
    expect(isDeeplyFrozen(found)).toBe(true);
  });

  it('are empty if the file declares none, as in a list', () => {
    expect(parse({ experiments: [] })).toEqual([]);
    expect(parse([])).toEqual([]);
  });

  it('need only a name and a unit', () => {
    expect(parse(config({ name: 'x', unit: 'id' }))).toEqual([
      {
        name: 'x',
        unit: ['id'],
        segments: 10_000,
        sampling: 'full',
        inputs: {},
        defaults: {},
        experiments: [],
        history: [],
        exposure: 'auto',
      },
    ]);
  });

  it('keep a parameter named __proto__', () => {
    const defaults: unknown = JSON.parse('{"__proto__": 1}');
    const [found] = parse(config(namespace({ defaults })));
    expect(Object.entries(found?.defaults ?? {})).toEqual([['__proto__', 1]]);
  });

  it('accept a script as text, as a list of lines and as JSON', () => {
    const json = { op: 'set', var: 'text', value: 'OK' };
    const checksums = [
      'text = "OK";',
      ['# What to say', 'text = "OK";'],
      { op: 'seq', seq: [json] },
    ]
      .map((script) => parse(config(namespace({ experiments: [{ name: 'x', script }] }))))
      .map(([found]) => found?.experiments[0]?.script?.checksum);
    expect(new Set(checksums).size).toBe(1);
  });

  it.each<[string, object, string[]]>([
    [
      'a wrong name',
      { name: '' },
      ['/name: name must be a string without control characters, not ""'],
    ],
    [
      'a wrong unit',
      { unit: 'user.' },
      [
        '/unit: unit must be a dotted path of letters, digits and underscores, such as "user.id", or a list of at least one path, not "user."',
      ],
    ],
    [
      'no unit in the list',
      { unit: [] },
      [expect.stringContaining('a list of at least one path, not an empty list')],
    ],
    [
      'a wrong unit in the list',
      { unit: ['a', 7] },
      [expect.stringContaining('/unit/1: unit must be')],
    ],
    [
      '0 segments',
      { segments: 0 },
      ['/segments: segments must be a whole number from 1 to 1,000,000, not 0'],
    ],
    ['too many segments', { segments: 1e6 + 1 }, [expect.stringContaining('not 1000001')]],
    [
      'a wrong input',
      { inputs: { name: '' } },
      [expect.stringContaining('/inputs/name: an input must be a dotted path')],
    ],
    [
      'defaults in a list',
      { defaults: [] },
      ['/defaults: defaults must be an object that maps parameters to values, not an empty list'],
    ],
    [
      'another sampling',
      { sampling: 'quick' },
      ['/sampling: sampling must be "full" or "fast", not "quick"'],
    ],
    [
      'defaults that are not JSON',
      { defaults: { 'a/b': [() => 1] } },
      ['/defaults/a~1b/0: value must be JSON, not a function'],
    ],
    [
      'an unknown property',
      { unti: 1, unit: undefined },
      ['/unti: unknown property "unti"; did you mean "unit"?'],
    ],
    [
      'an unknown property of an experiment',
      { experiments: [{ name: 'x', scripts: '' }] },
      [
        '/experiments/0: this experiment has neither "script" nor "variants"; add one of them',
        '/experiments/0/scripts: unknown property "scripts"; did you mean "script"?',
      ],
    ],
    [
      'a script and variants',
      { experiments: [{ name: 'x', script: '', variants: [{ name: 'a', values: {} }] }] },
      ['/experiments/0: this experiment has both "script" and "variants"; remove one of them'],
    ],
    [
      'a script that is a number',
      { experiments: [{ name: 'x', script: 7 }] },
      [
        "/experiments/0/script: script must be a string, a list of strings (its lines), or an object in PlanOut's JSON format, not 7",
      ],
    ],
    [
      'a line of a script that is a number',
      { experiments: [{ name: 'x', script: ['', 7] }] },
      ['/experiments/0/script/1: a line of a script must be a string, not 7'],
    ],
    [
      'a syntax error in a script',
      { experiments: [{ name: 'x', script: 'a = 1;\nb == 2;' }] },
      ['/experiments/0/script: line 2, column 3: expected = after b, not =='],
    ],
    [
      'a syntax error in a line of a script',
      { experiments: [{ name: 'x', script: ['a = 1;', 'b == 2;'] }] },
      ['/experiments/0/script/1: column 3: expected = after b, not =='],
    ],
    [
      'an unknown operator in a script',
      { experiments: [{ name: 'x', script: ['a = 1;', 'b = 1 + uniform(p=1);'] }] },
      [
        '/experiments/0/script/1: column 9: unknown operator "uniform"; pass your own operators with the option "operators" (--operators on the command line)',
      ],
    ],
    [
      'a missing argument in a script',
      { experiments: [{ name: 'x', script: ['b = uniformChoice(unit=1);'] }] },
      ['/experiments/0/script/0: column 5: uniformChoice: the argument choices is missing'],
    ],
    [
      'an unknown operator in JSON',
      { experiments: [{ name: 'x', script: { op: 'set', var: 'a', value: { op: 'uniform' } } }] },
      [
        '/experiments/0/script/value: unknown operator "uniform"; pass your own operators with the option "operators" (--operators on the command line)',
      ],
    ],
    [
      'a script of 10,000 levels',
      { experiments: [{ name: 'x', script: `x = ${'['.repeat(1e4)}` }] },
      ['/experiments/0/script: line 1, column 405: the script is nested more than 400 levels deep'],
    ],
    [
      'two experiments with one name',
      {
        experiments: [
          { name: 'x', script: '' },
          { name: 'x', script: '' },
        ],
      },
      [
        '/experiments/1/name: experiment "x" is declared twice: /namespaces/0/experiments/0 has the same name; rename one of them',
      ],
    ],
    [
      'no variants',
      { experiments: [{ name: 'x', variants: [] }] },
      [
        '/experiments/0/variants: variants must be a list of at least one variant, not an empty list',
      ],
    ],
    [
      'a negative weight',
      { experiments: [{ name: 'x', variants: [{ name: 'a', weight: -1, values: {} }] }] },
      ['/experiments/0/variants/0/weight: weight must be a number, 0 or more, not -1'],
    ],
    [
      'weights that are all 0',
      { experiments: [{ name: 'x', variants: [{ name: 'a', weight: 0, values: {} }] }] },
      [
        '/experiments/0/variants: all weights are 0, so no unit can get a variant; raise at least one weight',
      ],
    ],
    [
      'weights that are too large',
      {
        experiments: [
          { name: 'x', variants: ['a', 'b'].map((name) => ({ name, weight: 1e308, values: {} })) },
        ],
      },
      ['/experiments/0/variants: the sum of the weights is too large; use smaller weights'],
    ],
    [
      'two variants with one name',
      { experiments: [{ name: 'x', variants: ['a', 'a'].map((name) => ({ name, values: {} })) }] },
      [
        '/experiments/0/variants/1/name: variant "a" is declared twice: /namespaces/0/experiments/0/variants/0 has the same name; rename one of them',
      ],
    ],
    [
      'a value named variant',
      { experiments: [{ name: 'x', variants: [{ name: 'a', values: { variant: 1 } }] }] },
      [
        `/experiments/0/variants/0/values/variant: the parameter "variant" already holds the variant's name; rename this parameter`,
      ],
    ],
    [
      'a value that is not JSON',
      { experiments: [{ name: 'x', variants: [{ name: 'a', values: { v: Number.NaN } }] }] },
      ['/experiments/0/variants/0/values/v: value must be JSON, not NaN'],
    ],
  ])('refuse %s', (_, changes, expected) => {
    expect(faults(changes)).toEqual(expected);
  });

  it.each<[string, unknown[], string[]]>([
    [
      'an experiment that is not declared',
      [add('a', 1, 'text')],
      [
        '/history/0/experiment: experiment "text" is not declared; declared: texts, colors; did you mean "texts"?',
      ],
    ],
    [
      'an added name that is not declared',
      [add('color', 1)],
      [
        '/history/0/add: experiment "color" is not declared; declared: texts, colors; did you mean "colors"?',
      ],
    ],
    [
      'a name twice',
      [add('a', 1, 'texts'), add('a', 1, 'colors')],
      [
        '/history/1/add: experiment "a" is already running; remove it first, or use another name in "add"',
      ],
    ],
    [
      'too many segments at that point',
      [add('a', 4, 'texts'), add('b', 7, 'texts'), remove('a'), add('c', 7, 'texts')],
      ['/history/1/segments: segments is 7, but only 6 segments are free at this line; take fewer'],
    ],
    [
      'a removal of an experiment that was never added',
      [add('first', 1, 'texts'), remove('frist')],
      [
        '/history/1/remove: experiment "frist" is not running at this line; running: first; did you mean "first"?',
      ],
    ],
    [
      'a removal of the name of a prototype property',
      [remove('toString')],
      ['/history/0/remove: experiment "toString" is not running at this line; running: none'],
    ],
    [
      'a second removal',
      [add('a', 1, 'texts'), remove('a'), remove('a')],
      ['/history/2/remove: experiment "a" was already removed by line 2 of the history'],
    ],
    [
      'lines with both or neither of add and remove',
      [{ add: 'a', remove: 'b' }, { segments: 1 }, {}],
      [
        '/history/0: this line of the history has both "add" and "remove"; write two lines',
        '/history/1: this line of the history has neither "add" nor "remove"; add one of them',
        '/history/2: this line of the history has neither "add" nor "remove"; add one of them',
      ],
    ],
    [
      'an addition without segments',
      [{ add: 'texts' }],
      ['/history/0: the property "segments" is missing'],
    ],
    [
      'a removal with segments',
      [add('texts', 1), { remove: 'texts', segments: 1 }],
      [
        '/history/1/segments: "segments" is not allowed with "remove", which frees all segments; delete it',
      ],
    ],
    [
      'half a segment',
      [add('texts', 0.5)],
      ['/history/0/segments: segments must be a whole number from 0 to 1,000,000, not 0.5'],
    ],
    [
      'a value that is not a line',
      [7, { ad: 'texts' }],
      [
        '/history/0: a line of the history must be an object with "add" and "segments", or with "remove", not 7',
        '/history/1: this line of the history has neither "add" nor "remove"; add one of them',
        '/history/1/ad: unknown property "ad"; did you mean "add"?',
      ],
    ],
  ])('refuse a history with %s', (_, history, expected) => {
    expect(faults({ history })).toEqual(expected);
  });

  it('refuse a history that takes too long to replay', () => {
    const history = Array.from({ length: 21 }, (_, i) => add(`e${i}`, 0, 'texts'));
    expect(faults({ segments: 1_000_000, history })).toEqual([
      expect.stringMatching(/^\/history: replaying this history takes 21000000 hashes/),
    ]);
    expect(faults({ segments: 1_000_000, history: history.slice(1) })).toEqual([]);
    expect(faults({ segments: 1_000_000, history, sampling: 'fast' })).toEqual([]);
  });

  it('accept an experiment twice under different names, and a name again after its removal', () => {
    const history = [
      add('a', 10, 'texts'),
      remove('a'),
      add('b', 5, 'texts'),
      add('a', 5, 'texts'),
    ];
    expect(faults({ history })).toEqual([]);
  });

  it('refuse two namespaces with one name', () => {
    expect(problemsOf(config(namespace(), namespace()))).toMatchObject([
      {
        path: '/namespaces/1/name',
        message: expect.stringContaining('namespace "checkout" is declared twice'),
      },
    ]);
    expect(problemsOf({ experiments: ['checkout:on'], namespaces: [namespace()] })).toEqual([]);
  });

  it('report all problems at once, with their lines and columns', () => {
    const text = `{
  "experiments": ["beta:onn"],
  "namespaces": [
    { "name": "checkout", "unit": "user.id", "segments": 10,
      "experiments": [
        { "name": "texts", "script": ["a = 1;",
                                      "b = 2"] }
      ],
      "history": [
        { "add": "first", "segments": 11, "experiment": "texts" },
        { "remove": "second" }
      ] }
  ]
}`;
    expect(
      problemsOf(parseJson(text, 'x'), text).map(({ path, line, column }) => [path, line, column]),
    ).toEqual([
      ['/experiments/0', 2, 19],
      ['/namespaces/0/experiments/0/script/1', 7, 39],
      ['/namespaces/0/history/0/segments', 10, 39],
      ['/namespaces/0/history/1/remove', 11, 21],
    ]);
  });

  it('return problems or a specification for any data, and never crash', () => {
    const any = fc.jsonValue({ maxDepth: 3 });
    const line = fc.record(
      { add: fc.constantFrom('a', 'b', 7), remove: fc.constantFrom('a', 'b', null), segments: any },
      { requiredKeys: [] },
    );
    const entry = fc.record(
      {
        name: fc.constantFrom('a', '', 7),
        unit: fc.oneof(fc.constantFrom('id', ['id']), any),
        segments: fc.oneof(fc.constantFrom(10), any),
        inputs: any,
        defaults: any,
        experiments: fc.oneof(fc.array(fc.record({ name: any, script: any, variants: any })), any),
        history: fc.oneof(fc.array(fc.oneof(line, any)), any),
      },
      { requiredKeys: ['name', 'unit'] },
    );
    fc.assert(
      fc.property(fc.oneof(fc.array(entry), any), (namespaces) => {
        const problems = problemsOf({ experiments: [], namespaces });
        expect(problems.every(({ message }) => message.length > 0)).toBe(true);
      }),
      { numRuns: runs(1000) },
    );
  });

  it('are described to editors', () => {
    const schema = readFileSync(join(__dirname, '../../schema/experiments.schema.json'), 'utf8');
    expect(JSON.parse(schema)).toHaveProperty(['$defs', 'historyLine', 'properties', 'remove']);
  });
});

describe('namespaces and the declared context', () => {
  const CONTEXT = {
    properties: {
      user: { properties: { id: { type: 'integer' }, plan: { type: 'string' } } },
      country: { type: 'string' },
      tags: { items: { type: 'string' } },
      nothing: { type: 'null' },
    },
  };

  /** Returns the problems of one namespace of a specification that declares a context. */
  function misfits(changes: object): string[] {
    const data = { context: CONTEXT, ...config(namespace(changes)) };
    return problemsOf(data).map(({ path, message }) => `${path}: ${message}`);
  }

  const scripted = (script: unknown) => ({ experiments: [{ name: 'texts', script }] });

  it.each([
    [{ unit: 'user.id', inputs: { userid: 'user.id' } }],
    [{ unit: ['user.id', 'country'], experiments: [] }],
    [{ unit: 'tags', experiments: [] }],
    [{ unit: 'anonymous', ...scripted('x = uniformChoice(choices=[1, 2], unit=anonymous);') }],
    [scripted('u = country; x = uniformChoice(choices=[1, 2], unit=[u, country]);')],
    [scripted('if (a) { u = 1; } x = uniformChoice(choices=[1, 2], unit=u);')],
    [scripted('x = county;')],
  ])('accept units that the context has: %j', (changes) => {
    expect(misfits(changes)).toEqual([]);
  });

  it('refuse a unit that the context does not have, with a suggestion', () => {
    const inputs = { userid: 'user.id' };
    expect(misfits({ unit: 'user.ids', inputs })).toEqual([
      '/namespaces/0/unit: the unit "user.ids" is not in the declared context: user has no ids; did you mean id?',
    ]);
    expect(misfits({ unit: ['user.id', 'nothing', 'random'], inputs })).toEqual([
      `/namespaces/0/unit/1: the unit "nothing" is declared as None, which can't tell participants apart`,
      '/namespaces/0/unit/2: the unit "random" is not in the declared context: the context has no random; declared: user, country, tags, nothing, anonymous, now',
    ]);
  });

  it('refuse a draw whose unit is never given', () => {
    expect(misfits(scripted('x = uniformChoice(choices=[1, 2], unit=countri);'))).toEqual([
      '/namespaces/0/experiments/0/script: the unit "countri" of a draw is never given: the context has no countri; did you mean country?; map it to a context path in "inputs"',
    ]);
    expect(misfits({ inputs: { userid: 'user.key' } })).toEqual([
      '/namespaces/0/experiments/0/script: the unit "userid" of a draw is never given: user has no key; declared: id, plan, is_authenticated, is_anonymous',
    ]);
  });

  it('are not checked without a declared context', () => {
    expect(faults({ unit: 'nothing.at.all' })).toEqual([]);
  });
});
