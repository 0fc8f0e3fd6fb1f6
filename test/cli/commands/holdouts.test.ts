import { bucketOfText } from '../../../src/hash/bucket.ts';
import { audience, experiment } from '../../assignment/build.ts';
import { makeProject, removeProjects } from '../project.ts';
import { runHere } from '../run-here.ts';

afterAll(removeProjects);

const search = experiment({
  name: 'search',
  identity: 'user.id',
  variants: ['fast', 'control'].map((name) => ({ name })),
  audiences: [audience({ fast: 50, control: 50 })],
});

const winter = { name: 'winter', identity: 'user.id', percent: 5, experiments: ['search', 'chat'] };

const text = (...holdouts: object[]) =>
  `${JSON.stringify({ experiments: [search, 'chat:on'], holdouts }, null, 2)}\n`;

/** Runs a command beside a file with the holdout, and one in which it is larger. */
async function evenhand(...args: string[]) {
  const { path: cwd } = makeProject({
    'experiments.config.json': text(winter),
    'larger.json': text({ ...winter, percent: 10 }),
  });
  const { stdout, stderr, code } = await runHere(args, { cwd });
  expect(stderr).toBe('');
  return { stdout, code };
}

const [held = 0, included = 0] = [true, false].map((isHeldOut) => {
  let id = 1;
  while (bucketOfText(String(id), 'winter') < 5 !== isHeldOut) id++;
  return id;
});

const context = (id: unknown): string => JSON.stringify({ user: { id } });

describe('the commands of a file with holdouts', () => {
  it('explain a participant who is held out', async () => {
    const { stdout, code } = await evenhand('explain', 'search', '-c', context(held));
    expect(code).toBe(0);
    expect(stdout).toBe(
      'search: control\n\n  the holdout winter decides; audiences are not evaluated\n',
    );
    const { stdout: json } = await evenhand('explain', 'search', '-c', context(held), '--json');
    expect(JSON.parse(json)).toMatchObject({ reason: 'holdout', holdout: 'winter' });
  });

  it('explain the holdout by its name', async () => {
    const { stdout } = await evenhand('explain', 'winter', '-c', context(held));
    expect(stdout).toMatch(
      /^winter: held_out\n[^]+ {2}bucket {5}\d of 0–99\n {2}allocation held_out has buckets 0–4\n$/,
    );
    const others = await evenhand('explain', 'winter', '-c', context(included));
    expect(others.stdout).toMatch(/^winter: included\n/);
    const missing = await evenhand('explain', 'winter');
    expect(missing).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^winter: included\n/),
    });
  });

  it('explain what participants would get if they were held out', async () => {
    const args = ['explain', 'winter', '-c', context(included), '--override', 'held_out'];
    expect((await evenhand(...args)).stdout).toMatch(
      /^winter: held_out\n\n {2}the override decides/,
    );
  });

  it('count the holdouts of a valid file', async () => {
    const { stdout } = await evenhand('validate');
    expect(stdout).toBe('experiments.config.json: 2 experiments, 1 holdout, no problems\n');
    const json = JSON.parse((await evenhand('validate', '--json')).stdout) as { files: object[] };
    expect(json.files).toMatchObject([{ experiments: 2, holdouts: 1 }]);
  });

  it('show how a larger holdout moves people, and fail for a script', async () => {
    const { stdout, code } = await evenhand('diff', 'experiments.config.json', 'larger.json');
    expect(code).toBe(1);
    expect(stdout).toMatchInlineSnapshot(`
      "search: 2.5% move between shown variants
        held out: 5% by winter → 10% by winter

        everyone: 2.5% move between shown variants
                     fast  control
          fast →      45%   ! 2.5%
          control →     ·    52.5%

        A holdout that grows, shrinks or ends moves people between variants. To avoid that, choose its percent before its experiments start, and end it together with them.

      chat: no one moves between shown variants
        held out: 5% by winter → 10% by winter

        everyone: 5% move to or from parked variants
                  on  off
          on →   90%   5%
          off →    ·   5%

      holdout winter: percent 5 → 10; 5% are newly held out
      "
    `);
    const markdown = await evenhand('diff', 'experiments.config.json', 'larger.json', '--markdown');
    expect(markdown.stdout).toContain(
      '**holdout winter**: `percent 5 → 10; 5% are newly held out`',
    );
    const json = await evenhand('diff', 'experiments.config.json', 'larger.json', '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({
      harmful: true,
      holdouts: [{ name: 'winter' }],
    });
  });

  it('simulate the holdout beside its experiments', async () => {
    const { stdout, code } = await evenhand('simulate', '-n', '20000');
    expect(code).toBe(0);
    expect(stdout).toMatch(/ {2}held out by winter: \d+ units \(\d\.\d\d%\) get control instead\n/);
    expect(stdout).toMatch(/\nholdout winter {2}by user\.id, seed "winter"\n[^]+held_out +5%/);
    expect(stdout).toContain('search × winter: p ');
    const json = await evenhand('simulate', '-n', '1000', '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({ holdouts: [{ name: 'winter' }] });
  });

  it('write the holdout to the report of a simulation', async () => {
    const project = makeProject({ 'experiments.config.json': text(winter) });
    await runHere(['simulate', '-n', '1000', '--report', 'report.html'], { cwd: project.path });
    const page = project.read('report.html');
    expect(page).toMatch(/<h2 id="[\w-]+">winter<\/h2>/);
    expect(page).toMatch(/Held out by winter: \d+ units \(\d\.\d\d%\) get\s+control\s+instead/);
  });

  it('mention the holdout after a rollout and a switch', async () => {
    const rollout = await evenhand('rollout', 'search', '--variant', 'fast', '--to', '60');
    expect(rollout.stdout).toContain(
      '  5% of all participants get control anyway: the holdout winter holds them out\n',
    );
    const { stdout } = await evenhand('switch', 'chat', 'off');
    expect(stdout).toContain(
      'chat is off\n5% of all participants get off anyway: the holdout winter holds them out\n',
    );
  });

  it('name the types of experiments only, and look for uses of experiments only', async () => {
    const { stdout: types } = await evenhand('types', '--out', '-');
    expect(types).toContain('search');
    expect(types).not.toContain('winter');
    expect((await evenhand('usage')).stdout).not.toContain('winter');
  });
});
