import { execFileSync, spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COMMAND_LINE } from '../cli/run-cli.ts';
import { ROOT } from '../processes/repository.ts';
import { blocksOf, commandsOf } from './readme-blocks.ts';

const guide = readFileSync(join(ROOT, 'docs/analysis.md'), 'utf8');
const blocks = blocksOf(guide);

/** Splits a command as a shell does; its quotes are single. */
function wordsOf(command: string): string[] {
  return (command.match(/'[^']*'|\S+/g) ?? []).map((word) => word.replace(/^'(.*)'$/, '$1'));
}

describe('docs/analysis.md', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'evenhand-analysis-'));
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(ROOT, join(folder, 'node_modules/evenhand'));
    symlinkSync(join(ROOT, 'node_modules/@duckdb'), join(folder, 'node_modules/@duckdb'));
    for (const { file, text } of blocks)
      if (file !== undefined) writeFileSync(join(folder, file), text);
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  /** Runs a shown command as a reader would, in the folder with the guide's files. */
  function run(command: string): string {
    const [program, ...words] = wordsOf(command);
    const args = program === 'npx' ? [...COMMAND_LINE, ...words.slice(1)] : words;
    const env = { ...process.env, NO_COLOR: '1' };
    const { stdout, stderr } = spawnSync(process.execPath, args, {
      cwd: folder,
      env,
      encoding: 'utf8',
    });
    return stdout + stderr;
  }

  it('has only blocks that are run, saved as files, or need a server', () => {
    const others = blocks.filter(
      ({ language, file }) => file === undefined && language !== 'console',
    );
    expect(new Set(others.map(({ language }) => language))).toEqual(new Set(['sh']));
    expect(guide.match(/^```/gm)?.length).toBe(2 * blocks.length);
  });

  it('prints what it shows for each command, one after the other', () => {
    const commands = blocks.filter(({ language }) => language === 'console').flatMap(commandsOf);
    expect(commands.length).toBeGreaterThan(3);
    for (const { command, output } of commands) {
      expect({ command, output: run(command).trim() }).toEqual({ command, output: output.trim() });
    }
  });

  it('shows commands of the other blocks that the command line knows', () => {
    const shown = blocks
      .filter(({ language }) => language === 'sh')
      .flatMap(({ text }) => text.split('\n').filter((line) => line.startsWith('npx evenhand ')));
    expect(shown.length).toBeGreaterThan(4);
    for (const line of shown) {
      const [, , name = '', ...words] = line.split(' ');
      const help = execFileSync(process.execPath, [...COMMAND_LINE, name, '--help'], {
        encoding: 'utf8',
      });
      for (const option of words.filter((word) => word.startsWith('--')))
        expect(help).toContain(option);
    }
  });

  it('lists every code of a warning, and no other', () => {
    const table = guide.split('## When something is wrong')[1] ?? '';
    const listed = [...table.matchAll(/^\| (`[^|]+`) +\|/gm)].flatMap(([, codes = '']) =>
      [...codes.matchAll(/`([^`]+)`/g)].map(([, code]) => code),
    );
    const folderOfResults = join(ROOT, 'src/analysis/result');
    const used = readdirSync(folderOfResults, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts'))
      .flatMap((path) => [
        ...readFileSync(join(folderOfResults, path), 'utf8').matchAll(/\bcode: '([a-z-]+)'/g),
      ])
      .map(([, code]) => code);
    expect(new Set(listed)).toEqual(new Set(used));
  });
});
