import { ServerResponse } from 'node:http';
import cookieParser from 'cookie-parser';
import type { Request, Response } from 'express';
import * as fc from 'fast-check';
import { evenhand, type OverrideOptions } from 'evenhand';
import request from 'supertest';
import { RawServer } from '../../http/raw-server.ts';
import { runs } from '../../runs.ts';
import { experiments, Lines, testApp, versions, withNodeEnv } from '../harness.ts';

describe.each(versions)('an override link on Express $version', ({ express }) => {
  const lines = new Lines();

  beforeEach(() => {
    lines.warnings.length = 0;
    lines.errors.length = 0;
  });

  function appWith(
    overrides: OverrideOptions = {},
    extend: Parameters<typeof testApp>[2] = () => {},
  ): ReturnType<typeof testApp>['app'] {
    const options = { logger: lines, overrides: { parameter: '__cw', ...overrides } };
    return testApp(express, options, (app) => {
      extend(app);
      app.use('/page', (req, res) => {
        res.json(req.url);
      });
    }).app;
  }

  /** Returns where the response leads and the cookie that it sets. */
  async function follow(app: ReturnType<typeof appWith>, path: string, cookie = '') {
    const { status, headers, text } = await request(app)
      .get(path)
      .set('Cookie', cookie)
      .redirects(0);
    const [line = '', ...more] = (headers['set-cookie'] as unknown as string[] | undefined) ?? [];
    expect(more).toEqual([]);
    const [pair, ...attributes] = line.split('; ');
    return { status, location: headers['location'], pair, attributes, headers, text };
  }

  it('sets the cookie and redirects to the address without the parameter', async () => {
    const { headers, ...followed } = await follow(appWith(), '/variant/by_chance?__cw=by_chance:b');
    expect(followed).toEqual({
      status: 303,
      location: './by_chance',
      pair: '__cw=by_chance:b',
      attributes: ['Path=/', 'SameSite=Lax'],
      text: '',
    });
    expect(headers['cache-control']).toBe('no-store');
  });

  it('forces the variant in a browser that follows the redirect', async () => {
    const app = appWith();
    for (const variant of ['a', 'b', 'a']) {
      const agent = request.agent(app);
      const shown = await agent
        .get(`/variant/by_chance?x=1&__cw=by_chance:${variant}`)
        .redirects(1);
      expect([shown.status, shown.body]).toEqual([200, variant]);
      expect((await agent.get('/variant/by_chance')).body).toBe(variant);
      await agent.get('/variant/by_chance?__cw=').expect(303);
      const later = new Set<unknown>();
      for (let i = 0; i < 40 && later.size < 2; i++) {
        later.add((await agent.get('/variant/by_chance')).body);
      }
      expect(later.size).toBe(2);
    }
  });

  it('keeps a request without the parameter as it is, byte for byte', async () => {
    const server = new RawServer(appWith());
    await server.start();
    const plain = new RawServer(testApp(express, { logger: lines }).app);
    await plain.start();
    for (const target of ['/variant/search', '/variant/search?', '/idle?a=__cw&b=1', '/nothing']) {
      const [one, other] = await Promise.all([server.ask(target), plain.ask(target)]);
      const withoutDate = one.lines.filter((line) => !line.startsWith('Date: '));
      expect(withoutDate).toEqual(other.lines.filter((line) => !line.startsWith('Date: ')));
      expect([one.status, one.body]).toEqual([other.status, other.body]);
    }
  });

  it.each([
    ['?__cw=a:x', './page'],
    ['/?__cw=a:x', './'],
    ['/sub/?__cw=a:x', './'],
    ['/sub/x?__cw=a:x', './x'],
    ['/a:b?__cw=a:x', './a:b'],
    ['?x=1&__cw=a:x&y=%7e+%20&&z', './page?x=1&y=%7e+%20&&z'],
    ['?__cw=a:x&q=a?b/c//d', './page?q=a?b/c//d'],
    ['?q=%E4%BD%A0%zz&__cw=a:x&r="|<>', './page?q=%E4%BD%A0%zz&r="|<>'],
    ['?next=https://evil.example&__cw=a:x', './page?next=https://evil.example'],
    ['?__cwx=1&x__cw=2&__cw=a:x&__CW=3', './page?__cwx=1&x__cw=2&__CW=3'],
    ['?__cw=a:x&', './page'],
    ['/%2e%2e/%2F%2Fevil.example?__cw=a:x', './%2F%2Fevil.example'],
    ['/%5Cevil.example?__cw=a:x', './%5Cevil.example'],
  ])('at /page%s leads to %s', async (path, location) => {
    const server = new RawServer(appWith());
    await server.start();
    const response = await server.ask(`/page${path}`);
    expect(response.status).toBe(303);
    expect(response.values('Location')).toEqual([location]);
  });

  it.each([
    '//evil.example?__cw=a:x',
    '//evil.example/?__cw=a:x',
    '//evil.example/..?__cw=a:x',
    '///evil.example/x?__cw=a:x',
    '/\\evil.example?__cw=a:x',
    '/\\/evil.example/\\evil.example?__cw=a:x',
    '/%2F/evil.example?__cw=a:x',
    '/%5c%5cevil.example?__cw=a:x',
    '/.//evil.example?__cw=a:x',
    '/x/..//evil.example?__cw=a:x',
    'http://evil.example?__cw=a:x',
    'http://evil.example/?__cw=a:x',
    'http://evil.example//evil.example?__cw=a:x',
    'HTTPS://user@evil.example:81/x?__cw=a:x',
    'http:///evil.example?__cw=a:x',
    '/https:evil.example?__cw=a:x',
    '/javascript:alert(1)?__cw=a:x',
    '/?__cw=a:x&//evil.example',
    '/?__cw=a:x?//evil.example',
    '/@evil.example?__cw=a:x',
  ])('never leads to another site: %j', async (target) => {
    const server = new RawServer(appWith());
    await server.start();
    const { status, values } = await server.ask(target);
    expect(status).toBe(303);
    const [location = ''] = values('Location');
    expect(location.startsWith('./')).toBe(true);
    for (const base of ['http://shop/', 'http://shop/a/b', 'https://shop//evil.example/x']) {
      expect(new URL(location, base).host).toBe('shop');
      expect(new URL(location, base).protocol).toBe(new URL(base).protocol);
    }
  });

  it.each([
    ['\\\\evil.example?__cw=a:x', './\\\\evil.example'],
    ['/\t/evil.example?__cw=a:x', './evil.example'],
    ['/\xa0//evil.example?__cw=a:x', './evil.example'],
    ['?__cw=a:x', './'],
    ['/x\r\nSet-Cookie: stolen=1?__cw=a:x', undefined],
    ['/\u4f60?__cw=a:x', undefined],
  ])('in the address %j, which Node refuses, leads to %s', (url, location) => {
    const middleware = evenhand({ source: [], logger: false, overrides: { parameter: '__cw' } });
    const req = { method: 'GET', url, headers: {}, secure: false } as Request;
    const res = new ServerResponse(req);
    const next = jest.fn();
    void middleware(req, res as Response, next);
    expect(res.getHeader('Location')).toBe(location);
    expect(next).toHaveBeenCalledTimes(location === undefined ? 1 : 0);
    expect(res.hasHeader('Set-Cookie')).toBe(location !== undefined);
  });

  it('leaves a mocked request without an address to the application', () => {
    const middleware = evenhand({ source: [], logger: false, overrides: { parameter: '__cw' } });
    const req = { method: 'GET', headers: {} } as Request;
    const next = jest.fn();
    void middleware(req, new ServerResponse(req) as Response, next);
    expect(next.mock.calls).toEqual([[]]);
  });

  it('keeps the path that a browser asked for, and the rest of the query', async () => {
    const server = new RawServer(appWith());
    await server.start();
    const segment = fc.stringMatching(/^[a-z.:;@!$'()*,=~%-]{0,6}$/).filter(isSegment);
    const pair = fc
      .stringMatching(/^[a-z=+%._~/?:@!$'()*,;-]{0,8}$/)
      .filter((one) => one !== '__cw');
    await fc.assert(
      fc.asyncProperty(
        fc.array(segment, { maxLength: 4 }),
        fc.array(pair, { maxLength: 3 }),
        fc.nat(3),
        async (segments, pairs, at) => {
          const query = [...pairs.slice(0, at), '__cw=a:x', ...pairs.slice(at)].join('&');
          const address = new URL(`http://shop/${segments.join('/')}?${query}`);
          const { values } = await server.ask(address.pathname + address.search);
          const left = new URL(String(values('Location')[0]), address);
          expect(left.host).toBe('shop');
          expect(left.pathname).toBe(address.pathname);
          expect(left.search.replace(/^\?/, '')).toBe(
            address.search
              .slice(1)
              .split('&')
              .filter((one) => one !== '__cw=a:x')
              .join('&'),
          );
        },
      ),
      { numRuns: runs(300) },
    );
  });

  it.each([
    ['__cw=a:x', '', 'a:x'],
    ['__cw=a:x+b:y', '', 'a:x%20b:y'],
    ['__cw=a:x%20b:y', '', 'a:x%20b:y'],
    ['__cw=a%3Ax', '', 'a:x'],
    ['__cw=a:x&q=1&__cw=b:y', '', 'a:x%20b:y'],
    ['__cw=a:x&__cw=a:y', '', 'a:y'],
    ['__cw=a:x', '__cw=b:y', 'b:y%20a:x'],
    ['__cw=a:x', '__cw=a:y%20b:y', 'b:y%20a:x'],
    ['__cw=a:x', '__cw=a:y b:y', 'b:y%20a:x'],
    ['__cw=a:', '__cw=a:y b:y', 'b:y'],
    ['__cw=a:x+lonely+b:y', '', 'a:x%20b:y'],
    ['__cw=unheard_of:x', '', 'unheard_of:x'],
    ['__cw=checkout.link:https://x', '', 'checkout.link:https:%2F%2Fx'],
    ['__cw=%E4%BD%A0:%E5%A5%BD', '', '%E4%BD%A0:%E5%A5%BD'],
    ['__cw=a:x;%20Domain=evil.example', '', 'a:x%3B'],
    ['__cw=a:x%0d%0aSet-Cookie:%20stolen=1', '', 'a:x'],
    ['__cw=__proto__:x', '', '__proto__:x'],
    ['__cw=a:%00', '', 'a:%00'],
    ['__cw=a:%ff', '', 'a:%25ff'],
  ])('with %s and the cookie "%s" sets %s', async (query, cookie, value) => {
    const { status, pair } = await follow(appWith(), `/page?${query}`, cookie);
    expect([status, pair]).toEqual([303, `__cw=${value}`]);
  });

  it.each([
    ['__cw=', ''],
    ['__cw', '__cw=a:x'],
    ['__cw=&__cw=+%20', '__cw=a:x'],
    ['__cw=a:', '__cw=a:x'],
  ])('with %s and the cookie "%s" expires the cookie', async (query, cookie) => {
    const { status, pair, attributes } = await follow(appWith(), `/page?${query}`, cookie);
    expect([status, pair]).toEqual([303, '__cw=']);
    expect(attributes).toContain('Max-Age=0');
  });

  it.each([
    ['a value without an override', '__cw=on', /has no override; write __cw=experiment:variant$/],
    [
      'too many overrides',
      `__cw=${'a'.repeat(3000)}:x&__cw=${'b'.repeat(1200)}:x`,
      /too long for a cookie/,
    ],
  ])('with %s is left to the application, with one warning', async (_with, query, line) => {
    const app = appWith();
    for (let i = 0; i < 2; i++) {
      const { status, text, pair } = await follow(app, `/page?${query}`);
      expect([status, text, pair]).toEqual([200, JSON.stringify(`/?${query}`), '']);
    }
    expect(lines.warnings).toEqual([expect.stringMatching(line)]);
  });

  it.each(['head', 'post', 'put', 'delete', 'options'] as const)(
    'is left to the application in a request with the method %s',
    async (method) => {
      const response = await request(appWith())[method]('/page?__cw=a:x');
      expect(response.status).toBe(200);
      expect(response.headers).not.toHaveProperty('set-cookie');
    },
  );

  it('is off without the option, and with overrides: false', async () => {
    for (const overrides of [{}, false] as const) {
      const { app } = testApp(express, { overrides });
      const response = await request(app).get('/variant/search?__cw=search:off');
      expect([response.status, response.body]).toEqual([200, 'on']);
    }
  });

  it('can have another name, and fills a cookie of another name', async () => {
    const app = appWith({ parameter: 'force', cookie: 'forced' });
    const followed = await follow(app, '/page?force=a:x&__cw=1', 'forced=b:y');
    expect(followed).toMatchObject({ location: './page?__cw=1', pair: 'forced=b:y%20a:x' });
  });

  it.each([
    ['__Host-cw', ['Path=/', 'Secure', 'SameSite=Lax']],
    ['__Host-Http-cw', ['Path=/', 'HttpOnly', 'Secure', 'SameSite=Lax']],
  ])('sets a cookie named %s as browsers demand', async (cookie, attributes) => {
    const followed = await follow(appWith({ cookie }), '/page?__cw=a:x');
    expect(followed).toMatchObject({ pair: `${cookie}=a:x`, attributes });
  });

  describe('in production', () => {
    const produce = (overrides: OverrideOptions) =>
      withNodeEnv('production', () => appWith(overrides));

    it('is left to the application without permission, and without a log line', async () => {
      const app = produce({});
      const { status, text, pair } = await follow(app, '/page?__cw=search:off');
      expect([status, text, pair]).toEqual([200, '"/?__cw=search:off"', '']);
      expect([...lines.warnings, ...lines.errors]).toEqual([]);
    });

    it('works for the addresses and requests that may override', async () => {
      const local = produce({ allowIps: ['127.0.0.1', '::1'] });
      expect((await follow(local, '/page?__cw=search:off')).status).toBe(303);
      const allowed = produce({ allow: (req: Request) => req.query['key'] === 'open' });
      expect((await follow(allowed, '/page?key=open&__cw=search:off')).location).toBe(
        './page?key=open',
      );
      expect((await follow(allowed, '/page?key=wrong&__cw=search:off')).status).toBe(200);
    });

    it('is left to the application if the permission fails', async () => {
      const app = produce({
        allow: () => {
          throw new Error('no session');
        },
      });
      expect((await follow(app, '/page?__cw=search:off')).status).toBe(200);
      expect(lines.errors).toEqual([expect.stringContaining('no session')]);
    });
  });

  it('is left to the application if its "trust proxy" function fails', async () => {
    const app = appWith();
    let fails = false;
    app.set('trust proxy', () => {
      if (fails) throw new Error('no list');
      return true;
    });
    const ask = () => request(app).get('/page?__cw=a:x').set('X-Forwarded-Proto', 'https');
    const secure = await ask();
    expect(secure.headers['set-cookie']).toEqual([expect.stringContaining('; Secure')]);
    fails = true;
    expect((await ask()).status).toBe(200);
  });

  it('is asked for permission only if it has the parameter', async () => {
    const allow = jest.fn(() => true);
    const app = withNodeEnv('production', () => appWith({ allow }));
    for (const path of ['/page', '/page?x=1', '/page?x=__cw', '/page?__cwx=a:b']) {
      expect((await follow(app, path)).status).toBe(200);
    }
    expect(allow.mock.calls.length).toBe(0);
  });

  it('works in a mounted application, at the address of the browser', async () => {
    const inner = express();
    inner.use(evenhand({ source: experiments, logger: false, overrides: { parameter: '__cw' } }));
    inner.get('/item', (req, res) => {
      res.json(req.variant('by_chance') ?? null);
    });
    const outer = express();
    outer.use(cookieParser());
    outer.use('/shop', inner);
    const agent = request.agent(outer);
    const { headers } = await agent.get('/shop/item?__cw=by_chance:b').expect(303);
    expect(headers['location']).toBe('./item');
    for (let i = 0; i < 5; i++) expect((await agent.get('/shop/item')).body).toBe('b');
    expect((await agent.get('/shop/item?__cw=by_chance:a').redirects(1)).body).toBe('a');
  });

  it('keeps the cookies and headers that the application has set before', async () => {
    const app = express();
    app.use((_req, res, next) => {
      res.cookie('session', '1').set('X-Frame-Options', 'DENY').set('Cache-Control', 'public');
      next();
    });
    app.use(evenhand({ source: experiments, logger: false, overrides: { parameter: '__cw' } }));
    const { headers } = await request(app).get('/page?__cw=a:x').expect(303);
    expect(headers['set-cookie']).toEqual(['session=1; Path=/', '__cw=a:x; Path=/; SameSite=Lax']);
    expect(headers).toMatchObject({ 'x-frame-options': 'DENY', 'cache-control': 'no-store' });
  });

  it('causes no error, whatever it contains', async () => {
    const server = new RawServer(appWith());
    await server.start();
    const text = fc.stringMatching(/^[!-~\u00a1-\u00ff]{0,60}$/);
    await fc.assert(
      fc.asyncProperty(text, text, async (value, cookie) => {
        const {
          status,
          values,
          lines: sent,
        } = await server.ask(`/page?__cw=${value}`, [`Cookie: __cw=${cookie}`]);
        expect([200, 303, 400]).toContain(status);
        expect(values('Set-Cookie').length).toBe(status === 303 ? 1 : 0);
        for (const line of values('Set-Cookie')) {
          expect(line).toMatch(/^__cw=[\w.!~*'():%-]*; (?:Max-Age=0; )?Path=\/;/);
        }
        expect(sent.length).toBeLessThan(12);
      }),
      { numRuns: runs(300) },
    );
    expect(lines.errors).toEqual([]);
  });
});

/** Returns true for a segment that browsers leave in a path. */
function isSegment(text: string): boolean {
  try {
    return !/^\.{1,2}$/.test(decodeURIComponent(text));
  } catch {
    return true;
  }
}

describe('the option overrides.parameter', () => {
  it.each([true, '', 'a b', 'a=b', 'a&b', 'ü', 'a[b]', 'x\n'])('rejects %j', (parameter) => {
    expect(() =>
      evenhand({ source: [], overrides: { parameter } as unknown as OverrideOptions }),
    ).toThrow(expect.objectContaining({ code: 'option' }));
  });

  it('is suggested for a misspelt name', () => {
    expect(() =>
      evenhand({ source: [], overrides: { paramter: '__cw' } as unknown as OverrideOptions }),
    ).toThrow(/did you mean "parameter"/);
  });
});
