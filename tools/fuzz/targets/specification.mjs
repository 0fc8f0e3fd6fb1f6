// The target `specification`: any text, loaded as experiments.config.json and asked for decisions.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mutateJson } from '../harness/mutate-json.mjs';
import { mutateText } from '../harness/mutate-text.mjs';

const WORDS = (
  '{ } [ ] : , " \\ \\u0041 \\ud800 \\n null true false -0 1e5 0.5 100 50 25 "" NaN undefined // # \' <<<<<<< ======= ' +
  'name identity seed variants audiences allocations variant percent rule value description owner expires exposure context namespaces experiments ' +
  'user.id anonymous random tenant.id exp:on exp:off exp:onn on off auto manual 2027-02-29 2027-03-31 user.plan=="pro" 1<2 x.__proto__ ' +
  'unit segments inputs defaults script history add remove weight values properties type required items enum const additionalProperties ' +
  'string integer number boolean null array object x=uniformChoice(choices=[1,2],unit=userid); __proto__ constructor prototype toString length ~0 ~1 /'
).split(' ');

const KEYS = [
  ...'name identity seed variants audiences allocations variant percent rule value description owner expires exposure context namespaces experiments $schema unit segments inputs defaults script history add remove experiment weight values properties type required items enum const additionalProperties title __proto__ constructor toString hasOwnProperty a/b a~b 0'.split(
    ' ',
  ),
  '',
  'user',
  'id',
  'nam',
  'percnt',
];

const ALLOCATIONS = [
  { variant: 'a', percent: 50 },
  { variant: 'b', percent: 50 },
];

const EXPERIMENT = {
  name: 'exp',
  identity: 'user.id',
  variants: [{ name: 'a', value: { any: ['json'] } }, { name: 'b' }],
  audiences: [
    { rule: 'user.plan == "pro"', allocations: ALLOCATIONS },
    { allocations: ALLOCATIONS },
  ],
};

const NAMESPACE = {
  name: 'checkout',
  unit: 'user.id',
  segments: 100,
  inputs: { userid: 'user.id' },
  defaults: { text: 'OK' },
  experiments: [
    { name: 'first', script: "text = uniformChoice(choices=['OK', 'Buy'], unit=userid);" },
    {
      name: 'second',
      variants: [
        { name: 'a', weight: 2, values: { text: 'a' } },
        { name: 'b', values: {} },
      ],
    },
    { name: 'third', script: { op: 'set', var: 'x', value: { op: 'get', var: 'userid' } } },
    { name: 'fourth', script: ['x = 1;', 'y = 2;'] },
  ],
  history: [
    { add: 'first', segments: 50 },
    { add: 'second', segments: 20 },
    { remove: 'first' },
    { add: 'again', experiment: 'first', segments: 80 },
  ],
};

const CONTEXT = {
  properties: {
    user: {
      properties: { id: { type: 'integer' }, plan: { enum: ['free', 'pro'] } },
      required: ['plan'],
    },
    country: { type: ['string', 'null'] },
    cart: { type: 'array', items: { type: 'object', additionalProperties: { type: 'number' } } },
  },
  required: ['country'],
};

const VALUES = [
  null,
  true,
  false,
  0,
  1,
  -1,
  50,
  100,
  0.5,
  1e9,
  '',
  'a',
  'exp:on',
  'user.id',
  'random',
  'anonymous',
  '__proto__',
  [],
  {},
  [[]],
  ALLOCATIONS,
  EXPERIMENT,
  NAMESPACE,
  CONTEXT,
  { name: 'a' },
  { rule: 'country == "CA"', allocations: ALLOCATIONS },
  { allocations: ALLOCATIONS },
  { variant: 'a', percent: 100 },
  { add: 'first', segments: 3 },
  { remove: 'first' },
  { type: 'string' },
  { properties: {} },
  'user.plan == "pro" and country in ["CA", "US"]',
  'country < 5',
  '[x for x in cart] != []',
];

