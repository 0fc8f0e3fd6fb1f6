import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from '../../../src/cli/program.ts';
import { makeProject, removeProjects } from '../project.ts';
import { runHere } from '../run-here.ts';
import { testHost } from '../test-host.ts';

afterAll(removeProjects);

describe('evenhand new', () => {
  it('asks questions in a terminal and writes the answers', async () => {
    const project = makeProject({ 'experiments.config.json': '["beta:on"]\n' });
    const host = testHost({ cwd: project.path, isTTY: true, stdin: 'switch\noff\n' });
    await run(['new', 'search'], host);
    expect(host.err()).toBe('');
    expect(host.exitCode()).toBe(0);
    expect(project.read('experiments.config.json')).toBe('["beta:on", "search:off"]\n');
    expect(host.out()).toContain('added search to experiments.config.json\n');
  });

  it('writes nothing if a question is not answered', async () => {
    const project = makeProject({ 'experiments.config.json': '[]' });
    const host = testHost({ cwd: project.path, isTTY: true, stdin: 'experiment\n' });
    await run(['new', 'search'], host);
    expect(host.err()).toContain(
      'input ended before all questions were answered; nothing was written',
    );
    expect(host.exitCode()).toBe(2);
    expect(project.read('experiments.config.json')).toBe('[]');
  });

  it('adds an experiment with 10,000 buckets for percents with decimals', async () => {
    const project = makeProject({ 'experiments.config.json': '[]' });
    const args = ['new', 'x', '--variants', 'tiny', 'rest', '--percents', '0.29', '99.71'];
    const { code, stdout } = await runHere(args, { cwd: project.path });
    expect(code).toBe(0);
    expect(stdout).toContain('+    "buckets": 10000,');
    expect(JSON.parse(project.read('experiments.config.json'))).toMatchObject([
      { buckets: 10_000, audiences: [{ allocations: [{ percent: 0.29 }, { percent: 99.71 }] }] },
    ]);
  });

  it.each([
    [['new', 'bad-name', '--switch', 'on'], 'the name "bad-name"'],
    [['new', 'beta'], 'experiments.config.json already has an experiment "beta"'],
    [
      ['new', 'x', '--percents', '50'],
      '--percents takes one number for each variant: expected 2, got 1',
    ],
    [
      ['new', 'x', '--percents', '50', 'x'],
      '--percents takes a percent from 0 to 100 with at most two decimals, not "x"',
    ],
    [['new', 'x', '--percents', '0.125', '99.875'], 'with at most two decimals, not "0.125"'],
    [
      ['new', 'x', '--percents', '0.25', '99'],
      '--percents sum to 99.25, not 100; raise one of them by 0.75',
    ],
    [['new', 'x', '--identity', 'user id'], '--identity takes a path'],
    [
      ['new', 'x', '--expires', '2026-02-30'],
      'expires is 2026-02-30, but 2026-02 has only 28 days',
    ],
    [['new', 'x', '--rule', 'user.plan =='], 'user.plan =='],
    [['new', 'x', '--switch', 'on', '--seed', 's'], 'cannot be used with option'],
    [
      ['new', 'x', '--file', '-'],
      "can't write the change to (standard input); name a file with --file",
    ],
  ])('refuses %j', async (args, message) => {
    const project = makeProject({ 'experiments.config.json': '["beta:on"]' });
    const host = testHost({ cwd: project.path, stdin: '[]' });
    await run(args, host);
    expect(host.err()).toContain(message);
    expect(host.exitCode()).toBe(2);
    expect(project.read('experiments.config.json')).toBe('["beta:on"]');
  });

  it('names the declared context as the next step after it has created the file', async () => {
    const project = makeProject({});
    const [first, second] = [testHost({ cwd: project.path }), testHost({ cwd: project.path })];
    await run(['new', 'search'], first);
    expect(first.out()).toMatch(
      /\nnext: declare the context, so that rules and identities are checked: npx evenhand context --contexts <file> --write\n$/,
    );
    await run(['new', 'other'], second);
    expect(second.out()).not.toContain('next:');
  });

  it.each([
    [['buy-now'], 'the name "buy-now" has other characters than letters', '"buy_now"'],
    [['buy-now', '--switch', 'on'], 'the name "buy-now"', '"buy_now"'],
    [['new_menu', '--variants', 'plain,loud'], 'separate the names by spaces', 'plain loud'],
    [['new_menu', '--variants', 'plain', 'very-loud'], '--variants: the name', '"very_loud"'],
    [['new_menu', '--variants', 'a', 'a'], 'two variants are named "a"', 'rename one'],
    [['new_menu', '--identity', 'user-id'], '--identity takes a path', '"user.id"'],
    [['new_menu', '--variants', '', 'b'], '--variants: the name ""', 'letters'],
  ])('refuses %j with a remedy and without a place in the file', async (args, wrong, remedy) => {
    const project = makeProject({ 'experiments.config.json': '["beta:on"]' });
    const host = testHost({ cwd: project.path });
    await run(['new', ...args], host);
    expect(host.err()).toContain(wrong);
    expect(host.err()).toContain(remedy);
    expect(host.err()).not.toMatch(/:\d+:\d+/);
    expect(host.exitCode()).toBe(2);
    expect(project.read('experiments.config.json')).toBe('["beta:on"]');
  });

  it.each([
    ['experiments.config.json', './node_modules/'],
    ['x.json', './node_modules/'],
    ['config/sub/x.json', '../../node_modules/'],
    ['packages/shop/x.json', './node_modules/'],
  ])('writes a $schema into %s that leads to the schema', async (file, start) => {
    const schema = 'node_modules/evenhand/schema/experiments.schema.json';
    const project = makeProject({
      [schema]: '{}',
      [`packages/shop/${schema}`]: '{}',
      'config/sub/a.txt': '',
    });
    await run(['new', 'search', '--file', file], testHost({ cwd: project.path }));
    const { $schema } = JSON.parse(project.read(file)) as { $schema: string };
    expect($schema.startsWith(start)).toBe(true);
    expect(existsSync(join(project.path, dirname(file), $schema))).toBe(true);
  });

  it('writes the $schema of the working directory before the package is installed', async () => {
    const project = makeProject({ 'config/a.txt': '' });
    await run(['new', 'search', '--file', 'config/x.json'], testHost({ cwd: project.path }));
    expect(project.read('config/x.json')).toContain(
      '"$schema": "../node_modules/evenhand/schema/experiments.schema.json"',
    );
  });

  it('creates a valid file', async () => {
    const project = makeProject({});
    const host = testHost({ cwd: project.path });
    await run(['new', 'search', '--json'], host);
    expect(JSON.parse(host.out())).toMatchObject({ file: 'experiments.config.json' });
    expect(project.read('experiments.config.json')).toMatch(
      /^\{\n {2}"\$schema": "\.\/node_modules/,
    );
    const again = testHost({ cwd: project.path });
    await run(['validate', '--strict'], again);
    expect(again.out()).toBe('experiments.config.json: 1 experiment, no problems\n');
  });
});
