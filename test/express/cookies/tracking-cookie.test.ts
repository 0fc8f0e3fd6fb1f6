import cookieParser from 'cookie-parser';
import { evenhand, type TrackingCookieOptions } from 'evenhand';
import request from 'supertest';
import { experiments, Lines, showError, testApp, versions } from '../harness.ts';

const DAY_SECONDS = 86_400;

/** The `Set-Cookie` headers of a response, without the second cookie of a new or renewed key. */
function setCookies(response: request.Response): string[] {
  const all = (response.headers['set-cookie'] as unknown as string[] | undefined) ?? [];
  return all.filter((cookie) => !/^[^=]*_r=1; /.test(cookie));
}

describe.each(versions)('the tracking cookie on Express $version', ({ express }) => {
  it('is set when an experiment by "anonymous" is decided', async () => {
    const { app } = testApp(express);
    const response = await request(app).get('/variant/by_anonymous');
    expect(response.body).toMatch(/^[ab]$/);
    const [cookie, ...more] = setCookies(response);
    expect(more).toEqual([]);
    const attributes = cookie?.split('; ') ?? [];
    expect(attributes[0]).toMatch(/^__cwtk=[0-9a-f]{32}$/);
    expect(
      attributes
        .slice(1)
        .filter((text) => !text.startsWith('Expires'))
        .sort(),
    ).toEqual(['HttpOnly', `Max-Age=${365 * DAY_SECONDS}`, 'Path=/', 'SameSite=Lax']);
  });

  it('is different for each visitor', async () => {
    const { app } = testApp(express);
    const keys = new Set<string | undefined>();
    for (let i = 0; i < 5; i++) {
      keys.add(setCookies(await request(app).get('/variant/by_anonymous'))[0]?.slice(0, 39));
    }
    expect(keys.size).toBe(5);
  });

  it('keeps a visitor in one bucket, and is not set again', async () => {
    const { app } = testApp(express, {}, (app) => {
      app.get('/bucket', (req, res) => {
        res.json(req.experiments.explain('by_anonymous').bucket);
      });
    });
    const agent = request.agent(app);
    const first = await agent.get('/bucket');
    expect(setCookies(first)).toHaveLength(1);
    const second = await agent.get('/bucket');
    expect(second.body).toBe(first.body);
    expect(setCookies(second)).toEqual([]);
  });

  it.each(['by_user', 'by_chance', 'search', 'members'])(
    'is not set for %s, which another identity decides, or none',
    async (name) => {
      const { app } = testApp(express);
      const response = await request(app).get(`/variant/${name}`).set('x-user', '{"id":1}');
      expect(response.status).toBe(200);
      expect(setCookies(response)).toEqual([]);
    },
  );

  it('is not set if an override decides', async () => {
    const { app } = testApp(express);
    const response = await request(app)
      .get('/variant/by_anonymous')
      .set('Cookie', '__cw=by_anonymous:b');
    expect(response.body).toBe('b');
    expect(setCookies(response)).toEqual([]);
  });

  it('is not set if only a rule read the key', async () => {
    const all = (variant: string) => ({ allocations: [{ variant, percent: 100 }] });
    const half = {
      allocations: [
        { variant: 'a', percent: 50 },
        { variant: 'b', percent: 50 },
      ],
    };
    const variants = [{ name: 'a' }, { name: 'b' }];
    const known = { rule: 'anonymous in ["test-1", "test-2"]', ...all('a') };
    const source = [
      { name: 'testers', identity: 'anonymous', variants, audiences: [known, all('b')] },
      { name: 'testers_by_user', identity: 'user.id', variants, audiences: [known, half] },
    ];
    const { app } = testApp(express, { source });
    for (const name of ['testers', 'testers_by_user']) {
      const response = await request(app).get(`/variant/${name}`).set('x-user', '{"id":1}');
      expect(response.body).toMatch(/^[ab]$/);
      expect(setCookies(response)).toEqual([]);
    }
    const tester = request(app).get('/variant/testers').set('Cookie', '__cwtk=test-2');
    expect((await tester).body).toBe('a');
  });

  describe.each([
    ['without cookie-parser', undefined],
    ['with cookie-parser', cookieParser('secret')],
  ])('that another service has set, %s', (_with, parser) => {
    const keyOf = async (value: string) => {
      const app = express();
      if (parser !== undefined) app.use(parser);
      app.use(evenhand({ source: experiments }));
      app.get('/', (req, res) => {
        res.json(req.experiments.explain('by_anonymous').identity?.text);
      });
      const response = await request(app).get('/').set('Cookie', `__cwtk=${value}`);
      expect(response.status).toBe(200);
      expect(response.headers).not.toHaveProperty('evil');
      return { key: response.body as string, set: setCookies(response) };
    };

    it.each([
      ['a harmless text', 'Az_09-x'],
      ['a key of Google Analytics', 'GA1.2.3.4'],
      ['a UUID', '550e8400-e29b-41d4-a716-446655440000'],
      ['Base64', 'a+b/c=='],
      ['a colon', 'a:b'],
      ['129 letters', 'a'.repeat(129)],
      ['256 letters', 'a'.repeat(256)],
      ['encoded control characters', 'abc%0D%0ASet-Cookie%3A%20evil=1'],
      ['an encoded null character', 'abc%00'],
      ['JSON', `j:${encodeURIComponent('{"toString":"x"}')}`],
      ['a JSON number', 'j:1'],
      ['a signed value', 's:abc.signature'],
      ['a broken escape', '%E0%A4%A'],
    ])('is the key as it is, and is renewed so: %s', async (_what, value) => {
      const { key, set } = await keyOf(value);
      expect(key).toBe(value);
      expect(set.map((cookie) => cookie.slice(0, cookie.indexOf(';')))).toEqual([
        `__cwtk=${value}`,
      ]);
    });

    it.each([
      ['257 letters', 'a'.repeat(257)],
      ['8 KB', 'a'.repeat(8000)],
      ['markup', '<script>'],
      ['a space', 'a b'],
      ['a formula', '=1+1'],
      ['a quote', 'a"b'],
      ['an escaped line break', '"a\\012Set-Cookie: evil=1"'],
    ])('makes one harmless key and is not replaced: %s', async (_what, value) => {
      const { key, set } = await keyOf(value);
      expect(key).toMatch(/^[0-9a-f]{32}$/);
      expect(set).toEqual([]);
      expect(await keyOf(value)).toEqual({ key, set });
      expect((await keyOf(`${value}2`)).key).not.toBe(key);
    });

    it('is replaced if it is empty', async () => {
      const { key, set } = await keyOf('');
      expect(set).toEqual([expect.stringMatching(new RegExp(`^__cwtk=${key}; `))]);
    });
  });

  it.each<[TrackingCookieOptions, RegExp]>([
    [{ name: 'visitor' }, /^visitor=[0-9a-f]{32}; /],
    [{ maxAgeMs: 60_000 }, /; Max-Age=60; /],
    [{ httpOnly: false }, /^((?!HttpOnly).)*$/],
    [{ sameSite: 'strict' }, /; SameSite=Strict/],
    [{ path: '/shop' }, /; Path=\/shop/],
    [{ domain: 'example.com' }, /; Domain=example\.com/],
    [{ secure: true }, /; Secure/],
    [{ sameSite: 'none' }, /; Secure; SameSite=None/],
  ])('can be set up: %j', async (trackingCookie, expected) => {
    const { app } = testApp(express, { trackingCookie });
    const response = await request(app).get('/variant/by_anonymous');
    expect(setCookies(response)).toEqual([expect.stringMatching(expected)]);
  });

  it('is secure on secure requests', async () => {
    const { app } = testApp(express);
    app.set('trust proxy', true);
    const response = await request(app)
      .get('/variant/by_anonymous')
      .set('X-Forwarded-Proto', 'https');
    expect(setCookies(response)).toEqual([expect.stringContaining('; Secure')]);
    const off = testApp(express, { trackingCookie: { secure: false } });
    off.app.set('trust proxy', true);
    const plain = await request(off.app)
      .get('/variant/by_anonymous')
      .set('X-Forwarded-Proto', 'https');
    expect(setCookies(plain)).toEqual([expect.not.stringContaining('Secure')]);
  });

  describe.each(['__Host-key', '__SECURE-key', '__http-key'])('named %s', (name) => {
    const ask = async (secure: boolean) => {
      const logger = new Lines();
      const { app } = testApp(express, { logger, trackingCookie: { name } });
      app.set('trust proxy', true);
      const asked = () =>
        request(app)
          .get('/variant/by_anonymous')
          .set('X-Forwarded-Proto', secure ? 'https' : 'http');
      await asked();
      return { set: setCookies(await asked()), warnings: logger.warnings };
    };

    it('is secure without the option', async () => {
      const { set, warnings } = await ask(true);
      expect(set).toEqual([expect.stringMatching(/^__\w+-key=[0-9a-f]{32}; .*; Secure/)]);
      expect(warnings).toEqual([]);
    });

    it('causes one warning over plain HTTP', async () => {
      const { set, warnings } = await ask(false);
      expect(set).toEqual([expect.stringContaining('; Secure')]);
      expect(warnings).toEqual([
        expect.stringContaining(`browsers accept the cookie ${name} over HTTPS only`),
      ]);
    });
  });

  it('is set once, in the first response, with when: always', async () => {
    const { app } = testApp(express, { trackingCookie: { when: 'always' } });
    const agent = request.agent(app);
    expect(setCookies(await agent.get('/idle'))).toHaveLength(1);
    expect(setCookies(await agent.get('/variant/by_anonymous'))).toEqual([]);
    expect(setCookies(await request(app).get('/variant/by_anonymous'))).toHaveLength(1);
  });

  it('is not set by when: always if the context provider has its own key', async () => {
    const { app } = testApp(express, {
      trackingCookie: { when: 'always' },
      contextProvider: () => ({ anonymous: 'device-1' }),
    });
    expect(setCookies(await request(app).get('/idle'))).toEqual([]);
  });

  describe('signed', () => {
    const signed = (...secrets: string[]) => {
      const app = express();
      app.use(cookieParser(secrets));
      app.use(evenhand({ source: experiments, trackingCookie: { signed: true } }));
      app.get('/', (req, res) => {
        res.json(req.experiments.explain('by_anonymous').identity?.text);
      });
      app.use(showError);
      return app;
    };

    it('comes back as it was sent', async () => {
      const agent = request.agent(signed('secret'));
      const first = await agent.get('/');
      expect(setCookies(first)).toEqual([expect.stringMatching(/^__cwtk=s%3A[0-9a-f]{32}\./)]);
      const second = await agent.get('/');
      expect(second.body).toBe(first.body);
      expect(setCookies(second)).toEqual([]);
    });

    it('is replaced if the signature is wrong or missing', async () => {
      const app = signed('secret');
      for (const cookie of ['__cwtk=s%3Aabc.forged', '__cwtk=abc']) {
        const response = await request(app).get('/').set('Cookie', cookie);
        expect(response.body).toMatch(/^[0-9a-f]{32}$/);
        expect(setCookies(response)).toHaveLength(1);
      }
    });

    it.each([
      ['without cookie-parser', []],
      ['without a secret', [cookieParser()]],
    ])('says what to do %s', async (_what, handlers) => {
      const app = express();
      for (const handler of handlers) app.use(handler);
      app.use(evenhand({ source: experiments, trackingCookie: { signed: true } }));
      app.get('/', (req, res) => {
        res.json(req.variant('by_anonymous'));
      });
      app.use(showError);
      expect((await request(app).get('/')).body).toMatchObject({
        code: 'option',
        message: expect.stringContaining('cookie-parser with a secret'),
      });
    });
  });

  it('is skipped with one warning if the headers are sent', async () => {
    const logger = new Lines();
    const { app } = testApp(express, { logger }, (app) => {
      app.get('/late', (req, res) => {
        res.write('begun ');
        res.end(req.variant('by_anonymous'));
      });
    });
    for (let i = 0; i < 2; i++) {
      const response = await request(app).get('/late');
      expect(response.text).toMatch(/^begun [ab]$/);
      expect(setCookies(response)).toEqual([]);
    }
    expect(logger.warnings).toEqual([expect.stringContaining('__cwtk')]);
  });

  it('keeps the cookies that the application sets', async () => {
    const { app } = testApp(express, {}, (app) => {
      app.get('/mine', (req, res) => {
        res.cookie('mine', '1');
        req.variant('by_anonymous');
        res.cookie('mine_too', '2').json('done');
      });
    });
    expect(setCookies(await request(app).get('/mine')).map((text) => text.split('=')[0])).toEqual([
      'mine',
      '__cwtk',
      'mine_too',
    ]);
  });
});

