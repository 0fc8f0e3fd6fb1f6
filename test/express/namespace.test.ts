import type { EvenhandOptions } from 'evenhand';
import { recordingSink } from 'evenhand/testing';
import request from 'supertest';
import { Lines, testApp, versions } from './harness.ts';

const texts = [
  { name: 'a', values: { text: 'Buy' } },
  { name: 'b', values: { text: 'Order' } },
];

const source = {
  experiments: [],
  namespaces: [
    {
      name: 'by_user',
      unit: 'user.id',
      segments: 10,
      experiments: [{ name: 'texts', variants: texts }],
      history: [{ add: 'texts', segments: 10 }],
    },
    {
      name: 'by_visitor',
      unit: 'anonymous',
      experiments: [{ name: 'texts', variants: texts }],
      history: [{ add: 'texts', segments: 10_000 }],
    },
    {
      name: 'by_both',
      unit: 'user.id',
      segments: 1,
      inputs: { visitor: 'anonymous' },
      experiments: [
        { name: 'texts', script: "text = uniformChoice(choices=['Buy', 'Order'], unit=visitor);" },
      ],
      history: [{ add: 'texts', segments: 1 }],
    },
    { name: 'empty', unit: 'user.id', defaults: { text: 'Pay' } },
  ],
};

describe.each(versions)('req.namespace on Express $version', ({ express }) => {
  const createApp = (options: EvenhandOptions = {}) =>
    testApp(express, { source, ...options }, (app) => {
      app.get('/:name', (req, res) => {
        res.json(req.namespace(req.params.name).get('text', 'OK'));
      });
      app.get('/same/:name', (req, res) => {
        const { name } = req.params;
        res.json(Object.is(req.namespace(name), req.experiments.namespace(name)));
      });
    }).app;

  const ask = (path: string, options?: EvenhandOptions) =>
    request(createApp(options)).get(path).set('x-user', '{"id":1}');

  it("records an exposure only for parameters of the user's experiment", async () => {
    const sink = recordingSink();
    const { app, middleware } = testApp(express, { source, exposures: { sink } }, (routes) => {
      routes.get('/:parameter', (req, res) => {
        res.json(req.namespace('by_user').get(req.params.parameter, 'none'));
      });
    });
    const recorded = async (parameter: string) => {
      await request(app).get(`/${parameter}`).set('x-user', '{"id":1}');
      await middleware.exposures?.flush();
      return sink.exposures().map(({ experiment, unit }) => [experiment, unit]);
    };
    expect(await recorded('color')).toEqual([]);
    expect(await recorded('text')).toEqual([['by_user.texts', '1']]);
  });

  it('gives a user the same text each time', async () => {
    const { body } = await ask('/by_user');
    expect(['Buy', 'Order']).toContain(body);
    expect((await ask('/by_user')).body).toBe(body);
    expect((await ask('/same/by_user')).body).toBe(true);
  });

  it.each<[string, string | undefined, string | undefined, string]>([
    ['/by_user', 'Cookie', undefined, 'a unit was looked at'],
    ['/by_visitor', 'Cookie', 'private', 'the visitor was given a key'],
    ['/by_both', 'Cookie', 'private', 'a script read the key'],
    ['/empty', undefined, undefined, 'no segment is taken'],
    ['/nowhere', undefined, undefined, 'it is unknown'],
    ['/same/by_user', undefined, undefined, 'nothing was asked'],
  ])('of %s: Vary is %s, Cache-Control is %s, since %s', async (path, vary, control) => {
    const { headers } = await ask(path);
    expect([headers['vary'], headers['cache-control']]).toEqual([vary, control]);
  });

  it.each(['/by_visitor', '/by_both'])(
    'keeps a visitor’s text, by the cookie: %s',
    async (path) => {
      const app = createApp();
      const seen = new Set<unknown>();
      for (let visitor = 0; visitor < 20; visitor++) {
        const agent = request.agent(app).set('x-user', '{"id":1}');
        const first = await agent.get(path);
        const second = await agent.get(path);
        expect(first.headers['set-cookie']).toHaveLength(2);
        expect(second.headers).not.toHaveProperty('set-cookie');
        expect(second.body).toBe(first.body);
        seen.add(first.body);
      }
      expect(seen.size).toBe(2);
    },
  );

  it('sets no tracking cookie if the key was not read', async () => {
    expect((await ask('/by_user')).headers).not.toHaveProperty('set-cookie');
  });

  it('passes an unusable unit to the error handler, or logs it once and returns the default', async () => {
    const { status, body } = await request(createApp()).get('/by_user');
    expect(status).toBe(500);
    expect(body).toMatchObject({
      code: 'namespace',
      message: expect.stringContaining('the unit "user.id" is null'),
    });
    const logger = new Lines();
    const app = createApp({ onError: 'fallback', logger });
    for (let i = 0; i < 2; i++) {
      const response = await request(app).get('/by_user');
      expect(response.body).toBe('OK');
      expect(response.headers['vary']).toBe('Cookie');
    }
    expect(logger.errors).toEqual([expect.stringContaining('namespace "by_user": the unit')]);
  });

  it('warns about an unknown namespace once', async () => {
    const logger = new Lines();
    const app = createApp({ logger });
    for (let i = 0; i < 2; i++) expect((await request(app).get('/nowhere')).body).toBe('OK');
    expect(logger.warnings).toEqual([expect.stringContaining('unknown namespace "nowhere"')]);
  });

  it('rejects a request that has not passed the middleware', async () => {
    const { app } = testApp(express, { source });
    const outside = express();
    outside.get('/', (req, res) => {
      res.json(req.namespace('by_user').get('text'));
    });
    expect((await request(app).get('/idle')).status).toBe(200);
    const { status, text } = await request(outside).get('/');
    expect(status).toBe(500);
    expect(text).toContain('req.namespace() was called for a request that has not passed');
  });
});
