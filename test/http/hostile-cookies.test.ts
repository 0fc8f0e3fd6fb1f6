import cookieParser from 'cookie-parser';
import type { RequestHandler } from 'express';
import { createHmac } from 'node:crypto';
import * as fc from 'fast-check';
import { type EvenhandOptions } from 'evenhand';
import { Lines, showError, testApp, versions, withNodeEnv } from '../express/harness.ts';
import { RawServer } from './raw-server.ts';
import { runs, TESTS_EVERYTHING } from '../runs.ts';

/** The sizes of cookies, in bytes: the limits and their neighbours. */
const SIZES = TESTS_EVERYTHING ? [0, 1, 100, 4095, 4096, 4097, 8192, 16_384] : [0, 4097, 16_384];

/** A `Set-Cookie` that Evenhand may send to anyone: harmless characters only. */
const HARMLESS = /^__cwtk(?:_r)?=[\w.!#$%()*+/:=?@[\]^{|}~-]{1,256}; /;

/** Returns the `Set-Cookie` headers with tracking keys. */
const keysIn = (set: readonly string[]) => set.filter((one) => !one.startsWith('__cwtk_r=1; '));

/** Signs a value as cookie-parser does. */
function sign(value: string, secret: string): string {
  const signature = createHmac('sha256', secret).update(value).digest('base64');
  return `${value}.${signature.replace(/=+$/, '')}`;
}

/** The middleware that parses cookies before Evenhand, if any. */
const parsers: readonly [string, RequestHandler | undefined][] = [
  ['without cookie-parser', undefined],
  ['with cookie-parser', cookieParser()],
  ['with cookie-parser and a secret', cookieParser('secret')],
];

describe.each(versions)('cookies from raw sockets on Express $version', ({ express }) => {
  let servers: RawServer[];
  beforeEach(() => {
    servers = [];
  });
  afterEach(async () => {
    await Promise.all(servers.map((server) => server.stop()));
  });

  async function serve(options: EvenhandOptions = {}, parser?: RequestHandler): Promise<RawServer> {
    const app = express();
    if (parser !== undefined) app.use(parser);
    app.use(testApp(express, options).app);
    app.use(showError);
    const server = new RawServer(app);
    servers.push(server);
    await server.start();
    return server;
  }

  describe.each(parsers)('%s', (_with, parser) => {
    it('cause no error at any size from 0 to 16 KB', async () => {
      const server = await serve({}, parser);
      const fillers = [
        'a',
        '%',
        '=',
        ';',
        ' ',
        '"',
        '\xff',
        '%E0',
        'j:[',
        's:',
        '__cw',
        '__cwtk=',
        '{',
      ];
      for (const filler of fillers) {
        for (const size of SIZES) {
          const filling = filler.repeat(Math.ceil(size / filler.length)).slice(0, size);
          for (const cookie of [
            `__cwtk=${filling}`,
            `__cw=${filling}; __cwtk=x`,
            `${filling}; __cwtk=x`,
          ]) {
            const { status, body, values } = await server.ask('/variant/by_anonymous', [
              `Cookie: ${cookie}`,
            ]);
            expect([status, body]).toEqual([200, expect.stringMatching(/^"[ab]"$/)]);
            const set = values('set-cookie');
            expect(keysIn(set).length).toBeLessThanOrEqual(1);
            for (const one of set) expect(one).toMatch(HARMLESS);
          }
        }
      }
    });

    it('are read even after 16 KB of other cookies', async () => {
      const server = await serve({}, parser);
      const others = `x=${'y'.repeat(16_384)}`;
      const override = `Cookie: ${others}; __cw=by_rule:pro`;
      const lines = [override, 'x-user: {"id":1}'];
      expect((await server.ask('/variant/by_rule', lines)).body).toBe('"pro"');
      const key = [`Cookie: ${others}; __cwtk=abc; __cwtk_r=1`];
      expect((await server.ask('/variant/by_anonymous', key)).values('set-cookie')).toEqual([]);
    });

    it('cause no error when they contain random bytes', async () => {
      const server = await serve({}, parser);
      const byte = fc.integer({ min: 0x20, max: 0xff }).filter((code) => code !== 0x7f);
      const bytes = fc
        .array(byte, { maxLength: 200 })
        .map((codes) => String.fromCharCode(...codes));
      const name = fc.constantFrom('__cw', '__cwtk', '__proto__', 'constructor', '');
      const cookie = fc.array(fc.tuple(name, bytes), { maxLength: 5 });
      await fc.assert(
        fc.asyncProperty(cookie, async (pairs) => {
          const line = `Cookie: ${pairs.map((pair) => pair.join('=')).join('; ')}`;
          const { status, body, values } = await server.ask('/variant/by_anonymous', [line]);
          expect([status, body]).toEqual([200, expect.stringMatching(/^"[ab]"$/)]);
          for (const one of values('set-cookie')) expect(one).toMatch(HARMLESS);
        }),
        { numRuns: runs(150) },
      );
    });

    it('count with their last value when they are sent twice, in one header or in several', async () => {
      const server = await serve({}, parser);
      const ask = async (...lines: string[]) =>
        (await server.ask('/variant/by_rule', ['x-user: {"id":1}', ...lines])).body;
      expect(await ask('Cookie: __cw=by_rule:pro; __cw=by_rule:others')).toBe('"others"');
      expect(await ask('Cookie: __cw=by_rule:others; __cw=by_rule:pro')).toBe('"pro"');
      expect(await ask('Cookie: __cw=by_rule:others', 'Cookie: __cw=by_rule:pro')).toBe('"pro"');
      expect(await ask('Cookie: __cw=j:1; __cw=s:x; __cw=by_rule:pro')).toBe('"pro"');
      const twice = ['Cookie: __cwtk=first', 'cookie: __cwtk=second'];
      const { values } = await server.ask('/variant/by_anonymous', twice);
      expect(keysIn(values('set-cookie'))).toEqual([expect.stringMatching(/^__cwtk=second; /)]);
    });

    it('are read as they are when their percent-encoding is broken', async () => {
      const server = await serve({}, parser);
      for (const broken of ['%', '%E0%A4%A', '%zz', 'a%', '%u0041', '%C0%AF', '%ED%A0%80']) {
        const cookie = `Cookie: __cwtk=a${broken}`;
        const [renewed = ''] = (await server.ask('/variant/by_anonymous', [cookie])).values(
          'set-cookie',
        );
        expect(renewed.slice(0, renewed.indexOf(';'))).toBe(`__cwtk=a${broken}`);
        const lines = [`Cookie: __cw=by_rule:pro${broken}`, 'x-user: {"id":1}'];
        expect((await server.ask('/variant/by_rule', lines)).body).toBe('"others"');
      }
    });

    it('change no prototype when they contain JSON', async () => {
      const server = await serve({}, parser);
      const before = Reflect.ownKeys(Object.prototype);
      for (const json of [
        '{"__proto__":{"polluted":1}}',
        '{"constructor":{"prototype":{"polluted":1}}}',
        '[{"__proto__":{"polluted":1}}]',
      ]) {
        const value = `j:${encodeURIComponent(json)}`;
        for (const name of ['__cw', '__cwtk', '__proto__', 'constructor']) {
          const lines = [`Cookie: ${name}=${value}; __cwtk=x`];
          expect((await server.ask('/variant/by_anonymous', lines)).status).toBe(200);
        }
      }
      expect(Reflect.ownKeys(Object.prototype)).toEqual(before);
      expect({}).not.toHaveProperty('polluted');
    });

    it('can hold 1,000 overrides, and the last one of an experiment wins', async () => {
      const server = await serve({}, parser);
      const ask = async (overrides: readonly string[]) =>
        (
          await server.ask('/variant/by_rule', [
            `Cookie: __cw=${overrides.join('%20')}`,
            'x-user: {"id":1}',
          ])
        ).body;
      const many = Array.from({ length: 1000 }, (_, i) => `${i % 10}:b`);
      expect(many.join(' ').length).toBeLessThan(4096);
      expect(await ask([...many, 'by_rule:pro'])).toBe('"pro"');
      const longer = Array.from({ length: 1000 }, (_, i) => `other_${i}:b`);
      expect(await ask(['by_rule:pro', ...longer])).toBe('"others"');
    });
  });

  it.each(['\0', '\n', '\r', '\r\n', '\x01', '\x7f', '\xff', '\u2028'])(
    'cannot add a response header with %j, raw or encoded',
    async (breaking) => {
      const server = await serve();
      const plain = await server.ask('/variant/by_anonymous', [
        `Cookie: __cwtk=a${breaking}Set-Cookie: stolen=1`,
      ]);
      // Either Node refuses the request, or the visitor gets a key of hexadecimal digits.
      expect(plain.lines.join('\n')).not.toContain('stolen');
      expect([200, 400]).toContain(plain.status);

      const encoded = encodeURIComponent(`a${breaking}Set-Cookie: stolen=1`);
      const { status, lines, values } = await server.ask('/variant/by_anonymous', [
        `Cookie: __cwtk=${encoded}`,
      ]);
      expect([status, keysIn(values('set-cookie'))]).toEqual([
        200,
        [expect.stringContaining(`__cwtk=${encoded}; `)],
      ]);
      expect(lines.filter((line) => /^\s*Set-Cookie: *stolen/i.test(line))).toEqual([]);
    },
  );

  describe('with signed tracking keys', () => {
    const signed = (parser: RequestHandler) => serve({ trackingCookie: { signed: true } }, parser);
    const valueOf = (set: string | undefined) => /^__cwtk=([^;]+)/.exec(set ?? '')?.[1] ?? '';

    it('are accepted only with their own signature', async () => {
      const server = await signed(cookieParser('secret'));
      const ask = async (value: string) =>
        keysIn(
          (
            await server.ask('/variant/by_anonymous', [`Cookie: __cwtk=${value}; __cwtk_r=1`])
          ).values('set-cookie'),
        );
      const [set] = await ask('none');
      const value = valueOf(set);
      expect(await ask(value)).toEqual([]);

      const other = await signed(cookieParser('another secret'));
      const [foreign] = (await other.ask('/variant/by_anonymous')).values('set-cookie');
      const [key = '', signature = ''] = decodeURIComponent(value).slice(2).split('.');
      const forged = [
        valueOf(foreign),
        key,
        `s:${key}`,
        `s:${key}.`,
        `s:${key}.${signature.slice(0, -1)}`,
        `s:${key}.${signature}x`,
        `s:0${key.slice(1)}.${signature}`,
        `s:.${signature}`,
        `s:${signature}.${key}`,
        's:',
        's:.',
        `j:"${key}"`,
        `s:${key}.${'A'.repeat(15_000)}`,
      ].filter((one) => decodeURIComponent(one) !== decodeURIComponent(value));
      for (const one of forged) {
        const got = await ask(encodeURIComponent(decodeURIComponent(one)));
        expect({ one, got }).toEqual({
          one,
          got: [expect.stringMatching(/^__cwtk=s%3A[0-9a-f]{32}\./)],
        });
        expect(valueOf(got[0])).not.toBe(value);
      }
    });

    it('are harmless if the application signed the value for another purpose', async () => {
      const server = await signed(cookieParser('secret'));
      for (const value of ['a\r\nSet-Cookie: stolen=1', '<b>', 'x'.repeat(257), '']) {
        const cookie = `__cwtk=${encodeURIComponent(`s:${sign(value, 'secret')}`)}`;
        const { lines, values } = await server.ask('/variant/by_anonymous', [`Cookie: ${cookie}`]);
        const fresh = expect.stringMatching(/^__cwtk=s%3A[0-9a-f]{32}\./) as string;
        expect(keysIn(values('set-cookie'))).toEqual(value === '' ? [fresh] : []);
        expect(lines.join('\n')).not.toContain('stolen');
      }
    });

    it('cause an option error if no cookie-parser checks signatures', async () => {
      const server = await serve({ trackingCookie: { signed: true } });
      const { status, body } = await server.ask('/variant/by_anonymous', ['Cookie: __cwtk=s:x.y']);
      expect([status, JSON.parse(body)]).toEqual([
        500,
        expect.objectContaining({ code: 'option' }),
      ]);
    });
  });

  it('override nothing in production without permission, and cause no log line', async () => {
    const logger = new Lines();
    const server = await withNodeEnv('production', () => serve({ logger }));
    const lines = ['x-user: {"id":1}', 'X-Forwarded-For: 127.0.0.1', 'Forwarded: for=127.0.0.1'];
    for (const cookie of ['by_rule:pro', 'by_rule%3Apro', '"by_rule:pro"']) {
      const { body } = await server.ask('/variant/by_rule', [`Cookie: __cw=${cookie}`, ...lines]);
      expect(body).toBe('"others"');
    }
    expect([...logger.warnings, ...logger.errors]).toEqual([]);
  });

  it('can have the prefix "__Host-", which binds them to the host', async () => {
    const trackingCookie = { name: '__Host-cwtk', secure: true };
    const server = await serve({ trackingCookie });
    const [set = ''] = (await server.ask('/variant/by_anonymous')).values('set-cookie');
    expect(set).toMatch(/^__Host-cwtk=[0-9a-f]{32}; .*Path=\/; .*Secure/);
    expect(set).not.toContain('Domain');
  });
});
