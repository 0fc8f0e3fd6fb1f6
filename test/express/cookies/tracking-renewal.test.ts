import cookieParser from 'cookie-parser';
import type { RequestHandler } from 'express';
import { evenhand, type TrackingCookieOptions } from 'evenhand';
import request from 'supertest';
import { closing } from '../../closing.ts';
import { experiments, testApp, versions } from '../harness.ts';

const DAY_SECONDS = 86_400;

/** The `Set-Cookie` headers of a response: each without `Expires`, its other attributes sorted. */
function setCookies(response: request.Response): string[] {
  const all = (response.headers['set-cookie'] as unknown as string[] | undefined) ?? [];
  return all.map((cookie) => {
    const [pair, ...attributes] = cookie.split('; ').filter((one) => !one.startsWith('Expires'));
    return [pair, ...attributes.sort()].join('; ');
  });
}

describe.each(versions)('the renewal of the tracking cookie on Express $version', ({ express }) => {
  const ask = (
    trackingCookie: TrackingCookieOptions,
    cookie?: string,
    path = '/variant/by_anonymous',
  ) => {
    const asked = request(testApp(express, { trackingCookie }).app).get(path);
    return cookie === undefined ? asked : asked.set('Cookie', cookie);
  };

  it('sets a second cookie of half the life beside a new key', async () => {
    expect(setCookies(await ask({}))).toEqual([
      expect.stringMatching(
        new RegExp(
          `^__cwtk=[0-9a-f]{32}; HttpOnly; Max-Age=${365 * DAY_SECONDS}; Path=/; SameSite=Lax$`,
        ),
      ),
      `__cwtk_r=1; HttpOnly; Max-Age=${182.5 * DAY_SECONDS}; Path=/; SameSite=Lax`,
    ]);
  });

  it('sets nothing while the second cookie is there', async () => {
    const response = await ask({}, '__cwtk=visitor-1; __cwtk_r=1');
    expect(setCookies(response)).toEqual([]);
    expect(response.headers).not.toHaveProperty('cache-control');
  });

  it('sets both again, with the same key and all options, once the second cookie is gone', async () => {
    const response = await ask(
      {
        maxAgeMs: 10 * DAY_SECONDS * 1000,
        httpOnly: false,
        sameSite: 'strict',
        path: '/variant',
        domain: 'example.com',
        secure: true,
      },
      '__cwtk=visitor-1',
    );
    const attributes = (days: number) =>
      `Domain=example.com; Max-Age=${days * DAY_SECONDS}; Path=/variant; SameSite=Strict; Secure`;
    expect(setCookies(response)).toEqual([
      `__cwtk=visitor-1; ${attributes(10)}`,
      `__cwtk_r=1; ${attributes(5)}`,
    ]);
    expect(response.headers['cache-control']).toBe('private');
  });

  it('keeps the variant', async () => {
    for (const key of ['a', 'b', 'c', 'd']) {
      const renewed = await ask({}, `__cwtk=${key}`);
      expect(renewed.body).toBe((await ask({}, `__cwtk=${key}; __cwtk_r=1`)).body);
    }
  });

  it('keeps the key of a visitor who comes back at least every half year', async () => {
    const { app } = testApp(express, {}, (app) => {
      app.get('/key', (req, res) => {
        res.json(req.experiments.explain('by_anonymous').identity?.text);
      });
    });
    const now = jest.spyOn(Date, 'now');
    try {
      const jar = new Map<string, { readonly value: string; readonly until: number }>();
      const keys = new Set<unknown>();
      let renewals = 0;
      // Three years, in steps of 100 days.
      for (let day = 0; day <= 1100; day += 100) {
        now.mockReturnValue(Date.UTC(2026, 0, 1 + day));
        const sent = [...jar].filter(([, { until }]) => until > day);
        const asked = request(app).get('/key');
        const cookies = sent.map(([name, { value }]) => `${name}=${value}`).join('; ');
        const response = await (cookies === '' ? asked : asked.set('Cookie', cookies));
        keys.add(response.body);
        const set = setCookies(response);
        if (set.length > 0) renewals++;
        for (const cookie of set) {
          const [, name = '', value = '', seconds] =
            /^([^=]+)=([^;]+);.*Max-Age=(\d+)/.exec(cookie) ?? [];
          jar.set(name, { value, until: day + Number(seconds) / DAY_SECONDS });
        }
      }
      expect(keys.size).toBe(1);
      expect(renewals).toBe(6);
    } finally {
      now.mockRestore();
    }
  });

  it('is turned off by renew: false, which needs no second cookie', async () => {
    expect(setCookies(await ask({ renew: false }))).toEqual([
      expect.stringMatching(/^__cwtk=[0-9a-f]{32}; /),
    ]);
    expect(setCookies(await ask({ renew: false }, '__cwtk=visitor-1'))).toEqual([]);
  });

  it('happens without a decision only with when: "always"', async () => {
    expect(setCookies(await ask({}, '__cwtk=visitor-1', '/idle'))).toEqual([]);
    expect(setCookies(await ask({ when: 'always' }, '__cwtk=visitor-1', '/idle'))).toEqual([
      expect.stringMatching(/^__cwtk=visitor-1; /),
      expect.stringMatching(/^__cwtk_r=1; /),
    ]);
    const recent = '__cwtk=visitor-1; __cwtk_r=1';
    expect(setCookies(await ask({ when: 'always' }, recent, '/idle'))).toEqual([]);
  });

  it('happens once a day for a key whose second cookie a proxy drops', async () => {
    const { app } = testApp(express);
    const renewed = async (key: string) => {
      const asked = request(app).get('/variant/by_anonymous').set('Cookie', `__cwtk=${key}`);
      return setCookies(await asked).length > 0;
    };
    const now = jest.spyOn(Date, 'now');
    try {
      now.mockReturnValue(Date.UTC(2026, 0, 1));
      expect([await renewed('a'), await renewed('a'), await renewed('b')]).toEqual([
        true,
        false,
        true,
      ]);
      now.mockReturnValue(Date.UTC(2026, 0, 2));
      expect([await renewed('a'), await renewed('a')]).toEqual([true, false]);
    } finally {
      now.mockRestore();
    }
  });

  it('lives no longer than half of the 400 days that browsers allow', async () => {
    const [, recent] = setCookies(await ask({ maxAgeMs: 3650 * DAY_SECONDS * 1000 }));
    expect(recent).toContain(`Max-Age=${200 * DAY_SECONDS}`);
  });

  it('warns of nothing if the headers are sent already', async () => {
    const warn = jest.fn();
    const { app } = testApp(express, { logger: { warn, error: warn } }, (app) => {
      app.get('/late', (req, res) => {
        res.write('begun');
        req.variant('by_anonymous');
        res.end();
      });
    });
    const response = await request(app).get('/late').set('Cookie', '__cwtk=visitor-1');
    expect(setCookies(response)).toEqual([]);
    expect(warn).not.toHaveBeenCalled();
  });

  it('signs the key again, with the current secret', async () => {
    const appWith = (secrets: string[]) => {
      const app = express();
      app.use(cookieParser(secrets));
      app.use(closing(evenhand({ source: experiments, trackingCookie: { signed: true } })));
      app.get('/', (req, res) => {
        res.json(req.experiments.explain('by_anonymous').identity?.text);
      });
      return app;
    };
    const first = await request(appWith(['old'])).get('/');
    const [cookie = ''] = setCookies(first);
    const asked = request(appWith(['new', 'old'])).get('/');
    const second = await asked.set('Cookie', cookie.slice(0, cookie.indexOf(';')));
    expect(second.body).toBe(first.body);
    const [renewed = ''] = setCookies(second);
    expect(renewed).toContain(`__cwtk=s%3A${String(first.body)}.`);
    const third = request(appWith(['new'])).get('/');
    expect((await third.set('Cookie', renewed.slice(0, renewed.indexOf(';')))).body).toBe(
      first.body,
    );
  });
});

