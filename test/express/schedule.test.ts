import type { ExperimentsMiddleware } from 'evenhand';
import request from 'supertest';
import { testApp, versions } from './harness.ts';

const FIRST = '2026-12-01T09:00:00Z';
const BEFORE_MS = 1000;

const all = (variant: string) => [{ allocations: [{ variant, percent: 100 }] }];

/** A switch that the schedule turns on. */
const SALE = {
  name: 'sale',
  identity: 'anonymous',
  variants: [{ name: 'on' }, { name: 'off' }],
  audiences: all('off'),
  schedule: [{ at: FIRST, audiences: all('on') }],
};

const open: ExperimentsMiddleware[] = [];

beforeEach(() => {
  jest.useFakeTimers({
    now: Date.parse(FIRST) - BEFORE_MS,
    doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'performance'],
  });
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((middleware) => middleware.close()));
  jest.useRealTimers();
});

describe.each(versions)('a schedule on Express $version', ({ express }) => {
  it('changes new requests at its instant, but not those that have begun', async () => {
    let release = (): void => {};
    const hold = new Promise<void>((resolve) => (release = resolve));
    let begin = (): void => {};
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const { app, middleware } = testApp(express, { source: [SALE], logger: false }, (server) => {
      server.get('/slow', (req, res) => {
        begin();
        // Decided after the switch for the first time, and still by the earlier audiences.
        void hold.then(() =>
          res.json([req.isOn('sale'), req.experiments.explain('sale').schedule]),
        );
      });
      server.get('/fast', (req, res) => {
        res.json([req.isOn('sale'), req.experiments.explain('sale').schedule]);
      });
    });
    open.push(middleware);
    const slow = request(app)
      .get('/slow')
      .then(({ body }) => body as unknown);
    await begun;
    expect((await request(app).get('/fast')).body).toEqual([false, { next: FIRST }]);
    await jest.advanceTimersByTimeAsync(BEFORE_MS);
    expect((await request(app).get('/fast')).body).toEqual([true, { since: FIRST }]);
    release();
    expect(await slow).toEqual([false, { next: FIRST }]);
    expect(middleware.status()).toMatchObject({ lastSwitch: FIRST, nextSwitch: undefined });
  });
});
