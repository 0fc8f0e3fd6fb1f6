import express5 from 'express';
import * as fc from 'fast-check';
import request from 'supertest';
import type { ToolbarView } from '../../../src/toolbar/view/toolbar-view.ts';
import { versions } from '../../express/harness.ts';
import { runs } from '../../runs.ts';
import { routesApp } from './routes-app.ts';

/** Returns a view of a page; the routes hand it on as it is. */
function viewOf(path: string): ToolbarView {
  return {
    page: { method: 'GET', path, user: undefined, revision: undefined, stale: undefined },
  } as ToolbarView;
}

describe.each(versions)('the files of the toolbar on Express $version', ({ express }) => {
  const { app } = routesApp(express);

  async function addresses(): Promise<{ stylesheet: string; script: string }> {
    const { body } = await request(app).get('/').set('x-staff', 'yes');
    return body.addresses;
  }

  it('have a hash in their name, and browsers may keep them for a year', async () => {
    const { stylesheet, script } = await addresses();
    expect([stylesheet, script]).toEqual([
      expect.stringMatching(/^\.\/__evenhand\/toolbar\.[0-9a-f]{16}\.css$/),
      expect.stringMatching(/^\.\/__evenhand\/toolbar\.[0-9a-f]{16}\.js$/),
    ]);
    for (const [name, type, text] of [
      [stylesheet, 'text/css; charset=utf-8', '.eh { color: red }'],
      [script, 'text/javascript; charset=utf-8', 'void 0;'],
    ] as const) {
      const answer = await request(app).get(name.slice(1)).set('x-staff', 'yes').buffer(true);
      expect([answer.status, answer.text ?? String(answer.body)]).toEqual([200, text]);
      expect(answer.headers).toMatchObject({
        'content-type': type,
        'content-length': String(text.length),
        'cache-control': 'private, max-age=31536000, immutable',
        'x-content-type-options': 'nosniff',
        'cross-origin-resource-policy': 'same-origin',
      });
      const head = await request(app).head(name.slice(1)).set('x-staff', 'yes');
      expect([head.status, head.headers['content-length']]).toEqual([200, String(text.length)]);
      for (const tag of [answer.headers['etag'], `W/${answer.headers['etag']}, "x"`, '*']) {
        const again = await request(app)
          .get(name.slice(1))
          .set({ 'x-staff': 'yes', 'if-none-match': String(tag) });
        expect([again.status, again.text ?? '']).toEqual([304, '']);
      }
    }
  });

  it('are missing for strangers, for other hashes and for other methods', async () => {
    const { stylesheet } = await addresses();
    const path = stylesheet.slice(1);
    expect((await request(app).get(path)).status).toBe(404);
    const other = path.replace(/[0-9a-f]{16}/, '0123456789abcdef');
    expect((await request(app).get(other).set('x-staff', 'yes')).status).toBe(404);
    const { status, headers } = await request(app).post(path).set('x-staff', 'yes');
    expect([status, headers['allow']]).toEqual([405, 'GET, HEAD']);
  });
});

describe.each(versions)('the views of later requests on Express $version', ({ express }) => {
  const ask = (app: ReturnType<typeof routesApp>['app'], id: string) =>
    request(app).get(`/__evenhand/panel?id=${id}`).set('x-staff', 'yes');

  it('are kept for a minute, and the last 50', async () => {
    const { app, routes, clock } = routesApp(express);
    const ids = Array.from({ length: 51 }, (_one, i) => routes.keep(viewOf(`/${i}`)));
    expect(new Set(ids).size).toBe(51);
    expect((await ask(app, ids[0] ?? '')).status).toBe(404);
    expect((await ask(app, ids[1] ?? '')).text).toBe('<p>/1</p>');
    clock.now += 59_999;
    expect((await ask(app, ids[50] ?? '')).text).toBe('<p>/50</p>');
    clock.now += 1;
    const { status, text } = await ask(app, ids[50] ?? '');
    expect([status, text]).toEqual([404, '<p>gone</p>']);
  });

  it('are not found by other ids, and not shown to strangers', async () => {
    const { app, routes } = routesApp(express);
    const id = routes.keep(viewOf('/page'));
    expect(id).toMatch(/^[\w-]{22}$/);
    for (const other of ['', 'x', id.slice(1), `${id}x`, `${id}%00`, '__proto__', `x&id=${id}x`]) {
      expect((await ask(app, other)).status).toBe(404);
    }
    expect((await request(app).get(`/__evenhand/panel?id=${id}`)).text).toBe('Not Found\n');
    const { status, headers } = await ask(app, id);
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-security-policy':
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    });
  });
});

