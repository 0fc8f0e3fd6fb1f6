import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import {
  type Client,
  type ClientOptions,
  createClient,
  type EvenhandError,
  type Source,
} from 'evenhand';
import { redisSource } from '../../../src/integrations/redis/redis-source.ts';
import { createRedisStore } from '../../../src/integrations/redis/redis-store.ts';
import { describeWithRedis, RedisServer } from '../../servers/redis.ts';
import { until } from '../../sources/until.ts';
import { PACKAGES, type TestClient, writeBehind } from './clients.ts';

const KEY = 'evenhand:experiments';
const NEVER_MS = 86_400_000;

describeWithRedis('redisSource, when something fails', () => {
  describe.each(PACKAGES)('with the package %s', (_name, open) => {
    let server: RedisServer;
    let redis: TestClient;
    let folder: string;
    let client: Client;
    let problems: EvenhandError[];
    let logged: string[];
    let closers: (() => void)[];

    const put = (specification: unknown) =>
      createRedisStore({ client: redis.client }).put(specification);
    const isOn = (name: string) => client.participant().isOn(name);

    const start = (source: Source, options: ClientOptions = {}) => {
      problems = [];
      logged = [];
      const log = (message: string) => void logged.push(message);
      client = createClient({ source, logger: { warn: log, error: log }, ...options });
      client.on('error', (problem) => void problems.push(problem));
    };

    /** A client that has loaded a change. */
    const startWell = async (times: Partial<Source> = {}) => {
      await put(['a:on', 'b:off']);
      start({
        ...redisSource({ client: redis.client, intervalMs: 100, timeoutMs: 500 }),
        ...times,
      });
      await client.ready();
      await until('it is listening', () => client.status().watching);
    };

    beforeEach(async () => {
      closers = [];
      folder = mkdtempSync(join(tmpdir(), 'evenhand-redis-faults-'));
      server = new RedisServer();
      await server.start();
      redis = await open({ socket: server.socket });
    });

    afterEach(async () => {
      server.thaw();
      await client.close();
      for (const close of [...closers, redis.close]) close();
      await server.dispose();
      rmSync(folder, { recursive: true });
    });

    it('keeps the experiments while the server is down, and follows it again when it is back', async () => {
      await startWell({ watchedIntervalMs: 100 });
      await server.kill();
      await until('the problem is told', () => problems.length > 0);
      await until('nobody is listening', () => !client.status().watching);
      expect(problems[0]).toMatchObject({ code: 'source', name: 'SourceError' });
      expect(isOn('a')).toBe(true);
      expect(client.status()).toMatchObject({ state: 'ready', problem: { code: 'source' } });
      await server.start();
      await until('it is well', () => client.status().problem === undefined);
      await until('it is listening again', () => client.status().watching);
      await put(['a:on', 'b:on']);
      await until('it has changed', () => isOn('b'));
      expect(new Set(problems.map(({ message }) => message)).size).toBe(problems.length);
    });

    it('finds changes by their revision that were announced while it could not listen', async () => {
      // Only a notification, after it has started to listen again, can deliver the change in time.
      await startWell({ intervalMs: NEVER_MS, watchedIntervalMs: NEVER_MS });
      await redis.command('CLIENT', 'KILL', 'TYPE', 'pubsub');
      await writeBehind(redis, '["a:on", "b:on"]', { announce: false });
      await until('it has changed', () => isOn('b'));
      await until('it is listening again', () => client.status().watching);
      await put(['a:off', 'b:on']);
      await until('it has changed again', () => !isOn('a'));
      expect(problems).toEqual([]);
    });

    it('accepts only complete specifications, wherever in a message the connection is cut', async () => {
      const proxy = await CuttingProxy.open(server.socket, join(folder, 'proxy.sock'));
      const through = await open({ socket: proxy.socket });
      closers.push(through.close, () => proxy.close());
      await put(large('a:on', 'b:off'));
      start(redisSource({ client: through.client, intervalMs: 100, timeoutMs: 500 }));
      await client.ready({ timeoutMs: 30_000 });
      await until('it is listening', () => client.status().watching);
      for (const bytes of [1, 100, 10_000, 100_000]) {
        proxy.cutAfter(bytes);
        await put(large('a:on', bytes === 1 ? 'b:on' : 'b:off'));
        await until(`it is cut after ${bytes} bytes`, () => proxy.cuts.includes(bytes));
        expect(isOn('a')).toBe(true);
      }
      proxy.cutAfter(Number.POSITIVE_INFINITY);
      await put(large('a:off', 'b:on'));
      await until('it has changed', () => isOn('b') && !isOn('a'));
      await until('it is well', () => client.status().problem === undefined);
      expect(problems.filter(({ code }) => code !== 'source')).toEqual([]);
    });

    it('keeps the experiments while the server hangs, reports it, and follows the server afterwards', async () => {
      await startWell({ watchedIntervalMs: 100, timeoutMs: 200 });
      server.freeze();
      await until('the problem is told', () => problems.length > 0);
      expect(isOn('a')).toBe(true);
      expect(client.status()).toMatchObject({
        state: 'ready',
        problem: { message: 'the source "redis" took longer than 200 ms' },
      });
      server.thaw();
      await until('it is well', () => client.status().problem === undefined);
      await put(['a:on', 'b:on']);
      await until('it has changed', () => isOn('b'));
    });

    it('loads a few times after 10,000 notifications', async () => {
      const source = redisSource({ client: redis.client });
      const load = jest.fn<ReturnType<Source['load']>, Parameters<Source['load']>>((options) =>
        source.load(options),
      );
      await startWell({ ...source, load });
      const before = load.mock.calls.length;
      const began = performance.now();
      const storm = `for i = 1, 2000 do redis.call('PUBLISH', KEYS[1], i) end`;
      for (let i = 0; i < 5; i++) await redis.command('EVAL', storm, '1', KEY);
      await put(['a:on', 'b:on']);
      await until('it has changed', () => isOn('b'));
      const loads = load.mock.calls.length - before;
      // At most four loads a second, however long the storm lasts.
      expect(loads).toBeLessThan(4 + (performance.now() - began) / 250);
      expect(problems).toEqual([]);
    });

    it('accepts a change after the server has lost its data', async () => {
      await startWell({ watchedIntervalMs: 100 });
      await redis.command('FLUSHALL');
      await until('the problem is told', () => problems.length > 0);
      expect(problems[0]?.message).toMatch(/there are no experiments; write them with/);
      expect(isOn('a')).toBe(true);
      await put(['a:on', 'b:on']);
      await until('it has changed', () => isOn('b'));
      await until('it is well', () => client.status().problem === undefined);
    });

    it('rejects an older revision, such as one from a lagging replica', async () => {
      await startWell();
      await redis.command('HSET', KEY, 'revision', '5', 'specification', '["b:on"]');
      await redis.command('PUBLISH', KEY, '5');
      await until('the problem is told', () => problems.length > 0);
      expect(problems[0]?.message).toMatch(/delivered revision 5, older than/);
      expect(isOn('a')).toBe(true);
    });

    it('waits for the server if there is no cache file', async () => {
      await server.kill();
      start(redisSource({ client: redis.client, intervalMs: 100 }));
      await expect(client.ready()).rejects.toMatchObject({ code: 'source' });
      expect(() => client.participant()).toThrow(/redis/);
      const ready = client.ready({ timeoutMs: 60_000 });
      await server.start();
      await until('it can be written', () => problems.length > 0);
      await createRedisStore({ client: (redis = await reopen(redis)).client }).put(['a:on']);
      await ready;
      expect(client.participant().isOn('a')).toBe(true);
    });

    /** Opens another client when the server is running. */
    const reopen = async (old: TestClient): Promise<TestClient> => {
      closers.push(old.close);
      return open({ socket: server.socket });
    };

    it('starts from the cache file while the server is down, and follows the server later', async () => {
      const cacheFile = join(folder, 'cache.json');
      await put(['a:on', 'b:off']);
      start(redisSource({ client: redis.client }), { cacheFile });
      await client.ready();
      await client.close();
      await server.kill();
      start(redisSource({ client: redis.client, intervalMs: 100 }), { cacheFile });
      await client.ready();
      expect(client.status()).toMatchObject({ state: 'ready', provider: 'cache' });
      expect(isOn('a')).toBe(true);
      await server.start();
      await until('it goes by the server', () => client.status().provider === 'source');
      await until('it is listening', () => client.status().watching);
      redis = await reopen(redis);
      await put(['a:on', 'b:on']);
      await until('it has changed', () => isOn('b'));
    });

    it('never shows a password', async () => {
      await redis.command('CONFIG', 'SET', 'requirepass', 'right-s3cret');
      const stranger = await open({ socket: server.socket, password: 'wrong-s3cret' });
      closers.push(stranger.close);
      start(redisSource({ client: stranger.client, intervalMs: 100, timeoutMs: 500 }));
      await expect(client.ready()).rejects.toMatchObject({ code: 'source' });
      await until('the problem is told', () => problems.length > 0);
      const told = inspect([problems, logged, client.status()], { depth: 20 });
      expect(told).not.toMatch(/s3cret/);
    });
  });
});

