import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from 'evenhand';
import { Cluster, Redis } from 'ioredis';
import { createClient as createRedis, createCluster, createSentinel } from 'redis';
import type { RedisClient } from '../../../src/integrations/redis/connection/clients.ts';
import { redisSource } from '../../../src/integrations/redis/redis-source.ts';
import { createRedisStore } from '../../../src/integrations/redis/redis-store.ts';
import { redisStreamSink } from '../../../src/integrations/redis/redis-stream-sink.ts';
import { exposures, unaborted } from '../../exposures/sinks/records.ts';
import { freePort } from '../../servers/free-port.ts';
import { describeWithRedis, RedisServer } from '../../servers/redis.ts';
import { until } from '../../sources/until.ts';

const host = '127.0.0.1';

/** Tests writing, notifications and a stream. */
async function behavesWell(client: RedisClient): Promise<void> {
  const store = createRedisStore({ client });
  const revision = await store.put(['a:off']);
  // Only a notification can deliver the change in time.
  const source = redisSource({ client, intervalMs: 86_400_000 });
  const user = createClient({ source, logger: false });
  try {
    await user.ready();
    await until('it is listening', () => user.status().watching);
    await store.put(['a:on'], { expectedRevision: revision });
    await until('it has changed', () => user.participant().isOn('a'));
    await redisStreamSink({ client, maxLength: 10 }).write(exposures(3), unaborted());
  } finally {
    await user.close();
  }
}

