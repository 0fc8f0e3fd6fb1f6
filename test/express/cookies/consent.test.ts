import type { Request } from 'express';
import {
  callbackSink,
  type EvenhandOptions,
  type EventRecord,
  type MadeDecision,
  requireOff,
  requireVariant,
  type TrackingCookieOptions,
} from 'evenhand';
import request from 'supertest';
import { evaluationHooks } from 'evenhand/opentelemetry';
import { experiments, Lines, testApp, versions } from '../harness.ts';

const half = (one: string, other: string) => ({
  allocations: [
    { variant: one, percent: 50 },
    { variant: other, percent: 50 },
  ],
});

const all = (variant: string) => ({ allocations: [{ variant, percent: 100 }] });

const onOff = [{ name: 'on' }, { name: 'off' }];
const ab = [{ name: 'a' }, { name: 'b' }];

const source = {
  experiments: [
    ...experiments,
    { name: 'chat_trial', identity: 'anonymous', variants: onOff, audiences: [half('on', 'off')] },
    { name: 'certain', identity: 'anonymous', variants: ab, audiences: [all('b')] },
    {
      name: 'known',
      identity: 'user.id',
      variants: ab,
      audiences: [{ rule: 'anonymous is not None', ...all('a') }, all('b')],
    },
    {
      name: 'broken',
      identity: 'anonymous',
      variants: ab,
      audiences: [{ rule: 'unheard_of == 1', ...all('a') }, half('a', 'b')],
    },
  ],
  namespaces: [
    {
      name: 'page',
      unit: 'anonymous',
      segments: 10,
      defaults: { title: 'default' },
      experiments: [{ name: 'words', variants: [{ name: 'one', values: { title: 'one' } }] }],
      history: [{ add: 'words', segments: 10 }],
    },
    {
      name: 'script',
      unit: 'user.id',
      inputs: { visitor: 'anonymous' },
      segments: 10,
      defaults: { title: 'default' },
      experiments: [
        {
          name: 'drawn',
          script: 'title = uniformChoice(choices=["x", "y"], unit=visitor);',
        },
      ],
      history: [{ add: 'drawn', segments: 10 }],
    },
  ],
};

/** Consent as a consent manager stores it. */
const byCookie = (req: Request): boolean => /(?:^|; )consent=yes/.test(req.headers.cookie ?? '');

const KEY = 'd'.repeat(32);

function setCookies(response: request.Response): string[] {
  return (response.headers['set-cookie'] as unknown as string[] | undefined) ?? [];
}