/** A specification that takes several messages. */
function large(...switches: readonly string[]): object {
  const filling = Array.from({ length: 10_000 }, (_, i) => `filling_${i}:on`);
  return [...switches.slice(0, 1), ...filling, ...switches.slice(1)];
}

/** A proxy between client and server that cuts connections after some bytes of an answer. */
class CuttingProxy {
  readonly socket: string;
  /** The positions at which connections were cut. */
  readonly cuts: number[] = [];
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private left = Number.POSITIVE_INFINITY;
  private limit = Number.POSITIVE_INFINITY;

  static async open(target: string, socket: string): Promise<CuttingProxy> {
    const proxy = new CuttingProxy(target, socket);
    await new Promise<void>((resolve) => {
      proxy.server.listen(socket, resolve);
    });
    return proxy;
  }

  private constructor(target: string, socket: string) {
    this.socket = socket;
    this.server = createServer((near) => {
      const far = connect(target);
      for (const one of [near, far]) {
        this.sockets.add(one);
        one.on('error', () => {});
        one.on('close', () => {
          near.destroy();
          far.destroy();
        });
      }
      near.pipe(far);
      far.on('data', (data: Buffer) => this.pass(data, near));
    });
  }

  /** Cuts the connection once, after this number of bytes from the server. */
  cutAfter(bytes: number): void {
    this.limit = bytes;
    this.left = bytes;
  }

  close(): void {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
  }

  private pass(data: Buffer, to: Socket): void {
    if (data.length <= this.left) {
      this.left -= data.length;
      to.write(data);
      return;
    }
    to.write(data.subarray(0, this.left), () => to.destroy());
    this.cuts.push(this.limit);
    this.limit = Number.POSITIVE_INFINITY;
    this.left = Number.POSITIVE_INFINITY;
  }
}
