import * as fc from 'fast-check';
import { type Problem, SpecError } from '../../src/errors/spec-error.ts';
import { parseJson } from '../../src/json/parse.ts';
import { atOnce } from '../../src/runtime/steps.ts';
import { specificationSteps } from '../../src/specification/specification.ts';
import type { Specification } from '../../src/specification/types.ts';
import { runs } from '../runs.ts';

/** A complete experiment. Tests change the part they are about. */
function experiment(changes: object = {}): object {
  return {
    name: 'search',
    identity: 'user.id',
    variants: [{ name: 'control' }, { name: 'treatment' }],
    audiences: [{ allocations: [{ variant: 'control', percent: 100 }] }],
    ...changes,
  };
}

function audience(...allocations: [variant: string, percent: unknown][]): object {
  return { allocations: allocations.map(([variant, percent]) => ({ variant, percent })) };
}

function parse(data: unknown): Specification {
  return atOnce(specificationSteps(data, { origin: 'config' }));
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

function sentences(data: unknown): string[] {
  return problemsOf(data).map(({ path, message }) => `${path}: ${message}`);
}

function isDeeplyFrozen(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return Object.isFrozen(value) && Object.values(value).every(isDeeplyFrozen);
}

describe('specificationSteps', () => {
  it('fills in the defaults of experiments', () => {
    const full = {
      name: 'search',
      identity: 'tenant.id',
      seed: '',
      description: 'Which search is better?',
      owner: 'search team',
      variants: [{ name: 'control' }, { name: 'treatment', value: { rows: [1, null] } }],
      audiences: [
        { rule: 'user.is_staff', ...audience(['treatment', 100]) },
        { rule: null, ...audience(['control', 95], ['treatment', 5], ['control', 0]) },
      ],
    };
    const specification = parse([full]);
    expect([...specification.rulesOf('search').keys()]).toEqual(['user.is_staff']);
    expect(specification).toStrictEqual({
      origin: 'config',
      experiments: [
        {
          ...full,
          audiences: [
            full.audiences[0],
            audience(['control', 95], ['treatment', 5], ['control', 0]),
          ],
          exposure: 'auto',
          shorthand: false,
        },
      ],
      rulesOf: expect.any(Function),
      namespaces: [],
    });
  });

  it('uses the name as the default seed', () => {
    expect(parse([experiment()]).experiments[0]?.seed).toBe('search');
    expect(parse([experiment({ seed: undefined })]).experiments[0]?.seed).toBe('search');
    expect(parse([experiment({ seed: 'x' })]).experiments[0]?.seed).toBe('x');
  });

  it('expands the shorthand of a switch', () => {
    const { experiments } = parse(['beta:on', 'legacy:off']);
    const [beta, legacy] = experiments;
    expect(beta).toStrictEqual({
      name: 'beta',
      identity: 'random',
      seed: 'beta',
      variants: [{ name: 'on' }, { name: 'off' }],
      audiences: [audience(['on', 100])],
      exposure: 'off',
      shorthand: true,
    });
    expect(legacy?.audiences).toEqual([audience(['off', 100])]);
  });

  it('defaults exposure to auto, and to off for switches', () => {
    const off = { variants: [{ name: 'off' }, { name: 'on' }] };
    const entry = (more: object) => experiment({ ...more, audiences: [audience(['on', 100])] });
    const modes = [
      entry({ name: 'a', variants: [{ name: 'on' }, { name: 'x' }] }),
      entry({ name: 'b', ...off }),
      entry({ name: 'c', ...off, exposure: 'auto' }),
      entry({ name: 'd', variants: [...off.variants, { name: 'x' }], exposure: 'manual' }),
      entry({ name: 'e', variants: [{ name: 'on' }] }),
    ];
    expect(parse(modes).experiments.map(({ exposure }) => exposure)).toEqual([
      'auto',
      'off',
      'auto',
      'manual',
      'auto',
    ]);
  });

  it('refuses another value of exposure', () => {
    expect(() => parse([experiment({ exposure: 'on' })])).toThrow(
      'exposure must be "auto", "manual" or "off", not "on"',
    );
  });

  it('accepts a list, and an object with experiments', () => {
    const { experiments } = parse({
      $schema: './node_modules/evenhand/schema/experiments.schema.json',
      description: 'all of them',
      owner: 'us',
      experiments: ['a:on', experiment()],
    });
    expect(experiments).toEqual(parse(['a:on', experiment()]).experiments);
    expect(parse([]).experiments).toEqual([]);
    expect(parse({ experiments: [] }).experiments).toEqual([]);
  });

  it.each(['user.id', 'random', 'anonymous', 'a.b_1.C', '_id', '0'])(
    'accepts the identity %s',
    (identity) => {
      expect(parse([experiment({ identity })]).experiments[0]?.identity).toBe(identity);
    },
  );

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'accepts the name %s',
    (name) => {
      const data: unknown = JSON.parse(`["${name}:on", {
        "name": "${name}_2", "identity": "user.id", "seed": "${name}",
        "variants": [{ "name": "${name}", "value": { "${name}": 1 } }],
        "audiences": [{ "allocations": [{ "variant": "${name}", "percent": 100 }] }]
      }]`);
      const [, spec] = parse(data).experiments;
      expect(spec?.variants[0]?.name).toBe(name);
      expect(JSON.stringify(spec?.variants[0]?.value)).toBe(`{"${name}":1}`);
    },
  );

  it('freezes everything, and copies the given data', () => {
    const value = { list: [{ a: 1 }] };
    const raw = [experiment({ variants: [{ name: 'control', value }] }), 'beta:on'];
    const specification = parse(raw);
    value.list.push({ a: 2 });
    raw.pop();
    expect(isDeeplyFrozen(specification.experiments)).toBe(true);
    expect(specification.experiments).toHaveLength(2);
    expect(specification.experiments[0]?.variants[0]?.value).toEqual({ list: [{ a: 1 }] });
    expect(Object.isFrozen(value)).toBe(false);
  });

  it('ignores inherited properties', () => {
    const inherited: unknown = Object.setPrototypeOf(experiment(), { seed: 7, owner: 'nobody' });
    expect(parse([inherited]).experiments[0]).toMatchObject({ seed: 'search' });
    expect(parse([inherited]).experiments[0]).not.toHaveProperty('owner');
    expect(sentences([Object.create(experiment())])).toContain(
      '/0: the property "name" is missing',
    );
  });

  describe('reports errors in the shape of the data', () => {
    it.each<[string, unknown, string[]]>([
      [
        'a number',
        7,
        [': a specification must be a list of experiments, or an object with "experiments", not 7'],
      ],
      [
        'a path',
        'experiments.config.json',
        [
          ': a specification must be a list of experiments, or an object with "experiments", not ' +
            '"experiments.config.json"; to load a file, use settingsSource(path); to use JSON ' +
            'text, pass JSON.parse(text)',
        ],
      ],
      ['an empty object', {}, [': the property "experiments" is missing']],
      ['no list', { experiments: {} }, ['/experiments: experiments must be a list, not an object']],
      [
        'a misspelt root property',
        { experiment: [] },
        ['/experiment: unknown property "experiment"; did you mean "experiments"?'],
      ],
      [
        'an unknown root property',
        { experiments: [], version: 2, owner: 7 },
        [
          '/version: unknown property "version"; known here: $schema, description, owner, experiments, context, segments, namespaces, holdouts, metrics',
          '/owner: owner must be a string, not 7',
        ],
      ],
      [
        'an entry that is null',
        [null],
        [
          '/0: an experiment must be an object, or a shorthand such as "name:on" or "name:off", not null',
        ],
      ],
      [
        'a shorthand with another state',
        { experiments: ['beta:offf'] },
        [
          '/experiments/0: an experiment must be an object, or a shorthand such as "name:on" or ' +
            '"name:off", not "beta:offf"; did you mean "beta:off"?',
        ],
      ],
      [
        'a shorthand without a state',
        ['beta'],
        [
          '/0: an experiment must be an object, or a shorthand such as "name:on" or "name:off", ' +
            'not "beta"; did you mean "beta:on"?',
        ],
      ],
      [
        'an empty experiment',
        [{}],
        [
          '/0: the property "name" is missing',
          '/0: the property "identity" is missing',
          '/0: the property "variants" is missing',
          '/0: the property "audiences" is missing',
        ],
      ],
      [
        'a bad name',
        [experiment({ name: 'my search' })],
        [
          '/0/name: name must be a string of letters, digits and underscores, not "my search"; did you mean "my_search"?',
        ],
      ],
      [
        'a bad identity',
        [experiment({ identity: 'user..id' })],
        [
          '/0/identity: identity must be a dotted path of letters, digits and underscores, such as ' +
            '"user.id", or a list of 1 to 8 paths, not "user..id"; did you mean "user.id"?',
        ],
      ],
      [
        'a bad seed, description and owner',
        [experiment({ seed: 5, description: [], owner: null })],
        [
          '/0/seed: seed must be a string, or null, not 5',
          '/0/description: description must be a string, not an empty list',
          '/0/owner: owner must be a string, not null',
        ],
      ],
      [
        'a misspelt property, once',
        [{ ...experiment(), identity: undefined, indentity: 'user.id' }],
        ['/0/indentity: unknown property "indentity"; did you mean "identity"?'],
      ],
      [
        'empty lists',
        [experiment({ variants: [], audiences: [] })],
        [
          '/0/variants: variants must be a list of at least one variant, not an empty list',
          '/0/audiences: audiences must be a list of at least one audience, not an empty list',
        ],
      ],
      [
        'a variant that is only a name',
        [experiment({ variants: ['control'] })],
        ['/0/variants: write variants as a list of objects: [{ "name": "control" }]'],
      ],
      [
        'an audience and allocations of the wrong kind',
        [experiment({ audiences: [{ rule: 1, allocations: {} }, []] })],
        [
          '/0/audiences/0/rule: rule must be a string, or null, not 1',
          '/0/audiences/0/allocations: allocations must be a list of at least one allocation, not an object',
          '/0/audiences/1: an audience must be an object with "allocations", not an empty list',
        ],
      ],
      [
        'an allocation of the wrong kind',
        [experiment({ audiences: [{ allocations: ['control', { variant: 'a b' }] }] })],
        [
          '/0/audiences/0/allocations/0: an allocation must be an object with "variant" and ' +
            '"percent", not "control"',
          '/0/audiences/0/allocations/1: the property "percent" is missing',
          '/0/audiences/0/allocations/1/variant: variant must be the name of a declared ' +
            'variant (letters, digits and underscores), not "a b"; did you mean "a_b"?',
          '/0/audiences/0/allocations/1/variant: variant "a b" is not declared; declared: control, ' +
            'treatment',
        ],
      ],
    ])('%s', (_, data, expected) => {
      expect(sentences(data)).toEqual(expected);
    });

    it.each([
      [10.5, '10.5'],
      [150.5, '150.5'],
      [-1, '-1'],
      [101, '101'],
      ['50', '"50"'],
      [null, 'null'],
      [Number.NaN, 'NaN'],
    ])('the percent %p', (percent, shown) => {
      expect(sentences([experiment({ audiences: [audience(['control', percent])] })])).toEqual([
        `/0/audiences/0/allocations/0/percent: percent must be a whole number from 0 to 100, not ${shown}` +
          (percent === 10.5 ? '; for two decimals, set "buckets": 10000 on the experiment' : ''),
      ]);
    });
  });

  describe('reports problems that a schema cannot describe', () => {
    it('names of experiments used twice', () => {
      expect(sentences(['search:on', experiment(), 'other:on', 'other:off'])).toEqual([
        '/1/name: experiment "search" is declared twice: /0 has the same name; rename one of them',
        '/3: experiment "other" is declared twice: /2 has the same name; rename one of them',
      ]);
    });

    it('names of variants used twice', () => {
      const variants = [{ name: 'control' }, { name: 'treatment' }, { name: 'control' }];
      expect(sentences({ experiments: [experiment({ variants })] })).toEqual([
        '/experiments/0/variants/2/name: variant "control" is declared twice: ' +
          '/experiments/0/variants/0 has the same name; rename one of them',
      ]);
    });

    it('allocations of undeclared variants', () => {
      const variants = ['treatment', 'inactive', 'control'].map((name) => ({ name }));
      const audiences = [audience(['active', 50], ['treatmant', 50])];
      expect(sentences([experiment({ variants, audiences })])).toEqual([
        '/0/audiences/0/allocations/0/variant: variant "active" is not declared; declared: ' +
          'treatment, inactive, control; did you mean "inactive"?',
        '/0/audiences/0/allocations/1/variant: variant "treatmant" is not declared; declared: ' +
          'treatment, inactive, control; did you mean "treatment"?',
      ]);
    });

    it.each([
      [90, [50, 40], 'raise one of them by 10'],
      [101, [100, 1], 'lower one of them by 1'],
      [180, [60, 60, 60], 'lower them by 80 in total'],
      [0, [0], 'raise one of them by 100'],
    ])('allocations that sum to %i', (sum, percents, remedy) => {
      const audiences = [audience(...percents.map((n): [string, number] => ['control', n]))];
      expect(sentences([experiment({ audiences })])).toEqual([
        `/0/audiences/0/allocations: allocations of audience 1 sum to ${sum}, not 100; ${remedy}`,
      ]);
    });

    it('audiences without a rule before the last, and a rule in the last', () => {
      const all = audience(['control', 100]);
      const audiences = [all, { ...all, rule: null }, { ...all, rule: 'True' }];
      expect(sentences([experiment({ audiences })])).toEqual([
        '/0/audiences/0: audience 1 of 3 has no rule, so it would take everyone and later ' +
          'audiences would be empty; add a rule to every audience except the last',
        '/0/audiences/1: audience 2 of 3 has no rule, so it would take everyone and later ' +
          'audiences would be empty; add a rule to every audience except the last',
        '/0/audiences/2/rule: the last audience takes everyone else, so it must not have a ' +
          'rule; remove the rule, or add an audience without a rule at the end',
      ]);
    });

    it('rules that do not compile, with a caret under the place', () => {
      const all = audience(['control', 100]);
      const audiences = [{ ...all, rule: 'user.id ==' }, { ...all, rule: '' }, all];
      const [first, second] = problemsOf([experiment({ audiences })]);
      expect(first?.path).toBe('/0/audiences/0/rule');
      expect(first?.message).toMatch(/^.+\n {2}user\.id ==\n {2} +\^$/);
      expect(second?.path).toBe('/0/audiences/1/rule');
    });

    it('values that are not JSON', () => {
      const variants = [{ name: 'control', value: { at: [() => 1] } }];
      expect(sentences([experiment({ variants })])).toEqual([
        '/0/variants/0/value/at/0: value must be JSON, not a function',
      ]);
    });

    it('values nested too deep for the stack', () => {
      const deep = '['.repeat(100_000) + ']'.repeat(100_000);
      const variants = `[{"name": "control", "value": ${deep}}]`;
      const text = JSON.stringify([experiment()]).replace(/\[{"name":"control".*?\]/, variants);
      const [problem] = problemsOf(JSON.parse(text), text);
      expect(problem?.message).toBe('value is nested more than 100 levels deep');
      expect(problem?.column).toBe(text.indexOf('[[[') + 101);
    });

    it('no problem that only follows from an error in the shape', () => {
      const audiences = [audience(['control', 60], ['treatment', 'forty'])];
      expect(
        sentences([
          experiment({ variants: [{ name: 'control' }, { nme: 'treatment' }], audiences }),
        ]),
      ).toEqual([
        '/0/variants/1/nme: unknown property "nme"; did you mean "name"?',
        '/0/audiences/0/allocations/1/percent: percent must be a whole number from 0 to 100, not "forty"',
      ]);
    });
  });

  it('reports all problems at once, in the order of the document', () => {
    const text = `{
  "experiments": [
    "beta:maybe",
    {
      "name": "search",
      "indentity": "user.id",
      "variants": [{ "name": "control" }, { "name": "control" }],
      "audiences": [
        { "rule": "user.age >", "allocations": [{ "variant": "control", "percent": 100 }] },
        { "allocations": [{ "variant": "contrl", "percent": 90 }] }
      ]
    },
    { "name": "search", "identity": "random", "7": 1,
      "variants": [{ "name": "on", "value": null }],
      "audiences": [{ "allocations": [{ "variant": "on", "percent": 99 }] }] }
  ],
  "owner": ["me"]
}`;
    const found = problemsOf(parseJson(text, 'config'), text);
    expect(found.map(({ path, line, column }) => `${line}:${column} ${path}`)).toEqual([
      '3:5 /experiments/0',
      '6:7 /experiments/1/indentity',
      '7:53 /experiments/1/variants/1/name',
      '9:19 /experiments/1/audiences/0/rule',
      '10:26 /experiments/1/audiences/1/allocations',
      '10:40 /experiments/1/audiences/1/allocations/0/variant',
      '13:15 /experiments/2/name',
      '13:47 /experiments/2/7',
      '15:38 /experiments/2/audiences/0/allocations',
      '17:12 /owner',
    ]);
  });

  it('omits lines if there is no text', () => {
    expect(problemsOf({}, undefined)[0]).toEqual({
      path: '',
      message: 'the property "experiments" is missing',
    });
  });

  it('contains the origin in the message', () => {
    expect(() => atOnce(specificationSteps(7, { origin: 'a/b.json', text: '7' }))).toThrow(
      expect.objectContaining({
        name: 'SpecError',
        code: 'spec',
        origin: 'a/b.json',
        message: expect.stringContaining('a/b.json:1:1'),
      }),
    );
  });

  it('lists the first hundred problems', () => {
    const data = Array.from({ length: 2000 }, (_, i) => experiment({ name: `n-${i}`, owner: 1 }));
    const found = problemsOf(data);
    expect(found).toHaveLength(101);
    expect(found[99]?.path).toBe('/49/owner');
    expect(found[100]).toEqual({
      path: '',
      message: 'and 3900 more problems; only the first 100 are listed',
    });
  });

  it('keeps messages short even with long names', () => {
    const long = 'x'.repeat(100_000);
    const variants = Array.from({ length: 50 }, (_, i) => ({ name: `${long}${i}` }));
    const found = problemsOf([experiment({ name: '-'.repeat(100_000), variants })]);
    expect(found).toHaveLength(2);
    for (const { message } of found) expect(message.length).toBeLessThan(1000);
  });

  it('returns a specification or throws SpecError for any JSON', () => {
    fc.assert(
      fc.property(nearSpecification, (data) => {
        const text = JSON.stringify(data);
        const found = problemsOf(data, text);
        const odd = found.filter(
          ({ line, message }, i) =>
            (line !== 1 && i < 100) || /must NOT|must have|must match|undefined/.test(message),
        );
        expect(odd).toEqual([]);
        expect(found.length > 0 || isDeeplyFrozen(parse(data).experiments)).toBe(true);
      }),
      { numRuns: runs(1000) },
    );
  });

  it('returns a specification or throws SpecError for any value', () => {
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withNullPrototype: true,
      withSet: true,
      withSparseArray: true,
      key: fc.constantFrom('experiments', 'name', 'variants', 'audiences', '__proto__', 'x'),
    });
    fc.assert(
      fc.property(anything, (data) => {
        const variants = [{ name: 'control', value: data }];
        for (const given of [data, [data], [experiment({ variants })]]) {
          expect(() => problemsOf(given)).not.toThrow();
        }
      }),
      { numRuns: runs(500) },
    );
  });
});

