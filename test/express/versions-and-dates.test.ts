import request from 'supertest';
import { type EvenhandOptions, version } from 'evenhand';
import { testApp, versions } from './harness.ts';

const all = (variant: string) => [{ variant, percent: 100 }];

/** An experiment whose variant `b` is for the rule, and that splits nobody. */
const forRule = (name: string, rule: string) => ({
  name,
  identity: 'anonymous',
  variants: [{ name: 'a' }, { name: 'b' }],
  audiences: [{ rule, allocations: all('b') }, { allocations: all('a') }],
});

const source = {
  context: {
    properties: {
      app: { type: ['string', 'null'], format: 'version' },
      signup: { type: 'string', format: 'date-time' },
      early: { type: 'boolean' },
    },
    required: ['app', 'signup', 'early'],
  },
  experiments: [
    forRule('new_player', 'app is not None and app >= "1.10.0"'),
    forRule('unguarded', 'app >= "1.10.0"'),
    forRule('newcomers', 'signup >= "2026-11-01" and signup < now'),
    forRule('winter', 'now >= "2026-12-01T09:00:00Z"'),
    forRule('winter_too', 'not early and now >= "2026-12-01T09:00:00Z"'),
  ],
};

const contextProvider: EvenhandOptions['contextProvider'] = (req) => ({
  app: version(req.headers['x-app-version']),
  signup: new Date('2026-11-05T10:00:00Z'),
  early: false,
});

describe.each(versions)('versions and dates on Express $version', ({ express }) => {
  const appWith = (options: EvenhandOptions = {}) =>
    testApp(express, { source, contextProvider, logger: false, ...options }, (app) => {
      app.get('/twice', (req, res) => {
        const first = req.variant('winter');
        jest.setSystemTime(new Date('2026-12-01T09:00:01Z'));
        res.json([first, req.variant('winter_too'), req.experiments.explain('winter_too').variant]);
      });
    }).app;

  it.each([
    ['1.10.0', 'b'],
    ['v1.11', 'b'],
    ['2', 'b'],
    ['2.0.0-beta.1+linux', 'b'],
    ['1.9.99', 'a'],
    ['1.10.0-rc.1', 'a'],
    ['', 'a'],
    ['1.10.0.4', 'a'],
    ['garbage', 'a'],
    ['__proto__', 'a'],
    ['9'.repeat(8000), 'a'],
  ])('give a header of %s its variant', async (header, variant) => {
    const answer = await request(appWith()).get('/variant/new_player').set('x-app-version', header);
    expect([answer.status, answer.body]).toEqual([200, variant]);
  });

  it('read a missing and a repeated header as None', async () => {
    const app = appWith();
    const none = await request(app).get('/variant/new_player');
    expect([none.status, none.body]).toEqual([200, 'a']);
    const twice = await request(app)
      .get('/variant/new_player')
      .set('x-app-version', ['1.10.0', '1.11.0'] as unknown as string);
    expect([twice.status, twice.body]).toEqual([200, 'a']);
  });

  it('answer an unguarded comparison with None as any other error of a rule', async () => {
    const thrown = await request(appWith({ onError: 'throw' })).get('/variant/unguarded');
    expect([thrown.status, (thrown.body as { code: string }).code]).toEqual([500, 'type']);
    const fallback = await request(appWith({ onError: 'fallback' })).get('/variant/unguarded');
    expect([fallback.status, fallback.body]).toEqual([200, 'a']);
  });

  it('compare a Date with text and with now', async () => {
    const answer = await request(appWith()).get('/variant/newcomers');
    expect(answer.body).toBe('b');
  });

  it('see one instant in a request, and a later one in the next', async () => {
    jest.useFakeTimers({
      now: new Date('2026-12-01T08:59:59Z'),
      // Requests need their timers.
      doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate', 'setInterval', 'setTimeout'],
    });
    try {
      const app = appWith();
      expect((await request(app).get('/twice')).body).toEqual(['a', 'a', 'a']);
      expect((await request(app).get('/twice')).body).toEqual(['b', 'b', 'b']);
    } finally {
      jest.useRealTimers();
    }
  });
});
