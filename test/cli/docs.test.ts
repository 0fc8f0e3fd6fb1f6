import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Block, blocksOf, commandsOf } from '../docs/readme-blocks.ts';
import { runConsole } from './console-blocks.ts';
import { makeProject, removeProjects } from './project.ts';
import { ROOT, runCli } from './run-cli.ts';

jest.setTimeout(120_000);

const doc = readFileSync(join(ROOT, 'docs/cli.md'), 'utf8');

/** What stands before the first heading, then each section with its heading. */
const [introduction = '', ...sections] = doc.split(/^(?=## )/m);

/** A section's commands run where the files of the introduction and its own are, and nothing else. */
function projectFor(section: string): string {
  const files = [introduction, section]
    .flatMap(blocksOf)
    .flatMap(({ file, text }) => (file === undefined ? [] : [[file, text] as const]));
  return makeProject(Object.fromEntries(files)).path;
}

afterAll(removeProjects);

describe('docs/cli.md', () => {
  it('has no block that these tests do not run', () => {
    const unused = blocksOf(doc).filter(
      ({ language, file }: Block) => file === undefined && language !== 'console',
    );
    expect(unused).toEqual([]);
    expect(doc.match(/^```\w/gm)).toHaveLength(blocksOf(doc).length);
  });

  // Those of `postgres` need a server: postgres-docs.test.ts.
  const ofFiles = sections.filter((section) => !section.startsWith('## postgres\n'));

  it.each(ofFiles.map((section) => [/^## (.*)/.exec(section)?.[1], section] as const))(
    'prints what it shows under %s',
    (_heading, section) => {
      const shown = blocksOf(section)
        .filter(({ language }) => language === 'console')
        .flatMap(commandsOf);
      const cwd = projectFor(section);
      expect(
        runConsole(
          shown.map(({ command }) => command),
          cwd,
        ),
      ).toEqual(shown);
    },
  );

  it('has a section for each command', async () => {
    const { stdout } = await runCli(['--help'], { cwd: ROOT });
    const [, list = ''] = stdout.split('Commands:\n');
    const commands = [...list.matchAll(/^ {2}(\w+)/gm)].map(([, name]) => name);
    expect(commands.length).toBeGreaterThan(6);
    const missing = commands.filter((name) => name !== 'help' && !doc.includes(`\n## ${name}\n`));
    expect(missing).toEqual([]);
  });

  it('explains every kind of warning', () => {
    const source = readFileSync(join(ROOT, 'src/workbench/warnings/warning.ts'), 'utf8');
    const [, union = ''] = /type WarningCode =([^;]*);/.exec(source) ?? [];
    const codes = [...union.matchAll(/'([\w-]+)'/g)].map(([, code]) => code);
    const explained = [...doc.matchAll(/^\| `([a-z-]+)` +\|/gm)].map(([, code]) => code);
    expect(codes.length).toBeGreaterThan(5);
    expect(explained).toEqual(expect.arrayContaining(codes));
  });
});