describe.each(versions)('the addresses of the toolbar on Express $version', ({ express }) => {
  it.each([
    ['/', '/', '/__evenhand/override'],
    ['/', '/?x=/a/b', '/__evenhand/override'],
    ['/', '/cart', '/__evenhand/override'],
    ['/', '/a/b/', '/__evenhand/override'],
    ['/', '//a//b', '/__evenhand/override'],
    ['/shop', '/shop', '/shop/__evenhand/override'],
    ['/shop', '/shop/', '/shop/__evenhand/override'],
    ['/shop', '/shop/a/b?c', '/shop/__evenhand/override'],
    ['/:tenant/app', '/acme/app/x', '/acme/app/__evenhand/override'],
  ])('lead from a router at %s and the page %s to %s', async (mount, page, expected) => {
    const { app } = routesApp(express, {}, mount);
    const { body } = await request(app).get(page);
    for (const [prefix, back] of [
      ['', page],
      ['/prefix', page],
      ['/a/b/c', page],
    ]) {
      const url = new URL(body.addresses.overrideAction, `https://shop.example${prefix}${page}`);
      expect(url.href).toBe(`https://shop.example${prefix}${expected}`);
      expect(body.addresses.back).toBe(back);
    }
    const form = await request(app)
      .post(expected)
      .set({ 'x-staff': 'yes', 'sec-fetch-site': 'same-origin' })
      .type('form')
      .redirects(0)
      .send({ set: 'checkout:treatment', back: page });
    expect(form.status).toBe(303);
    const target = new URL(String(form.headers['location']), `https://shop.example/p${expected}`);
    expect(target.href).toBe(`https://shop.example/p${page}`);
  });

  it('reach routes below another path', async () => {
    const { app } = routesApp(express, { path: '/-/eh' });
    const { body } = await request(app).get('/a/b');
    expect(body.addresses.overrideAction).toBe('../-/eh/override');
    expect((await request(app).get('/-/eh/override').set('x-staff', 'yes')).status).toBe(405);
    expect((await request(app).get('/__evenhand/override')).status).toBe(200);
  });
});

describe('the address after a form', () => {
  const { app } = routesApp(express5);

  async function location(form: Record<string, string>, referer?: string): Promise<string> {
    const { status, headers } = await request(app)
      .post('/__evenhand/override')
      .set({ 'x-staff': 'yes', 'sec-fetch-site': 'same-origin' })
      .set(referer === undefined ? {} : { referer })
      .type('form')
      .redirects(0)
      .send({ set: 'checkout:treatment', ...form });
    expect(status).toBe(303);
    return String(headers['location']);
  }

  it.each([
    ['https://shop.example/prefix/cart?x=1', '/prefix/cart?x=1'],
    ['https://shop.example/cart?__ehov=a.b&x=1', '/cart?x=1'],
    ['https://shop.example//evil.example/x', '/.//evil.example/x'],
    ['https://shop.example/\\evil.example', '/.//evil.example'],
    ['https://evil.example/cart', '/cart'],
    ['https://shop.example/', '../cart'],
    ['https://shop.example/__evenhand/override', '../cart'],
    [`https://shop.example/${'x'.repeat(5000)}`, '../cart'],
    ['about:client', '../cart'],
    ['javascript:alert(1)', '../cart'],
    ['https://', '../cart'],
    ['', '../cart'],
    [undefined, '../cart'],
  ])('is, with the referrer %.60s, %s', async (referer, expected) => {
    expect(await location({ back: '/cart' }, referer)).toBe(expected);
  });

  it.each([
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    'https://evil.example',
    'https:evil.example',
    'javascript:alert(1)',
    ' /x',
    '/x\r\nSet-Cookie: a=b',
    '/\t/evil.example',
    '/\n/evil.example',
    '/x\0',
    '/..//evil.example',
    '/%2F%2Fevil.example',
    '@evil.example',
    '.evil.example',
    '/@evil.example',
    '/ä?ö#ü',
    '/\ud800',
    '',
    `/${'x'.repeat(5000)}`,
  ])('stays on this site for the page %j', async (back) => {
    const target = await location({ back: Buffer.from(back).toString() });
    const url = new URL(target, 'https://shop.example/prefix/__evenhand/override');
    expect([url.origin, url.pathname.startsWith('/prefix/')]).toEqual([
      'https://shop.example',
      true,
    ]);
    expect(target).toMatch(/^\.\.\/[!-~]*$/);
  });

  it('stays on this site, whatever page and referrer are named', async () => {
    const piece = fc.constantFrom(
      '/',
      '\\',
      '.',
      '..',
      ':',
      '@',
      '?',
      '#',
      '%',
      '%2f',
      '\t',
      '\n',
      'https:',
      'javascript:',
      'evil.example',
      ' ',
      'ü',
    );
    const text = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));
    await fc.assert(
      fc.asyncProperty(text, text, async (back, path) => {
        const referer = encodeURI(`https://shop.example/${path}`).replaceAll('%5C', '\\');
        for (const from of [undefined, referer]) {
          const target = await location({ back }, from);
          const url = new URL(target, 'https://shop.example/__evenhand/override');
          expect([target, url.origin]).toEqual([target, 'https://shop.example']);
        }
      }),
      { numRuns: runs(300) },
    );
  });
});
