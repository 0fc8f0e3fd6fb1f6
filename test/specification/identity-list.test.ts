import { SpecError } from '../../src/errors/spec-error.ts';
import type { Problem } from '../../src/errors/spec-error.ts';
import { parseJson } from '../../src/json/parse.ts';
import { atOnce } from '../../src/runtime/steps.ts';
import { specificationSteps } from '../../src/specification/specification.ts';
import type { ExperimentSpec } from '../../src/specification/types.ts';
import { experiment } from '../assignment/build.ts';

/** Loads a specification with one experiment, from text so that problems have places. */
function load(identity: unknown, more: object = {}): readonly ExperimentSpec[] {
  const text = JSON.stringify({ ...more, experiments: [{ ...experiment(), identity }] }, null, 2);
  const data = parseJson(text, 'test');
  return atOnce(specificationSteps(data, { origin: 'test', text })).experiments;
}

function problemsOf(identity: unknown, more?: object): readonly Problem[] {
  try {
    load(identity, more);
  } catch (error) {
    if (error instanceof SpecError) return error.problems;
    throw error;
  }
  return [];
}

const texts = (identity: unknown, more?: object) =>
  problemsOf(identity, more).map(({ path, message }) => `${path}: ${message}`);

const PATH = 'a dotted path of letters, digits and underscores, such as "user.id"';

describe('a list of identities', () => {
  it('is loaded as a frozen list', () => {
    const [spec] = load(['user.id', 'anonymous']);
    expect(spec?.identity).toEqual(['user.id', 'anonymous']);
    expect(Object.isFrozen(spec?.identity)).toBe(true);
  });

  it('is independent of the data that it was loaded from', () => {
    const identity = ['user.id', 'anonymous'];
    const data = [{ ...experiment(), identity }];
    const [spec] = atOnce(specificationSteps(data, { origin: 'test' })).experiments;
    identity.reverse();
    expect(spec?.identity).toEqual(['user.id', 'anonymous']);
  });

  it('of one path is the path', () => {
    expect(load(['user.id'])).toEqual(load('user.id'));
    expect(load(['anonymous'])).toEqual(load('anonymous'));
  });

  it('may have eight paths', () => {
    expect(texts('abcdefgh'.split(''))).toEqual([]);
  });

  it.each<[string, unknown, string[]]>([
    [
      'an empty list',
      [],
      [
        `/experiments/0/identity: identity must be ${PATH}, or a list of 1 to 8 paths, not an empty list`,
      ],
    ],
    [
      'nine paths',
      'abcdefghi'.split(''),
      [
        `/experiments/0/identity: identity must be ${PATH}, or a list of 1 to 8 paths, not a list of 9`,
      ],
    ],
    [
      'a path twice',
      ['user.id', 'anonymous', 'user.id'],
      ['/experiments/0/identity/2: the identity "user.id" is listed twice; remove one of them'],
    ],
    [
      'random',
      ['user.id', 'random'],
      [
        '/experiments/0/identity/1: "random" is not a value of the context, so it can\'t be part of a list; ' +
          'remove it, or write "identity": "random"',
      ],
    ],
    [
      'random alone',
      ['random'],
      [
        '/experiments/0/identity/0: "random" is not a value of the context, so it can\'t be part of a list; ' +
          'remove it, or write "identity": "random"',
      ],
    ],
    [
      'a text that is not a path',
      ['user-id', 'anonymous'],
      [
        `/experiments/0/identity/0: an identity must be ${PATH}, not "user-id"; did you mean "user.id"?`,
      ],
    ],
    ['a number', ['user.id', 7], [`/experiments/0/identity/1: an identity must be ${PATH}, not 7`]],
    [
      'several mistakes',
      ['a', 'a', 'random', ['b']],
      [
        '/experiments/0/identity/1: the identity "a" is listed twice; remove one of them',
        '/experiments/0/identity/2: "random" is not a value of the context, so it can\'t be part of a list; ' +
          'remove it, or write "identity": "random"',
        `/experiments/0/identity/3: an identity must be ${PATH}, not a list`,
      ],
    ],
  ])('with %s is refused', (_what, identity, expected) => {
    expect(texts(identity)).toEqual(expected);
  });

  it('is refused with the line and column of the path', () => {
    const [problem] = problemsOf(['user.id', 'random']);
    expect(problem).toMatchObject({ line: 7, column: 9 });
  });

  it.each([
    ['user.id, anonymous', '["user.id", "anonymous"]'],
    ['user.id,anonymous', '["user.id", "anonymous"]'],
    ['user.id or anonymous', '["user.id", "anonymous"]'],
    ['user.id ?? anonymous', '["user.id", "anonymous"]'],
    ['user-id | tenant-id | anonymous', '["user.id", "tenant.id", "anonymous"]'],
  ])('is suggested for %j', (text, list) => {
    expect(texts(text)).toEqual([expect.stringMatching(/; did you mean (.*)\?$/)]);
    expect(texts(text)[0]).toContain(`; did you mean ${list}?`);
  });

  describe('with a declared context', () => {
    const context = {
      properties: {
        user: { properties: { id: { type: ['integer', 'null'] }, nothing: { type: 'null' } } },
        tenant: { properties: { id: { type: 'string' } } },
      },
    };

    it.each([
      [['user.id', 'anonymous']],
      [['tenant.id', 'user.id']],
      [['user.id', 'tenant.id', 'anonymous']],
    ])('may have %j, of which each may be missing', (identity) => {
      expect(texts(identity, { context })).toEqual([]);
    });

    it('is refused with a path that the context does not have', () => {
      expect(texts(['user.idd', 'tenants.id', 'anonymous'], { context })).toEqual([
        '/experiments/0/identity/0: the identity "user.idd" is not in the declared context: user has no idd; did you mean id?',
        '/experiments/0/identity/1: the identity "tenants.id" is not in the declared context: the context has no tenants; did you mean tenant?',
      ]);
    });

    it('is refused with a path that is always None', () => {
      expect(texts(['user.nothing', 'anonymous'], { context })).toEqual([
        `/experiments/0/identity/0: the identity "user.nothing" is declared as None, which can't tell participants apart`,
      ]);
    });
  });
});
