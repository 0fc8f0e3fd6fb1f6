import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Block, blocksOf, type Command } from '../docs/readme-blocks.ts';
import { runConsole } from './console-blocks.ts';
import { GUIDE, REFERENCE, sectionsOf } from './documents.ts';
import { removeProjects } from './project.ts';
import { ROOT } from './run-cli.ts';
import { runHere } from './run-here.ts';

afterAll(removeProjects);

describe.each([
  ['docs/cli.md', GUIDE],
  ['docs/cli-reference.md', REFERENCE],
])('%s', (_path, doc) => {
  it('has no block that these tests do not run', () => {
    const unused = blocksOf(doc).filter(
      ({ language, file }: Block) => file === undefined && language !== 'console',
    );
    expect(unused).toEqual([]);
    expect(doc.match(/^```\w/gm)).toHaveLength(blocksOf(doc).length);
  });

  // Its million units take seconds; docs/cli.md has the same command for fewer experiments.
  const quick = sectionsOf(doc).filter(({ heading }) => heading !== 'simulate');

  it.each(quick)('shows the real output under $heading', async (section) => {
    const cwd = section.makeProject();
    const real: Command[] = [];
    for (const { command } of section.commands) real.push(await outputOf(command, cwd));
    expect(real).toEqual(section.commands);
  });
});

/** A command without pipes and redirections, and the request for its exit code. */
const PLAIN = /^npx evenhand((?: '[^']*'| "[^"$]*"| [^\s'"|<>;&$]+)*)(; echo \$\?)?$/;

/** Commands that start threads, which run only the built file. */
const THREADED = /^npx evenhand simulat /;

/** Runs a command, in this process if it needs no shell. All commands run in a shell in docs.slow.test.ts. */
async function outputOf(command: string, cwd: string): Promise<Command> {
  const [, words, echo] = PLAIN.exec(command) ?? [];
  if (words === undefined || THREADED.test(command)) {
    return {
      command,
      output: runConsole([command], cwd)
        .map(({ output }) => output)
        .join(''),
    };
  }
  const args = [...words.matchAll(/ (?:'([^']*)'|"([^"]*)"|(\S+))/g)].map(
    ([, single, double, bare]) => single ?? double ?? bare ?? '',
  );
  const { stdout, stderr, code } = await runHere(args, { cwd });
  const asked = echo === undefined ? '' : `${code}\n`;
  return { command, output: stdout + stderr + asked };
}

describe('docs/cli-reference.md', () => {
  it('has a section for each command', async () => {
    const { stdout } = await runHere(['--help'], { cwd: ROOT });
    const [, list = ''] = stdout.split('Commands:\n');
    const commands = [...list.matchAll(/^ {2}(\w+)/gm)].map(([, name]) => name);
    expect(commands.length).toBeGreaterThan(6);
    const missing = commands.filter(
      (name) => name !== 'help' && !REFERENCE.includes(`\n## ${name}\n`),
    );
    expect(missing).toEqual([]);
  });

  it('explains every kind of warning', () => {
    const source = readFileSync(join(ROOT, 'src/workbench/warnings/warning.ts'), 'utf8');
    const [, union = ''] = /type WarningCode =([^;]*);/.exec(source) ?? [];
    const codes = [...union.matchAll(/'([\w-]+)'/g)].map(([, code]) => code);
    const explained = [...REFERENCE.matchAll(/^\| `([a-z-]+)` +\|/gm)].map(([, code]) => code);
    expect(codes.length).toBeGreaterThan(5);
    expect(explained).toEqual(expect.arrayContaining(codes));
  });
});
