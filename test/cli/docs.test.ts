import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Block, blocksOf, commandsOf } from '../docs/readme-blocks.ts';
import { runConsole } from './console-blocks.ts';
import { makeProject, removeProjects } from './project.ts';
import { ROOT, runCli } from './run-cli.ts';

const textOf = (name: string) => readFileSync(join(ROOT, 'docs', name), 'utf8');
const guide = textOf('cli.md');
const reference = textOf('cli-reference.md');

/** Splits a document into the text before the first heading and its sections. */
const partsOf = (doc: string) => doc.split(/^(?=## )/m);

/** The guide's introduction, whose file both documents use. */
const [introduction = ''] = partsOf(guide);

/** Creates a directory with the files of the introduction and of a section. */
function projectFor(section: string): string {
  const files = [introduction, section]
    .flatMap(blocksOf)
    .flatMap(({ file, text }) => (file === undefined ? [] : [[file, text] as const]));
  return makeProject(Object.fromEntries(files)).path;
}

afterAll(removeProjects);

describe.each([
  ['docs/cli.md', guide],
  ['docs/cli-reference.md', reference],
])('%s', (_path, doc) => {
  it('has no block that these tests do not run', () => {
    const unused = blocksOf(doc).filter(
      ({ language, file }: Block) => file === undefined && language !== 'console',
    );
    expect(unused).toEqual([]);
    expect(doc.match(/^```\w/gm)).toHaveLength(blocksOf(doc).length);
  });

  // The commands of `postgres` need a server: postgres-docs.test.ts.
  const ofFiles = partsOf(doc)
    .slice(1)
    .filter((section) => !section.startsWith('## postgres\n'));

  it.each(ofFiles.map((section) => [/^## (.*)/.exec(section)?.[1], section] as const))(
    'shows the real output under %s',
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
});

describe('docs/cli-reference.md', () => {
  it('has a section for each command', async () => {
    const { stdout } = await runCli(['--help'], { cwd: ROOT });
    const [, list = ''] = stdout.split('Commands:\n');
    const commands = [...list.matchAll(/^ {2}(\w+)/gm)].map(([, name]) => name);
    expect(commands.length).toBeGreaterThan(6);
    const missing = commands.filter(
      (name) => name !== 'help' && !reference.includes(`\n## ${name}\n`),
    );
    expect(missing).toEqual([]);
  });

  it('explains every kind of warning', () => {
    const source = readFileSync(join(ROOT, 'src/workbench/warnings/warning.ts'), 'utf8');
    const [, union = ''] = /type WarningCode =([^;]*);/.exec(source) ?? [];
    const codes = [...union.matchAll(/'([\w-]+)'/g)].map(([, code]) => code);
    const explained = [...reference.matchAll(/^\| `([a-z-]+)` +\|/gm)].map(([, code]) => code);
    expect(codes.length).toBeGreaterThan(5);
    expect(explained).toEqual(expect.arrayContaining(codes));
  });
});
