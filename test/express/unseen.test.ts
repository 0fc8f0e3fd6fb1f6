import type { Request } from 'express';
import { createExposures, requireVariant } from 'evenhand';
import request from 'supertest';
import { recordingSink } from '../../src/testing/recording-sink.ts';
import { Lines, testApp, versions } from './harness.ts';

const half = [
  { variant: 'a', percent: 50 },
  { variant: 'b', percent: 50 },
];

const ab = { variants: [{ name: 'a' }, { name: 'b' }], audiences: [{ allocations: half }] };

const source = {
  experiments: [
    { name: 'by_user', identity: 'user.id', ...ab },
    { name: 'manual', identity: 'user.id', exposure: 'manual', ...ab },
    { name: 'by_anonymous', identity: 'anonymous', ...ab },
    {
      name: 'certain',
      identity: 'user.id',
      variants: [{ name: 'a' }],
      audiences: [{ allocations: [{ variant: 'a', percent: 100 }] }],
    },
    'search:on',
  ],
  namespaces: [
    {
      name: 'page',
      unit: 'user.id',
      segments: 10,
      experiments: [{ name: 'words', variants: [{ name: 'one', values: { title: 'one' } }] }],
      history: [{ add: 'words', segments: 10 }],
    },
  ],
};

describe.each(versions)('exposures on Express $version', ({ express }) => {
  const lines = new Lines();

  beforeEach(() => {
    lines.warnings.length = 0;
    lines.errors.length = 0;
  });

  function setUp(ignore?: (req: Request) => unknown, given: object = {}) {
    const sink = recordingSink();
    const exposures = { sink, ...(ignore === undefined ? {} : { ignore }) } as {
      sink: typeof sink;
    };
    const exposure = jest.fn();
    const options = { source, logger: lines, exposures, hooks: { exposure }, ...given };
    const { app, middleware } = testApp(express, options, (app) => {
      app.get('/all', (req, res) => {
        const decided = [req.variant('by_user'), req.isVariant('by_anonymous', 'a')];
        req.expose('manual');
        const title: unknown = req.namespace('page').get('title');
        req.namespace('page').expose();
        req.track('seen');
        res.json([...decided, title, res.locals.variant('by_user')]);
      });
      app.get('/track', (req, res) => {
        req.track('seen');
        res.json('done');
      });
      app.get('/guarded', requireVariant('by_user', ['a', 'b']), (_req, res) => {
        res.json('in');
      });
    });
    const recorded = async () => {
      await middleware.exposures?.flush();
      return sink.exposures().map(({ experiment }) => experiment);
    };
    const ignored = () =>
      middleware.metrics().find(({ name }) => name === 'evenhand.exposures.ignored')?.samples[0]
        ?.value;
    return { app, middleware, sink, exposure, recorded, ignored };
  }

  const ALL = ['by_user', 'by_anonymous', 'manual', 'page.words'];

  const visit = (app: ReturnType<typeof setUp>['app'], headers: Record<string, string> = {}) =>
    request(app)
      .get('/all')
      .set({ 'x-user': '{"id":7}', Cookie: '__cwtk=ada; __cwtk_r=1', ...headers });

  it.each([
    ['Sec-Purpose', 'prefetch'],
    ['Sec-Purpose', 'prefetch;prerender'],
    ['Sec-Purpose', 'prefetch;anonymous-client-ip'],
    ['Sec-Purpose', 'prefetch; anonymous-client-ip="yes"'],
    ['Sec-Purpose', 'Prefetch ; prerender'],
    ['sec-purpose', 'other, prefetch'],
    ['Purpose', 'prefetch'],
    ['Purpose', 'preview'],
    ['Purpose', 'prerender'],
    ['X-Moz', 'prefetch'],
    ['X-MOZ', 'PREFETCH'],
  ])('are not made by a request with %s: %s, which decides as usual', async (name, value) => {
    const { app, recorded, ignored, exposure, sink } = setUp();
    const early = await visit(app, { [name]: value });
    expect(await recorded()).toEqual([]);
    expect(ignored()).toBe(4);
    expect(exposure).not.toHaveBeenCalled();
    expect(sink.outcomes().map((one) => one.name)).toEqual(['seen']);
    const seen = await visit(app);
    expect({ ...early.headers, date: '' }).toEqual({ ...seen.headers, date: '' });
    expect(early.body).toEqual(seen.body);
    expect(await recorded()).toEqual(ALL);
    expect(ignored()).toBe(4);
  });

  it.each([
    ['Sec-Purpose', ''],
    ['Sec-Purpose', 'prefetched'],
    ['Sec-Purpose', 'no-prefetch'],
    ['Purpose', 'x;y="prefetch"'],
    ['X-Moz', 'livebookmarks'],
    ['X-Purpose-Of-Life', 'prefetch'],
    ['Sec-Fetch-Dest', 'document'],
    ['Purpose', ','.repeat(8000)],
  ])('are made by a request with %s: %.20s', async (name, value) => {
    const { app, recorded, ignored } = setUp();
    await visit(app, { [name]: value });
    expect(await recorded()).toEqual(ALL);
    expect(ignored()).toBe(0);
  });

  it('are not made by HEAD, which has the headers of GET', async () => {
    const { app, recorded, ignored } = setUp();
    const head = await request(app).head('/variant/by_anonymous');
    expect(head.headers['set-cookie']).toHaveLength(2);
    expect(head.headers).toMatchObject({ vary: 'Cookie', 'cache-control': 'private' });
    expect(await recorded()).toEqual([]);
    expect(ignored()).toBe(1);
    await request(app).head('/guarded').set('x-user', '{"id":7}').expect(200);
    expect(await recorded()).toEqual([]);
    await request(app).get('/guarded').set('x-user', '{"id":7}').expect(200);
    expect(await recorded()).toEqual(['by_user']);
  });

  describe('with the option "ignore"', () => {
    const isBot = (req: Request) => /bot/i.test(req.get('user-agent') ?? '');

    it('are not made by the requests that it names, which decide as usual', async () => {
      const { app, recorded, ignored, sink } = setUp(isBot);
      const bot = await visit(app, { 'User-Agent': 'SomeBot/1.0' });
      expect(await recorded()).toEqual([]);
      expect(ignored()).toBe(4);
      expect(sink.outcomes()).toHaveLength(1);
      const person = await visit(app, { 'User-Agent': 'Firefox' });
      expect(person.body).toEqual(bot.body);
      expect(await recorded()).toEqual(ALL);
    });

    it('ask it once for a request, and only if there is an exposure', async () => {
      const ignore = jest.fn(() => false);
      const { app, recorded } = setUp(ignore);
      for (const path of ['/idle', '/track', '/variant/certain', '/variant/search']) {
        await request(app).get(path).set('x-user', '{"id":7}').expect(200);
      }
      await request(app).head('/all').set('x-user', '{"id":7}').expect(200);
      await visit(app, { Purpose: 'prefetch' });
      expect(ignore.mock.calls.length).toBe(0);
      await visit(app);
      expect(ignore.mock.calls.length).toBe(1);
      expect(await recorded()).toEqual(ALL);
    });

    it('ask it once for a request that meets two middlewares with shared exposures', async () => {
      const sink = recordingSink();
      const ignore = jest.fn(() => true);
      const exposures = createExposures({ sink, ignore });
      const inner = setUp(undefined, { exposures });
      const { app } = testApp(express, { source, exposures, logger: false }, (app) => {
        app.use((req, _res, next) => {
          req.variant('by_user');
          next();
        });
        app.use('/inner', inner.app);
      });
      await request(app).get('/inner/all').set('x-user', '{"id":7}').expect(200);
      await exposures.close();
      expect(ignore.mock.calls.length).toBe(1);
      expect(sink.exposures()).toEqual([]);
      expect(exposures.stats()).toMatchObject({ recorded: 1, ignored: 5 });
    });

    it.each<[string, () => unknown, RegExp]>([
      [
        'throws',
        () => {
          throw new Error('no list');
        },
        /^evenhand: exposures\.ignore failed, so the exposures of the request are recorded: no list$/,
      ],
      ['returns a promise', async () => Promise.resolve(true), /returned a promise/],
      ['rejects', async () => Promise.reject(new Error('later')), /returned a promise/],
      ['returns a text', () => 'yes', /of the type string/],
    ])('are made, with one line in the log, if it %s', async (_does, ignore, line) => {
      const { app, recorded, ignored } = setUp(ignore);
      await visit(app);
      await visit(app, { 'x-user': '{"id":8}' });
      expect(await recorded()).toEqual([...ALL, 'by_user', 'manual', 'page.words']);
      expect(ignored()).toBe(0);
      expect([...lines.warnings, ...lines.errors]).toEqual([expect.stringMatching(line)]);
    });

    it('let it ask for a decision', async () => {
      const { app, recorded } = setUp((req) => req.isVariant('by_user', ['a', 'b']));
      await request(app).get('/variant/by_anonymous').set('x-user', '{"id":7}').expect(200);
      expect(await recorded()).toEqual(['by_user']);
      expect(lines.errors).toEqual([]);
    });
  });
});

describe('the option exposures.ignore', () => {
  it('must be a function, and is suggested for a misspelt name', () => {
    const sink = recordingSink();
    const make = (options: object) => () => createExposures({ sink, ...options });
    expect(make({ ignore: /bot/ })).toThrow(expect.objectContaining({ code: 'option' }));
    expect(make({ ignores: () => true })).toThrow(/did you mean "ignore"/);
  });
});
