import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COMMAND_LINE } from '../cli/run-cli.ts';
import { blocksOf, type Command, commandsOf } from './readme-blocks.ts';

const root = join(__dirname, '../..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const blocks = blocksOf(readme);

/** Parts of programs that need each other are run as one. */
const PROGRAM = ['shop', 'views', 'testing'];

let folder: string;
let port: number;
const servers: ChildProcess[] = [];

/** A reader's empty project with the package and what the examples import. */
function makeProject(): string {
  const project = realpathSync(mkdtempSync(join(tmpdir(), 'evenhand-readme-')));
  mkdirSync(join(project, 'node_modules'));
  symlinkSync(root, join(project, 'node_modules/evenhand'));
  for (const name of ['express', 'handlebars', 'nunjucks', 'supertest']) {
    symlinkSync(join(root, 'node_modules', name), join(project, 'node_modules', name));
  }
  for (const { file, text } of blocks) if (file !== undefined) write(project, file, text);
  return project;
}

function write(project: string, file: string, text: string): void {
  writeFileSync(join(project, file), text.replaceAll('3000', String(port)));
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0));
    });
  });
}

/** What `curl` with these arguments prints; asks again while the server is starting. */
async function curl(command: string): Promise<string> {
  const url = /'(http[^']+)'/.exec(command)?.[1]?.replace('3000', String(port)) ?? '';
  const [, name, value] = /-H '([^:]+): ([^']+)'/.exec(command) ?? [];
  const headers: Record<string, string> = name && value ? { [name]: value } : {};
  for (let attempt = 0; ; attempt++) {
    try {
      return await (await fetch(url, { headers })).text();
    } catch (error) {
      if (attempt === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** What a shown command prints; `&` behind it starts a server. */
async function run(command: string): Promise<string> {
  if (command.startsWith('curl ')) return curl(command);
  const [npx, evenhand, ...args] = command.split(' ');
  if (npx === 'npx' && evenhand === 'evenhand') {
    return execFileSync(process.execPath, [...COMMAND_LINE, ...args], { cwd: folder }).toString();
  }
  const [, file = ''] = /^node (\S+)/.exec(command) ?? [];
  if (command.endsWith('&')) {
    start(file);
    return '';
  }
  const env = { ...process.env, NO_COLOR: '1' };
  const printed = execFileSync(process.execPath, [file], { cwd: folder, env }).toString();
  return printed.replaceAll(folder, '/srv/app');
}

/** Starts a server whose errors a failing test shows. */
function start(file: string): void {
  servers.push(spawn(process.execPath, [file], { cwd: folder, stdio: 'inherit' }));
}

function stopServers(): void {
  for (const server of servers.splice(0)) server.kill();
}

beforeAll(async () => {
  port = await freePort();
  folder = makeProject();
});

afterEach(stopServers);

afterAll(() => rmSync(folder, { recursive: true }));

describe('README.md', () => {
  it('has no block that these tests do not run', () => {
    const run = blocks.filter(
      ({ language, file, part }) =>
        file !== undefined ||
        language === 'console' ||
        language === 'sh' ||
        PROGRAM.includes(part ?? ''),
    );
    expect(run).toEqual(blocks);
    expect(blocks.length).toBeGreaterThan(12);
  });

  it('installs the packages by their names', () => {
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      name: string;
      peerDependencies: Record<string, string>;
    };
    const install = blocks.find(({ language }) => language === 'sh');
    expect(install?.text).toBe(`npm install ${manifest.name} express\n`);
    expect(manifest.peerDependencies).toHaveProperty('express');
  });

  const consoles = blocks.filter(({ language, part }) => language === 'console' && !part);

  it.each(consoles.map((block) => [commandsOf(block)[0]?.command, block]))(
    'prints what it shows for %s',
    async (_name, block) => {
      const printed: Command[] = [];
      for (const { command } of commandsOf(block)) {
        printed.push({ command, output: await run(command) });
      }
      expect(printed).toEqual(commandsOf(block));
    },
    30_000,
  );

  it('runs the fragments of the application and its tests, and they answer as shown', async () => {
    const parts = blocks.filter(({ language, part }) => language === 'js' && part !== undefined);
    const source = PROGRAM.flatMap((name) => parts.filter(({ part }) => part === name));
    expect(source).toHaveLength(parts.length);
    write(
      folder,
      'fragments.mjs',
      `${source.map(({ text }) => text).join('\n')}\napp.listen(3000);`,
    );
    start('fragments.mjs');

    const shown = blocks.filter(({ language, part }) => language === 'console' && part);
    for (const { command, output } of shown.flatMap(commandsOf)) {
      expect(`${(await curl(command)).trimEnd()}\n`).toBe(output);
    }
    const visitor = 'http://localhost:3000';
    expect(await curl(`'${visitor}/why?user=1'`)).toContain('"experiment":"experiment_1"');
    expect(await curl(`'${visitor}/variants?user=1'`)).toMatch(
      /const variants = \{"free_shipping":"on"/,
    );
    expect(await curl(`'${visitor}/hello?user=1'`)).toMatch(
      /^(HelloHello|<b>Hello<\/b><b>Hello<\/b>)$/,
    );
  }, 30_000);

  it('names every option of evenhand() in its tables, and no other', () => {
    const [, section = ''] = readme.split('## Configuration');
    const table = section.split('\n\n').find((part) => part.startsWith('| option')) ?? '';
    const documented = [...table.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name);
    const source = readFileSync(join(root, 'src/express/options.ts'), 'utf8');
    const own = /interface EvenhandOptions[^{]*\{([\s\S]*?)^\}/m.exec(source)?.[1] ?? '';
    const names = [...own.matchAll(/^ {2}(\w+)\?:/gm)].map(([, name]) => name);
    expect(new Set(documented)).toEqual(
      new Set([...names, 'source', 'onError', 'logger', 'random', 'exposures', 'hooks']),
    );
  });
});
