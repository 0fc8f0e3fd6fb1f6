import { run } from '../../../src/cli/program.ts';
import { makeProject, removeProjects, type Project } from '../project.ts';
import { ROOT } from '../run-cli.ts';
import { runHere } from '../run-here.ts';
import { testHost } from '../test-host.ts';

afterAll(removeProjects);

const SPECIFICATION = JSON.stringify([
  'search:on',
  'chat:off',
  {
    name: 'headline',
    identity: 'user.id',
    variants: [{ name: 'plain' }, { name: 'bold' }],
    audiences: [{ allocations: [{ variant: 'bold', percent: 100 }] }],
  },
]);

const project = () =>
  makeProject({
    'experiments.config.json': SPECIFICATION,
    'app.js':
      "app.get('/', requireOn('search'), (req, res) => {\n  req.isOn(req.params.name);\n});\n",
    'views/home.ejs': "<% if (isVariant('headline', 'bald')) { %>x<% } %>\n",
    'old/page.ts': "if (req.isOn('serch')) next();\n",
  });

async function usage(at: Project, ...args: string[]) {
  const host = testHost({ cwd: at.path });
  await run(['usage', ...args], host);
  return { code: host.exitCode(), out: host.out(), err: host.err() };
}

describe('evenhand usage', () => {
  it('lists the uses and everything that needs attention', async () => {
    const { code, stdout, stderr } = await runHere(['usage'], { cwd: project().path });
    expect([code, stderr]).toEqual([1, '']);
    expect(stdout).toMatchInlineSnapshot(`
     "search
       app.js:1:24 requireOn
     headline
       views/home.ejs:1:18 isVariant

     computed names, which may be any experiment
       app.js:2:7 isOn

     not in experiments.config.json
       old/page.ts:1:14 isOn: unknown experiment "serch"; did you mean "search"?
       views/home.ejs:1:18 isVariant: experiment "headline" has no variant "bald"; did you mean "bold"?

     unused
       chat

     stale: keep the variant and remove the rest
       headline: everyone gets bold, 1 place to clean up

     3 experiments, 3 files of code, 2 unknown, 1 unused, 1 stale
     "
    `);
  });

  it('prints JSON with --json', async () => {
    const { code, out } = await usage(project(), 'app.js', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toEqual({
      files: 1,
      experiments: [
        {
          name: 'search',
          places: [
            {
              file: 'app.js',
              line: 1,
              column: 24,
              call: 'requireOn',
              name: 'search',
              variants: [],
            },
          ],
        },
        { name: 'chat', places: [] },
        { name: 'headline', places: [], stale: 'everyone gets bold' },
      ],
      unknown: [],
      dynamic: [{ file: 'app.js', line: 2, column: 7, call: 'isOn', variants: [] }],
    });
  });

  it('exits with 0 if nothing needs attention', async () => {
    const at = makeProject({ 'shop.json': '["search:on"]', 'src/a.js': "isOn('search')" });
    expect(await usage(at, 'src', '--file', 'shop.json')).toEqual({
      code: 0,
      out: 'search\n  src/a.js:1:6 isOn\n\n1 experiment, 1 file of code\n',
      err: '',
    });
  });

  it('prints no control characters from names', async () => {
    const at = makeProject({
      'experiments.config.json': '[]',
      'a.js': "isOn('\u001b[2J\u202e')",
    });
    const { out } = await usage(at);
    expect(out).toContain('unknown experiment');
    expect(['\u001b', '\u202e'].filter((character) => out.includes(character))).toEqual([]);
  });

  it('reports an unreadable path', async () => {
    const { code, err } = await usage(project(), 'nowhere');
    expect([code, err]).toEqual([2, 'error nowhere: no such file\n']);
  });

  it('finds every experiment of the shop example in its code', async () => {
    const host = testHost({ cwd: ROOT });
    await run(['usage', 'examples/shop'], host);
    expect(host.out()).toMatch(/^8 experiments, \d+ files of code$/m);
    expect(host.exitCode()).toBe(0);
  });
});