describe.each(versions)('reading cookies on Express $version', ({ express }) => {
  const cookies = `__cwtk=mykey; __cw=by_user:b`;

  const answers = (app: ReturnType<typeof express>) => {
    app.get('/', (req, res) => {
      res.json([
        req.variant('by_user') ?? null,
        req.experiments.explain('by_anonymous').identity?.text,
        req.cookies as unknown,
      ]);
    });
    app.use(showError);
    return app;
  };

  it('works without cookie-parser, and does not set req.cookies', async () => {
    const app = express();
    app.use(evenhand({ source: experiments }));
    const { body } = await request(answers(app)).get('/').set('Cookie', cookies);
    expect(body).toEqual(['b', 'mykey', null]);
  });

  it('works with cookie-parser before it', async () => {
    const app = express();
    app.use(cookieParser());
    app.use(evenhand({ source: experiments }));
    const { body } = await request(answers(app)).get('/').set('Cookie', cookies);
    expect(body).toEqual(['b', 'mykey', { __cwtk: 'mykey', __cw: 'by_user:b' }]);
  });

  it('works with cookie-parser after it, which keeps its secret', async () => {
    const app = express();
    app.use(evenhand({ source: experiments }));
    app.use((req, _res, next) => {
      req.variant('by_anonymous');
      next();
    });
    app.use(cookieParser('secret'));
    app.get('/sign', (_req, res) => {
      res.cookie('mine', 'x', { signed: true }).json('signed');
    });
    app.get('/signed', (req, res) => {
      res.json(req.signedCookies as unknown);
    });
    const agent = request.agent(app);
    await agent.get('/sign');
    expect((await agent.get('/signed')).body).toEqual({ mine: 'x' });
  });

  it('works if req.cookies belongs to another package', async () => {
    class Jar {
      get(): string {
        return 'something';
      }
    }
    const app = express();
    app.use((req, _res, next) => {
      Object.assign(req, { cookies: new Jar() });
      next();
    });
    app.use(evenhand({ source: experiments }));
    const { body } = await request(answers(app)).get('/').set('Cookie', cookies);
    expect(body).toEqual(['b', 'mykey', {}]);
  });

  it('ignores names that objects inherit', async () => {
    const app = express();
    app.use((req, _res, next) => {
      Object.assign(req, { cookies: {} });
      next();
    });
    app.use(
      evenhand({
        source: experiments,
        trackingCookie: { name: 'toString' },
        overrides: { cookie: 'constructor' },
      }),
    );
    app.get('/', (req, res) => {
      res.json(req.experiments.explain('by_anonymous').identity?.text);
    });
    expect((await request(app).get('/')).body).toMatch(/^[0-9a-f]{32}$/);
  });
});
