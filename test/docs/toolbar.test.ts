/** Runs the applications of docs/toolbar.md as a reader would, and uses what the page promises. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { COMMAND_LINE } from '../cli/run-cli.ts';
import { closing } from '../closing.ts';
import { Visitor } from '../e2e/visitor.ts';
import { blocksOf } from './readme-blocks.ts';
import { freePort, makeProject } from './reader-project.ts';

const root = join(__dirname, '../..');
const document = readFileSync(join(root, 'docs/toolbar.md'), 'utf8');

const SECRET = 'a secret for this test, which is long enough';

let project: string;
let port: number;
let server: ChildProcess | undefined;

/** Starts an application of the document. Resolves when it answers. */
async function start(file: string): Promise<Visitor> {
  server = closing(
    spawn(process.execPath, [file], {
      cwd: project,
      stdio: 'inherit',
      env: { ...process.env, EVENHAND_SHARE_SECRET: SECRET },
    }),
  );
  const visitor = new Visitor(`http://localhost:${port}`);
  for (;;) {
    try {
      await visitor.get('/');
      return visitor;
    } catch (error) {
      if (server.exitCode !== null) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

beforeEach(async () => {
  port = await freePort();
  project = makeProject(blocksOf(document), port);
});

afterEach(() => {
  server?.kill();
  rmSync(project, { recursive: true });
});

describe('docs/toolbar.md', () => {
  it('has an application that shows the toolbar to staff, and an untouched page to others', async () => {
    const visitor = await start('app.mjs');
    const page = '<!doctype html><title>Shop</title><h1>Hello</h1>\n';
    expect((await visitor.get('/?user=bob')).text).toBe(page);
    const { headers, text } = await visitor.get('/?user=ada');
    expect(text.replace(/<evenhand-toolbar[\s\S]*<\/evenhand-toolbar\s*>/, '')).toMatch(
      /^<!doctype html><title>Shop<\/title><h1>(?:Hello|<b>Hello<\/b>)<\/h1>\n$/,
    );
    expect(text).toContain('Used on this page');
    expect(headers.get('Cache-Control')).toBe('private, no-store');
  });

  it('has a command whose link forces its variant for a stranger who accepts it', async () => {
    const visitor = await start('share.mjs');
    const [command = ''] = /^npx evenhand .*$/m.exec(document) ?? [];
    const [, , ...args] = command.split(' ');
    const printed = execFileSync(
      process.execPath,
      [...COMMAND_LINE, ...args, '--file', 'shop.config.json'].map((arg) =>
        arg.replace('3000', String(port)),
      ),
      {
        cwd: project,
        env: { ...process.env, EVENHAND_SHARE_SECRET: SECRET },
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    );
    const link = new URL(printed.toString().trim());
    expect((await visitor.get('/')).text).toBe('plain\n');

    const question = await visitor.get(link.pathname + link.search);
    expect(question.text).toContain('headline');
    expect((await visitor.get('/')).text).toBe('plain\n');
    const [, action = ''] = /<form method="post" action="([^"]+)"/.exec(question.text) ?? [];
    const fields = [...question.text.matchAll(/name="([^"]+)" value="([^"]*)"/g)];
    const { pathname, search } = new URL(action, link);
    const accepted = await visitor.post(
      pathname + search,
      Object.fromEntries(fields.map(([, name = '', value = '']) => [name, value])),
      { 'Sec-Fetch-Site': 'same-origin' },
    );
    expect(accepted.status).toBe(303);
    expect((await visitor.get('/')).text).toBe('bold\n');
  });

  it('has an application whose policy allows the toolbar by its nonce alone', async () => {
    const visitor = await start('nonce.mjs');
    const { headers, text } = await visitor.get('/');
    const policy = headers.get('Content-Security-Policy') ?? '';
    const [, nonce] = /'nonce-([^']+)'/.exec(policy) ?? [];
    const loaded = [...text.matchAll(/<(?:script|link)[^>]*>/g)].map(([tag]) => tag);
    expect(loaded).toHaveLength(2);
    for (const tag of loaded) expect(tag).toContain(`nonce="${nonce}"`);
    expect(text).toContain('data-at="bottom-left"');
  });
});
