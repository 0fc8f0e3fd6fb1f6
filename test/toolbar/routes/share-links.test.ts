import request from 'supertest';
import type { ShareSettings } from '../../../src/toolbar/share/share-settings.ts';
import { signToken } from '../../../src/toolbar/share/token.ts';
import { closing } from '../../closing.ts';
import { versions } from '../../express/harness.ts';
import { RawServer } from '../../http/raw-server.ts';
import { NOW, routesApp, SECRET, SHARE } from './routes-app.ts';

const HOST = 'shop.example';
const STAFF = { 'x-staff': 'yes' };
const SAME = { 'sec-fetch-site': 'same-origin' };

function token(
  overrides: Record<string, string> = { checkout: 'treatment', 'shop.text': 'Buy%20now' },
  changes: Partial<Parameters<typeof signToken>[0]> = {},
  secret = SECRET,
): string {
  const all = {
    host: HOST,
    overrides: new Map(Object.entries(overrides)),
    expires: NOW / 1000 + 3600,
    by: 'Ann <b>Lee</b>',
    ...changes,
  };
  return signToken(all, secret);
}

/** The cookies of a browser: name and value, without those that have expired. */
class Jar {
  readonly cookies = new Map<string, string>();

  get header(): string {
    return Array.from(this.cookies, (pair) => pair.join('=')).join('; ');
  }

  take(headers: Record<string, unknown>): readonly string[] {
    const lines = (headers['set-cookie'] ?? []) as readonly string[];
    for (const line of lines) {
      const [pair = ''] = line.split('; ');
      const equals = pair.indexOf('=');
      if (line.includes('Max-Age=0;')) this.cookies.delete(pair.slice(0, equals));
      else this.cookies.set(pair.slice(0, equals), pair.slice(equals + 1));
    }
    return lines;
  }
}