export const target = {
  imports: {
    'src/errors/evenhand-error.ts': ['EvenhandError'],
    'src/errors/spec-error.ts': ['SpecError'],
    'src/json/parse.ts': ['parseJson'],
    'src/json/syntax.ts': ['findSyntaxProblem'],
    'src/json/positions.ts': ['withoutBom'],
    'src/runtime/steps.ts': ['atOnce'],
    'src/specification/parse-texts.ts': ['textsSteps'],
    'src/specification/context/context-checks.ts': ['contextWarnings'],
    'src/assignment/parse-experiments.ts': ['parseExperiments'],
    'src/assignment/assert-appended.ts': ['assertAppended'],
  },

  seeds() {
    const file = readFileSync(
      join(import.meta.dirname, '../../../experiments.config.json'),
      'utf8',
    );
    const { experiments } = JSON.parse(file);
    return [
      ...[
        [],
        ['exp:on', 'other:off'],
        [EXPERIMENT],
        { experiments: [EXPERIMENT], context: CONTEXT },
        { experiments: ['a:on'], namespaces: [NAMESPACE] },
      ].map((seed) => JSON.stringify(seed)),
      JSON.stringify({
        $schema: 's',
        description: 'd',
        owner: 'o',
        experiments: [
          {
            ...EXPERIMENT,
            seed: 's',
            expires: '2027-03-31',
            exposure: 'manual',
            owner: 'me',
            description: 'd',
          },
        ],
      }),
      // Formatted over several lines, for the places of problems.
      ...experiments.map((one) => JSON.stringify([one], null, 2)),
      '[{"name": "x",}]',
      '\ufeff[]',
      '',
      "{'experiments': []}",
    ];
  },

  mutate: (random, text, other) =>
    random.oneIn(4)
      ? mutateText(random, text, other, WORDS)
      : mutateJson(random, text, other, { words: WORDS, keys: KEYS, values: VALUES }),

  prepare({
    EvenhandError,
    SpecError,
    parseJson,
    findSyntaxProblem,
    withoutBom,
    atOnce,
    textsSteps,
    contextWarnings,
    parseExperiments,
    assertAppended,
  }) {
    const contexts = [
      {},
      {
        user: { id: 7, plan: 'pro', is_authenticated: true },
        country: 'CA',
        cart: [],
        anonymous: 'k',
      },
    ];

    function isJson(text) {
      try {
        JSON.parse(text);
        return true;
      } catch {
        return false;
      }
    }

    function loaded(text) {
      try {
        return {
          data: parseJson(text, 'file.json'),
          specification: atOnce(textsSteps([{ text, origin: 'file.json' }], 'file.json')),
        };
      } catch (error) {
        if (!(error instanceof SpecError)) throw error;
        checkProblems(error, text);
        return { error };
      }
    }

    function checkProblems({ problems, message }, text) {
      if (problems.length === 0 || problems.length > 101)
        throw new Error(`${problems.length} problems`);
      if (message.length > 200_000) throw new Error(`a message of ${message.length} characters`);
      const lines = withoutBom(text).split(/\r\n?|\n/);
      for (const problem of problems) {
        if (problem.message === '') throw new Error('a problem without a message');
        if (problem.line === undefined) continue;
        const line = lines[problem.line - 1];
        if (line === undefined || problem.column < 1 || problem.column > line.length + 1) {
          throw new Error(`a place outside the text: ${problem.line}:${problem.column}`);
        }
      }
    }

    function decisions(snapshot) {
      return contexts.map((context) => {
        const participant = snapshot.participant(context);
        const variants = attempt(() => participant.variants());
        const explained = snapshot.experiments
          .slice(0, 5)
          .map(({ name }) => participant.explain(name));
        const spaces = snapshot.namespaces.slice(0, 3).map(({ name }) =>
          attempt(() => {
            const space = participant.namespace(name);
            return [space.getParams(), space.explain()];
          }),
        );
        return [variants, explained, spaces];
      });
    }

    function attempt(run) {
      try {
        return run();
      } catch (error) {
        if (!(error instanceof EvenhandError)) throw error;
        return error.code;
      }
    }

    return (text) => {
      const json = withoutBom(text);
      if (isJson(json) !== (findSyntaxProblem(json) === undefined)) {
        throw new Error(`JSON.parse and findSyntaxProblem disagree`);
      }
      const { error, data } = loaded(text);
      if (error !== undefined) return `${error.code} ${error.message}`.slice(0, 5000);
      const before = JSON.stringify(data);
      const snapshot = parseExperiments(data, { logger: false, random: () => 0.5 });
      JSON.stringify(contextWarnings(data));
      assertAppended(snapshot, snapshot);
      const result = JSON.stringify(decisions(snapshot), (_key, value) =>
        typeof value === 'bigint' ? String(value) : value,
      );
      if (JSON.stringify(data) !== before) throw new Error('the data was changed');
      return result.slice(0, 5000);
    };
  },
};
