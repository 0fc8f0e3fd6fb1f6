import request from 'supertest';
import { type EvenhandOptions, parseExperiments, requireVariant } from 'evenhand';
import { Lines, testApp, versions, withNodeEnv } from './harness.ts';
import { experiment } from '../assignment/build.ts';

const all = (variant: string) => [{ variant, percent: 100 }];

/** Experiments that fail in each way, and one that works. */
const source = {
  experiments: [
    {
      name: 'broken_rule',
      identity: 'user.id',
      variants: [{ name: 'a' }, { name: 'b' }],
      audiences: [{ rule: 'user.paln == "pro"', allocations: all('a') }, { allocations: all('b') }],
    },
    experiment({ name: 'no_identity', identity: 'tenant.id' }),
    {
      name: 'by_region',
      identity: 'user.id',
      variants: [{ name: 'north' }, { name: 'south' }],
      audiences: [
        { rule: 'region == "north"', allocations: all('north') },
        { allocations: all('south') },
      ],
    },
    'search:on',
  ],
  namespaces: [
    {
      name: 'checkout',
      unit: 'tenant.id',
      segments: 10,
      defaults: { size: 1 },
      experiments: [{ name: 'first', variants: [{ name: 'big', weight: 1, values: { size: 2 } }] }],
      history: [{ add: 'first', segments: 10 }],
    },
  ],
};

const environments: [NODE_ENV: string | undefined, onError: string][] = [
  ['production', 'fallback'],
  ['development', 'throw'],
  ['test', 'throw'],
  ['staging', 'throw'],
  ['', 'throw'],
  [undefined, 'throw'],
];

describe.each(versions)('onError on Express $version', ({ express }) => {
  const appIn = (nodeEnv: string | undefined, options: EvenhandOptions = {}) =>
    withNodeEnv(nodeEnv, () =>
      testApp(express, { source, ...options }, (app) => {
        app.get('/guarded', requireVariant('broken_rule', 'a'), (_req, res) => {
          res.json('guarded');
        });
        app.get('/guarded', (_req, res) => {
          res.json('everyone else');
        });
        app.get('/all', (req, res) => {
          const { variant, isVariant, isOn } = res.locals as Record<
            string,
            (...a: string[]) => unknown
          >;
          res.json({
            variants: req.experiments.variants(),
            namespace: req.namespace('checkout').get('size', 0),
            explained: req.experiments.explain('broken_rule').variant,
            locals: [variant?.('broken_rule'), isVariant?.('broken_rule', 'b'), isOn?.('search')],
          });
        });
      }),
    );

  it.each(environments)('is by default, in NODE_ENV=%s, %s', async (nodeEnv, onError) => {
    const { app } = appIn(nodeEnv);
    const answer = await request(app).get('/variant/broken_rule').set('x-user', '{"id":1}');
    expect(answer.status).toBe(onError === 'fallback' ? 200 : 500);
  });

  it.each(environments)('wins over NODE_ENV=%s if it is set', async (nodeEnv) => {
    const thrown = await request(appIn(nodeEnv, { onError: 'throw' }).app).get(
      '/variant/by_region',
    );
    expect(thrown.status).toBe(500);
    const app = appIn(nodeEnv, { onError: 'fallback' }).app;
    expect((await request(app).get('/variant/by_region')).body).toBe('south');
  });

  it('is the default of the environment if it is undefined', async () => {
    const { app } = appIn('production', { onError: undefined } as object);
    expect((await request(app).get('/variant/by_region')).body).toBe('south');
  });

  it('throws by default in parseExperiments() in production', () => {
    withNodeEnv('production', () => {
      expect(() => parseExperiments(source).participant().variant('by_region')).toThrow(
        expect.objectContaining({ code: 'name', experiment: 'by_region' }),
      );
    });
  });

  it('keeps a site up in production whatever fails', async () => {
    const logger = new Lines();
    const { app, middleware } = appIn('production', {
      logger,
      contextProvider: () => Promise.reject(new Error('no geo service')),
    });
    app.use('/health', middleware.health());
    for (const [path, body] of [
      ['/idle', 'idle'],
      ['/variant/no_identity', null],
      ['/guarded', 'everyone else'],
      [
        '/all',
        {
          variants: { broken_rule: 'b', by_region: 'south', search: 'on' },
          namespace: 1,
          explained: 'b',
          locals: ['b', true, true],
        },
      ],
    ] as const) {
      const answer = await request(app).get(path).set('x-user', '{"id":1}');
      expect([path, answer.status, answer.body]).toEqual([path, 200, body]);
    }
    // Once for each cause, with the name of what fails.
    expect(logger.errors.map((line) => line.split('\n')[0])).toEqual([
      expect.stringMatching(/"contextProvider" failed; requests continue without.*no geo service/),
      expect.stringMatching(/experiment "no_identity": the identity "tenant\.id"/),
      expect.stringMatching(/experiment "broken_rule": an object has no attribute "paln"/),
      expect.stringMatching(/experiment "by_region": the context has no "region"/),
      expect.stringMatching(/namespace "checkout": the unit "tenant\.id"/),
    ]);
    const { failing } = middleware.status();
    expect(failing).toContainEqual(expect.objectContaining({ code: 'context', count: 4 }));
    expect(failing).toHaveLength(5);
    const health = await request(app).get('/health');
    expect([health.status, health.body]).toEqual([
      200,
      expect.objectContaining({ state: 'degraded', ready: true, problem: null, failing: 5 }),
    ]);
    expect(health.text).not.toMatch(/tenant|broken_rule|paln|geo service/);
  });

  it('calls hooks.error without a participant if the context provider fails', async () => {
    const error = jest.fn();
    const { app } = appIn('production', {
      hooks: { error },
      contextProvider() {
        throw new Error('no geo service');
      },
    });
    await request(app).get('/idle');
    expect(error.mock.calls).toEqual([
      [expect.objectContaining({ code: 'context', cause: new Error('no geo service') }), {}],
    ]);
  });

  it('counts errors that reach the error handler too', async () => {
    const { app, middleware } = appIn('development');
    expect((await request(app).get('/variant/no_identity')).status).toBe(500);
    expect((await request(app).get('/variant/no_identity')).status).toBe(500);
    expect(middleware.status()).toMatchObject({
      state: 'degraded',
      ready: true,
      failing: [{ experiment: 'no_identity', code: 'identity', count: 2 }],
    });
  });
});
