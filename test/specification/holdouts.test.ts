// cspell:ignore serach
import { parseExperiments, type SpecError } from 'evenhand';
import { atOnce } from '../../src/runtime/steps.ts';
import { readSpecification } from '../../src/specification/read.ts';
import { specificationSteps } from '../../src/specification/specification.ts';

const holdout = (parts: object = {}) => ({
  name: 'winter',
  identity: 'user.id',
  percent: 5,
  experiments: ['search'],
  ...parts,
});

const spec = (...holdouts: object[]) => ({ experiments: ['search:on', 'chat:off'], holdouts });

const namespaces = [{ name: 'checkout', unit: 'user.id' }];

/** Returns the problems of a specification as "place: message". */
function problemsOf(data: object): string[] {
  try {
    atOnce(specificationSteps(data, { origin: 'test', text: JSON.stringify(data, null, 1) }));
    return [];
  } catch (error) {
    return (error as SpecError).problems.map(({ path, message }) => `${path}: ${message}`);
  }
}

/** Returns the problems of a specification in several texts. */
function problemsOfTexts(...data: object[]): string[] {
  const texts = data.map((one, i) => ({ text: JSON.stringify(one), origin: `${i}.json` }));
  try {
    atOnce(readSpecification({ texts, origin: 'all' }));
    return [];
  } catch (error) {
    return (error as SpecError).problems.map(
      ({ origin, line, column, message }) => `${origin}:${line}:${column}: ${message}`,
    );
  }
}

describe('a holdout in the specification', () => {
  it('has its name as the seed', () => {
    const { holdouts } = parseExperiments(spec(holdout({ seed: null })));
    expect(holdouts).toEqual([
      { name: 'winter', identity: 'user.id', seed: 'winter', percent: 5, experiments: ['search'] },
    ]);
    expect(Object.isFrozen(holdouts[0]?.experiments)).toBe(true);
  });

  it('keeps its other properties', () => {
    const all = {
      seed: '2026',
      buckets: 10_000,
      percent: 2.25,
      description: 'why',
      owner: 'ada',
      expires: '2027-03-31',
    };
    expect(parseExperiments(spec(holdout(all))).holdouts[0]).toEqual(holdout(all));
  });

  it('can have a list of identities, and turns a list of one path into the path', () => {
    const identities = [['user.id', 'anonymous'], ['user.id']].map(
      (identity) => parseExperiments(spec(holdout({ identity }))).holdouts[0]?.identity,
    );
    expect(identities).toEqual([['user.id', 'anonymous'], 'user.id']);
  });

  it('is absent from a specification without any', () => {
    expect(atOnce(specificationSteps(spec(), { origin: 'test' }))).not.toHaveProperty('holdouts');
    expect(parseExperiments(['search:on']).holdouts).toEqual([]);
  });

  it.each<[string, object, string]>([
    [
      'an experiment that is not declared',
      { experiments: ['serach'] },
      '/holdouts/0/experiments/0: experiment "serach" is not in this specification; declared: search, chat; did you mean "search"?',
    ],
    [
      'a namespace',
      { experiments: ['checkout'] },
      '/holdouts/0/experiments/0: "checkout" is a namespace; a holdout can list experiments only',
    ],
    [
      'an experiment that is listed twice',
      { experiments: ['search', 'chat', 'search'] },
      '/holdouts/0/experiments/2: experiment "search" is listed twice; remove one of them',
    ],
    [
      'an empty list',
      { experiments: [] },
      '/holdouts/0/experiments: experiments must be a list of at least one name of an experiment, not an empty list',
    ],
    [
      'the shorthand of a switch in its list',
      { experiments: ['search:on'] },
      '/holdouts/0/experiments/0: an experiment of a holdout must be its name (letters, digits and underscores), not "search:on"; did you mean "search"?',
    ],
    [
      'a percent above 100',
      { percent: 101 },
      '/holdouts/0/percent: percent must be a whole number from 0 to 100, not 101',
    ],
    [
      'a negative percent',
      { percent: -1 },
      '/holdouts/0/percent: percent must be a whole number from 0 to 100, not -1',
    ],
    [
      'a percent with decimals',
      { percent: 2.5 },
      '/holdouts/0/percent: percent must be a whole number from 0 to 100, not 2.5; for two decimals, set "buckets": 10000 on the holdout',
    ],
    [
      'a percent with three decimals',
      { percent: 2.125, buckets: 10_000 },
      '/holdouts/0/percent: percent must have at most two decimals, not 2.125; round it, for example to 2.13',
    ],
    [
      'the identity "random"',
      { identity: 'random' },
      '/holdouts/0/identity: the identity "random" differs on every request, so it can\'t hold a participant out; use a path such as "user.id", or "anonymous"',
    ],
    [
      'a list of identities with "random" in it',
      { identity: ['user.id', 'random'] },
      '/holdouts/0/identity/1: "random" is not a value of the context, so it can\'t be part of a list; remove it, or write "identity": "random"',
    ],
    [
      'an identity that is not a path',
      { identity: ['user.id', 'user-id'] },
      '/holdouts/0/identity/1: an identity must be a dotted path of letters, digits and underscores, such as "user.id", not "user-id"; did you mean "user.id"?',
    ],
    [
      'the name of an experiment',
      { name: 'chat' },
      '/holdouts/0/name: "chat" is also the name of an experiment; rename this holdout',
    ],
    [
      'the name of a namespace',
      { name: 'checkout' },
      '/holdouts/0/name: "checkout" is also the name of a namespace; rename this holdout',
    ],
    [
      'a day that does not exist',
      { expires: '2027-02-30' },
      '/holdouts/0/expires: expires is 2027-02-30, but 2027-02 has only 28 days',
    ],
    [
      'a misspelt property',
      { percent: 1, experiment: [] },
      '/holdouts/0/experiment: unknown property "experiment"; known here: name, identity, seed, percent, buckets, experiments, description, owner, expires, analysis',
    ],
    [
      'another number of buckets',
      { buckets: 1000 },
      '/holdouts/0/buckets: buckets must be 100, or 10000 for percents with two decimals, not 1000; did you mean 10000?',
    ],
  ])('refuses %s', (_, parts, problem) => {
    expect(problemsOf({ ...spec(holdout(parts)), namespaces })).toEqual([problem]);
  });

  it('refuses two holdouts of one name', () => {
    expect(problemsOf(spec(holdout(), holdout({ experiments: ['chat'] })))).toEqual([
      '/holdouts/1/name: holdout "winter" is declared twice: /holdouts/0 has the same name; rename one of them',
    ]);
  });

  it('reports the line and the column of a problem', () => {
    const text =
      '{\n "experiments": [],\n "holdouts": [\n  { "name": "w", "identity": "user.id", "percent": 1,\n    "experiments": ["x"] }\n ]\n}';
    expect(() => atOnce(readSpecification({ text, origin: 'file' }))).toThrow(
      'file:5:21 /holdouts/0/experiments/0',
    );
  });

  it('reports missing properties and values of the wrong kind', () => {
    expect(problemsOf({ experiments: [], holdouts: [{}, 7, null] })).toEqual([
      '/holdouts/0: the property "name" is missing',
      '/holdouts/0: the property "identity" is missing',
      '/holdouts/0: the property "percent" is missing',
      '/holdouts/0: the property "experiments" is missing',
      '/holdouts/1: a holdout must be an object with "name", "identity", "percent" and "experiments", not 7',
      '/holdouts/2: a holdout must be an object with "name", "identity", "percent" and "experiments", not null',
    ]);
    expect(problemsOf({ experiments: [], holdouts: {} })).toEqual([
      '/holdouts: holdouts must be a list, not an object',
    ]);
  });

  it('checks its identity against the declared context', () => {
    const context = { properties: { tenant: { type: 'object', properties: { id: {} } } } };
    const data = { ...spec(holdout({ identity: 'tenant.key' })), context };
    expect(problemsOf(data)).toEqual([
      expect.stringContaining('/holdouts/0/identity: the identity'),
    ]);
    expect(problemsOf({ ...spec(holdout({ identity: 'tenant.id' })), context })).toEqual([]);
  });

  it('names the holdout in a problem of data whose entries are known by name', () => {
    const data = spec(holdout({ percent: 200 }));
    expect(() => atOnce(readSpecification({ data, origin: 'table', named: true }))).toThrow(
      'holdout "winter": percent must be',
    );
  });
});

