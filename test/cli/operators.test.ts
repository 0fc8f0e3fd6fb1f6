import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { makeProject, removeProjects } from './project.ts';
import { ROOT, runCli } from './run-cli.ts';

afterAll(removeProjects);

const PLANOUT = pathToFileURL(join(ROOT, 'dist/esm/planout/index.js')).href;
const COMMONJS = join(ROOT, 'dist/cjs/planout/index.js');

const script = 'x = tripled(userid);\n';
const experiments = [{ name: 'a', script: [script] }];
const namespaces = [{ name: 'shop', unit: 'user.id', inputs: { userid: 'user.id' }, experiments }];

const project = () =>
  makeProject({
    'operators.mjs': `import { registerOperators } from ${JSON.stringify(PLANOUT)};
export const operators = registerOperators({ tripled: ({ value }) => 3 * value });`,
    'operators.cjs': `const { registerOperators } = require(${JSON.stringify(COMMONJS)});
module.exports = registerOperators({ tripled: ({ value }) => 3 * value });`,
    'open.mjs': `import { registerOperators } from ${JSON.stringify(PLANOUT)};
setInterval(() => {}, 1000);
export default registerOperators({ tripled: ({ value }) => 3 * value });`,
    'none.mjs': 'export default 3;',
    'broken.mjs': 'throw new Error("no database");',
    'price.planout': script,
    'experiments.config.json': JSON.stringify({ experiments: [], namespaces }),
  }).path;

describe('evenhand --operators', () => {
  it.each(['operators.mjs', './operators.cjs'])(
    'lets scripts call the operators of %s, in planout and in namespaces',
    async (module) => {
      const cwd = project();
      const args = ['--operators', module];
      const run = ['planout', 'run', 'price.planout', '-i', '{"userid":4}', '--json'];
      const { stdout } = await runCli([...run, ...args], { cwd });
      expect(JSON.parse(stdout)).toMatchObject({ params: { x: 12 } });
      const validated = await runCli([...args, 'validate'], { cwd });
      expect([validated.code, validated.stdout]).toEqual([
        0,
        expect.stringContaining('1 namespace'),
      ]);
    },
  );

  it('ends after the command, even if the module keeps a timer', async () => {
    const args = [
      '--operators',
      'open.mjs',
      'planout',
      'run',
      'price.planout',
      '-i',
      '{"userid":4}',
    ];
    const { code, stdout } = await runCli(args, { cwd: project() });
    expect([code, stdout]).toEqual([0, expect.stringMatching(/x +12/)]);
  });

  it('is named by the error for a script that needs it', async () => {
    const cwd = project();
    const { code, stdout } = await runCli(['validate'], { cwd });
    expect(code).toBe(1);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      'column 5: unknown operator "tripled"; pass your own operators with the option "operators" (--operators on the command line)',
    );
  });

  it.each([
    ['gone.mjs', /^--operators gone\.mjs can't be loaded: Cannot find module/],
    ['broken.mjs', /^--operators broken\.mjs can't be loaded: no database$/],
    [
      'none.mjs',
      /^--operators none\.mjs must export a set of operators, not 3; write: export const/,
    ],
  ])('reports a module that it can’t use: %s', async (module, message) => {
    const args = ['types', '--operators', module, '--json'];
    const { code, stdout } = await runCli(args, { cwd: project() });
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toEqual({
      error: { code: 'option', message: expect.stringMatching(message) },
    });
  });
});
