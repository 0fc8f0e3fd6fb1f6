import { join } from 'node:path';
import { createClient, parseExperiments } from 'evenhand';
import { run } from '../../src/cli/program.ts';
import { writeDeclarations } from '../../src/workbench/types/declarations.ts';
import { loadConfig } from '../../src/cli/files/config-file.ts';
import { makeProject, type Project, removeProjects } from './project.ts';
import { testHost } from './test-host.ts';

afterAll(removeProjects);

/** Clears the screen, colours by a C1 character, rings, reverses the direction, hides, and forges a line. */
const HOSTILE = 'a\u001b[2Jb\u009b31mc\u0007d\u202ee\u2066f\u200bg\ufeffh\u2028i\rj\u0085k\u007f';

/** Characters that no output may contain. Line breaks and tabs are the output's own. */
const RAW = /[^\P{Cc}\n\t]|[\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu;

const half = (first: string, second: string) => ({
  allocations: [
    { variant: first, percent: 50 },
    { variant: second, percent: 50 },
  ],
});

/** A valid specification with hostile text in every place that takes any text. */
const valid = (rest: object = {}) => ({
  experiments: [
    {
      name: 'colour',
      description: HOSTILE,
      owner: HOSTILE,
      expires: '2020-01-01',
      identity: 'user.id',
      seed: HOSTILE,
      variants: [
        { name: 'red', value: { [HOSTILE]: HOSTILE } },
        { name: 'blue', value: HOSTILE },
      ],
      audiences: [
        {
          rule: `user.name == '${HOSTILE.replace('\r', '')}' or user.plan in ('pro')`,
          ...half('red', 'blue'),
        },
        half('red', 'blue'),
      ],
      ...rest,
    },
    {
      name: 'other',
      identity: 'user.id',
      seed: HOSTILE,
      variants: [{ name: 'red' }, { name: 'blue' }],
      audiences: [half('red', 'blue')],
    },
    'menu:on',
  ],
});

let project: Project;

beforeEach(() => {
  project = makeProject({
    'experiments.config.json': JSON.stringify(valid()),
    'moved.json': JSON.stringify(valid({ seed: `${HOSTILE}!`, identity: 'tenant.id' })),
    'code.js': `req.variant('${HOSTILE.replaceAll(/[\r\u2028]/g, '')}'); req.variant('colour');`,
    'contexts.ndjson': `{"user":{"id":"${HOSTILE.replaceAll(/\p{Cc}/gu, '')}"}}\n{"user":{"id":${HOSTILE}`,
  });
});

/** Runs a command; returns everything it prints. */
async function printed(...args: string[]): Promise<string> {
  const host = testHost({ cwd: project.path });
  await run(args, host);
  return host.out() + host.err();
}

const context = JSON.stringify({ user: { id: HOSTILE, name: HOSTILE } });

const COMMANDS = [
  ['validate'],
  ['explain', 'colour', '--context', context],
  ['explain', HOSTILE],
  ['simulate', '--units', '100'],
  ['simulate', '--contexts', 'contexts.ndjson'],
  ['diff', 'experiments.config.json', 'moved.json'],
  ['diff', 'experiments.config.json', 'moved.json', '--markdown'],
  ['types', '--out', '-'],
  ['types', '--out', `${HOSTILE}.d.ts`],
  ['usage', '.'],
  ['rollout', 'colour', '--variant', 'red', '--to', '60', '--audience', '1'],
  ['rollout', 'colour', '--variant', HOSTILE, '--to', '60'],
  ['switch', 'menu', 'off'],
  ['switch', HOSTILE, 'off'],
  ['new', 'fresh', '--seed', HOSTILE, '--description', HOSTILE],
  ['new', HOSTILE],
  ['validate', `missing-${HOSTILE}.json`],
  [HOSTILE],
] as const;

it('uses a specification that is valid', async () => {
  expect(
    (await loadConfig(testHost({ cwd: project.path }))).specification.experiments,
  ).toHaveLength(3);
});

describe('the command line, given control characters everywhere', () => {
  const titled = COMMANDS.map(
    (args) =>
      [args.map((arg) => (arg.includes(HOSTILE) ? 'HOSTILE' : arg)).join(' '), args] as const,
  );

  it.each(titled)('prints none of them raw: %s', async (_title, args) => {
    const text = await printed(...args);
    expect(text).not.toBe('');
    expect(text.match(RAW) ?? []).toEqual([]);
  });

  it.each(titled.filter(([title]) => !/types|--markdown/.test(title)))(
    'prints none of them raw as JSON either: %s',
    async (_title, args) => {
      const text = await printed(...args, '--json');
      expect(text.match(RAW) ?? []).toEqual([]);
    },
  );

  it('writes none of them raw into declarations and reports', async () => {
    const config = await loadConfig(testHost({ cwd: project.path }));
    const { experiments } = config.specification;
    expect(writeDeclarations(experiments, HOSTILE).match(RAW) ?? []).toEqual([]);
    await printed('simulate', '--units', '100', '--report', 'report.html');
    // A page may hold characters without a width: no terminal shows it.
    expect(
      project.read('report.html').match(/[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069]/gu),
    ).toBeNull();
  });

  const invalid: readonly (readonly [string, unknown])[] = [
    ['a variant', valid({ variants: [{ name: HOSTILE }, { name: 'blue' }] })],
    ['an identity', valid({ identity: HOSTILE })],
    ['an unknown property', valid({ [HOSTILE]: 1 })],
    ['a rule', valid({ audiences: [{ rule: `user.${HOSTILE} ==`, ...half('red', 'blue') }] })],
    ['an allocation', valid({ audiences: [half('red', HOSTILE)] })],
    ['a name', valid({ name: HOSTILE })],
    ['a switch', [`${HOSTILE}:on`]],
    ['a day', valid({ expires: HOSTILE })],
    ['a whole text', HOSTILE],
  ];

  it.each(invalid)('reports %s without printing it raw', async (_what, data) => {
    project = makeProject({ 'experiments.config.json': JSON.stringify(data) });
    const text = await printed('validate');
    expect(text).toContain('error');
    expect(text.match(RAW) ?? []).toEqual([]);
    expect((await printed('validate', '--json')).match(RAW) ?? []).toEqual([]);
  });

  it.each(invalid)('throws an error about %s without a raw character', (_what, data) => {
    const messages: string[] = [];
    try {
      parseExperiments(data);
    } catch (error) {
      messages.push((error as Error).message);
    }
    expect(messages).toHaveLength(1);
    expect(messages.join('').match(RAW) ?? []).toEqual([]);
  });

  it('throws an error about a file without its name’s raw characters', () => {
    const messages: string[] = [];
    try {
      createClient({ source: join(project.path, HOSTILE) });
    } catch (error) {
      messages.push((error as Error).message);
    }
    expect(messages).toHaveLength(1);
    expect(messages.join('').match(RAW) ?? []).toEqual([]);
  });
});