describe('holdouts in several texts', () => {
  it('belong to the experiments of their own text', () => {
    const [one, two] = [spec(holdout()), { experiments: ['other:on'] }];
    expect(problemsOfTexts(one, two)).toEqual([]);
    const far = { experiments: ['other:on'], holdouts: [holdout()] };
    expect(problemsOfTexts({ experiments: ['search:on'] }, far)).toEqual([
      expect.stringMatching(/^1\.json:1:\d+: experiment "search" is not in this specification/),
    ]);
  });

  it('must have names that no text uses for something else', () => {
    const others = { experiments: ['winter:on', 'a:on'], namespaces: [{ name: 'n', unit: 'u' }] };
    const mine = {
      experiments: ['b:on'],
      holdouts: [holdout({ experiments: ['b'] }), holdout({ name: 'n', experiments: ['b'] })],
    };
    expect(problemsOfTexts(others, mine).map((one) => one.replace(/:\d+:\d+/g, ''))).toEqual([
      '1.json: holdout "winter" is also the name of an experiment: 0.json has the same name; rename one of them',
      '1.json: holdout "n" is also the name of a namespace: 0.json has the same name; rename one of them',
    ]);
    expect(problemsOfTexts(mine, { experiments: ['winter:on'] })).toEqual([
      expect.stringContaining('experiment "winter" is also the name of a holdout'),
    ]);
  });

  it('are all in force', () => {
    const texts = [
      spec(holdout()),
      { experiments: ['b:on'], holdouts: [holdout({ name: 'x', experiments: ['b'] })] },
    ];
    const { holdouts } = atOnce(
      readSpecification({
        origin: 'all',
        texts: texts.map((one, i) => ({ text: JSON.stringify(one), origin: `${i}` })),
      }),
    );
    expect(holdouts?.map(({ name }) => name)).toEqual(['winter', 'x']);
  });
});