/** Generates specifications with arbitrary values in a few places. */
const nearSpecification = (() => {
  const name = fc.constantFrom('control', 'treatment', 'on', '__proto__', 'constructor');
  const { tree } = fc.letrec((tie) => ({
    tree: mostly(
      fc.oneof(fc.array(tie('entry')), fc.record({ experiments: fc.array(tie('entry')) })),
    ),
    entry: mostly(
      fc.oneof(
        fc.constantFrom('a:on', 'b:off', '__proto__:on', 'c:of'),
        fc.record(
          {
            name: mostly(fc.stringMatching(/^[A-Za-z0-9_]{1,3}$/)),
            identity: mostly(fc.constantFrom('random', 'anonymous', 'user.id')),
            seed: mostly(fc.string()),
            variants: mostly(fc.uniqueArray(tie('variant'), { minLength: 1 })),
            audiences: mostly(fc.array(tie('audience'), { minLength: 1, maxLength: 3 })),
          },
          { requiredKeys: ['name', 'identity', 'variants', 'audiences'] },
        ),
      ),
    ),
    variant: mostly(fc.record({ name: mostly(name), value: fc.jsonValue() })),
    audience: mostly(
      fc.record(
        {
          rule: mostly(fc.constantFrom('user.id == 1', 'True', '==', null)),
          allocations: mostly(
            fc.oneof(
              fc.array(tie('allocation')),
              name.map((variant) => [{ variant, percent: 100 }]),
            ),
          ),
        },
        { requiredKeys: ['allocations'] },
      ),
    ),
    allocation: mostly(
      fc.record({ variant: mostly(name), percent: mostly(fc.constantFrom(0, 50, 100)) }),
    ),
  }));
  return tree;
})();

function mostly<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 30, arbitrary },
    { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
  );
}
