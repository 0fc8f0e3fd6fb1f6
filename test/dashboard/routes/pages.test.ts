import request from 'supertest';
import { closing } from '../../closing.ts';
import { versions } from '../../express/harness.ts';
import { RawServer } from '../../http/raw-server.ts';
import { visitOf } from '../fixtures/visit.ts';
import { site, type SiteParts } from './site.ts';

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
  "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; " +
  'trusted-types evenhand';

describe.each(versions)('the pages of the dashboard on Express $version', ({ express }) => {
  const get = (path: string, parts: SiteParts = {}) => request(site(express, parts).app).get(path);

  it('shows a page with a strict policy, in place of that of the application', async () => {
    const helmet: SiteParts['before'] = [
      (_req, res, next) => {
        res.set('Content-Security-Policy', "default-src 'self'");
        res.set('Content-Security-Policy-Report-Only', "default-src 'none'");
        res.set('X-Frame-Options', 'SAMEORIGIN');
        res.set('Vary', 'Cookie');
        next();
      },
    ];
    const { status, headers, text } = await get('/experiments/', { before: helmet });
    expect(status).toBe(200);
    expect(text).toContain('<h1>Experiments</h1>');
    expect(headers).toMatchObject({
      'content-security-policy': POLICY,
      'x-frame-options': 'DENY',
      vary: 'Cookie, Accept, Accept-Encoding',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'content-type': 'text/html; charset=utf-8',
    });
    expect(headers['content-security-policy-report-only']).toBeUndefined();
    expect(headers['set-cookie']).toBeUndefined();
  });

  it('leads to an address with a slash, without the name of a host', async () => {
    const { status, headers } = await get('/experiments?q=a');
    expect([status, headers['location']]).toEqual([302, './experiments/?q=a']);
    const deep = await get('/a:b/experiments', { mount: '/:tenant/experiments' });
    expect(deep.headers['location']).toBe('./experiments/');
    const odd = await get('/a:b', { mount: '/:tenant' });
    expect(odd.headers['location']).toBe('./a:b/');
  });

  it.each([
    ['/experiments/', './'],
    ['/experiments/history', './'],
    ['/experiments/history/', '../'],
    ['/experiments/experiments/checkout_steps', '../'],
    ['/experiments/experiments/checkout_steps/', '../../'],
  ])('loads its files relative to the page %s', async (path, root) => {
    const { app } = site(express);
    const { text } = await request(app).get(path);
    const [, sheet = ''] = /<link rel="stylesheet" href="([^"]+)"/.exec(text) ?? [];
    const [, script = ''] = /<script src="([^"]+)"/.exec(text) ?? [];
    expect(sheet.startsWith(`${root}dashboard.`)).toBe(true);
    for (const file of [sheet, script]) {
      const { pathname } = new URL(file, `http://shop.example${path}`);
      const answer = await request(app).get(pathname);
      expect(answer.status).toBe(200);
      expect(answer.headers['cache-control']).toBe('private, max-age=31536000, immutable');
      const again = await request(app)
        .get(pathname)
        .set('If-None-Match', answer.headers['etag'] ?? '');
      expect(again.status).toBe(304);
    }
  });

  it('links to its public path where a proxy renames it', async () => {
    const { text } = await get('/experiments/history', { basePath: '/admin/tests' });
    expect(text).toContain('href="/admin/tests/switches"');
    const own = await get('/experiments', { basePath: () => '/admin/tests/' });
    expect(own.text).toContain('href="/admin/tests/switches"');
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('no prefix');
      },
    ],
    ['returns another site', () => '//evil.example'],
    ['returns a number', () => 7],
  ])('links relative if the public path is not known: %s', async (_what, basePath) => {
    const { app, lines } = site(express, { basePath });
    const { text } = await request(app).get('/experiments/history');
    expect(text).toContain('href="./switches"');
    expect([...lines.warnings, ...lines.errors].join()).toContain('"basePath"');
  });

  it('answers its data to scripts', async () => {
    const answer = await get('/experiments/?q=a%20b').set('Accept', 'application/json');
    expect([answer.status, answer.type, answer.text]).toEqual([
      200,
      'application/json',
      '{"name":"a b"}',
    ]);
    expect(answer.headers['vary']).toBe('Accept, Accept-Encoding');
  });

  it('compresses pages for clients that take it, and only once', async () => {
    const server = closing(site(express).app.listen(0, '127.0.0.1'));
    const raw = (encoding: string) =>
      request(server)
        .get('/experiments/history')
        .set('Accept-Encoding', encoding)
        .buffer(true)
        .parse((res, done) => {
          const chunks: Buffer[] = [];
          res.on('data', (chunk: Buffer) => void chunks.push(chunk));
          res.on('end', () => done(null, Buffer.concat(chunks)));
        });
    const plain = await raw('identity');
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(String(plain.body)).toContain('x'.repeat(5000));
    const refused = await raw('gzip;q=0, br');
    expect(refused.headers['content-encoding']).toBeUndefined();
    const packed = await request(server).get('/experiments/history').set('Accept-Encoding', 'gzip');
    expect(packed.headers['content-encoding']).toBe('gzip');
    expect(Number(packed.headers['content-length'])).toBeLessThan(3000);
    expect(packed.text).toContain('x'.repeat(5000));
  });

  it('answers HEAD without a body', async () => {
    const answer = await request(site(express).app).head('/experiments/history');
    expect(answer.status).toBe(200);
    expect(Number(answer.headers['content-length'])).toBeGreaterThan(0);
    expect(answer.text).toBeUndefined();
  });

  it.each([
    '/experiments/nothing',
    '/experiments/experiments/unknown',
    '/experiments/experiments/%ff',
    '/experiments/experiments/__proto__',
    '/experiments/experiments/',
    '/experiments/experiments/%3Cscript%3E',
  ])('shows that there is nothing at %s', async (path) => {
    const page = await get(path);
    expect([page.status, page.type]).toEqual([404, 'text/html']);
    expect(page.text).toContain('<h1>Not found</h1>');
    expect(page.text).not.toContain('<script>');
    const data = await get(path).set('Accept', 'application/json');
    expect(data.status).toBe(404);
    expect(data.body.error).toMatchObject({ code: 'not-found', problems: [] });
  });

  it('refuses a query of more than 8 KB', async () => {
    const fits = await get(`/experiments/?q=${'a'.repeat(8100)}`);
    expect(fits.status).toBe(200);
    const { status, text } = await get(`/experiments/?q=${'a'.repeat(9000)}`);
    expect(status).toBe(414);
    expect(text).not.toContain('aaaa');
  });

  it("shows the store's error if the store is down", async () => {
    const { status, text } = await get('/experiments/down');
    expect(status).toBe(503);
    expect(text).toContain('PostgreSQL did not answer within 5 s');
  });

  it('logs an error of a page once, and shows only its reference', async () => {
    const { app, lines } = site(express);
    const { status, text } = await request(app).get('/experiments/broken');
    await request(app).get('/experiments/broken');
    expect(status).toBe(500);
    expect(text).not.toMatch(/secret|at .*:\d+/);
    const [, reference = '-'] = /under the reference ([0-9a-f]{8})/.exec(text) ?? [];
    expect(lines.errors).toEqual([
      expect.stringMatching(`the page "broken" failed .reference ${reference}.: TypeError: secret`),
    ]);
  });

  it('says that the experiments are not loaded yet', async () => {
    const board = { ...visitOf().board, inForce: () => undefined };
    const parts = { board: () => board };
    const page = await get('/experiments/', parts);
    expect([page.status, page.type]).toEqual([503, 'text/html']);
    const data = await get('/experiments/', parts).set('Accept', 'application/json');
    expect([data.status, data.body.error.code]).toEqual([503, 'unavailable']);
  });

  it.each(['PUT', 'DELETE', 'OPTIONS', 'POST'])('refuses %s for a page', async (method) => {
    const server = new RawServer(site(express).app);
    await server.start();
    const answer = await server.ask(
      '/experiments/history',
      ['Sec-Fetch-Site: same-origin'],
      method,
    );
    expect([answer.status, answer.values('allow')]).toEqual([405, ['GET, HEAD']]);
  });
});

it('answers targets that no browser sends', async () => {
  const [{ express }] = versions;
  const server = new RawServer(site(express).app);
  await server.start();
  for (const target of [
    '/experiments/?',
    '/experiments/%',
    '//experiments//',
    '/experiments/a%2fb',
  ]) {
    const { status } = await server.ask(target);
    expect([200, 302, 400, 404]).toContain(status);
  }
});
