import express5, { type Express } from 'express';
import * as fc from 'fast-check';
import { evenhand, type EvenhandOptions, OptionError, requireOn } from 'evenhand';
import { showError, testApp, versions } from '../express/harness.ts';
import { RawServer } from './raw-server.ts';
import { runs } from '../runs.ts';
import { experiment } from '../assignment/build.ts';

const refused = [
  '',
  '//evil.example',
  '///evil.example',
  '/\\evil.example',
  '\\/evil.example',
  '\\\\evil.example',
  '\\evil.example',
  '/x\\..\\evil',
  'https:\\\\evil.example',
  'https://\\evil.example',
  'https:evil.example',
  'https:/evil.example',
  'https:///evil.example',
  'https://',
  'http:',
  'ftp://evil.example',
  'javascript:alert(1)',
  'JavaScript:alert(1)',
  'java\tscript:alert(1)',
  'java\nscript:alert(1)',
  '\x01javascript:alert(1)',
  ' javascript:alert(1)',
  '\u00a0javascript:alert(1)',
  'javascript&colon;:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:x',
  'blob:x',
  ' //evil.example',
  '\t//evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  '/\r\n/evil.example',
  '/x\r\nSet-Cookie: stolen=1',
  '/x\nLocation: https://evil.example',
  '/x\0',
  '/x\x7f',
  '/x\x85y',
  '/a b',
  'evil.example:443/x',
  'back',
];

const accepted = [
  '/',
  '/plans?from=x#y',
  '/plans?next=https://evil.example',
  '/x//evil.example',
  '/a:b',
  '/..//evil.example',
  '/%5cevil.example',
  '/%0d%0aSet-Cookie:%20stolen=1',
  '/@evil.example',
  'plans',
  './back',
  '../back',
  '?back=//evil.example',
  '#back',
  '/käse/\u2028',
];

describe.each(versions)('redirectTo on Express $version', ({ express }) => {
  let servers: RawServer[];
  beforeEach(() => {
    servers = [];
  });
  afterEach(async () => {
    await Promise.all(servers.map((server) => server.stop()));
  });

  async function serve(app: Express): Promise<RawServer> {
    const server = new RawServer(app);
    servers.push(server);
    await server.start();
    return server;
  }

  it.each(refused)('rejects %j when the guard is created', (redirectTo) => {
    expect(() => requireOn('chat', { redirectTo })).toThrow(
      expect.objectContaining({ code: 'option', message: expect.stringContaining('redirectTo') }),
    );
  });

  /** Returns each raw `Location` and the URL that a browser goes to from `http://shop/a/b`. */
  async function locations(
    addresses: readonly string[],
  ): Promise<readonly (readonly [string, URL])[]> {
    const { app } = testApp(express, {}, (app) => {
      for (const [i, redirectTo] of addresses.entries()) {
        app.get(`/guarded/${i}`, requireOn('chat', { redirectTo }));
      }
    });
    const server = await serve(app);
    return Promise.all(
      addresses.map(async (_address, i) => {
        const lines = ['Referer: https://evil.example/'];
        const { status, values } = await server.ask(
          `/guarded/${i}?redirectTo=//evil.example`,
          lines,
        );
        expect(status).toBe(302);
        expect(values('set-cookie')).toEqual([]);
        expect(values('location')).toHaveLength(1);
        const [location = ''] = values('location');
        return [location, new URL(location, 'http://shop/a/b')] as const;
      }),
    );
  }

  it('keeps visitors on the site if it is a path, whatever the request contains', async () => {
    for (const [location, url] of await locations(accepted)) {
      expect([location, url.protocol, url.host]).toEqual([location, 'http:', 'shop']);
    }
  });

  it('leads to another site only if it is a complete URL', async () => {
    const [first, second] = await locations([
      'https://other.example/x?y#z',
      'HTTP://other.example',
    ]);
    expect(first).toEqual([
      'https://other.example/x?y#z',
      expect.objectContaining({ host: 'other.example' }),
    ]);
    expect(second?.[1].href).toBe('http://other.example/');
  });

  it('is rejected, stays on the site or is a complete URL, whatever it contains', async () => {
    const pieces = [
      '/',
      '\\',
      ':',
      '.',
      '@',
      '?',
      '#',
      '%',
      ' ',
      '\t',
      '\r\n',
      '\0',
      'https',
      'javascript',
      'evil.example',
      'x',
      '\u00a0',
      'ü',
      '\ud800',
    ];
    const piece = fc.constantFrom(...pieces);
    const text = fc.array(piece, { minLength: 1, maxLength: 6 }).map((some) => some.join(''));
    const made = fc.sample(text, { numRuns: runs(3000), seed: 8 }).filter((redirectTo) => {
      try {
        requireOn('chat', { redirectTo });
        return true;
      } catch {
        return false;
      }
    });
    expect(made.length).toBeGreaterThan(runs(200) / 4);
    for (const [i, [location, url]] of (await locations(made)).entries()) {
      const whole = /^https:\/\/[^/\\]/.test(made[i] ?? '');
      const isWhole = whole && url.protocol === 'https:';
      expect([location, isWhole || url.origin === 'http://shop']).toEqual([location, true]);
    }
  });
});

describe('an option that becomes part of a header', () => {
  /** Returns the response to a first visit, or undefined if the options are rejected. */
  async function firstVisit(options: EvenhandOptions) {
    const app = express5();
    try {
      app.use(evenhand({ source: [anonymous], logger: false, ...options }));
    } catch (error) {
      if (!(error instanceof OptionError)) throw error;
      return undefined;
    }
    app.get('/', (req, res) => {
      res.json(req.variant('by_anonymous'));
    });
    app.use(showError);
    const server = new RawServer(app);
    await server.start();
    try {
      return await server.ask('/');
    } finally {
      await server.stop();
    }
  }

  const anonymous = experiment({ name: 'by_anonymous', identity: 'anonymous' });

  const odd = fc.constantFrom(
    'a',
    'Z',
    '0',
    '.',
    '-',
    '_',
    '/',
    '<',
    '>',
    ';',
    ',',
    '=',
    '"',
    ' ',
    '\r\n',
    '\0',
    'ü',
    '\x7f',
    '*',
    '(',
  );
  const text = fc.array(odd, { maxLength: 4 }).map((some) => some.join(''));
  const options: fc.Arbitrary<EvenhandOptions> = fc.oneof(
    text.map((name) => ({ trackingCookie: { name } })),
    text.map((rest) => ({ trackingCookie: { path: `/${rest}` } })),
    text.map((domain) => ({ trackingCookie: { domain } })),
    fc
      .integer({ min: 60, max: 66 })
      .map((n) => ({ trackingCookie: { domain: `${'a'.repeat(n)}.example` } })),
    fc
      .double({ min: 0, max: 4e12, noNaN: true })
      .map((maxAgeMs) => ({ trackingCookie: { maxAgeMs } })),
    text.map((name) => ({ vary: ['Cookie', name] })),
  );

  it('is rejected at the start or leads to a valid response', async () => {
    let visits = 0;
    await fc.assert(
      fc.asyncProperty(options, async (given) => {
        const answer = await firstVisit(given);
        if (answer === undefined) return;
        visits++;
        const { status, values } = answer;
        const [vary] = values('vary');
        expect([status, values('set-cookie').length]).toEqual([200, 2]);
        // An asterisk stands for every header, and Express leaves the others out.
        expect(['Cookie', '*']).toContain(vary?.split(', ')[0]);
      }),
      { numRuns: runs(400) },
    );
    expect(visits).toBeGreaterThan(runs(30) / 10);
  });
});
