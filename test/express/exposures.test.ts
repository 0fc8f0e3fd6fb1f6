import { createExposures } from 'evenhand';
import request from 'supertest';
import { requireVariant } from '../../src/express/guards.ts';
import { handlebarsHelpers } from '../../src/views/handlebars-helpers.ts';
import { recordingSink } from '../../src/testing/recording-sink.ts';
import { testApp, versions } from './harness.ts';

const USER = '{"id":7,"plan":"free"}';

describe.each(versions)('exposures on Express $version', ({ express }) => {
  function setUp(extend: Parameters<typeof testApp>[2] = () => {}, options = {}) {
    const sink = recordingSink();
    const { app, middleware } = testApp(express, { exposures: { sink }, ...options }, extend);
    const recorded = async () => {
      await middleware.exposures?.flush();
      return sink.exposures().map(({ experiment, unit }) => [experiment, unit]);
    };
    return { app, middleware, sink, recorded };
  }

  it('are made by the methods of the request, and not by variants() and peek()', async () => {
    const context = { contextProvider: () => ({ tenant: { id: 't' }, region: 'north' }) };
    const { app, recorded } = setUp((app) => {
      app.get('/ask', (req, res) => {
        const peeked = req.peek('by_user');
        res.json([peeked, req.experiments.variants().by_user, req.variant('by_user')]);
      });
      app.get('/look', (req, res) => {
        res.json([req.peek('by_user'), req.experiments.explain('by_user').variant]);
      });
    }, context);
    const looked = await request(app).get('/look').set('x-user', USER);
    expect(await recorded()).toEqual([]);
    const asked = await request(app).get('/ask').set('x-user', USER);
    expect(new Set([...asked.body, ...looked.body]).size).toBe(1);
    expect(await recorded()).toEqual([['by_user', '7']]);
  });

  it('are made by guards, whether they let pass or not', async () => {
    const { app, recorded } = setUp((app) => {
      app.get('/a', requireVariant('by_user', 'a'), (_req, res) => res.json('a'));
      app.get('/a', (_req, res) => res.json('b'));
    });
    for (const id of [1, 2, 3, 4, 5, 6]) {
      await request(app).get('/a').set('x-user', JSON.stringify({ id }));
    }
    expect(await recorded()).toEqual([1, 2, 3, 4, 5, 6].map((id) => ['by_user', String(id)]));
  });

  it('are made by views', async () => {
    const { app, recorded } = setUp((app) => {
      app.get('/locals', (_req, res) => res.json(res.locals.isVariant('by_user', 'a')));
    });
    await request(app).get('/locals').set('x-user', USER);
    const context = { contextProvider: () => ({ tenant: { id: 't' } }) };
    const other = setUp((app) => {
      app.get('/helper', (_req, res) => {
        const options = { data: { root: res.locals }, hash: {}, name: 'variant' };
        res.json(handlebarsHelpers().variant.call({}, 'by_tenant', options));
      });
    }, context);
    await request(other.app).get('/helper');
    expect(await recorded()).toEqual([['by_user', '7']]);
    expect(await other.recorded()).toEqual([['by_tenant', 't']]);
  });

  it('have the tracking key of the response as their unit', async () => {
    const { app, recorded } = setUp();
    const { headers } = await request(app).get('/variant/by_anonymous');
    const [, key] = /__cwtk=([0-9a-f]{32})/.exec(String(headers['set-cookie'])) ?? [];
    expect(await recorded()).toEqual([['by_anonymous', key]]);
  });

  it('create no tracking key for an override or a tracked event', async () => {
    const { app, sink, middleware } = setUp((app) => {
      app.get('/track', (req, res) => {
        req.track('visit');
        res.json('tracked');
      });
      app.get('/both', (req, res) => {
        req.variant('by_anonymous');
        req.track('visit');
        res.json('tracked');
      });
    });
    const visits = [
      await request(app).get('/variant/by_anonymous').set('Cookie', '__cw=by_anonymous:b'),
      await request(app).get('/track'),
      await request(app).get('/track').set('Cookie', '__cwtk=k'),
      await request(app).get('/both'),
    ];
    await middleware.exposures?.flush();
    const cookies = visits.map(({ headers }) => headers['set-cookie'] ?? '');
    expect(cookies.slice(0, 3)).toEqual(['', '', '']);
    const [, key] = /__cwtk=([0-9a-f]{32})/.exec(cookies[3] ?? '') ?? [];
    expect(sink.exposures()[0]).toMatchObject({ overridden: true, variant: 'b' });
    expect(sink.exposures()[0]).not.toHaveProperty('unit');
    expect(sink.outcomes().map(({ units }) => units.anonymous)).toEqual([undefined, 'k', key]);
  });

  it('have the key of an overridden visitor who already has one', async () => {
    const { app, recorded } = setUp();
    await request(app).get('/variant/by_anonymous').set('Cookie', '__cw=by_anonymous:b; __cwtk=k');
    expect(await recorded()).toEqual([['by_anonymous', 'k']]);
  });

  it('are made by req.expose(), and outcomes by req.track()', async () => {
    const manual = {
      name: 'manual',
      identity: 'user.id',
      exposure: 'manual',
      variants: [{ name: 'a' }, { name: 'b' }],
      audiences: [
        {
          allocations: [
            { variant: 'a', percent: 50 },
            { variant: 'b', percent: 50 },
          ],
        },
      ],
    };
    const { app, sink, middleware } = setUp(
      (app) => {
        app.get('/buy', (req, res) => {
          req.variant('manual');
          if (req.query.expose) req.expose('manual');
          req.track('purchase', { value: 12.5 });
          res.json('bought');
        });
      },
      { source: [manual] },
    );
    await request(app).get('/buy').set('x-user', USER);
    await middleware.exposures?.flush();
    expect(sink.exposures()).toEqual([]);
    await request(app).get('/buy?expose=1').set('x-user', USER);
    await middleware.close();
    expect(sink.exposures()).toHaveLength(1);
    expect(sink.outcomes()).toMatchObject([
      { name: 'purchase', units: { 'user.id': '7' }, properties: { value: 12.5 } },
      { name: 'purchase' },
    ]);
  });

  it('can be shared by several middlewares', async () => {
    const sink = recordingSink();
    const exposures = createExposures({ sink });
    for (const path of ['/variant/by_user', '/variant/by_user']) {
      const { app } = testApp(express, { exposures });
      await request(app).get(path).set('x-user', USER);
    }
    await exposures.close();
    expect(sink.records).toHaveLength(1);
    expect(exposures.stats()).toMatchObject({ recorded: 1, deduplicated: 1 });
  });

  it('change no answer and no header', async () => {
    const recording = setUp();
    const { app: without } = testApp(express);
    for (const path of ['by_user', 'by_chance', 'by_rule', 'search', 'unknown']) {
      const answers = [recording.app, without].map(async (app) => {
        const { status, headers } = await request(app).get(`/variant/${path}`).set('x-user', USER);
        return [status, headers.vary, headers['cache-control'], headers['set-cookie']];
      });
      const [one, other] = await Promise.all(answers);
      expect(one).toEqual(other);
    }
  });
});
