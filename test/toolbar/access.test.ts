import type express5 from 'express';
import type { Express } from 'express';
import { evenhand } from 'evenhand';
import { signToken } from '../../src/toolbar/share/token.ts';
import { toolbar, type ToolbarOptions } from 'evenhand/toolbar';
import { audience, experiment } from '../assignment/build.ts';
import { closing } from '../closing.ts';
import { Lines, versions, withNodeEnv } from '../express/harness.ts';
import { RawServer } from '../http/raw-server.ts';

const SECRET = 'a secret that is at least 32 bytes';

const source = [
  experiment({
    name: 'checkout',
    identity: 'random',
    audiences: [audience({ control: 100, treatment: 0 })],
  }),
];

interface Shop {
  readonly app: Express;
  readonly lines: Lines;
}

/** A shop with the toolbar or, for comparison, without. */
function shop(
  express: typeof express5,
  environment: string | undefined,
  options: ToolbarOptions | undefined,
): Shop {
  const lines = new Lines();
  const app = express();
  withNodeEnv(environment, () => {
    const experiments = closing(evenhand({ source, logger: lines }));
    if (options !== undefined) app.use(toolbar(experiments, options));
    app.use(experiments);
  });
  app.get('/cart', (req, res) => {
    res.send(`<!doctype html><p>${req.variant('checkout')}</p>`);
  });
  return { app, lines };
}

/** Sends a head with another host than the server's, and returns the response without its date. */
async function ask(app: Express, target: string, lines: readonly string[] = [], method = 'GET') {
  const server = closing(new RawServer(app));
  await server.start();
  const answer = await server.ask(target, lines, method);
  const kept = answer.lines.filter((line) => !/^date:/i.test(line));
  return { status: answer.status, lines: kept, body: answer.body };
}

function linkTo(host: string, changes: Partial<Parameters<typeof signToken>[0]> = {}): string {
  const overrides = new Map([['checkout', 'treatment']]);
  const expires = Math.floor(Date.now() / 1000) + 3600;
  return `/cart?__ehov=${signToken({ host, overrides, expires, by: '', ...changes }, SECRET)}`;
}

const SAME = 'Sec-Fetch-Site: same-origin';

describe.each(versions)('the toolbar for strangers on Express $version', ({ express }) => {
  it.each<[string, string | undefined, ToolbarOptions]>([
    ['another host than this machine', undefined, {}],
    ['production', 'production', {}],
    ['"allow"', 'development', { allow: () => false }],
    ['"allowIps"', undefined, { allowIps: ['192.0.2.7'] }],
    [
      'an "allow" that throws',
      'production',
      {
        allow: () => {
          throw new Error('no session');
        },
      },
    ],
  ])(
    'changes no byte of a page and answers no address because of %s',
    async (_why, environment, options) => {
      const all = { ...options, share: { secret: SECRET } };
      const { app } = shop(express, environment, all);
      const without = shop(express, environment, undefined).app;
      for (const [target, lines] of [
        ['/cart', []],
        ['/cart', ['Accept: text/html', 'Sec-Fetch-Dest: document']],
        ['/cart', ['Cookie: __ehtb=o=*']],
        [linkTo('shop'), []],
        ['/cart?__ehov=forged', []],
      ] as const) {
        expect(await ask(app, target, lines)).toEqual(await ask(without, target, lines));
      }
      for (const method of ['GET', 'POST', 'PUT']) {
        for (const path of ['override', 'share', 'panel', 'end', 'toolbar.css']) {
          const { status, body } = await ask(app, `/__evenhand/${path}`, [SAME], method);
          expect([path, status, body]).toEqual([path, 404, 'Not Found\n']);
        }
      }
    },
  );

  it('says once in production how to open it', () => {
    const { lines } = shop(express, 'production', {});
    expect(lines.warnings).toEqual([
      expect.stringContaining('toolbar() is closed in production; set "allow" or "allowIps"'),
    ]);
  });

  it.each<[string, string]>([
    ['forged', `${linkTo('shop').slice(0, -3)}AAA`],
    ['cut', linkTo('shop').slice(0, -1)],
    ['expired', linkTo('shop', { expires: Math.floor(Date.now() / 1000) - 1 })],
    ['too long', linkTo('shop', { expires: Math.floor(Date.now() / 1000) + 8 * 86_400 })],
    ['for another host', linkTo('other.example')],
    ['empty', '/cart?__ehov='],
  ])('rejects a link that is %s, and ignores its token as a cookie', async (_what, target) => {
    const { app } = shop(express, 'production', { share: { secret: SECRET, grants: true } });
    for (const method of ['GET', 'POST']) {
      const { status, lines } = await ask(app, target, [SAME], method);
      expect([400, 410]).toContain(status);
      expect(lines.filter((line) => /^set-cookie/i.test(line))).toEqual([]);
    }
    const token = target.split('=')[1] ?? '';
    const { body } = await ask(app, '/cart', [`Cookie: __cws=${token}; __cw=checkout:treatment`]);
    expect(body).toContain('<p>control</p>');
  });

  it('forces the variants of a link that grants, and nothing else', async () => {
    const { app } = shop(express, 'production', { share: { secret: SECRET, grants: true } });
    const accepted = await ask(app, linkTo('shop'), [SAME, 'Content-Length: 0'], 'POST');
    const [cookie = ''] = accepted.lines.flatMap(
      (line) => /^set-cookie: (__cws=[^;]+);.*HttpOnly/i.exec(line)?.[1] ?? [],
    );
    expect([accepted.status, cookie.length > 20]).toEqual([303, true]);
    const { body, lines } = await ask(app, '/cart', [`Cookie: ${cookie}`]);
    expect(body).toContain('<p>treatment</p>');
    expect(body).not.toContain('evenhand');
    // A shared cache must not give the page to other visitors.
    expect(lines.join('\n')).toMatch(/^vary: cookie$/im);
    const { status } = await ask(app, '/__evenhand/override', [`Cookie: ${cookie}`, SAME], 'POST');
    expect(status).toBe(404);
    const off = shop(express, 'production', { share: { secret: SECRET } }).app;
    expect((await ask(off, '/cart', [`Cookie: ${cookie}`])).body).toContain('<p>control</p>');
  });

  it.each([
    [403, ['Sec-Fetch-Site: cross-site']],
    [403, ['Sec-Fetch-Site: same-site']],
    [403, ['Origin: null']],
    [403, []],
    [403, ['Origin: http://evil.example']],
    [303, ['Sec-Fetch-Site: same-origin']],
    [303, ['Origin: http://shop']],
  ])('answers %s to a form with %j', async (expected, headers) => {
    const { app } = shop(express, 'production', { allow: () => true, share: { secret: SECRET } });
    const form = ['Content-Type: application/x-www-form-urlencoded', 'Content-Length: 0'];
    const lines = [...form, ...headers];
    const { status } = await ask(app, '/__evenhand/override', lines, 'POST');
    const link = await ask(app, linkTo('shop'), lines, 'POST');
    expect([status, link.status]).toEqual([expected, expected]);
  });
});
