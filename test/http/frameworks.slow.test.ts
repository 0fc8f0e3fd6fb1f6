import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { TESTS_EVERYTHING } from '../runs.ts';
import { describeWith } from '../servers/find-program.ts';

const ROOT = join(__dirname, '../..');

/** The packages of `frameworks/program.mjs`. */
const PACKAGES = [
  'compression@1.8.2',
  'express@5.3.0',
  'express-session@1.19.0',
  'helmet@8.3.0',
  'next@16.4.6',
  'node-mocks-http@1.18.1',
  'on-headers@1.1.0',
  'react@19.3.1',
  'react-dom@19.3.1',
  'socket.io@4.8.4',
  'socket.io-client@4.8.4',
];

/** The longest time for building the site of Next on a busy machine, in milliseconds. */
const PATIENCE_MS = 600_000;

/** A site of Next: a page, a route and an API route that set headers of their own. */
const SITE = {
  'app/layout.js': `
    export default function Layout({ children }) {
      return <html><body>{children}</body></html>;
    }
  `,
  'app/page.js': `
    import { headers } from 'next/headers';
    export default async function Page() {
      return <p>{(await headers()).get('x-variant')}</p>;
    }
  `,
  'app/data/route.js': `
    const headers = {
      'Set-Cookie': 'lang=de', 'Cache-Control': 'public, max-age=600', Vary: 'Accept-Language',
    };
    export async function GET(request) {
      return new Response(request.headers.get('x-variant'), { headers });
    }
  `,
  'pages/api/hello.js': `
    export default function handler(req, res) {
      res.setHeader('Vary', 'rsc');
      res.setHeader('Set-Cookie', 'lang=de');
      res.setHeader('Cache-Control', 'public, max-age=600');
      res.status(200).json(req.headers['x-variant']);
    }
  `,
};

/** The headers of a response, as `program.mjs` prints them. */
interface Sent {
  readonly status: number;
  readonly vary: readonly string[];
  readonly control: string;
  readonly cookies: readonly string[];
}

interface Answers {
  readonly sent: Readonly<Record<string, Sent>>;
  readonly mock: { readonly answered: readonly string[]; readonly cookies: readonly string[] };
  readonly sockets: readonly string[];
}

/** A temporary folder with the packages and the site. */
class Frameworks {
  readonly folder = mkdtempSync(join(tmpdir(), 'evenhand-frameworks-'));

  /** Installs the packages. Returns false if npm does not reach its registry. */
  install(): boolean {
    writeFileSync(join(this.folder, 'package.json'), '{ "private": true }');
    const quiet = ['--no-audit', '--no-fund', '--ignore-scripts'];
    const shell = process.platform === 'win32';
    const options = { cwd: this.folder, stdio: 'ignore', shell } as const;
    return spawnSync('npm', ['install', ...quiet, ...PACKAGES], options).status === 0;
  }

  /** Builds the site, runs the program and returns what it prints. */
  run(): Answers {
    symlinkSync(ROOT, join(this.folder, 'node_modules/evenhand'), 'junction');
    for (const [name, text] of Object.entries(SITE)) {
      mkdirSync(dirname(join(this.folder, name)), { recursive: true });
      writeFileSync(join(this.folder, name), text);
    }
    cpSync(join(__dirname, 'frameworks/program.mjs'), join(this.folder, 'program.mjs'));
    this.node('node_modules/next/dist/bin/next', 'build');
    const lines = this.node('program.mjs').trim().split('\n');
    return JSON.parse(lines.at(-1) ?? '') as Answers;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private node(...args: string[]): string {
    const env = { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' };
    const options = { cwd: this.folder, encoding: 'utf8', env } as const;
    const { status, stdout, stderr } = spawnSync(process.execPath, args, options);
    if (status === 0) return stdout;
    throw new Error(`node ${args.join(' ')} ended with ${status}:\n${stdout}${stderr}`);
  }
}

const frameworks = TESTS_EVERYTHING ? new Frameworks() : undefined;
const isReady = frameworks?.install() === true;

afterAll(() => frameworks?.remove());

const needed = {
  name: 'Next, helmet, compression, express-session, socket.io and others',
  program: isReady ? 'npm' : undefined,
  install: 'let npm reach its registry',
  variable: 'EVENHAND_REQUIRE_NPM',
};

describeWith(needed, 'real packages around Evenhand', () => {
  let answers: Answers;
  beforeAll(() => {
    if (frameworks === undefined || !isReady) throw new Error('npm could not install the packages');
    answers = frameworks.run();
  }, PATIENCE_MS);

  /** Each application, and whether it sets a cookie of its own. */
  const applications: readonly [name: string, setsCookie: boolean][] = [
    ['packages before Evenhand', true],
    ['packages after Evenhand', true],
    ['packages after a decision', true],
    ['on-headers before Evenhand', true],
    ['on-headers after a decision', true],
    ['Next, a page', false],
    ['Next, a route', true],
    ['Next, an API route', true],
    ['Next without Express, a page', false],
    ['Next without Express, a route', true],
  ];

  it.each(applications)('keep the headers of a new visitor: %s', (name, setsCookie) => {
    const { status, vary, control, cookies } = answers.sent[name] ?? {};
    expect(status).toBe(200);
    expect(vary?.filter((one) => one.toLowerCase() === 'cookie')).toEqual(['Cookie']);
    expect(vary?.length).toBeGreaterThan(1);
    expect(control).toMatch(/(^|, )private$/);
    expect(cookies?.filter((one) => one === '__cwtk')).toEqual(['__cwtk']);
    expect(cookies?.includes('lang')).toBe(setsCookie);
  });

  it('give a mock of node-mocks-http one variant and the cookie', () => {
    const { answered, cookies } = answers.mock;
    expect(answered).toEqual([expect.stringMatching(/^[ab]$/), answered[0]]);
    expect(cookies).toContain('__cwtk');
  });

  it('give a connection of socket.io one variant in the handshake and after it', () => {
    const [first] = answers.sockets;
    expect(first).toMatch(/^[ab]$/);
    expect(answers.sockets).toEqual([first, first, first, first]);
  });
});
