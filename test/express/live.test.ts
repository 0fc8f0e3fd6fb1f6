import type { Express } from 'express';
import { type Delivery, httpSource, type ExperimentsMiddleware } from 'evenhand';
import request from 'supertest';
import { FakeSource, on } from '../sources/fake-source.ts';
import { json, TestServer } from '../sources/http/http-server.ts';
import { until } from '../sources/until.ts';
import { testApp, versions } from './harness.ts';
import { closing } from '../closing.ts';

const open: ExperimentsMiddleware[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((middleware) => middleware.close()));
});

/** A source that tells of changes when the test makes one. */
function pushed(first: Delivery) {
  let tell = (): void => {};
  const source = new FakeSource(() => first, {
    watch: (changed) => {
      tell = changed;
      changed();
      return new Promise(() => {});
    },
  });
  const put = (delivery: Delivery) => {
    source.answer = () => Promise.resolve(delivery);
    tell();
  };
  return { source, put };
}

/** A source that never answers. */
const hanging = () => new FakeSource(() => new Promise(() => {}));

describe.each(versions)('a live source on Express $version', ({ express }) => {
  const app = (options: object, extend?: (app: Express) => void) => {
    const made = testApp(express, options, extend);
    open.push(made.middleware);
    return made;
  };

  it('changes the variants of new requests, but not of requests that have begun', async () => {
    const { source, put } = pushed(on('a', 'old'));
    let hold = Promise.resolve();
    let held = 0;
    const both = (req: Express.Request) => [req.isOn('old'), req.isOn('new'), req.isOn('a')];
    const { app: server, middleware } = app({ source }, (app) => {
      app.get('/slow', (req, res) => {
        const before = req.isOn('old');
        held++;
        void hold.then(() => res.json([before, ...both(req)]));
      });
      // Decided after the change for the first time, and still by the earlier experiments.
      app.get('/unasked', (req, res) => {
        held++;
        void hold.then(() => res.json(both(req)));
      });
      app.get('/fast', (req, res) => {
        res.json(both(req));
      });
    });
    let release = (): void => {};
    hold = new Promise((resolve) => (release = resolve));
    const listening = closing(server.listen(0));
    const slow = ['/slow', '/unasked'].map((path) => Promise.resolve(request(listening).get(path)));
    await until('both have begun', () => held === 2);
    put(on('a', 'new'));
    await until('the change is in force', () => middleware.experiments().has('new'));
    expect((await request(listening).get('/fast')).body).toEqual([false, true, true]);
    release();
    expect((await Promise.all(slow)).map(({ body }) => body as unknown)).toEqual([
      [true, true, false, true],
      [true, false, true],
    ]);
  });

  it('shows a request the revision that decides it, even if a newer one arrives', async () => {
    const { source, put } = pushed({ ...on('a'), revision: 1 });
    const { app: server, middleware } = app({ source }, (app) => {
      app.get('/revision', (req, res) => {
        const before = [req.experiments.revision, req.experiments.explain('a').revision];
        put({ ...on('a', 'b'), revision: 2 });
        const inForce = until('it changes', () => middleware.experiments().revision === 2);
        void inForce.then(() =>
          res.json([before, req.experiments.explain('a').revision, req.isOn('b')]),
        );
      });
      app.get('/after', (req, res) => res.json(req.experiments.explain('b').revision));
    });
    expect((await request(server).get('/revision')).body).toEqual([[1, 1], 1, false]);
    expect((await request(server).get('/after')).body).toBe(2);
  });

  it('answers by a change as soon as reload() has resolved', async () => {
    const source = new FakeSource(() => on('a'), { intervalMs: 60_000 });
    const { app: server, middleware } = app({ source });
    source.answer = () => Promise.resolve({ origin: 'fake', data: ['a:off'] });
    await middleware.reload();
    expect((await request(server).get('/variant/a')).body).toBe('off');
    source.answer = () => ({ origin: 'fake', data: [] });
    await expect(middleware.reload()).rejects.toMatchObject({ code: 'source' });
    expect((await request(server).get('/variant/a')).body).toBe('off');
  });

  it('lets requests wait for the first load, but not for long', async () => {
    const source = hanging();
    const { app: server } = app({ source, startTimeoutMs: 200 });
    const answers = await Promise.all([1, 2, 3].map(() => request(server).get('/variant/a')));
    for (const { status, body } of answers) {
      expect([status, body]).toEqual([
        500,
        {
          name: 'SourceError',
          code: 'source',
          message: 'the source "fake" has not delivered within 200 ms',
        },
      ]);
    }
    expect((await request(server).get('/variant/a')).status).toBe(500);
    expect(source.loads).toHaveLength(1);
  });

  it('fails requests at once after the source has failed, until it delivers', async () => {
    const source = new FakeSource(() => Promise.reject(new Error('no route to host')));
    const { app: server, middleware } = app({ source });
    const { body } = await request(server).get('/variant/a');
    expect(body).toMatchObject({ code: 'source', message: expect.stringMatching(/no route/) });
    source.answer = () => Promise.resolve(on('a'));
    await middleware.ready({ timeoutMs: 30_000 });
    expect((await request(server).get('/variant/a')).body).toBe('on');
  });

  it('lets requests continue without experiments with startWithout: fallback', async () => {
    const { app: server } = app({ source: hanging(), startWithout: 'fallback' });
    const { status, body } = await request(server).get('/variant/a');
    expect([status, body]).toEqual([200, null]);
  });

  it('fails no request during many changes', async () => {
    const { source, put } = pushed(on('a', 'v0'));
    const { app: server, middleware } = app({ source }, (app) => {
      app.get('/names', (req, res) => {
        res.json(Object.keys(req.experiments.variants()));
      });
    });
    const listening = closing(server.listen(0));
    const answers: unknown[] = [];
    for (let i = 1; i <= 50; i++) {
      put(on('a', `v${i}`));
      const { status, body } = await request(listening).get('/names');
      answers.push([status, (body as unknown[]).length, (body as unknown[])[0]]);
    }
    expect(answers).toEqual(Array.from({ length: 50 }, () => [200, 2, 'a']));
    await until('the last is in force', () => middleware.experiments().has('v50'));
  });
});

