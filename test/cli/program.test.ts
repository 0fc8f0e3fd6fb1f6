import { run } from '../../src/cli/program.ts';
import { makeProject, removeProjects } from './project.ts';
import { testHost } from './test-host.ts';

afterAll(removeProjects);

/** Runs the command line in a project with one switch. */
async function running(args: readonly string[]) {
  const { path } = makeProject({ 'experiments.config.json': '["chat:on"]' });
  const host = testHost({ cwd: path });
  await run(args, host);
  return { out: host.out(), err: host.err(), code: host.exitCode() };
}

describe('run', () => {
  it.each([
    [['bogus', '--json'], "unknown command 'bogus'"],
    [['--json', 'validate'], "unknown option '--json'"],
    [['explain', '--json'], "missing required argument 'name'"],
    [['explain', 'chat', '--bogus', '--json'], "unknown option '--bogus'"],
    [['rollout', 'chat', '--json'], "required option '--variant <name>' not specified"],
    [['switch', 'chat', 'maybe', '--json'], 'Allowed choices are on, off.'],
    [['planout', 'bogus', '--json'], "unknown command 'bogus'"],
    [['new', 'b', '--switch', 'on', '--seed', 'x', '--json'], 'cannot be used with'],
    [['explain', 'caht', '--json'], 'did you mean \\"chat\\"?'],
    [['validate', '--json', '--src', 'nowhere'], 'no such file'],
  ])('prints only JSON for the error of %j', async (args, message) => {
    const { out, err, code } = await running(args);
    expect([err, code]).toEqual(['', 2]);
    expect(JSON.parse(out)).toEqual({
      error: { code: expect.any(String), message: expect.any(String) },
    });
    expect(out).toContain(message);
    expect(out).not.toContain('error: ');
  });

  it('does not treat --json after -- as an option', async () => {
    const { out, err, code } = await running(['explain', '--bogus', '--', '--json']);
    expect([out, code]).toEqual(['', 2]);
    expect(err).toContain("error unknown option '--bogus'");
  });

  it('prints errors as text without --json', async () => {
    const { out, err, code } = await running(['explain']);
    expect([out, code]).toEqual(['', 2]);
    expect(err).toBe(
      "error missing required argument 'name'\n(run with --help to list commands and options)\n",
    );
  });

  it.each([
    [['--help']],
    [['help', 'rollout']],
    [['rollout', '--help', '--json']],
    [['--version']],
  ])('answers %j on stdout and exits with 0', async (args) => {
    const { out, err, code } = await running(args);
    expect([err, code]).toEqual(['', 0]);
    expect(out).not.toBe('');
  });

  it('prints an internal error with its stack, and also as JSON with --json', async () => {
    const { path } = makeProject({});
    const broken = (): never => {
      throw new TypeError('a mistake');
    };
    for (const args of [['validate'], ['validate', '--json']]) {
      const host = { ...testHost({ cwd: path }), now: broken };
      const prints: string[] = [];
      const codes: number[] = [];
      const error = { ...host.stderr, write: (text: string) => void prints.push(text) };
      const setExitCode = (code: number) => void codes.push(code);
      await run(args, { ...host, stderr: error, setExitCode });
      expect(codes).toEqual([2]);
      expect(prints.join('')).toMatch(/error TypeError: a mistake\n +at /);
      expect(host.out()).toBe(
        args.includes('--json')
          ? `${JSON.stringify({ error: { code: 'internal', message: 'a mistake' } }, undefined, 2)}\n`
          : '',
      );
    }
  });
});