describe.each(versions)('share links on Express $version', ({ express }) => {
  const appWith = (share: Partial<ShareSettings> = {}, changes = {}) =>
    routesApp(express, { share: { ...SHARE, ...share }, ...changes });

  /** Sends a request to the host of the links. */
  function send(
    { app }: ReturnType<typeof appWith>,
    method: 'get' | 'post' | 'head' | 'put',
    path: string,
    headers: Record<string, string> = {},
  ) {
    const agent = request(app);
    return agent[method](path)
      .set({ host: HOST, ...headers })
      .redirects(0);
  }

  it('show what they force and until when, and set nothing', async () => {
    const app = appWith();
    const { status, headers, text } = await send(
      app,
      'get',
      `/a/cart?x=1&__ehov=${token()}&y`,
      STAFF,
    );
    expect([status, headers['set-cookie']]).toEqual([200, undefined]);
    for (const shown of [
      'Ann &lt;b&gt;Lee&lt;/b&gt;',
      '2 Nov 2026, 13:00 UTC',
      'checkout',
      'treatment',
      'shop.text',
      'Buy now',
      'href="./cart?x=1&amp;y"',
    ]) {
      expect(text).toContain(shown);
    }
    expect(text).not.toContain('<b>Lee');
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect(headers['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'$/,
    );
    const head = await send(app, 'head', `/cart?__ehov=${token()}`, STAFF);
    expect([head.status, head.text ?? '', head.headers['set-cookie']]).toEqual([
      200,
      '',
      undefined,
    ]);
  });

  it('force their variants after a confirmation, and redirect to the address without the token', async () => {
    const app = appWith();
    const jar = new Jar();
    jar.cookies.set('__cw', 'banner:red%20checkout:control');
    const path = `/a/cart?x=1&__ehov=${token()}&y`;
    const posted = await send(app, 'post', path, { ...STAFF, ...SAME, cookie: jar.header });
    expect([posted.status, posted.headers['location']]).toEqual([303, './cart?x=1&y']);
    expect(posted.headers['referrer-policy']).toBe('no-referrer');
    expect(jar.take(posted.headers)).toEqual([
      '__cw=banner:red%20checkout:treatment%20shop.text:Buy%2520now; Path=/; HttpOnly; SameSite=Lax',
    ]);
    const page = await send(app, 'get', '/a/cart', { ...STAFF, cookie: jar.header });
    expect(page.body.forced).toEqual({
      banner: 'red',
      checkout: 'treatment',
      'shop.text': 'Buy%20now',
    });
    // Without access, the cookie does nothing.
    expect((await send(app, 'get', '/a/cart', { cookie: jar.header })).body.forced).toEqual({});
  });

  it.each([
    ['cross-site', { 'sec-fetch-site': 'cross-site' }],
    ['from a subdomain', { 'sec-fetch-site': 'same-site' }],
    ['from nowhere', { origin: 'null' }],
    ['without headers', {}],
  ])('answer 403 to a confirmation sent %s', async (_how, headers) => {
    const { status, headers: answer } = await send(
      appWith({ grants: true }),
      'post',
      `/cart?__ehov=${token()}`,
      { ...STAFF, ...(headers as Record<string, string>) },
    );
    expect([status, answer['set-cookie']]).toEqual([403, undefined]);
  });

  it('answer 405 to other methods', async () => {
    const { status, headers } = await send(appWith(), 'put', `/cart?__ehov=${token()}`, STAFF);
    expect([status, headers['allow']]).toEqual([405, 'GET, HEAD, POST']);
  });

  const expired = { expires: NOW / 1000 };

  it.each<[string, string, number, string]>([
    ['empty', '', 400, 'does not work'],
    ['forged', `${token().slice(0, -2)}AA`, 400, 'does not work'],
    ['cut', token().slice(0, -1), 400, 'does not work'],
    ['without signature', token().split('.')[0] ?? '', 400, 'does not work'],
    ['signed with another secret', token({ a: 'b' }, {}, 'x'.repeat(32)), 400, 'does not work'],
    ['followed by a full stop', `${token()}.`, 400, 'does not work'],
    ['of markup', '"><script>alert(1)</script>', 400, 'does not work'],
    ['long', 'A'.repeat(5000), 400, 'does not work'],
    ['twice', `${token()}&__ehov=${token()}`, 400, 'does not work'],
    ['for another host', token({ a: 'b' }, { host: 'other.example' }), 400, 'for another site'],
    ['for another port', token({ a: 'b' }, { host: `${HOST}:81` }), 400, 'for another site'],
    ['expired', token({ a: 'b' }, expired), 410, 'has expired'],
  ])(
    'are refused with a reason if they are %s, and set nothing',
    async (_what, bad, expected, title) => {
      for (const [share, more] of [
        [{}, STAFF],
        [{ grants: true }, {}],
      ] as const) {
        const app = appWith(share);
        for (const method of ['get', 'post'] as const) {
          const path = `/cart?__ehov=${encodeURI(bad)}`;
          const { status, headers, text } = await send(app, method, path, { ...more, ...SAME });
          expect([status, headers['set-cookie'], headers['location']]).toEqual([
            expected,
            undefined,
            undefined,
          ]);
          expect(text).toContain(title);
          expect(text).not.toContain('<script');
        }
      }
    },
  );

  it('are left to the application for visitors without access, unless they grant', async () => {
    const path = `/cart?__ehov=${token()}`;
    for (const app of [appWith(), routesApp(express), appWith({}, { overrideCookie: undefined })]) {
      for (const method of ['get', 'post'] as const) {
        const { status, headers, body } = await send(app, method, path, SAME);
        expect([status, headers['set-cookie'], body.url]).toEqual([200, undefined, path]);
      }
    }
  });

  it('ignore parameters that only look like theirs', async () => {
    for (const path of ['/cart?x__ehov=a', '/cart?__ehovx=a', '/__ehov=a', '/cart?x=__ehov=a']) {
      expect((await send(appWith(), 'get', path, STAFF)).body.url).toBe(path);
    }
  });

  it('force only what the experiments declare and "only" allows', async () => {
    const app = appWith({ only: ['checkout', 'shop'] });
    const path = `/?__ehov=${token({ checkout: 'treatment', banner: 'red', gone: 'x', 'shop.text': 'A' })}`;
    const { text } = await send(app, 'get', path, STAFF);
    const [before, after] = text.split('Ignored, because');
    expect([before?.includes('banner'), after?.includes('banner')]).toEqual([false, true]);
    expect(after).toContain('gone');
    const jar = new Jar();
    jar.take((await send(app, 'post', path, { ...STAFF, ...SAME })).headers);
    expect(jar.header).toBe('__cw=checkout:treatment%20shop.text:A');
  });

  it('have no button if they force nothing any more', async () => {
    const path = `/?__ehov=${token({ gone: 'x' })}`;
    for (const app of [appWith(), appWith({ grants: true })]) {
      const { status, text } = await send(app, 'get', path, STAFF);
      expect([status, text.includes('<form')]).toEqual([200, false]);
      const posted = await send(app, 'post', path, { ...STAFF, ...SAME });
      expect([posted.status, posted.headers['set-cookie']]).toEqual([422, undefined]);
    }
  });

  it('set nothing if the cookie would be longer than browsers keep', async () => {
    const { status, headers } = await send(appWith(), 'post', `/?__ehov=${token()}`, {
      ...STAFF,
      ...SAME,
      cookie: `__cw=other${'x'.repeat(4070)}:y`,
    });
    expect([status, headers['set-cookie']]).toEqual([422, undefined]);
  });

  describe('that grant', () => {
    it('force their variants for strangers until they expire', async () => {
      const app = appWith({ grants: true });
      const jar = new Jar();
      const shared = token();
      const page = await send(app, 'get', `/cart?__ehov=${shared}`);
      expect([page.status, page.headers['set-cookie']]).toEqual([200, undefined]);
      const posted = await send(app, 'post', `/cart?__ehov=${shared}`, SAME);
      expect([posted.status, posted.headers['location']]).toEqual([303, './cart']);
      const [line = ''] = jar.take(posted.headers);
      expect(line).toMatch(
        /^__cws=[\w.-]+; Max-Age=3600; Path=\/; Expires=.*; HttpOnly; SameSite=Lax$/,
      );
      const cookie = jar.header;
      const forced = async (headers: Record<string, string>) =>
        (await send(app, 'get', '/cart', headers)).body.forced;
      expect(await forced({ cookie })).toEqual({ checkout: 'treatment', 'shop.text': 'Buy%20now' });
      expect(await forced({ cookie, host: 'other.example' })).toEqual({});
      expect(await forced({ cookie: `${cookie}A` })).toEqual({});
      expect(await forced({ cookie: '__cw=checkout:treatment' })).toEqual({});
      app.clock.now += 3_599_999;
      expect(Object.keys(await forced({ cookie }))).toHaveLength(2);
      app.clock.now += 1;
      expect(await forced({ cookie })).toEqual({});
    });

    it('stop at once with a new secret, without "grants", and by "only"', async () => {
      const cookie = `__cws=${token()}`;
      const of = async (share: Partial<ShareSettings>) =>
        (await send(appWith(share), 'get', '/', { cookie })).body.forced;
      expect(Object.keys(await of({ grants: true }))).toHaveLength(2);
      expect(await of({ grants: true, secrets: ['x'.repeat(32), SECRET] })).toEqual(
        await of({ grants: true }),
      );
      expect(await of({ grants: true, secrets: ['x'.repeat(32)] })).toEqual({});
      expect(await of({ grants: false })).toEqual({});
      expect(await of({ grants: true, only: ['shop'] })).toEqual({ 'shop.text': 'Buy%20now' });
    });

    it('stop when the visitor ends them', async () => {
      const app = appWith({ grants: true });
      const cookie = `__cws=${token()}`;
      const link = await send(app, 'get', `/a/cart?x=1&__ehov=${token()}`, { cookie });
      expect(link.text).toContain('action="../__evenhand/end"');
      const page = await send(app, 'get', '/__evenhand/end', { cookie });
      expect([page.status, page.text.includes('Stop using shared variants')]).toEqual([200, true]);
      const ended = await send(app, 'post', '/__evenhand/end', { ...SAME, cookie })
        .type('form')
        .send({ back: `/a/cart?x=1&__ehov=${token()}` });
      expect([ended.status, ended.headers['location']]).toEqual([303, '../a/cart?x=1']);
      expect(ended.headers['set-cookie']).toEqual([
        expect.stringMatching(/^__cws=; Max-Age=0; Path=\/; .*HttpOnly; SameSite=Lax$/),
      ]);
      const cross = await send(app, 'post', '/__evenhand/end', { cookie }).type('form').send('');
      expect([cross.status, cross.headers['set-cookie']]).toEqual([403, undefined]);
    });

    it('open no other address of the toolbar for strangers', async () => {
      const app = appWith({ grants: true });
      const cookie = `__cws=${token()}`;
      for (const path of ['override', 'share', 'panel', 'toolbar.css', '']) {
        const { status } = await send(app, 'post', `/__evenhand/${path}`, { ...SAME, cookie });
        expect([path, status]).toEqual([path, 404]);
      }
      expect((await send(app, 'get', '/__evenhand/end')).status).toBe(404);
      expect((await send(app, 'get', '/__evenhand/end', { cookie: `${cookie}A` })).status).toBe(
        404,
      );
      expect((await send(appWith(), 'get', '/__evenhand/end', { cookie })).status).toBe(404);
    });

    it('become own overrides for people with access, whose changes win', async () => {
      const app = appWith({ grants: true });
      const jar = new Jar();
      jar.cookies.set('__cws', token({ checkout: 'treatment', banner: 'red' }));
      jar.cookies.set('__cw', 'search:on');
      const posted = await send(app, 'post', '/__evenhand/override', {
        ...STAFF,
        ...SAME,
        cookie: jar.header,
      })
        .type('form')
        .send({ unset: 'banner' });
      jar.take(posted.headers);
      expect(jar.cookies.has('__cws')).toBe(false);
      expect(jar.cookies.get('__cw')).toBe('search:on%20checkout:treatment');
    });
  });

  describe('made in the toolbar', () => {
    /** Makes a link as the page does, and returns what the next page shows. */
    async function share(
      app: ReturnType<typeof appWith>,
      form: Record<string, string>,
      headers: Record<string, string> = {},
    ) {
      const jar = new Jar();
      jar.cookies.set('__cw', 'checkout:treatment%20gone:x');
      const posted = await send(app, 'post', '/__evenhand/share', {
        ...STAFF,
        ...SAME,
        cookie: jar.header,
        ...headers,
      })
        .type('form')
        .send(form);
      expect(posted.status).toBe(303);
      const lines = jar.take(posted.headers);
      // The token is in no cookie and no address.
      expect(lines.join()).not.toMatch(/eyJ/);
      expect(posted.headers['location']).not.toMatch(/__ehov/);
      const { body } = await send(app, 'get', '/cart', {
        ...STAFF,
        ...headers,
        cookie: jar.header,
      });
      return { body, location: posted.headers['location'], jar };
    }

    it('force what the person forces, on the page that was shared', async () => {
      const app = appWith({ author: () => '  Ann Lee ' });
      const { body, location } = await share(app, { back: '/cart?x=1' });
      expect([location, body.open]).toEqual(['../cart?x=1', '*']);
      expect(body.shared).toMatchObject({ until: '2026-11-03T12:00:00.000Z', forces: 1 });
      const link = new URL(body.shared.link);
      expect(`${link.origin}${link.pathname}`).toBe('http://shop.example/cart');
      expect(link.searchParams.get('x')).toBe('1');
      const opened = await send(app, 'get', link.pathname + link.search, STAFF);
      expect([opened.status, opened.text.includes('Ann Lee')]).toEqual([200, true]);
      expect(opened.text).not.toContain('gone');
    });

    it('begin with the address that the browser shows', async () => {
      const of = async (headers: Record<string, string>, back = '/cart') => {
        const { body } = await share(appWith(), { back }, headers);
        return body.shared.link.split('__ehov')[0];
      };
      expect(await of({ referer: 'https://shop.example/prefix/cart?x=1' })).toBe(
        'https://shop.example/prefix/cart?x=1&',
      );
      expect(await of({ origin: 'https://shop.example' })).toBe('https://shop.example/cart?');
      expect(await of({ origin: 'null' })).toBe('http://shop.example/cart?');
      expect(await of({ origin: 'https://shop.example', referer: 'https://shop.example/' })).toBe(
        'https://shop.example/cart?',
      );
      expect(await of({}, '//evil.example/x')).toBe('http://shop.example//evil.example/x?');
      expect(await of({}, `/cart?x=${'y'.repeat(3500)}`)).toBe('http://shop.example/cart?');
      expect(await of({}, `/${'%20'.repeat(1200)}`)).toBe('http://shop.example/?');
      expect(await of({}, '/cart?__ehov=old&a')).toBe('http://shop.example/cart?a&');
    });

    it('are never for another host, whatever the cookie says', async () => {
      const app = appWith();
      for (const page of [
        'https://evil.example/',
        'https://shop.example.evil.example/',
        'https://shop.example@evil.example/',
        '//evil.example/',
        'javascript:alert(1)//shop.example',
        'ftp://shop.example/',
        '/cart',
        '',
        '%',
      ]) {
        const { body } = await send(app, 'get', '/', {
          ...STAFF,
          cookie: `__cw=checkout:treatment; __ehtb=o=*&s=${encodeURIComponent(page)}`,
        });
        expect([page, body.shared]).toEqual([page, null]);
      }
    });

    it('keep the origin of a proxy that changes Host, if it is trusted', async () => {
      const app = appWith({}, { trustedOrigins: ['https://www.example'] });
      const { body } = await share(app, { back: '/cart' }, { origin: 'https://www.example' });
      expect(body.shared.link).toMatch(/^https:\/\/www\.example\/cart\?__ehov=/);
    });

    it.each([
      ['nothing is forced', '', {}],
      ['nothing is forced that exists', '__cw=gone:x', {}],
      ['nothing is forced that "only" has', '__cw=checkout:treatment', { only: ['banner'] }],
      ['a value is too long', `__cw=shop.text:${'x'.repeat(2500)}`, {}],
    ])('need something to force: %s', async (_what, cookie, settings) => {
      const { status, headers } = await send(appWith(settings), 'post', '/__evenhand/share', {
        ...STAFF,
        ...SAME,
        cookie,
      })
        .type('form')
        .send('back=/');
      expect([status, headers['set-cookie']]).toEqual([422, undefined]);
    });

    it.each<[string, () => unknown, string]>([
      ['a promise', () => Promise.resolve('Ann'), 'returned a promise'],
      ['a promise that rejects', () => Promise.reject(new Error('late')), 'returned a promise'],
      [
        'an exception',
        () => {
          throw new Error('no session');
        },
        'failed, so links do not name the person who shares: no session',
      ],
    ])(
      'name no author if "author" gives %s, which is logged once',
      async (_what, author, message) => {
        const app = appWith({ author });
        for (let i = 0; i < 2; i++) {
          const { body } = await share(app, { back: '/' });
          expect(body.shared).not.toBeNull();
        }
        expect([...app.lines.warnings, ...app.lines.errors]).toEqual([
          expect.stringContaining(message),
        ]);
      },
    );

    it('are off without the option', async () => {
      const app = routesApp(express);
      const { body } = await send(app, 'get', '/', STAFF);
      expect([body.addresses.shareAction, body.shared]).toEqual([undefined, null]);
      const { status } = await send(app, 'post', '/__evenhand/share', { ...STAFF, ...SAME });
      expect(status).toBe(404);
    });
  });

  it('survive hostile cookies', async () => {
    const app = appWith({ grants: true });
    const server = closing(new RawServer(app.app));
    await server.start();
    for (const cookie of [
      '__cws=',
      '__cws=.',
      '__cws=%',
      '__cws="',
      `__cws=${'.'.repeat(5000)}`,
      `__cws=${token()}; __cws=x`,
      '__ehtb=',
      '__ehtb=o=',
      '__ehtb=o=%&s=%',
      '__ehtb=o=%E0%A4%A&s=http://shop',
      `__ehtb=o=${'x'.repeat(5000)}`,
      '__cw=%; __ehtb=o=*&s=http://shop/',
      `__cw=${'a:b%20'.repeat(600)}; __ehtb=o=*&s=http://shop/`,
    ]) {
      const { status, body } = await server.ask('/', ['X-Staff: yes', `Cookie: ${cookie}`]);
      expect([cookie, status]).toEqual([cookie, 200]);
      expect(JSON.parse(body).shared).toBeNull();
    }
  });
});