describe.each(versions)('health() on Express $version', ({ express }) => {
  const healthOf = async (options: object, state: string) => {
    const made = testApp(express, options, (app) => {
      app.get('/health', (req, res, next) => made.middleware.health()(req, res, next));
    });
    open.push(made.middleware);
    // Beside the middleware, as a probe must be answered also where requests are not.
    const probe = express();
    probe.get('/health', made.middleware.health());
    await until(`it is ${state}`, () => made.middleware.status().state === state);
    const { status, body, headers } = await request(probe).get('/health');
    expect(headers['cache-control']).toBe('no-store');
    return { status, body: body as unknown, probe, middleware: made.middleware };
  };

  it('responds 200 if requests can be decided', async () => {
    expect(await healthOf({ source: ['a:on'] }, 'ready')).toMatchObject({
      status: 200,
      body: {
        state: 'ready',
        ready: true,
        source: 'config',
        provider: 'source',
        revision: expect.stringMatching(/^[0-9a-f]{16}$/),
        ageSeconds: null,
        watching: false,
        problem: null,
      },
    });
  });

  it.each([
    ['starting', () => hanging()],
    ['failed', () => new FakeSource(() => Promise.reject(new Error('s3cret')))],
  ])("responds 503 if requests can't be decided: %s", async (state, source) => {
    const { status, body } = await healthOf({ source: source() }, state);
    expect([status, body]).toEqual([
      503,
      expect.objectContaining({ state, ready: false, provider: null, revision: null }),
    ]);
    expect(JSON.stringify(body)).not.toContain('s3cret');
  });

  it('responds 200 if requests may continue without experiments', async () => {
    const options = { source: hanging(), startWithout: 'fallback' };
    expect(await healthOf(options, 'starting')).toMatchObject({
      status: 200,
      body: { ready: true },
    });
  });

  it('responds 200 for stale experiments, because the application still works', async () => {
    const source = new FakeSource(() => on('a'), { intervalMs: 100 });
    const options = { source, staleAfterMs: 1000 };
    source.answer = () => (source.loads.length === 1 ? on('a') : new Error('no route to host'));
    expect(await healthOf(options, 'stale')).toMatchObject({
      status: 200,
      body: {
        state: 'stale',
        ready: true,
        problem: { code: 'source', since: expect.stringMatching(/^\d{4}-.*Z$/) },
      },
    });
  });

  it('contains no address, password, header or message', async () => {
    const server = await new TestServer().start();
    server.handler = (req, res) => {
      if (server.requests.length === 1) json(res, '["a:on"]');
      else res.writeHead(500).end(`s3cret ${req.url}`);
    };
    const source = httpSource(
      server.url('/p4th/e.json?token=s3cret').replace('://', '://anna:s3cret@'),
      { intervalMs: 100, headers: { 'x-key': 's3cret' } },
    );
    const { probe, middleware } = await healthOf({ source }, 'ready');
    await until('it has failed', () => middleware.status().problem !== undefined);
    const { status, text } = await request(probe).get('/health');
    expect(status).toBe(200);
    expect(JSON.parse(text)).toMatchObject({ source: 'http', problem: { code: 'source' } });
    expect(text).not.toMatch(/s3cret|anna|127\.0\.0\.1|p4th|x-key|status 500/);
    // What is for the application only has no password either.
    expect(JSON.stringify(middleware.status())).not.toMatch(/s3cret|anna/);
  });
});
