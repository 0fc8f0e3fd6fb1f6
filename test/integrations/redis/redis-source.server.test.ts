import { type Client, createClient, type Source } from 'evenhand';
import { connectionOf } from '../../../src/integrations/redis/connection/connection-of.ts';
import { listenTo } from '../../../src/integrations/redis/connection/listen.ts';
import { redisSource } from '../../../src/integrations/redis/redis-source.ts';
import { createRedisStore } from '../../../src/integrations/redis/redis-store.ts';
import { behavesAsLiveSource } from '../../contract/live-source.ts';
import { describeWithRedis, RedisServer } from '../../servers/redis.ts';
import { until } from '../../sources/until.ts';
import { PACKAGES, type TestClient, writeBehind } from './clients.ts';

const KEY = 'evenhand:experiments';
const ONCE = { signal: new AbortController().signal };

describeWithRedis('redisSource', () => {
  let server: RedisServer;

  beforeAll(async () => {
    server = new RedisServer();
    await server.start();
  });

  afterAll(() => server.dispose());

  describe.each(PACKAGES)('with the package %s', (_name, open) => {
    let redis: TestClient;
    let clients: Client[];
    let end: AbortController;

    /** Opens a client that is closed after the test. */
    const start = (source: Source): Client => {
      const client = createClient({ source, logger: false });
      clients.push(client);
      return client;
    };

    beforeEach(async () => {
      clients = [];
      end = new AbortController();
      redis = await open({ socket: server.socket });
      await redis.command('FLUSHALL');
    });

    afterEach(async () => {
      end.abort();
      await Promise.all(clients.map((client) => client.close()));
      redis.close();
    });

    describe('in log lines', () => {
      async function logging() {
        const store = createRedisStore({ client: redis.client });
        await store.put(['a:on']);
        const lines: string[] = [];
        const note = (line: string) => void lines.push(line);
        const client = createClient({
          source: redisSource({ client: redis.client, intervalMs: 100 }),
          logger: { info: note, warn: note, error: note },
        });
        clients.push(client);
        await client.ready();
        const logged = (count: number) => until('it is logged', () => lines.length === count);
        return { store, lines, logged };
      }

      it('has the author, reason and time of a change by the store', async () => {
        const { store, lines, logged } = await logging();
        const by = { author: 'ada', reason: 'ticket "12"\u001b' };
        const revision = await store.put(['a:off'], by);
        await logged(1);
        const at = new Date(revision).toISOString();
        expect(lines).toEqual([
          `evenhand: switch changed name="a" before="on" after="off" revision=${revision} author="ada" reason="ticket \\"12\\"\\\\u001b" at="${at}"`,
        ]);
      });

      it('has no author if the last change was made by other means', async () => {
        const { store, lines, logged } = await logging();
        await store.put(['a:off'], { author: 'ada' });
        await logged(1);
        await writeBehind(redis, '["a:on"]');
        await logged(2);
        expect(lines[1]).toMatch(/before="off" after="on" revision=\d+$/);
      });

      it.each(['nonsense', '1 2', '{}', 'x'.repeat(100_000)])(
        'has no author if the field "change" is %.20j',
        async (field) => {
          const { store, lines, logged } = await logging();
          await redis.command('HSET', KEY, 'change', field);
          await writeBehind(redis, '["a:off"]');
          await logged(1);
          expect(lines[0]).toMatch(/before="on" after="off" revision=\d+$/);
          await store.put(['a:on'], { author: 'ada' });
          await logged(2);
          expect(lines[1]).toMatch(/ author="ada"/);
        },
      );

      it('refuses an author or a reason that is not a short text', async () => {
        const { store } = await logging();
        for (const by of [{ author: 5 }, { reason: 'x'.repeat(2001) }, { athor: 'ada' }]) {
          await expect(store.put(['a:on'], by as object)).rejects.toMatchObject({ code: 'option' });
        }
      });
    });

    describe('as every live source', () => {
      behavesAsLiveSource(
        async (text) => {
          await writeBehind(redis, text);
          return {
            source: redisSource({ client: redis.client, intervalMs: 100 }),
            write: (text) => writeBehind(redis, text),
            breakOff: async () => {
              // Like a server that has lost its data.
              await redis.command('DEL', KEY);
              await redis.command('PUBLISH', KEY, 'gone');
            },
            remove: async () => {},
          };
        },
        { revisions: 'counted' },
      );
    });

    const load = (known?: number) => redisSource({ client: redis.client }).load({ ...ONCE, known });

    it('delivers the unchanged text with its revision', async () => {
      const text = '["a:on",\n"ä€😀:off"]';
      await redis.command('HSET', KEY, 'specification', text, 'revision', '7');
      expect(await load()).toEqual({ text, origin: `redis:${KEY}`, revision: 7, changes: [] });
      expect(await load(6)).toMatchObject({ revision: 7 });
      expect(await load(7)).toEqual({ unchanged: true });
    });

    it.each([
      ['nothing is there', [], 'write them with createRedisStore({ client }).put('],
      ['the key holds something else', ['SET', KEY, '["a:on"]'], 'use another key'],
      ['there is no specification', ['HSET', KEY, 'revision', '1'], 'there are no experiments'],
      ['there is no revision', ['HSET', KEY, 'specification', '[]'], '"revision" is missing'],
      ...['', '1.5', '-1', 'new', '1e300'].map((revision) => [
        `the revision is "${revision}"`,
        ['HSET', KEY, 'specification', '[]', 'revision', revision],
        `the field "revision" is "${revision}"; it must be a whole number`,
      ]),
    ] as [string, string[], string][])(
      'says what to do where %s',
      async (_what, command, message) => {
        if (command.length > 0) await redis.command(...command);
        await expect(load()).rejects.toMatchObject({
          code: 'source',
          message: expect.stringContaining(message),
        });
      },
    );

    it('rejects a specification that is too long', async () => {
      await redis.command('HSET', KEY, 'specification', '[', 'revision', '1');
      const script = `for i = 1, 65 do redis.call('APPEND', 'long', string.rep(' ', 1048576)) end
        redis.call('HSET', KEYS[1], 'specification', redis.call('GET', 'long')) return 'done'`;
      await redis.command('EVAL', script, '1', KEY);
      await expect(load()).rejects.toThrow(/has 68157440 bytes; the limit is 67108864/);
    });

    it('uses the configured key and channel', async () => {
      const place = { key: 'shop', channel: 'shop:changed' };
      const store = createRedisStore({ client: redis.client, ...place });
      await store.put(['a:off']);
      const source = redisSource({ client: redis.client, ...place, intervalMs: 86_400_000 });
      const client = start(source);
      await client.ready();
      await until('it is listening', () => client.status().watching);
      await store.put(['a:on']);
      await until('it has changed', () => client.participant().isOn('a'));
      expect(client.status()).toMatchObject({ source: 'redis', origin: 'redis:shop' });
    });

    it('opens one connection for listening, and closes only that one', async () => {
      const count = async () =>
        String(await redis.command('CLIENT', 'LIST'))
          .trimEnd()
          .split('\n').length;
      await createRedisStore({ client: redis.client }).put(['a:on']);
      const before = await count();
      const client = start(redisSource({ client: redis.client }));
      await client.ready();
      await until('it is listening', () => client.status().watching);
      expect(await count()).toBe(before + 1);
      await client.close();
      let after = await count();
      // The server may not have noticed it yet.
      for (let i = 0; i < 1000 && after > before; i++) after = await count();
      expect(after).toBe(before);
      expect(await redis.command('PING')).toBe('PONG');
    });

    it('detects a dead connection that is still open', async () => {
      const changed = jest.fn();
      const timing = { timeoutMs: 100, pingMs: 50 };
      const connection = connectionOf('test', redis.client);
      const listening = listenTo(connection, KEY, { changed, signal: end.signal, ...timing });
      const outcome = listening.then(
        () => 'it has ended',
        (error: Error) => error.message,
      );
      await until('it is listening', () => changed.mock.calls.length > 0);
      server.freeze();
      const message = await outcome.finally(() => server.thaw());
      expect(message).toBe('the server did not answer within 100 ms');
    });

    it('continues to listen while the server answers', async () => {
      const changed = jest.fn();
      const timing = { timeoutMs: 30_000, pingMs: 5 };
      const connection = connectionOf('test', redis.client);
      const listening = listenTo(connection, KEY, { changed, signal: end.signal, ...timing });
      const commands = async () =>
        Number(
          /cmdstat_ping:calls=(\d+)/.exec(
            String(await redis.command('INFO', 'commandstats')),
          )?.[1] ?? 0,
        );
      const before = await commands();
      for (let asked = 0; asked < 5;) asked = (await commands()) - before;
      await redis.command('PUBLISH', KEY, '1');
      await until('it has heard', () => changed.mock.calls.length === 2);
      end.abort();
      await expect(listening).resolves.toBeUndefined();
    });

    it('leaves no listeners on the client after many loads', async () => {
      const { client } = redis;
      await createRedisStore({ client }).put(['a:on']);
      await load();
      const count = () =>
        ['ready', 'reconnecting', 'end', 'error'].map((event) => client.listenerCount(event));
      const before = count();
      await Promise.all(
        Array.from({ length: 50 }, async () =>
          redisSource({ client }).load({ signal: new AbortController().signal }),
        ),
      );
      server.freeze();
      const source = redisSource({ client });
      const given = Array.from({ length: 50 }, async () => {
        const attempt = new AbortController();
        const loading = Promise.resolve(source.load({ signal: attempt.signal }));
        attempt.abort(new Error('too late'));
        return loading.catch((error: Error) => error.message);
      });
      const outcomes = await Promise.all(given).finally(() => server.thaw());
      expect(new Set(outcomes)).toEqual(new Set([`redis:${KEY}: too late`]));
      expect(count()).toEqual(before);
    });

    it('does not listen if the signal is already aborted', async () => {
      const changed = jest.fn();
      const connection = connectionOf('test', redis.client);
      const options = { changed, signal: AbortSignal.abort(), timeoutMs: 1000 };
      await expect(listenTo(connection, KEY, options)).resolves.toBeUndefined();
      expect(changed).not.toHaveBeenCalled();
    });
  });
});

describe('redisSource', () => {
  const pool = { hGet: () => {}, isOpen: true };

  it.each([
    ['no client', {}],
    ['an address', { client: 'redis://localhost' }],
    ['another object', { client: new Map() }],
    ['a client without duplicate()', { client: pool }],
    ['an old client without promises', { client: { hget: () => {}, duplicate: () => {} } }],
  ])('accepts only a client of one of the packages, not %s', (_what, options) => {
    expect(() => redisSource(options as never)).toThrow(
      /client of the package redis \(4 or newer\) or ioredis/,
    );
  });

  const client = { ...pool, duplicate: () => ({}) };

  it.each([
    [{ key: '' }, /"key" must be a non-empty string/],
    [{ channel: 7 }, /"channel" must be a non-empty string/],
    [{ intervalMs: 99 }, /"intervalMs" must be a number of milliseconds from 100/],
    [{ timeoutMs: 0 }, /"timeoutMs" must be a number of milliseconds from 1/],
    [{ interval: 1000 }, /did you mean "intervalMs"/],
  ])('rejects %p', (options, message) => {
    expect(() => redisSource({ client, ...options } as never)).toThrow(message);
  });
});