const parsers: readonly (readonly [string, RequestHandler | undefined])[] = [
  ['without cookie-parser', undefined],
  ['with cookie-parser', cookieParser('secret')],
];

describe.each(versions)('several cookies with one name on Express $version', ({ express }) => {
  const appWith = (
    parser: RequestHandler | undefined,
    trackingCookie: TrackingCookieOptions = {},
  ) => {
    const app = express();
    if (parser !== undefined) app.use(parser);
    app.use(closing(evenhand({ source: experiments, logger: false, trackingCookie })));
    app.get('/', (req, res) => {
      res.json([req.experiments.explain('by_anonymous').identity?.text, req.variant('chat')]);
    });
    app.get('/change', (req, res) => {
      Object.assign(req, { cookies: { ...(req.cookies as object), __cwtk: 'changed' } });
      res.json(req.experiments.explain('by_anonymous').identity?.text);
    });
    app.get('/remove', (req, res) => {
      Object.assign(req, { cookies: {} });
      res.json(req.variant('chat'));
    });
    return app;
  };

  it.each(parsers)('count with the last, %s', async (_with, parser) => {
    const ask = async (cookie: string) =>
      (await request(appWith(parser)).get('/').set('Cookie', cookie)).body as unknown;
    expect(await ask('__cwtk=one; __cw=chat:on; __cwtk=two; __cw=chat:off')).toEqual([
      'two',
      'off',
    ]);
    expect(await ask('__cwtk=two; __cw=chat:off; __cwtk=one; __cw=chat:on')).toEqual(['one', 'on']);
    expect(await ask('__cwtk=; __cwtk=one; __cw=x; __cw=chat:on')).toEqual(['one', 'on']);
    expect(await ask('__cwtk=s:x.y; __cwtk=one; __cw=j:{}; __cw=chat:on')).toEqual(['one', 'on']);
    expect(await ask('__cwtk=one; __cwtk=s:x.y; __cw=chat:on; __cw=j:{}')).toEqual([
      's:x.y',
      'off',
    ]);
  });

  it('count with the last whose signature is valid', async () => {
    const app = appWith(cookieParser('secret'), { signed: true });
    const signed = async () => {
      const [cookie = ''] = setCookies(await request(app).get('/'));
      return cookie.slice(0, cookie.indexOf(';'));
    };
    const [one, two] = [await signed(), await signed()];
    const keyOf = (pair: string) => /s%3A(\w+)\./.exec(pair)?.[1];
    const ask = async (...pairs: string[]) =>
      ((await request(app).get('/').set('Cookie', pairs.join('; '))).body as unknown[])[0];
    expect(await ask(one, two)).toBe(keyOf(two));
    expect(await ask(two, one)).toBe(keyOf(one));
    expect(await ask(one, two, '__cwtk=unsigned', '__cwtk=s%3Ax.forged')).toBe(keyOf(two));
    expect(await ask('__cwtk=unsigned', '__cwtk=s%3Ax.forged', one)).toBe(keyOf(one));
    expect(await ask('__cwtk=unsigned', '__cwtk=s%3Ax.forged')).toMatch(/^[0-9a-f]{32}$/);
  });

  it('count less than the values that the application puts into req.cookies', async () => {
    const app = appWith(cookieParser('secret'));
    const ask = async (path: string) =>
      (await request(app).get(path).set('Cookie', '__cwtk=one; __cwtk=two; __cw=chat:on'))
        .body as unknown;
    expect(await ask('/change')).toBe('changed');
    expect(await ask('/remove')).toBe('off');
  });
});