describeWithRedis('evenhand/redis', () => {
  let server: RedisServer;
  let port: number;

  /** The port of the server, because cluster and sentinel clients can't use its socket. */
  const start = async (...settings: readonly string[]) => {
    port = await freePort();
    server = new RedisServer('--port', String(port), '--bind', host, ...settings);
    await server.start();
  };

  const closers: (() => unknown)[] = [];

  /** Opens a client that is closed after the test. */
  const closing = <T extends RedisClient>(client: T, close: (client: T) => unknown): T => {
    client.on('error', () => {});
    closers.push(() => close(client));
    return client;
  };

  afterEach(async () => {
    await Promise.all(closers.splice(0).map((close) => close()));
    await server.dispose();
  });

  describe('in a cluster', () => {
    beforeEach(async () => {
      await start('--cluster-enabled', 'yes', '--cluster-announce-ip', host);
      const redis = closing(new Redis(port, host), (one) => one.disconnect());
      await redis.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
      let isWell = false;
      const look = async () => {
        isWell = (await redis.cluster('INFO')).includes('cluster_state:ok');
      };
      await until('the cluster is well', () => {
        void look();
        return isWell;
      });
    });

    it('works with the package redis', async () => {
      const rootNodes = [{ socket: { host, port } }];
      const client = closing(createCluster({ rootNodes }), (one) => one.destroy());
      await client.connect();
      await expect(behavesWell(client)).resolves.toBeUndefined();
    });

    it('works with the package ioredis', async () => {
      const client = closing(new Cluster([{ host, port }]), (one) => one.disconnect());
      await expect(behavesWell(client)).resolves.toBeUndefined();
    });
  });

  describe('behind a sentinel', () => {
    let sentinel: RedisServer;
    let sentinelPort: number;

    beforeEach(async () => {
      await start();
      sentinelPort = await freePort();
      sentinel = new Sentinel(sentinelPort, port);
      await sentinel.start();
    });

    afterEach(() => sentinel.dispose());

    it('works with the package redis', async () => {
      const sentinelRootNodes = [{ host, port: sentinelPort }];
      const made = createSentinel({ name: 'main', sentinelRootNodes });
      const client = closing(made, (one) => one.destroy());
      await client.connect();
      await expect(behavesWell(client)).resolves.toBeUndefined();
    });

    it('works with the package ioredis', async () => {
      const sentinels = [{ host, port: sentinelPort }];
      const client = closing(new Redis({ sentinels, name: 'main' }), (one) => one.disconnect());
      await expect(behavesWell(client)).resolves.toBeUndefined();
    });
  });

  describe('with the rights that docs/sources.md names', () => {
    beforeEach(() => start());

    const doc = readFileSync(join(__dirname, '../../../docs/sources.md'), 'utf8');
    const [, reads = '', writes = ''] =
      /^- A reader needs (.+?),\s+and a writer (.+?)\s+as\s+well\./ms.exec(doc) ?? [];
    const rights = (text: string) =>
      [...text.matchAll(/`([A-Z]+)`/g)].map(([, name = '']) => `+${name.toLowerCase()}`);
    const place = ['~evenhand:experiments', '&evenhand:experiments'];

    it.each<[string, () => RedisClient | Promise<RedisClient>]>([
      [
        'redis',
        async () => {
          const client = createRedis({ username: 'shop', password: 'p', socket: { host, port } });
          closing(client, (one) => one.destroy());
          await client.connect();
          return client;
        },
      ],
      [
        'ioredis',
        () => {
          const options = { username: 'shop', password: 'p', host, port, enableReadyCheck: false };
          return closing(new Redis(options), (one) => one.disconnect());
        },
      ],
    ])('reads and writes with the package %s', async (_name, open) => {
      const admin = closing(new Redis(port, host), (one) => one.disconnect());
      expect(rights(reads).length).toBeGreaterThan(3);
      expect(rights(writes).length).toBeGreaterThan(3);
      await createRedisStore({ client: admin }).put(['a:off']);
      await admin.call('ACL', 'SETUSER', 'shop', 'on', '>p', ...place, ...rights(reads));
      const client = await open();
      const user = createClient({ source: redisSource({ client }), logger: false });
      closers.push(() => user.close());
      await user.ready();
      await until('it is listening', () => user.status().watching);
      await expect(createRedisStore({ client }).put([])).rejects.toMatchObject({ code: 'store' });
      await admin.call('ACL', 'SETUSER', 'shop', ...rights(writes));
      await createRedisStore({ client }).put(['a:on']);
      await until('it has changed', () => user.participant().isOn('a'));
    });
  });

  describe('with the settings of a client', () => {
    beforeEach(() => start());

    const keys = async (): Promise<string[]> => {
      const redis = closing(new Redis(port, host), (one) => one.disconnect());
      const found = await redis.keys('*');
      return found.toSorted((a, b) => a.localeCompare(b));
    };

    it.each([
      ['a prefix', { keyPrefix: 'shop:' }],
      ['RESP 2', { RESP: 2 }],
    ] as const)('works with %s of the package redis', async (_what, options) => {
      const made = createRedis({ ...options, socket: { host, port, tls: false } });
      const client = closing(made, (one) => one.destroy());
      await client.connect();
      await behavesWell(client);
      const keyPrefix = 'keyPrefix' in options ? options.keyPrefix : '';
      expect(await keys()).toEqual(
        ['experiments', 'exposures'].map((name) => `${keyPrefix}evenhand:${name}`),
      );
    });

    it.each([
      ['a prefix', { keyPrefix: 'shop:' }],
      ['a lazy connection', { lazyConnect: true }],
      ['pipelines of its own', { enableAutoPipelining: true }],
      ['no queue', { enableOfflineQueue: false, maxRetriesPerRequest: 0 }],
    ])('works with %s of the package ioredis', async (_what, options) => {
      const client = closing(new Redis({ ...options, host, port }), (one) => one.disconnect());
      await behavesWell(client);
      const { keyPrefix = '' } = client.options;
      expect(await keys()).toEqual(
        ['experiments', 'exposures'].map((name) => `${keyPrefix}evenhand:${name}`),
      );
    });
  });
});

/** A sentinel, which tells clients the address of the primary. */
class Sentinel extends RedisServer {
  private readonly config = join(this.folder, 'sentinel.conf');

  constructor(port: number, of: number) {
    super();
    writeFileSync(
      this.config,
      `port ${port}\nbind ${host}\nunixsocket ${this.socket}\nsentinel monitor main ${host} ${of} 1\n`,
    );
  }

  protected override command(): readonly [string, ...string[]] {
    const [program] = super.command();
    return [program, this.config, '--sentinel'];
  }
}