describe.each(versions)('consent on Express $version', ({ express }) => {
  const lines = new Lines();

  beforeEach(() => {
    lines.warnings.length = 0;
    lines.errors.length = 0;
  });

  function appWith(
    consent: TrackingCookieOptions['consent'],
    options: EvenhandOptions = {},
    extend: Parameters<typeof testApp>[2] = () => {},
  ) {
    const { trackingCookie, ...others } = options;
    const asking = consent === undefined ? {} : { consent };
    return testApp(
      express,
      { source, logger: lines, trackingCookie: { ...asking, ...trackingCookie }, ...others },
      (app) => {
        app.get('/ask', (req, res) => {
          res.json({
            variant: req.variant('by_anonymous') ?? null,
            isVariant: req.isVariant('by_anonymous', ['a', 'b']),
            isOn: req.isOn('chat_trial'),
            isOff: req.isOff('chat_trial'),
            value: req.experiments.value('by_anonymous') ?? null,
            peek: req.peek('by_anonymous') ?? null,
            all: Object.keys(req.experiments.variants()),
            inView: (res.locals.variant('by_anonymous') as unknown) ?? null,
          });
        });
        extend(app);
      },
    );
  }

  const silence = () => {
    expect(lines.warnings).toEqual([]);
    expect(lines.errors).toEqual([]);
  };

  describe.each(['throw', 'fallback'] as const)(
    'that is missing, with onError: "%s"',
    (onError) => {
      it('gives no variant of experiments with the identity "anonymous", without a log line or a cookie', async () => {
        const failed = jest.fn();
        const { experiments: specs } = source;
        const sound = {
          experiments: specs.filter(
            (one) =>
              typeof one === 'string' || !['broken', 'by_tenant', 'by_region'].includes(one.name),
          ),
        };
        const { app, middleware } = appWith(byCookie, {
          onError,
          source: sound,
          hooks: { error: failed },
        });
        const response = await request(app).get('/ask').set('x-user', '{"id":1}');
        expect(response.status).toBe(200);
        expect(response.body).toEqual({
          variant: null,
          isVariant: false,
          isOn: false,
          isOff: false,
          value: null,
          peek: null,
          all: ['by_user', 'by_chance', 'by_rule', 'members', 'search', 'chat', 'certain', 'known'],
          inView: null,
        });
        expect(setCookies(response)).toEqual([]);
        expect(failed).not.toHaveBeenCalled();
        expect(middleware.status().failing).toEqual([]);
        silence();
      });
    },
  );

  it('starts the assignment when it is given, and keeps the variant', async () => {
    const { app } = appWith(byCookie);
    const agent = request.agent(app);
    expect((await agent.get('/variant/by_anonymous')).body).toBeNull();
    const agreed = await agent.get('/variant/by_anonymous').set('Cookie', 'consent=yes');
    expect(agreed.body).toMatch(/^[ab]$/);
    expect(setCookies(agreed).map((cookie) => cookie.slice(0, 10))).toEqual([
      expect.stringMatching(/^__cwtk=/),
      expect.stringMatching(/^__cwtk_r=/),
    ]);
    const key = setCookies(agreed)[0]?.split(';')[0];
    for (let i = 0; i < 3; i++) {
      const later = await request(app)
        .get('/variant/by_anonymous')
        .set('Cookie', `consent=yes; ${key}; __cwtk_r=1`);
      expect(later.body).toBe(agreed.body);
      expect(setCookies(later)).toEqual([]);
    }
  });

  it('gives the same variants as an application that does not ask', async () => {
    const { app: asking } = appWith(byCookie);
    const { app: plain } = appWith(undefined);
    for (let i = 0; i < 8; i++) {
      const cookie = `consent=yes; __cwtk=visitor-${i}; __cwtk_r=1`;
      const [one, other] = await Promise.all(
        [asking, plain].map((app) =>
          request(app).get('/variant/by_anonymous').set('Cookie', cookie),
        ),
      );
      expect(one?.body).toMatch(/^[ab]$/);
      expect(one?.body).toBe(other?.body);
      expect({ ...one?.headers, date: '' }).toEqual({ ...other?.headers, date: '' });
    }
  });

  it('is not needed for a variant that everyone gets, a draw, and an override', async () => {
    const { app } = appWith(byCookie);
    const variantOf = async (name: string, cookie = '') => {
      const response = await request(app).get(`/variant/${name}`).set('Cookie', cookie);
      expect(setCookies(response)).toEqual([]);
      return response.body as unknown;
    };
    expect(await variantOf('certain')).toBe('b');
    expect(await variantOf('by_chance')).toMatch(/^[ab]$/);
    expect(await variantOf('by_anonymous', '__cw=by_anonymous:a')).toBe('a');
    silence();
  });

  it('lets rules read the key as "anonymous"; without consent they read None', async () => {
    const { app } = appWith(byCookie);
    const variantWith = async (cookie: string) =>
      (await request(app).get('/variant/known').set('Cookie', cookie)).body as unknown;
    expect(await variantWith(`__cwtk=${KEY}`)).toBe('b');
    expect(await variantWith(`consent=yes; __cwtk=${KEY}`)).toBe('a');
    silence();
  });

  it('does not change errors of rules', async () => {
    const { app } = appWith(byCookie, { onError: 'throw' });
    const response = await request(app).get('/variant/broken');
    expect(response.status).toBe(500);
    expect(response.body).toMatchObject({ code: 'name' });
  });

  it('lets the guards treat a visitor like one outside the experiment', async () => {
    const { app } = appWith(byCookie, {}, (app) => {
      app.get('/guarded', requireVariant('by_anonymous', ['a', 'b']), (_req, res) => {
        res.json('inside');
      });
      app.get('/guarded', (_req, res) => {
        res.json('outside');
      });
      app.get('/off', requireOff('chat_trial', { redirectTo: '/guarded' }), (_req, res) => {
        res.json('inside');
      });
    });
    expect((await request(app).get('/guarded')).body).toBe('outside');
    expect((await request(app).get('/off')).headers['location']).toBe('/guarded');
    const agreed = request(app).get('/guarded').set('Cookie', 'consent=yes');
    expect((await agreed).body).toBe('inside');
    silence();
  });

  it('is the reason that explain() gives', async () => {
    const { app } = appWith(byCookie, {}, (app) => {
      app.get('/why', (req, res) => {
        res.json(req.experiments.explain('by_anonymous'));
      });
    });
    const { body } = await request(app).get('/why').set('Cookie', `__cwtk=${KEY}`);
    expect(body).toEqual({
      experiment: 'by_anonymous',
      reason: 'no-consent',
      overridden: false,
      audiences: [{ audience: 0, outcome: 'fallback', clauses: [] }],
      identity: { path: 'anonymous' },
      seed: 'by_anonymous',
      revision: expect.anything() as unknown,
    });
    silence();
  });

  it.each(['page', 'script'])(
    'is needed for the namespace %s, which returns its defaults',
    async (name) => {
      const { app, middleware } = appWith(byCookie, { onError: 'throw' }, (app) => {
        app.get('/title', (req, res) => {
          const space = req.namespace(name);
          const [title, params] = [space.get('title', 'none'), space.getParams()];
          space.expose();
          res.json([title, params, space.inExperiment, space.explain().withoutConsent ?? false]);
        });
      });
      const titleWith = (cookie: string) =>
        request(app).get('/title').set('Cookie', cookie).set('x-user', '{"id":1}');
      const without = await titleWith(`__cwtk=${KEY}`);
      expect(without.body).toEqual(['default', { title: 'default' }, false, true]);
      expect(without.headers['vary']).toBe('Cookie');
      expect(countOf(middleware)).toBe(1);
      const agreed = await titleWith('consent=yes');
      expect(agreed.body[0]).toMatch(/^(?:one|x|y)$/);
      expect(agreed.body.slice(2)).toEqual([true, false]);
      expect(setCookies(agreed)).toHaveLength(2);
      silence();
    },
  );

  describe('in the records', () => {
    it('is needed for exposures and for the unit of outcomes', async () => {
      const records: EventRecord[] = [];
      const exposure = jest.fn();
      const sink = callbackSink((batch) => {
        records.push(...batch);
      });
      const options = { exposures: { sink }, hooks: { exposure } };
      const { app, middleware } = appWith(byCookie, options, (app) => {
        app.get('/buy', (req, res) => {
          req.variant('by_anonymous');
          req.expose('by_anonymous');
          req.namespace('page').expose();
          req.track('purchase');
          res.json('done');
        });
      });
      await request(app).get('/buy').set('Cookie', `__cwtk=${KEY}`).set('x-user', '{"id":1}');
      await middleware.exposures?.flush();
      expect(records).toMatchObject([{ event: 'outcome', units: { 'user.id': '1' } }]);
      expect(records[0]).not.toHaveProperty('units.anonymous');
      expect(exposure).not.toHaveBeenCalled();
      await request(app).get('/buy').set('Cookie', `consent=yes; __cwtk=${KEY}`);
      await middleware.exposures?.flush();
      expect(records.slice(1)).toMatchObject([
        { event: 'exposure', unit: KEY },
        { event: 'exposure', unit: KEY },
        { event: 'outcome', units: { anonymous: KEY } },
      ]);
      silence();
    });

    it('is needed for the unit of an override, which is recorded without it', async () => {
      const records: EventRecord[] = [];
      const sink = callbackSink((batch) => {
        records.push(...batch);
      });
      const { app, middleware } = appWith(byCookie, { exposures: { sink } });
      await request(app)
        .get('/variant/by_anonymous')
        .set('Cookie', `__cw=by_anonymous:a; __cwtk=${KEY}`);
      await middleware.exposures?.flush();
      expect(records).toMatchObject([{ event: 'exposure', variant: 'a', overridden: true }]);
      expect(records[0]).not.toHaveProperty('unit');
    });

    it('is the reason that hooks see, and is counted', async () => {
      const decisions: MadeDecision[] = [];
      const { app, middleware } = appWith(byCookie, {
        hooks: { decision: (decision) => void decisions.push(decision) },
      });
      await request(app).get('/variant/by_anonymous');
      await request(app).get('/variant/by_anonymous').set('Cookie', 'consent=yes');
      expect(decisions.map(({ reason, variant }) => [reason, variant !== undefined])).toEqual([
        ['no-consent', false],
        ['allocation', true],
      ]);
      expect(countOf(middleware)).toBe(1);
    });

    it('is the reason "disabled" in the events of OpenTelemetry', async () => {
      const emit = jest.fn<undefined, [{ attributes?: object }]>();
      const { app } = appWith(byCookie, { hooks: evaluationHooks({ logger: { emit } }) });
      await request(app).get('/variant/by_anonymous');
      const [attributes, ...more] = emit.mock.calls.map(([event]) => event.attributes);
      expect(more).toEqual([]);
      expect(attributes).toMatchObject({ 'feature_flag.result.reason': 'disabled' });
      expect(attributes).not.toHaveProperty(['feature_flag.result.variant']);
      expect(attributes).not.toHaveProperty(['error.type']);
    });
  });

  describe('that is refused or withdrawn', () => {
    it('expires the cookies that the visitor still has, where they were set', async () => {
      const trackingCookie = {
        name: 'visitor',
        path: '/shop',
        domain: 'shop.example',
        secure: true,
      };
      const { app } = appWith(byCookie, { trackingCookie }, (app) => {
        app.get('/shop', (req, res) => {
          res.set('Cache-Control', 'public, max-age=60');
          req.variant('by_anonymous');
          req.isOn('chat_trial');
          res.json('done');
        });
      });
      const response = await request(app).get('/shop').set('Cookie', `visitor=${KEY}; visitor_r=1`);
      const attributes = setCookies(response).map((cookie) =>
        cookie.split('; ').filter((part) => !part.startsWith('Expires=')),
      );
      const rest = [
        'Domain=shop.example',
        'HttpOnly',
        'Max-Age=0',
        'Path=/shop',
        'SameSite=Lax',
        'Secure',
      ];
      expect(attributes.map(([pair]) => pair)).toEqual(['visitor=', 'visitor_r=']);
      for (const [, ...others] of attributes) expect(others.sort()).toEqual(rest);
      expect(response.headers['cache-control']).toBe('public, max-age=60, private');
      expect(response.headers['vary']).toBe('Cookie');
      silence();
    });

    it('makes a browser forget the key', async () => {
      const { app } = appWith((req) => req.query['consent'] === 'yes');
      const agent = request.agent(app);
      const ask = async (consent: string) =>
        setCookies(await agent.get(`/variant/by_anonymous?consent=${consent}`)).map(
          (cookie) => cookie.split(';')[0],
        );
      const [first] = await ask('yes');
      expect(await ask('yes')).toEqual([]);
      expect(await ask('no')).toEqual(['__cwtk=', '__cwtk_r=']);
      expect(await ask('no')).toEqual([]);
      const [second] = await ask('yes');
      expect(second).toMatch(/^__cwtk=[0-9a-f]{32}$/);
      expect(second).not.toBe(first);
    });

    it('expires nothing before a decision needs the key', async () => {
      const consent = jest.fn(() => false);
      const { app } = appWith(consent);
      for (const path of ['/idle', '/variant/by_user', '/variant/search', '/variant/certain']) {
        const response = await request(app)
          .get(path)
          .set('Cookie', `__cwtk=${KEY}`)
          .set('x-user', '{"id":1}');
        expect(setCookies(response)).toEqual([]);
      }
      expect(consent.mock.calls.length).toBe(0);
    });

    it('expires nothing if the application has no clear answer', async () => {
      const { app } = appWith(() => undefined);
      const response = await request(app)
        .get('/variant/by_anonymous')
        .set('Cookie', `__cwtk=${KEY}; __cwtk_r=1`);
      expect(response.body).toBeNull();
      expect(setCookies(response)).toEqual([]);
      expect(response.headers['cache-control']).toBeUndefined();
      silence();
    });

    it('does not fail after the headers are sent', async () => {
      const { app } = appWith(byCookie, {}, (app) => {
        app.get('/late', (req, res) => {
          res.write('[');
          const variant = req.variant('by_anonymous');
          res.end(`${JSON.stringify(variant ?? null)}]`);
        });
      });
      const response = await request(app).get('/late').set('Cookie', `__cwtk=${KEY}`);
      expect(response.text).toBe('[null]');
      silence();
    });
  });

  describe('with when: "always"', () => {
    const trackingCookie = { when: 'always' } as const;

    it('sets the cookie in the first response after consent', async () => {
      const { app } = appWith(byCookie, { trackingCookie });
      expect(setCookies(await request(app).get('/idle'))).toEqual([]);
      const agreed = await request(app).get('/idle').set('Cookie', 'consent=yes');
      expect(setCookies(agreed)).toHaveLength(2);
    });

    it('expires the cookies in the first response without it', async () => {
      const { app } = appWith(byCookie, { trackingCookie });
      const response = await request(app).get('/idle').set('Cookie', `__cwtk=${KEY}`);
      expect(setCookies(response)).toEqual([expect.stringMatching(/^__cwtk=;.*Max-Age=0/)]);
      expect(response.headers['cache-control']).toBe('private');
    });
  });

  it('is asked at most once for a request, by two middlewares too', async () => {
    const consent = jest.fn(() => true);
    const { app } = appWith(consent, {}, (app) => {
      const inner = appWith(consent, {}, (mounted) => {
        mounted.get('/both', (req, res) => {
          res.json([req.variant('by_anonymous'), req.isOn('chat_trial')]);
        });
      });
      app.get('/mounted/both', (req, _res, next) => {
        req.variant('by_anonymous');
        req.track('seen');
        next();
      });
      app.use('/mounted', inner.app);
    });
    expect((await request(app).get('/mounted/both')).body).toHaveLength(2);
    expect(consent.mock.calls.length).toBe(1);
  });

  it('is not asked for a key that the application provides itself', async () => {
    const consent = jest.fn(() => false);
    for (const own of [
      { contextProvider: () => ({ anonymous: 'own' }) },
      { lazy: { anonymous: () => 'own' } },
    ]) {
      const { app } = appWith(consent, own);
      const response = request(app).get('/variant/by_anonymous').set('Cookie', `__cwtk=${KEY}`);
      expect((await response).body).toMatch(/^[ab]$/);
      expect(setCookies(await response)).toEqual([]);
      const when = appWith(consent, { ...own, trackingCookie: { when: 'always' } });
      expect(setCookies(await request(when.app).get('/idle'))).toEqual([]);
    }
    expect(consent.mock.calls.length).toBe(0);
  });

  it('that is missing keeps caches from mixing up visitors', async () => {
    const { app } = appWith(byCookie);
    const { headers } = await request(app).get('/variant/by_anonymous');
    expect(headers['vary']).toBe('Cookie');
    expect(headers['cache-control']).toBeUndefined();
    const agreed = await request(app).get('/variant/by_anonymous').set('Cookie', 'consent=yes');
    expect(agreed.headers['vary']).toBe('Cookie');
    expect(agreed.headers['cache-control']).toBe('private');
  });

  it.each<[string, () => unknown, RegExp]>([
    [
      'throws',
      () => {
        throw new Error('no store');
      },
      /^evenhand: trackingCookie\.consent failed, so the visitor counts as one without consent: no store$/,
    ],
    [
      'returns a promise',
      async () => Promise.resolve(true),
      /returned a promise, .*; await it in an earlier middleware, and return true or false$/,
    ],
    ['rejects', async () => Promise.reject(new Error('later')), /returned a promise/],
    [
      'returns a text',
      () => 'secret-yes',
      /returned a value of the type string, .*; return true or false$/,
    ],
    ['returns 1', () => 1, /of the type number/],
    ['returns an object', () => ({}), /of the type object/],
  ])(
    'counts as missing, with one line in the log, if the function %s',
    async (_does, consent, line) => {
      const { app } = appWith(consent as TrackingCookieOptions['consent'], { onError: 'throw' });
      for (let i = 0; i < 3; i++) {
        const response = await request(app)
          .get('/variant/by_anonymous')
          .set('Cookie', `__cwtk=${KEY}; __cwtk_r=1`);
        expect(response.body).toBeNull();
        expect(response.status).toBe(200);
        expect(setCookies(response)).toEqual([]);
      }
      const logged = [...lines.warnings, ...lines.errors];
      expect(logged).toEqual([expect.stringMatching(line)]);
      expect(logged.join('')).not.toContain('secret-yes');
    },
  );

  it.each([undefined, null])(
    'counts as missing without a log line if the function returns %s',
    async (answer) => {
      const { app } = appWith((() => answer) as TrackingCookieOptions['consent']);
      expect((await request(app).get('/variant/by_anonymous')).body).toBeNull();
      silence();
    },
  );

  it('counts as missing for a decision that the function itself asks for', async () => {
    const inside: unknown[] = [];
    const { app } = appWith((req) => {
      inside.push(req.variant('by_anonymous'));
      return true;
    });
    const response = await request(app).get('/variant/chat_trial');
    expect(response.body).toMatch(/^(?:on|off)$/);
    expect(inside).toEqual([undefined]);
  });

  it('holds for signed cookies without cookie-parser, which fail only with consent', async () => {
    const { app } = appWith(byCookie, { trackingCookie: { signed: true } });
    expect((await request(app).get('/variant/by_anonymous')).body).toBeNull();
    const agreed = await request(app).get('/variant/by_anonymous').set('Cookie', 'consent=yes');
    expect(agreed.body).toMatchObject({ code: 'option' });
  });
});

function countOf(middleware: ReturnType<typeof testApp>['middleware']): number | undefined {
  const metric = middleware.metrics().find(({ name }) => name === 'evenhand.decision.no_consent');
  return metric?.samples[0]?.value;
}

describe('the option trackingCookie.consent', () => {
  it.each([true, 'yes', {}, null])('rejects %j', (consent) => {
    expect(() =>
      testApp(versions[0].express, {
        trackingCookie: { consent } as unknown as TrackingCookieOptions,
      }),
    ).toThrow(
      expect.objectContaining({
        code: 'option',
        message: expect.stringContaining('consent') as string,
      }),
    );
  });

  it('is suggested for a misspelt name', () => {
    expect(() =>
      testApp(versions[0].express, {
        trackingCookie: { concent: () => true } as unknown as TrackingCookieOptions,
      }),
    ).toThrow(/did you mean "consent"/);
  });
});
