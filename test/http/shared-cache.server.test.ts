import { createClient, type EvenhandOptions } from 'evenhand';
import { versions } from '../express/harness.ts';
import {
  type Answer,
  CacheClient,
  type CacheServer,
  type CacheSettings,
} from '../servers/http-cache.ts';
import { describeWithNginx, NginxServer } from '../servers/nginx.ts';
import { describeWithVarnish, VarnishServer } from '../servers/varnish.ts';
import { type CachedApp, specification, startCachedApp } from './cached-app.ts';

/** The number of users, and the least number of times that each of them requests each page. */
const USERS = 30;
const ROUNDS = 4;

/** The time that a cache may take on a busy machine, in milliseconds. */
const PATIENCE_MS = 60_000;

const ids = Array.from({ length: USERS }, (_, i) => `u${i}`);
const client = createClient({ source: specification, logger: false });
const variantOf = (name: string, id: string) =>
  client.participant({ user: { id }, anonymous: id }).variant(name);
const titleOf = (id: string) => client.participant({ user: { id } }).namespace('page').get('title');

/** The status and body that a user should get. */
type Expected = readonly [status: number, body: unknown];

interface Page {
  readonly path: string;
  readonly headers: (id: string) => Record<string, string>;
  readonly expected: (id: string) => Expected;
}

const bySession = (id: string) => ({ cookie: `session=${id}` });
const byToken = (id: string) => ({ authorization: `Bearer ${id}` });
const byKey = (id: string) => ({ cookie: `__cwtk=${id}; __cwtk_r=1` });
const isA = (id: string) => variantOf('by_user', id) === 'a';

/** Pages that depend on the user and may be cached for each user. */
const pages: readonly Page[] = [
  {
    path: '/variant/by_user',
    headers: bySession,
    expected: (id) => [200, variantOf('by_user', id)],
  },
  {
    path: '/variant/by_anonymous',
    headers: byKey,
    expected: (id) => [200, variantOf('by_anonymous', id)],
  },
  {
    path: '/public/after/by_user',
    headers: bySession,
    expected: (id) => [200, variantOf('by_user', id)],
  },
  {
    path: '/public/before/by_anonymous',
    headers: byKey,
    expected: (id) => [200, variantOf('by_anonymous', id)],
  },
  {
    path: '/replaced/by_user',
    headers: bySession,
    expected: (id) => [200, variantOf('by_user', id)],
  },
  {
    path: '/listened/by_anonymous',
    headers: byKey,
    expected: (id) => [200, variantOf('by_anonymous', id)],
  },
  {
    path: '/failed/by_user',
    headers: bySession,
    expected: (id) => [404, expect.stringContaining(`Error: ${variantOf('by_user', id)}`)],
  },
  { path: '/namespace', headers: bySession, expected: (id) => [200, titleOf(id)] },
  {
    path: '/guarded',
    headers: bySession,
    expected: (id) => (isA(id) ? [200, 'guarded'] : [404, expect.stringContaining('Cannot GET')]),
  },
  {
    path: '/redirected',
    headers: bySession,
    expected: (id) => (isA(id) ? [200, 'let in'] : [302, expect.stringContaining('/idle')]),
  },
  {
    path: '/caught/by_user',
    // Every second user has no identity, so that the decision fails.
    headers: (id) => (isOdd(id) ? { cookie: `other=${id}` } : bySession(id)),
    expected: (id) => [200, isOdd(id) ? 'failed' : variantOf('by_user', id)],
  },
  {
    path: '/explained/certain',
    headers: bySession,
    expected: (id) => [
      200,
      expect.stringContaining(`"identity":{"path":"user.id","text":"${id}"}`),
    ],
  },
];

/** The addresses of pages that set their headers in different ways. */
const PREFIXES = [
  '/variant',
  '/public/before',
  '/public/after',
  '/public/written',
  '/replaced',
  '/listened',
];

function isOdd(id: string): boolean {
  return Number(id.slice(1)) % 2 === 1;
}

/** Sends a request for each user, all at once. */
const all = <T>(ask: (id: string) => Promise<T>) => Promise.all(ids.map(ask));

/**
 * Sends rounds of requests for all users until the cache answers a whole round by itself. On a busy
 * machine the cache may give up waiting for the application and store nothing.
 *
 * @param check receives the responses of each round
 */
async function askUntilCached(
  ask: (id: string, i: number) => Promise<Answer>,
  check: (answers: readonly Answer[]) => void,
): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  for (let round = 0; ; round++) {
    const answers = await Promise.all(ids.map(ask));
    check(answers);
    if (round >= ROUNDS && answers.every(({ hit }) => hit)) return;
    if (performance.now() > deadline) throw new Error('the cache did not store the page in time');
  }
}

