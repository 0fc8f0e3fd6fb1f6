import { run } from '../../../src/cli/program.ts';
import { audience, experiment } from '../../assignment/build.ts';
import { makeProject, removeProjects } from '../project.ts';
import { type HostSetup, testHost } from '../test-host.ts';

afterAll(removeProjects);

const SPECS = [
  experiment({
    name: 'checkout',
    audiences: [audience({ short: 25, long: 75 }, 'country == "DE"'), audience({ long: 100 })],
  }),
  experiment({ name: 'color', seed: 'shared', audiences: [audience({ red: 50, blue: 50 })] }),
  experiment({ name: 'size', seed: 'shared', audiences: [audience({ big: 50, small: 50 })] }),
];

/** Runs `evenhand simulate` in a project with these experiments. */
async function simulate(
  args: readonly string[],
  {
    specs = SPECS,
    files = {},
    before = () => {},
    ...setup
  }: Partial<HostSetup> & {
    specs?: readonly object[];
    files?: Readonly<Record<string, string>>;
    before?: (host: ReturnType<typeof testHost>) => void;
  } = {},
) {
  const project = makeProject({ 'experiments.config.json': JSON.stringify(specs), ...files });
  const host = testHost({ cwd: project.path, ...setup });
  before(host);
  await run(['simulate', ...args], host);
  return { out: host.out(), err: host.err(), code: host.exitCode(), project };
}

const json = (text: string): unknown => JSON.parse(text);

describe('evenhand simulate', () => {
  it('prints shares and pairs with their verdicts', async () => {
    const { out, code } = await simulate(['--units', '1000', '-c', '{"country": "DE"}']);
    expect(out).toMatchSnapshot();
    expect(code).toBe(1);
  });

  it('prints the same figures as JSON', async () => {
    const { out } = await simulate([
      'color',
      'size',
      '--units',
      '1000',
      '--json',
      '--preview',
      '2',
    ]);
    expect(json(out)).toMatchSnapshot();
  });

  it('exits with 0 if nothing is found', async () => {
    const { out, code } = await simulate(['color', '--units', '500']);
    expect(code).toBe(0);
    expect(out).toContain('as allocated');
    expect(out).not.toContain('DEPENDENT');
  });

  it('reports rules that need more than generated units, with a hint', async () => {
    const { out, code } = await simulate(['checkout', '--units', '500']);
    expect(code).toBe(0);
    expect(out).toContain('decisions failed for 500 units');
    expect(out).toContain('the context has no "country"');
    expect(out).toContain('--contexts sample.ndjson');
  });

  it('simulates an experiment with the same units, alone or with others', async () => {
    const alone = json((await simulate(['size', '--units', '500', '--json'])).out);
    const together = json((await simulate(['--units', '500', '--json'])).out);
    const sizeOf = (result: unknown) =>
      (
        result as { experiments: { name: string; audiences: { variants: object[] }[] }[] }
      ).experiments
        .find(({ name }) => name === 'size')
        ?.audiences.map(({ variants }) => variants);
    expect(sizeOf(alone)).toHaveLength(1);
    expect(sizeOf(alone)).toEqual(sizeOf(together));
  });

  it('prints the first units one by one', async () => {
    const { out } = await simulate(['color', 'size', '--units', '500', '--preview', '3']);
    const [, , head, ...rows] = out.split('\n');
    expect(head?.split(/\s+/)).toEqual(['unit', 'color', 'size']);
    const shown = rows.slice(0, 3).map((row) => row.trim().split(/\s+/));
    expect(shown.map(([unit]) => unit)).toEqual(['0', '1', '2']);
    for (const [, color, size] of shown) expect(size).toBe(color === 'red' ? 'big' : 'small');
  });

  it('counts real contexts, skips broken lines, and exits with 1', async () => {
    const rows = '{"user":{"id":1},"country":"DE"}\n{"user":\n{"user":{"id":2},"country":"SE"}\n';
    const { out, code } = await simulate(['checkout', '--contexts', 'rows.ndjson'], {
      files: { 'rows.ndjson': rows },
    });
    expect(out).toContain('2 units from rows.ndjson');
    expect(out).toContain('1 broken line skipped:\n  line 2: the line is not JSON');
    expect(code).toBe(1);
  });

  it('reads --units contexts from standard input', async () => {
    const stdin = '{"user":{"id":1}}\n'.repeat(50);
    const { out, code } = await simulate(['color', '--contexts', '-', '-n', '20'], { stdin });
    expect(out).toContain('20 units from (standard input)');
    expect(code).toBe(0);
  });

  it('exits with 1 if the decision for a real context fails', async () => {
    const { out, code } = await simulate(['color', '--contexts', '-'], { stdin: '{"user":{}}' });
    expect(out).toContain('decisions failed for 1 unit');
    expect(code).toBe(1);
  });

  it('prints a partial result when it is interrupted', async () => {
    const { out, code } = await simulate(['color', '--units', '1e9', '--workers', '1'], {
      before: (host) => setTimeout(() => host.interrupt(), 50),
    });
    expect(out).toMatch(/^PARTIAL: interrupted\. [\d,]+ of 1,000,000,000 units/);
    expect(out).toContain('color  by user.id');
    expect(code).toBe(130);
  });

  it('writes a report', async () => {
    const { project, code } = await simulate(['color', '-n', '500', '--report', 'out.html']);
    expect(project.read('out.html')).toMatch(/^<!doctype html>/);
    expect(code).toBe(0);
  });

  it('prints no control characters from a rule', async () => {
    const specs = [
      experiment({
        audiences: [audience({ a: 100 }, '"\u001b[31m" == "x"'), audience({ b: 100 })],
      }),
    ];
    const { out } = await simulate(['-n', '5'], { specs });
    expect(out).not.toContain('\u001b');
  });

  it.each([
    [['colour'], 'did you mean "color"?'],
    [['--units', 'many'], '--units takes a whole number from 1 to 1000000000, not "many"'],
    [['--units', '0'], 'whole number'],
    [['--workers', '65'], 'whole number from 1 to 64'],
    [['--contexts', 'none.ndjson'], 'none.ndjson: no such file'],
    [['--contexts', '.'], 'this is a directory'],
    [['--contexts', '-', '-f', '-'], 'not both'],
    [['--contexts', '-', '-c', '{}'], "--context can't be combined with --contexts"],
    [['-c', '[1]'], '--context takes a JSON object'],
    [['--report', 'no/such/folder.html'], 'its directory does not exist'],
    [['--report', '.'], 'this is a directory'],
    [['--report', './experiments.config.json'], 'would overwrite'],
  ])('exits with 2 for %j', async (args, message) => {
    const stdin = args.includes('-f') ? '[]' : '';
    const { err, code } = await simulate(args, { stdin });
    expect(err).toContain(message);
    expect(code).toBe(2);
  });

  it('simulates a file without experiments', async () => {
    const { out, code } = await simulate([], { specs: [] });
    expect(out).toContain('100,000 units');
    expect(code).toBe(0);
  });
});
