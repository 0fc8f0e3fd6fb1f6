import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../src/cli/program.ts';
import { kindAt, makeSpecial, SPECIAL_KINDS } from '../processes/special-file.ts';
import { makeProject, type Project, removeProjects } from './project.ts';
import { COMMAND_LINE, runCli } from './run-cli.ts';
import { testHost } from './test-host.ts';

const EXPERIMENTS = JSON.stringify([
  'search:on',
  {
    name: 'colour',
    identity: 'user.id',
    variants: [{ name: 'red' }, { name: 'blue' }],
    audiences: [
      {
        allocations: [
          { variant: 'red', percent: 50 },
          { variant: 'blue', percent: 50 },
        ],
      },
    ],
  },
]);

const describeOnUnix = process.platform === 'win32' ? describe.skip : describe;

let project: Project;
let special: string;

beforeEach(() => {
  project = makeProject({ 'experiments.config.json': EXPERIMENTS });
  special = join(project.path, 'special');
});

afterAll(removeProjects);

/** Runs a command in the project. */
async function evenhand(...args: string[]) {
  const host = testHost({ cwd: project.path });
  await run(args, host);
  return { code: host.exitCode(), out: host.out(), err: host.err() };
}

describeOnUnix.each(SPECIAL_KINDS)('%s in place of a file', (kind) => {
  beforeEach(() => makeSpecial(kind, special));

  it.each([
    ['types --out', ['types', '--out', 'special']],
    ['simulate --report', ['simulate', '--units', '100', '--report', 'special']],
  ])('is not replaced by %s', async (_command, args) => {
    const before = readdirSync(project.path);
    const { code, err } = await evenhand(...args);
    expect(code).toBe(2);
    expect(err).toContain(kind.replace('a ', ''));
    expect(kindAt(special)).toBe(kind);
    expect(readdirSync(project.path)).toEqual(before);
  });

  it.each([
    ['switch', ['switch', 'search', 'off', '--file', 'special']],
    [
      'rollout',
      ['rollout', 'colour', '--variant', 'red', '--to', '60', '--file', 'special', '--write'],
    ],
    ['new', ['new', 'menu', '--switch', 'on', '--file', 'special']],
    ['validate', ['validate', 'special']],
    ['explain --context', ['explain', 'colour', '--context', '@special']],
  ])('is refused by %s, which says what it is', async (_command, args) => {
    const { code, err } = await evenhand(...args);
    expect(code).toBe(2);
    expect(err).toContain(kind.replace('a ', ''));
    expect(kindAt(special)).toBe(kind);
  });

  it('ends the process of a command that names it', async () => {
    const run = await runCli(['types', '--out', 'special'], { cwd: project.path });
    expect(run).toEqual({ code: 2, stdout: '', stderr: expect.stringContaining('special') });
  });
});

/** The shell that knows `<(command)`, and the files of open pipes it needs for that. */
const BASH = '/bin/bash';

(existsSync(BASH) && existsSync('/dev/fd') ? describe : describe.skip)('a pipe of a shell', () => {
  it('is read like a file, also while its writer is slow', () => {
    const cli = [process.execPath, ...COMMAND_LINE].map((part) => `'${part}'`).join(' ');
    const slow = `printf '["chat:'; sleep 0.3; printf 'on"]'`;
    const { status, stdout } = spawnSync(BASH, ['-c', `${cli} validate <(${slow})`], {
      cwd: project.path,
      encoding: 'utf8',
    });
    expect([status, stdout]).toEqual([0, expect.stringContaining('no problems')]);
  });
});