/** Sends requests for all users until one of them gets the response of another. */
async function askUntilMixedUp(
  ask: (id: string) => Promise<Answer>,
  expected: (id: string) => unknown,
): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const answers = await all(ask);
    if (answers.some(({ body }, i) => body !== expected(ids[i] ?? ''))) return;
    if (performance.now() > deadline) throw new Error('every user still gets their own response');
  }
}

const caches: readonly [
  describe: (title: string, tests: () => void) => void,
  name: string,
  create: (settings: CacheSettings) => CacheServer,
][] = [
  [describeWithNginx, 'nginx', (settings) => new NginxServer(settings)],
  [describeWithVarnish, 'Varnish', (settings) => new VarnishServer(settings)],
];

for (const [describeWithCache, name, create] of caches) {
  describeWithCache(`${name} as a shared cache`, () => {
    describe.each(versions)('in front of Express $version', ({ express }) => {
      let app: CachedApp;
      let cleanUp: (() => Promise<unknown> | void)[];
      beforeEach(() => {
        cleanUp = [];
      });
      afterEach(async () => {
        for (const step of cleanUp.toReversed()) await step();
      });

      /** Starts an application and the cache in front of it. */
      async function start(
        options: EvenhandOptions = {},
        settings: Omit<CacheSettings, 'port'> = {},
      ): Promise<CacheClient> {
        app = await startCachedApp(express, options);
        cleanUp.push(() => app.stop());
        const cache = create({ port: app.port, ...settings });
        cleanUp.push(() => cache.dispose());
        await cache.start();
        const asking = new CacheClient(cache.socket);
        cleanUp.push(() => asking.close());
        return asking;
      }

      it('gives each of many users their own response every time, and caches it', async () => {
        const cache = await start();
        let asked = 0;
        for (const { path, headers, expected } of pages) {
          const ask = (id: string) => cache.ask(path, headers(id));
          await askUntilCached(ask, (answers) => {
            asked += answers.length;
            expect(answers.map(({ status, body }) => [status, body])).toEqual(ids.map(expected));
          });
        }
        expect(asked).toBeGreaterThan(pages.length * USERS * ROUNDS);
      });

      it('mixes users up if the application sets "vary: false"', async () => {
        const cache = await start({ vary: false });
        const ask = (id: string) => cache.ask('/variant/by_user', bySession(id));
        await expect(
          askUntilMixedUp(ask, (id) => variantOf('by_user', id)),
        ).resolves.toBeUndefined();
      });

      it('tells users apart by every header that "vary" names', async () => {
        const vary = ['Cookie', 'Authorization'];
        const cache = await start({ vary });
        const ask = (id: string) => cache.ask('/variant/by_user', byToken(id));
        await askUntilCached(ask, (answers) => {
          const expected = ids.map((id) => [variantOf('by_user', id), vary.join(', ')]);
          expect(answers.map(({ body, headers }) => [body, headers.vary])).toEqual(expected);
        });
      });

      it('mixes users up who differ only in a header that "vary" does not name', async () => {
        const cache = await start();
        const ask = (id: string) => cache.ask('/public/after/by_user', byToken(id));
        await expect(
          askUntilMixedUp(ask, (id) => variantOf('by_user', id)),
        ).resolves.toBeUndefined();
      });

      it('gives each user their own response while it revalidates stored pages', async () => {
        const cache = await start();
        const expected = ids.map((id) => variantOf('by_user', id));
        const deadline = performance.now() + PATIENCE_MS;
        while (app.notModified() < USERS && performance.now() < deadline) {
          const answers = await all((id) => cache.ask('/short/by_user', bySession(id)));
          expect(answers.map(({ body }) => body)).toEqual(expected);
        }
        expect(app.notModified()).toBeGreaterThanOrEqual(USERS);
      });

      it('gives each user their own response during first visits, overrides and draws of others', async () => {
        const cache = await start();
        const odd = [
          () => cache.ask('/variant/by_user', { cookie: 'session=u1; __cw=by_user:b' }),
          () => cache.ask('/variant/by_user', { cookie: 'session=u1; __cw=by_user:a' }),
          () => cache.ask('/variant/search', { cookie: '__cw=search:off' }),
          () => cache.ask('/variant/by_anonymous'),
          () => cache.ask('/variant/by_chance'),
          () => cache.ask('/variant/by_user'),
        ];
        for (let round = 0; round < ROUNDS; round++) {
          const [users, visitors, switches, [forced, other]] = await Promise.all([
            all((id) => cache.ask('/variant/by_user', bySession(id))),
            all((id) => cache.ask('/variant/by_anonymous', byKey(id))),
            all((id) => cache.ask('/variant/search', bySession(id))),
            Promise.all(odd.map((ask) => ask())),
          ]);
          expect(users.map(({ body }) => body)).toEqual(ids.map((id) => variantOf('by_user', id)));
          expect(visitors.map(({ body }) => body)).toEqual(
            ids.map((id) => variantOf('by_anonymous', id)),
          );
          expect(new Set(switches.map(({ body }) => body))).toEqual(new Set(['on']));
          expect([forced?.body, other?.body]).toEqual(['b', 'a']);
        }
      });

      it('stores one page for everyone if only a switch was decided', async () => {
        const cache = await start();
        const deadline = performance.now() + PATIENCE_MS;
        let first = await cache.ask('/variant/search', bySession('first'));
        while (!first.hit && performance.now() < deadline) {
          first = await cache.ask('/variant/search', bySession('first'));
        }
        const answers = await all((id) => cache.ask('/variant/search', bySession(id)));
        expect(answers.map(({ hit, body }) => [hit, body])).toEqual(ids.map(() => [true, 'on']));
      });

      it('never stores a draw', async () => {
        const cache = await start();
        const answers: Answer[] = [];
        for (let i = 0; i < 40; i++) answers.push(await cache.ask('/variant/by_chance'));
        expect(answers.filter(({ hit }) => hit)).toEqual([]);
        expect(new Set(answers.map(({ body }) => body)).size).toBe(2);
      });

      it('never stores a response with an override, nor gives it to anyone else', async () => {
        const cache = await start({ vary: false });
        for (const under of ['/public/after', '/replaced', '/listened']) {
          const path = `${under}/search`;
          for (let i = 0; i < 3; i++) {
            const forced = await cache.ask(path, { cookie: '__cw=search:off' });
            expect(forced).toMatchObject({ body: 'off', hit: false });
          }
          expect((await cache.ask(path)).body).toBe('on');
        }
      });

      it.each([
        ['does not store', false],
        ['stores', true],
      ])(
        'never gives one visitor the tracking key of another if it %s responses that set cookies',
        async (_what, storesCookies) => {
          const cache = await start({}, { storesCookies });
          for (const under of PREFIXES) {
            const path = `${under}/by_anonymous`;
            const first = await all(() => cache.ask(path));
            const own = first.map(({ headers }) => {
              const [, key] = /^__cwtk=(\w+)/.exec(String(headers['set-cookie'])) ?? [];
              return key ?? 'none';
            });
            expect(new Set(own).size).toBe(USERS);
            const variants = own.map((key) => variantOf('by_anonymous', key));
            expect(first.map(({ body }) => body)).toEqual(variants);
            const ask = (_id: string, i: number) => cache.ask(path, byKey(own[i] ?? ''));
            await askUntilCached(ask, (again) => {
              const seen = again.map(({ body, headers }) => [body, headers['set-cookie']]);
              expect(seen).toEqual(variants.map((variant) => [variant, undefined]));
            });
          }
        },
      );

      it('answers HEAD, ranges and revalidation from each user’s own response', async () => {
        const cache = await start();
        const letters = ids.map((id) => variantOf('by_user', id) ?? '');
        let whole: readonly Answer[] = [];
        const ask = (id: string) => cache.ask('/file', bySession(id));
        await askUntilCached(ask, (answers) => (whole = answers));
        expect(whole.map(({ body }) => body)).toEqual(
          letters.map((one) => `${one.repeat(one === 'a' ? 1000 : 1001)}\n`),
        );

        const ranges = await all((id) =>
          cache.ask('/file', { ...bySession(id), range: 'bytes=5-9' }),
        );
        expect(ranges.map(({ status, body }) => [status, body])).toEqual(
          letters.map((one) => [206, one.repeat(5)]),
        );

        const etags = whole.map(({ headers }) => headers.etag ?? '');
        const heads = await all((id) => cache.ask('/file', bySession(id), 'HEAD'));
        expect(heads.map(({ status, headers }) => [status, headers.etag])).toEqual(
          etags.map((etag) => [200, etag]),
        );
        expect(new Set(etags).size).toBe(2);

        const fresh = await Promise.all(
          ids.map((id, i) =>
            cache.ask('/file', { ...bySession(id), 'if-none-match': etags[i] ?? '' }),
          ),
        );
        expect(fresh.map(({ status, headers }) => [status, headers.etag])).toEqual(
          etags.map((etag) => [304, etag]),
        );
        const other = (i: number) => etags.find((etag) => etag !== etags[i]) ?? '';
        const stale = await Promise.all(
          ids.map((id, i) => cache.ask('/file', { ...bySession(id), 'if-none-match': other(i) })),
        );
        expect(stale.map(({ status, body }) => [status, body[0]])).toEqual(
          letters.map((one) => [200, one]),
        );
      });
    });
  });
}
