import express from 'express';
import { createHmac } from 'node:crypto';
import request from 'supertest';
import {
  callbackSink,
  createClient,
  createExposures,
  evenhand,
  fileSink,
  httpSource,
  requireOff,
  settingsSource,
  verifyWebhook,
  webhookSink,
} from 'evenhand';
import { overrideExperiment } from 'evenhand/testing';
import {
  checkOptions,
  checks,
  type OptionCheck,
  type OptionChecks,
} from '../../src/options/check-options.ts';
import { closing } from '../closing.ts';
import { withNodeEnv } from '../express/harness.ts';
import { experiment } from '../assignment/build.ts';

/** Runs while `Object.prototype` has a property, as after an attack on another package. */
function polluted<T>(name: string, value: unknown, run: () => T): T {
  Reflect.defineProperty(Object.prototype, name, { value, configurable: true, writable: true });
  try {
    return run();
  } finally {
    Reflect.deleteProperty(Object.prototype, name);
  }
}

const table: OptionChecks = new Map<string, OptionCheck>([
  ['a', checks.aBoolean],
  ['b', checks.aFunction],
]);

describe('an option whose properties throw when they are read', () => {
  it('is refused with an OptionError', () => {
    const logger = {
      warn() {},
      error() {},
      get info(): () => void {
        throw new Error('unreadable');
      },
    };
    expect(() => createClient({ source, logger })).toThrow(
      expect.objectContaining({
        code: 'option',
        message: expect.stringMatching(/^createClient\(\): option "logger" must be an object with/),
      }),
    );
  });
});

describe('checkOptions', () => {
  it('returns a copy with the own options, which inherits nothing', () => {
    const given: { a?: boolean; b?: () => void } = { a: true };
    const own = polluted(
      'b',
      () => {},
      () => {
        const checked = checkOptions('f()', given, table);
        expect(checked.b).toBeUndefined();
        return checked;
      },
    );
    expect({ ...own }).toEqual({ a: true });
    expect(own).not.toBe(given);
    expect(Object.getPrototypeOf(own)).toBeNull();
  });

  it('reads each option once', () => {
    let reads = 0;
    const given = {
      get a() {
        return reads++ === 0;
      },
    };
    expect(checkOptions('f()', given, table).a).toBe(true);
    expect(reads).toBe(1);
  });
});

const sink = callbackSink(() => {});
const source = ['search:on', experiment({ name: 'visit', identity: 'anonymous' })];

/** Functions with options, and a property of `Object.prototype` that would be an invalid option. */
const refused: readonly (readonly [string, string, unknown, () => unknown])[] = [
  ['evenhand({ overrides })', 'allowIps', ['10'], () => evenhand({ source, overrides: {} })],
  ['evenhand({ viewNames })', 'isOn', 'isOff', () => evenhand({ source, viewNames: {} })],
  ['createClient()', 'exposures', { sinks: [] }, () => createClient({ source })],
  ['createExposures()', 'secret', 'x', () => createExposures({ sink })],
  ['createExposures()', 'sinks', [sink], () => createExposures({ sink })],
  ['fileSink()', 'rotate', { daily: true, everyMs: 1 }, () => fileSink({})],
  ['fileSink({ rotate })', 'everyMs', 1, () => fileSink({ rotate: { daily: true } })],
  ['webhookSink()', 'secret', 'x', () => webhookSink('https://example.com', {})],
  ['settingsSource()', 'intervalMs', 5, () => settingsSource([], {})],
];

/** Options of the middleware that would be used if they were read from `Object.prototype`. */
const used: readonly (readonly [string, unknown])[] = [
  [
    'contextProvider',
    () => {
      throw new Error('called through Object.prototype');
    },
  ],
  ['lazy', { anonymous: () => 'fixed' }],
  ['vary', false],
  ['domain', 'evil.example'],
  ['signed', true],
  ['httpOnly', false],
  ['cookie', '__cwtk'],
];

describe('a property that other code has put on Object.prototype', () => {
  it.each(refused)('is not an option of %s: %s', (_where, name, value, run) => {
    expect(() => polluted(name, value, run)).not.toThrow();
  });

  it.each(used)('is not an option of the middleware: %s', async (name, value) => {
    const experiments = polluted(name, value, () =>
      evenhand({ source, logger: false, trackingCookie: {}, overrides: {} }),
    );
    const app = express().use(closing(experiments));
    app.get('/', (req, res) => res.json(req.variant('visit')));
    const { status, headers } = await request(app).get('/');
    const [cookie] = headers['set-cookie'] as unknown as string[];
    expect([status, headers['vary']]).toEqual([200, 'Cookie']);
    expect(cookie).toMatch(
      /^__cwtk=[0-9a-f]{32}; Max-Age=31536000; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/,
    );
  });

  it('does not permit overrides in production', async () => {
    const experiments = withNodeEnv('production', () =>
      polluted(
        'allow',
        () => true,
        () => evenhand({ source }),
      ),
    );
    const app = express().use(closing(experiments));
    app.get('/', (req, res) => res.json(req.variant('search')));
    const { body } = await request(app).get('/').set('Cookie', '__cw=search:off');
    expect(body).toBe('on');
  });

  it('does not become the redirect of a guard', async () => {
    const guard = polluted('redirectTo', '/elsewhere', () => requireOff('search'));
    const app = express().use(closing(evenhand({ source })));
    app.get('/', guard, (_req, res) => res.json('off'));
    expect((await request(app).get('/')).status).toBe(404);
  });

  it('does not become the address for push messages', () => {
    const pushed = polluted('push', 'https://evil.example/', () =>
      httpSource('https://example.com/', {}),
    );
    expect(pushed.watch).toBeUndefined();
  });

  it('does not rename the cookie of overrideExperiment()', () => {
    const set: string[] = [];
    const target = {
      cookies: '',
      get: () => '',
      set: (_name: string, value: string) => set.push(value),
    };
    polluted('cookie', 'other', () => overrideExperiment(target, { search: 'off' }));
    expect(set).toEqual(['__cw=search%3Aoff']);
  });

  it('does not make old webhooks valid', () => {
    const secret = 'a secret of 16 bytes';
    const signature = createHmac('sha256', secret).update('id.1.body').digest('base64');
    const headers = {
      'webhook-id': 'id',
      'webhook-timestamp': '1',
      'webhook-signature': `v1,${signature}`,
    };
    const verify = (options = {}) => verifyWebhook('body', headers, secret, options);
    expect(verify({ now: 1000 })).toBe(true);
    expect(polluted('toleranceMs', Infinity, verify)).toBe(false);
    expect(polluted('now', 1000, verify)).toBe(false);
  });

  it('is not called as a hook', () => {
    const calls: string[] = [];
    polluted(
      'decision',
      () => calls.push('decision'),
      () => {
        const client = createClient({ source, hooks: { exposure() {} } });
        client.participant().variant('search');
      },
    );
    expect(calls).toEqual([]);
  });

  it('leaves hooks of a class as they are', () => {
    const calls: string[] = [];
    class Watching {
      readonly #calls = calls;
      decision(): void {
        this.#calls.push('decision');
      }
    }
    createClient({ source, hooks: new Watching() }).participant().variant('search');
    expect(calls).toEqual(['decision']);
  });
});
