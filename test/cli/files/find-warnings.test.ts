import { parseConfig } from '../../../src/cli/files/config-file.ts';
import { findWarnings } from '../../../src/cli/files/find-warnings.ts';

const HALVES = '[{"variant":"a","percent":50},{"variant":"b","percent":50}]';

/** Returns the text of an experiment with the variants a and b and the given properties. */
function experiment(name: string, more: Readonly<Record<string, string>> = {}): string {
  const properties = {
    name: `"${name}"`,
    identity: '"user.id"',
    variants: '[{"name":"a"},{"name":"b"}]',
    audiences: `[{"allocations":${HALVES}}]`,
    ...more,
  };
  return `{${Object.entries(properties)
    .map(([key, value]) => `"${key}":${value}`)
    .join(',')}}`;
}

/** Returns audiences with these rules and a fallback audience. */
function rules(...sources: readonly string[]): string {
  const ruled = sources.map((rule) => `{"rule":${JSON.stringify(rule)},"allocations":${HALVES}}`);
  return `[${[...ruled, `{"allocations":${HALVES}}`].join(',')}]`;
}

function warningsOf(text: string): string[] {
  const config = parseConfig({ origin: 'test', path: undefined, text });
  return findWarnings(config, { today: '2026-11-02' }).map(({ code, path }) => `${code} ${path}`);
}

describe('findWarnings', () => {
  it('finds nothing in a file without mistakes', () => {
    const text = `["x:on",${experiment('one', { audiences: rules('user.id == 1', 'user.id == 2') })},${experiment('two')}]`;
    expect(warningsOf(text)).toEqual([]);
  });

  it.each([
    [
      'is always true',
      ['True'],
      ['rule-constant /0/audiences/0/rule', 'audience-unreachable /0/audiences/1'],
    ],
    ['is never true', ['user.id == 1 and False'], ['rule-constant /0/audiences/0/rule']],
    ['never returns a boolean', ['user.age + 1'], ['rule-not-boolean /0/audiences/0/rule']],
    ['always fails', ['1 < "a"'], ['rule-fails /0/audiences/0/rule']],
    [
      'repeats an earlier rule in other spelling',
      ['user.id==1 and a', 'b == 1', '(user.id == 1) && a'],
      ['audience-unreachable /0/audiences/2'],
    ],
    ['may have any outcome', ['user'], []],
  ])('checks a rule that %s', (_what, sources, expected) => {
    expect(warningsOf(`[${experiment('one', { audiences: rules(...sources) })}]`)).toEqual(
      expected,
    );
  });

  it.each([
    [
      'without an allocation',
      '[{"name":"a"},{"name":"b"},{"name":"c"}]',
      HALVES,
      ['variant-unused /0/variants/2/name'],
    ],
    [
      'parked everywhere',
      '[{"name":"a"},{"name":"b"}]',
      '[{"variant":"a","percent":100},{"variant":"b","percent":0}]',
      ['variant-parked /0/variants/1/name'],
    ],
    ['of a switch', '[{"name":"on"},{"name":"off"}]', '[{"variant":"on","percent":100}]', []],
  ])('checks a variant %s', (_what, variants, allocations, expected) => {
    const text = experiment('one', { variants, audiences: `[{"allocations":${allocations}}]` });
    expect(warningsOf(`[${text}]`)).toEqual(expected);
  });

  it('finds experiments that share a seed, explicitly or by name', () => {
    const text = `[${experiment('one')},${experiment('two', { seed: '"one"' })}]`;
    expect(warningsOf(text)).toEqual(['same-seed /1/seed']);
    const turned = `[${experiment('two', { seed: '"one"' })},${experiment('one')}]`;
    expect(warningsOf(turned)).toEqual(['same-seed /1/name']);
  });

  it.each([
    ['other identities', { identity: '"tenant.id"' }, {}],
    ['the identity random', { identity: '"random"' }, { identity: '"random"' }],
    [
      'one variant for all',
      {
        audiences: '[{"allocations":[{"variant":"a","percent":100},{"variant":"b","percent":0}]}]',
      },
      {},
    ],
  ])('does not warn about a shared seed with %s', (_what, more, other) => {
    const text = `[${experiment('one', other)},${experiment('two', { seed: '"one"', ...more })}]`;
    expect(warningsOf(text)).not.toContainEqual(expect.stringContaining('same-seed'));
  });

  it.each([
    ['2026-11-01', ['expired /0/expires']],
    ['2026-11-02', []],
    ['2027-01-01', []],
  ])('compares the last day %s with today', (day, expected) => {
    expect(warningsOf(`[${experiment('one', { expires: `"${day}"` })}]`)).toEqual(expected);
  });

  it('finds experiments that no code uses, if the code was searched', () => {
    const text = `["x:on","y:on",${experiment('one')}]`;
    const config = parseConfig({ origin: 'test', path: undefined, text });
    const found = (names: readonly string[], computed: number) =>
      findWarnings(config, { today: '2026-11-02', used: { names: new Set(names), computed } });
    expect(found(['x', 'y', 'one', 'other'], 0)).toEqual([]);
    expect(found(['x'], 0)).toMatchObject([
      {
        code: 'unused',
        path: '/1',
        column: 9,
        message: expect.stringMatching(/^no code uses "y";/),
      },
      { code: 'unused', path: '/2/name', message: expect.stringContaining('"one"') },
    ]);
    expect(found(['x', 'one'], 2)).toMatchObject([
      { message: expect.stringContaining('"y" by name, but 2 places compute the name') },
    ]);
    expect(warningsOf(text)).toEqual([]);
  });

  it('finds duplicate keys and points to the last one', () => {
    const text = '{"experiments":[],\n "owner":"a",\n "ow\\u006eer":"b"}';
    const config = parseConfig({ origin: 'test', path: undefined, text });
    expect(findWarnings(config, { today: '2026-11-02' })).toEqual([
      {
        code: 'duplicate-key',
        path: '/owner',
        line: 3,
        column: 2,
        message:
          'the key "owner" is already in line 2, and that one is ignored; remove one of the two',
      },
    ]);
  });

  it('lists warnings in the order of the text, with their places', () => {
    const text = `{"experiments":[\n${experiment('one', { expires: '"2026-01-01"' })},\n${experiment('two', { seed: '"one"' })}\n]}`;
    const config = parseConfig({ origin: 'test', path: undefined, text });
    const found = findWarnings(config, { today: '2026-11-02' });
    expect(found.map(({ code, path, line }) => [code, path, line])).toEqual([
      ['expired', '/experiments/0/expires', 2],
      ['same-seed', '/experiments/1/seed', 3],
    ]);
  });
});
