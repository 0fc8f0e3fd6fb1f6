import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import packageJson from '../../package.json' with { type: 'json' };
import { experimentsSchema } from '../../src/specification/schema/schema.ts';
import { runConsole } from './console-blocks.ts';
import { makeProject, removeProjects } from './project.ts';
import { COMMAND_LINE, ROOT, runCli, startCli } from './run-cli.ts';

afterAll(removeProjects);

/** A file with more warnings than fit into a pipe. */
function manyWarnings(): string {
  return JSON.stringify(
    Array.from({ length: 600 }, (_, i) => ({
      name: `e${i}`,
      identity: 'user.id',
      expires: '2020-01-01',
      variants: [{ name: 'a' }],
      audiences: [{ allocations: [{ variant: 'a', percent: 100 }] }],
    })),
  );
}

/** Sends Ctrl-C after some milliseconds; returns the result of the command. */
async function interrupted(args: readonly string[], afterMs: number) {
  const child = startCli(args, { cwd: ROOT, stdin: undefined });
  let stdout = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
  const timer = setTimeout(() => child.kill('SIGINT'), afterMs);
  await once(child, 'close');
  clearTimeout(timer);
  return { code: child.exitCode, signal: child.signalCode, stdout };
}

describe('evenhand', () => {
  it('prints its version', async () => {
    expect(await runCli(['--version'], { cwd: ROOT })).toEqual({
      code: 0,
      stdout: `${packageJson.version}\n`,
      stderr: '',
    });
  });

  it('prints the schema that the library validates with', async () => {
    const { stdout } = await runCli(['schema'], { cwd: ROOT });
    expect(JSON.parse(stdout)).toEqual(experimentsSchema);
  });

  it.each([
    [['validat'], "unknown command 'validat'\n(Did you mean validate?)"],
    [['schema', '--jsn'], "unknown option '--jsn'\n(Did you mean --json?)"],
    [[], 'Usage: evenhand'],
  ])('exits with 2 for %j', async (args, message) => {
    const { code, stdout, stderr } = await runCli(args, { cwd: ROOT });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
  });

  it('exits without an error if the reader closes the pipe', () => {
    const { path } = makeProject({ 'many.json': manyWarnings() });
    const shell = ['validate', 'validate --strict'].map(
      (command) => `{ npx evenhand ${command} many.json; echo "ended with $?" >&2; } | head -1`,
    );
    const outputs = runConsole(shell, path).map(({ output }) => output.trimEnd().split('\n'));
    const first = expect.stringMatching(/^many\.json:1:\d+ warning \[expired\] \/0\/expires$/);
    expect(outputs).toEqual([
      expect.arrayContaining([first, 'ended with 0']),
      expect.arrayContaining([first, 'ended with 1']),
    ]);
    expect(outputs.map((lines) => lines.length)).toEqual([2, 2]);
  });

  it('exits at once on Ctrl-C if there is no partial result', async () => {
    // The command waits for standard input, which never ends.
    const { code, signal } = await interrupted(['validate', '-'], 1000);
    expect([code, signal]).toEqual([null, 'SIGINT']);
  });

  it('prints a partial result on Ctrl-C and exits with 130', async () => {
    // Threads run only the built file.
    const workers = COMMAND_LINE.length > 1 ? ['--workers', '1'] : [];
    const args = ['simulate', 'daily_tip', '--units', '1000000000', ...workers];
    let ended = await interrupted(args, 1000);
    // Too early, Ctrl-C finds no result to print, so a slow machine gets more time.
    for (let delay = 2000; ended.signal !== null && delay < 20_000; delay *= 2) {
      ended = await interrupted(args, delay);
    }
    expect(ended.code).toBe(130);
    expect(ended.stdout).toMatch(/^PARTIAL/);
  });
});

/** A device that is always full, if the system has one. */
const FULL = '/dev/full';

(existsSync(FULL) ? describe : describe.skip)('evenhand on a full disk', () => {
  it('exits with 2 and reports the error', () => {
    const device = openSync(FULL, 'w');
    const { status, stderr } = spawnSync(process.execPath, [...COMMAND_LINE, 'schema'], {
      cwd: ROOT,
      stdio: ['ignore', device, 'pipe'],
      encoding: 'utf8',
    });
    closeSync(device);
    expect(stderr).toMatch(/^error can't write to standard output: ENOSPC[^\n]*\n$/);
    expect(status).toBe(2);
  });
});
