import { createClient, createExposures, evenhand, httpSource, requireOn } from 'evenhand';
import { callbackSink, fileSink, settingsSource, stdoutSink, webhookSink } from 'evenhand';
import { checkOptions, checks, type OptionChecks } from '../../src/options/check-options.ts';
import { overrideExperiment } from '../../src/testing/index.ts';
import { verifyWebhook } from '../../src/index.ts';

/** Runs while `Object.prototype` has a property, as after an attack on another package. */
function polluted<T>(name: string, value: unknown, run: () => T): T {
  Object.defineProperty(Object.prototype, name, { value, configurable: true, writable: true });
  try {
    return run();
  } finally {
    Reflect.deleteProperty(Object.prototype, name);
  }
}

const table: OptionChecks = new Map([
  ['a', checks.aBoolean],
  ['b', checks.aFunction],
]);

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

const throwing = () => {
  throw new Error('called through Object.prototype');
};
const sink = callbackSink(() => {});
const source = ['search:on'];

/** Functions with options, and a property of `Object.prototype` that would break or open them. */
const cases: readonly (readonly [string, string, unknown, () => unknown])[] = [
  ['evenhand()', 'contextProvider', 'no function', () => evenhand({ source })],
  ['evenhand()', 'lazy', { user: throwing }, () => evenhand({ source })],
  ['evenhand()', 'source', 'missing.json', () => evenhand({ source, logger: false })],
  ['evenhand()', 'cacheFile', '/nowhere/cache.json', () => evenhand({ source })],
  ['evenhand()', 'onError', 'ignore', () => evenhand({ source })],
  ['evenhand({ trackingCookie })', 'domain', 'a;b', () => evenhand({ source, trackingCookie: {} })],
  ['evenhand({ trackingCookie })', 'signed', true, () => evenhand({ source, trackingCookie: {} })],
  ['evenhand({ overrides })', 'allowIps', ['10'], () => evenhand({ source, overrides: {} })],
  ['evenhand({ viewNames })', 'isOn', 'isOff', () => evenhand({ source, viewNames: {} })],
  ['createClient()', 'exposures', { sinks: [] }, () => createClient({ source })],
  ['createClient()', 'bootstrap', 5, () => createClient({ source })],
  ['createExposures()', 'secret', 'x', () => createExposures({ sink })],
  ['createExposures()', 'sinks', [sink], () => createExposures({ sink })],
  ['createExposures({ queue })', 'maxRecords', 0, () => createExposures({ sink, queue: {} })],
  ['fileSink()', 'rotate', { daily: true, everyMs: 1 }, () => fileSink({})],
  ['fileSink({ rotate })', 'everyMs', 1, () => fileSink({ rotate: { daily: true } })],
  ['stdoutSink()', 'stream', 5, () => stdoutSink({})],
  ['webhookSink()', 'secret', 'x', () => webhookSink('https://example.com', {})],
  ['httpSource()', 'push', 'no address', () => httpSource('https://example.com', {})],
  ['settingsSource()', 'intervalMs', 5, () => settingsSource([], {})],
  ['requireOn()', 'redirectTo', 'javascript:alert(1)', () => requireOn('search', {})],
  [
    'overrideExperiment()',
    'cookie',
    'a b',
    () => overrideExperiment({ cookies: '', get: () => '', set: () => '' }, {}, {}),
  ],
];

describe('a property that other code has put on Object.prototype', () => {
  it.each(cases)('is not an option of %s: %s', (_where, name, value, run) => {
    expect(() => polluted(name, value, run)).not.toThrow();
  });

  it('does not become the path of a file', () => {
    const used = polluted('path', '/elsewhere', () => fileSink({}));
    expect(JSON.stringify(used)).not.toContain('elsewhere');
  });

  it('does not permit overrides in production', () => {
    const access = polluted(
      'allow',
      () => true,
      () => checkOptions('evenhand({ overrides })', {} as { allow?: unknown }, new Map()),
    );
    expect(access.allow).toBeUndefined();
  });

  it('does not make old webhooks valid', () => {
    const secret = 'a secret of 16 bytes';
    const headers = {
      'webhook-id': 'id',
      'webhook-timestamp': '1',
      'webhook-signature': 'v1,x',
    };
    expect(polluted('toleranceMs', Infinity, () => verifyWebhook('', headers, secret))).toBe(false);
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
