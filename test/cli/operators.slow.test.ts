import { makeProject, removeProjects } from './project.ts';
import { runCli } from './run-cli.ts';

afterAll(removeProjects);

describe('evenhand --operators', () => {
  it.each(['', 'setInterval(() => {}, 1000); '])(
    'does not wait for ever for a module: %s',
    async (before) => {
      const { path: cwd } = makeProject({
        'never.mjs': `${before}await new Promise(() => {});`,
        'price.planout': 'x = 1;',
      });
      const args = ['--operators', 'never.mjs', 'planout', 'run', 'price.planout'];
      const { code, stderr } = await runCli(args, { cwd });
      expect([code, stderr.replaceAll(/\s+/g, ' ')]).toEqual([
        2,
        expect.stringContaining("never.mjs can't be loaded: it was still loading after 10 s"),
      ]);
    },
  );
});
