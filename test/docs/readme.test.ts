import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { COMMAND_LINE } from '../cli/run-cli.ts';
import { runHere } from '../cli/run-here.ts';
import { TESTS_EVERYTHING } from '../runs.ts';
import { freePort, makeProject, writeInProject } from './reader-project.ts';
import { type Block, blocksOf, type Command, commandsOf } from './readme-blocks.ts';

const root = join(__dirname, '../..');

/** The documents whose examples are run as a reader would run them. */
const DOCUMENTS = [
  'README.md',
  'docs/specification.md',
  'docs/express.md',
  'docs/toolbar.md',
  'docs/configuration.md',
  'docs/sticky.md',
  'docs/namespaces.md',
  'docs/testing.md',
  'docs/cravensworth.md',
];

/** As many words as a newcomer reads before the first try; counted as `wc -w` does. */
const MAX_README_WORDS = 1_800;

const textOf = (document: string) => readFileSync(join(root, document), 'utf8');

const expressBlocks = blocksOf(textOf('docs/express.md'));

let folder: string;
let port: number;
const servers: ChildProcess[] = [];

/** The body of the response that `curl` prints; retries while the server is starting. */
async function curl(command: string): Promise<string> {
  const url = /'(http[^']+)'/.exec(command)?.[1]?.replace('3000', String(port)) ?? '';
  const headers = Object.fromEntries(
    [...command.matchAll(/-H '([^:]+): ([^']+)'/g)].map(([, name = '', value = '']) => [
      name,
      value,
    ]),
  );
  for (let attempt = 0; ; attempt++) {
    try {
      return await (await fetch(url, { headers })).text();
    } catch (error) {
      if (attempt === 300) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** The address of tsx, which Node would otherwise look for in the project's folder. */
const tsx = pathToFileURL(require.resolve('tsx')).href;

/** Splits a command as a shell does; its quotes are single. */
function wordsOf(command: string): string[] {
  return (command.match(/'[^']*'|\S+/g) ?? []).map((word) => word.replace(/^'(.*)'$/, '$1'));
}

/** The output of a shown command; a final `&` starts a server. */
async function run(command: string): Promise<string> {
  if (command.startsWith('curl ')) return `${(await curl(command)).trimEnd()}\n`;
  const [npx, tool, ...args] = wordsOf(command);
  if (npx === 'npx' && tool === 'evenhand') {
    // A process takes a hundred times as long, so only npm run test:all starts it.
    if (!TESTS_EVERYTHING) return outputHere(args);
    return execFileSync(process.execPath, [...COMMAND_LINE, ...args], { cwd: folder }).toString();
  }
  const [, file = ''] = /^(?:node|npx tsx) (\S+)/.exec(command) ?? [];
  const loader = npx === 'npx' ? ['--import', tsx] : [];
  if (command.endsWith('&')) {
    start([...loader, file]);
    return '';
  }
  const env = { ...process.env, NO_COLOR: '1' };
  const printed = execFileSync(process.execPath, [...loader, file], { cwd: folder, env });
  return printed.toString().replaceAll(folder, '/srv/app');
}

/** The output of the command line in this process, which must find nothing wrong. */
async function outputHere(args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runHere(args, { cwd: folder });
  if (code !== 0) throw new Error(`exit code ${code}: ${stderr}`);
  return stdout;
}

/** Starts a server; a failing test shows its errors. */
function start(args: readonly string[]): void {
  servers.push(spawn(process.execPath, args, { cwd: folder, stdio: 'inherit' }));
}

function stopServers(): void {
  for (const server of servers.splice(0)) server.kill();
}

async function outputsOf(block: Block): Promise<Command[]> {
  const printed: Command[] = [];
  for (const { command } of commandsOf(block)) {
    printed.push({ command, output: await run(command) });
  }
  return printed;
}

beforeEach(async () => {
  port = await freePort();
});

afterEach(stopServers);

describe.each(DOCUMENTS)('%s', (document) => {
  const blocks = blocksOf(textOf(document));
  const parts = blocks.filter(({ language, part }) => language === 'js' && part !== undefined);
  const consoles = blocks.filter(({ language }) => language === 'console');

  beforeEach(() => {
    folder = makeProject(blocks, port);
    const program = parts.map(({ text }) => text).join('\n');
    if (program !== '')
      writeInProject(folder, 'fragments.mjs', `${program}\napp.listen(3000);`, port);
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it('has no block that these tests do not run', () => {
    const isRun = (block: Block) =>
      block.file !== undefined || ['console', 'sh', 'mermaid'].includes(block.language);
    expect(blocks.filter((block) => !isRun(block) && !parts.includes(block))).toEqual([]);
    expect(textOf(document).match(/^```/gm)?.length ?? 0).toBe(2 * blocks.length);
  });

  if (consoles.length > 0) {
    it.each(consoles.map((block) => [commandsOf(block)[0]?.command, block] as const))(
      'prints what it shows for %s',
      async (_name, block) => {
        if (block.part !== undefined) start(['fragments.mjs']);
        expect(await outputsOf(block)).toEqual(commandsOf(block));
      },
      60_000,
    );
  }
});

describe('README.md', () => {
  const readme = textOf('README.md');

  it('has at most 1,800 words', () => {
    expect(readme.split(/\s+/).filter(Boolean).length).toBeLessThanOrEqual(MAX_README_WORDS);
  });

  it('installs the packages by their names', () => {
    const manifest = JSON.parse(textOf('package.json')) as {
      name: string;
      peerDependencies: Record<string, string>;
    };
    const install = blocksOf(readme).find(({ language }) => language === 'sh');
    expect(install?.text).toBe(`npm install ${manifest.name} express\n`);
    expect(manifest.peerDependencies).toHaveProperty('express');
  });

  it('shows TypeScript that compiles, as docs/express.md does', () => {
    const blocks = [...blocksOf(readme), ...expressBlocks];
    // One run of the compiler, which takes a second.
    expect(compilerErrors(blocks, 'app.ts request-type.ts')).toBe('');
  });
});

/** Returns the errors of the compiler for files of documents in a strict project. */
function compilerErrors(blocks: readonly Block[], files: string): string {
  const project = makeProject(blocks, port);
  const options = `--noEmit --strict --module nodenext --lib es2022,dom --types node ${files}`;
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const { stdout } = spawnSync(process.execPath, [tsc, ...options.split(' ')], {
    cwd: project,
    encoding: 'utf8',
  });
  rmSync(project, { recursive: true });
  return stdout;
}

describe('docs/express.md', () => {
  it('shows pages that work, also for visitors who are not logged in', async () => {
    folder = makeProject(expressBlocks, port);
    const program = expressBlocks.filter(
      ({ language, part }) => language === 'js' && part !== undefined,
    );
    writeInProject(
      folder,
      'pages.mjs',
      `${program.map(({ text }) => text).join('\n')}\napp.listen(3000);`,
      port,
    );
    start(['pages.mjs']);
    for (const query of ['', '?user=1']) {
      const page = (path: string) => curl(`'http://localhost:3000/${path}${query}'`);
      expect(await page('why')).toContain('"experiment":"experiment_1"');
      expect(await page('variants')).toMatch(/const variants = \{"free_shipping":"on"/);
      expect(await page('hello')).toMatch(/^(HelloHello|<b>Hello<\/b><b>Hello<\/b>)$/);
    }
    rmSync(folder, { recursive: true });
  });
});

const describeInAllTests = TESTS_EVERYTHING ? describe : describe.skip;

describeInAllTests('docs/express.md on a property of the application', () => {
  it('is right that it would conflict with a method of the request', () => {
    const merged = {
      language: 'ts',
      part: undefined,
      file: 'merged.ts',
      text: "import 'evenhand';\ndeclare global { namespace Express { interface Request { variant: string } } }\n",
    };
    expect(compilerErrors([...expressBlocks, merged], 'merged.ts')).toMatch(/TS2300|TS2717/);
  });
});

describe('docs/configuration.md', () => {
  it('names every option of evenhand() in its tables, and no other', () => {
    const [, section = ''] = textOf('docs/configuration.md').split('## Options of `evenhand()`');
    const table = section.split('\n\n').find((part) => part.startsWith('| option')) ?? '';
    const documented = [...table.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name);
    const source = textOf('src/express/options.ts');
    const own = /interface EvenhandOptions[^{]*\{([\s\S]*?)^\}/m.exec(source)?.[1] ?? '';
    const names = [...own.matchAll(/^ {2}(\w+)\?:/gm)].map(([, name]) => name);
    expect(new Set(documented)).toEqual(
      new Set([
        ...names,
        'source',
        'onError',
        'logger',
        'random',
        'operators',
        'exposures',
        'hooks',
        'recordContextShape',
      ]),
    );
  });
});
