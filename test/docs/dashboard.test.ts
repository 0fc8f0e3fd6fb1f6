/** Runs the application of docs/dashboard.md as a reader would, and uses what the page promises. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { closing } from '../closing.ts';
import { blocksOf } from './readme-blocks.ts';
import { freePort, makeProject } from './reader-project.ts';

const document = readFileSync(join(__dirname, '../../docs/dashboard.md'), 'utf8');

let project: string;
let root: string;
let server: ChildProcess | undefined;

beforeAll(async () => {
  const port = await freePort();
  project = makeProject(blocksOf(document), port);
  root = `http://localhost:${port}`;
  server = closing(spawn(process.execPath, ['app.mjs'], { cwd: project, stdio: 'inherit' }));
  for (;;) {
    try {
      await fetch(root);
      return;
    } catch (error) {
      if (server.exitCode !== null) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
});

afterAll(() => {
  server?.kill();
  rmSync(project, { recursive: true });
});

const get = async (path: string, headers: Record<string, string> = {}) => {
  const response = await fetch(root + path, { headers });
  return { status: response.status, text: await response.text() };
};

describe('docs/dashboard.md', () => {
  it('has an application that shows the pages to its users, and nothing to strangers', async () => {
    expect((await get('/experiments/')).status).toBe(404);
    const { status, text } = await get('/experiments/?user=ada');
    expect(status).toBe(200);
    expect(text).toContain('headline');
    expect((await get('/experiments/switches?user=ada')).text).toContain('role="switch"');
    expect((await get('/experiments/switches?user=bob')).text).not.toContain('role="switch"');
  });

  it('has a command by which a script flips a switch', async () => {
    const [, command = ''] = /```sh\n(curl [\s\S]*?)```/.exec(document) ?? [];
    const headers = Object.fromEntries(
      [...command.matchAll(/-H '([^:]+): ([^']+)'/g)].map(([, name = '', value = '']) => [
        name,
        value,
      ]),
    );
    const address = root + (/localhost:3000(\S+)/.exec(command)?.[1] ?? '');
    const { Accept = '', 'x-user': user = '' } = headers;
    const page = await get(new URL(address).pathname, { Accept, 'x-user': user });
    const { version } = JSON.parse(page.text) as { version: string };
    const [, body = ''] = /-d '([^']+)'/.exec(command) ?? [];
    const send = () =>
      fetch(address, { method: 'POST', headers, body: body.replace('…', version) });
    const saved = await send();
    expect(await saved.json()).toMatchObject({ saved: true, notice: 'free_shipping is off.' });
    expect((await get('/')).text).toBe('shipping 5 EUR\n');
    expect(readFileSync(join(project, 'shop.config.json'), 'utf8')).toContain(
      '"free_shipping:off"',
    );
    expect((await send()).status).toBe(409);
  });
});
