import type { EventRecord } from '../../../src/exposures/records/record.ts';
import { redisStreamSink } from '../../../src/integrations/redis/redis-stream-sink.ts';
import { describeSinkContract } from '../../contract/sink-contract.ts';
import { exposures, unaborted } from '../../exposures/sinks/records.ts';
import { describeWithRedis, RedisServer } from '../../servers/redis.ts';
import { PACKAGES, type TestClient } from './clients.ts';

const STREAM = 'evenhand:exposures';

/** An entry of a stream, as the server returns it. */
type Entry = readonly [id: string, fields: readonly string[]];

/** Reads the records in the stream. */
async function entriesOf(redis: TestClient): Promise<Record<string, string>[]> {
  const entries = (await redis.command('XRANGE', STREAM, '-', '+')) as Entry[];
  return entries.map(([, fields]) =>
    Object.fromEntries(
      fields.flatMap((name, i) => (i % 2 === 0 ? [[name, fields[i + 1] ?? '']] : [])),
    ),
  );
}

async function recordsOf(redis: TestClient): Promise<EventRecord[]> {
  return (await entriesOf(redis)).map(({ record = '' }) => JSON.parse(record) as EventRecord);
}

describeWithRedis('redisStreamSink', () => {
  describe.each(PACKAGES)('with the package %s', (name, open) => {
    describeSinkContract(`redisStreamSink() with ${name}`, async () => {
      const server = new RedisServer();
      await server.start();
      const redis = await open({ socket: server.socket });
      let state: 'well' | 'killed' | 'frozen' = 'well';
      return {
        sink: redisStreamSink({ client: redis.client, maxLength: 10_000 }),
        received: () => recordsOf(redis),
        breakDown: async () => {
          await server.kill();
          state = 'killed';
        },
        hang: async () => {
          server.freeze();
          state = 'frozen';
        },
        repair: async () => {
          if (state === 'killed') await server.start();
          if (state === 'frozen') server.thaw();
          state = 'well';
          // Waits until the client has noticed it.
          await redis.command('PING');
        },
        dispose: async () => {
          redis.close();
          await server.dispose();
        },
      };
    });

    describe('on one server', () => {
      let server: RedisServer;
      let redis: TestClient;

      beforeAll(async () => {
        server = new RedisServer();
        await server.start();
      });

      afterAll(() => server.dispose());

      beforeEach(async () => {
        redis = await open({ socket: server.socket });
        await redis.command('CONFIG', 'SET', 'maxmemory', '0');
        await redis.command('FLUSHALL');
      });

      afterEach(() => redis.close());

      const write = (batch: readonly EventRecord[], maxLength: number | false = false) =>
        redisStreamSink({ client: redis.client, maxLength }).write(batch, unaborted());

      it('gives each entry the id of its record, so that readers can merge duplicates', async () => {
        const batch = exposures(3);
        await write(batch);
        await write(batch);
        const entries = await entriesOf(redis);
        expect(entries).toHaveLength(6);
        expect(Object.keys(entries[0] ?? {})).toEqual(['id', 'record']);
        const merged = new Map(entries.map(({ id = '', record = '' }) => [id, record]));
        expect([...merged.values()].map((text) => JSON.parse(text) as unknown)).toEqual(batch);
      });

      it('trims the stream to about maxLength entries', async () => {
        for (let i = 0; i < 10; i++) await write(exposures(500), 1000);
        const length = Number(await redis.command('XLEN', STREAM));
        // Redis deletes whole nodes, of 100 entries each.
        expect(length).toBeGreaterThanOrEqual(1000);
        expect(length).toBeLessThanOrEqual(1200);
      });

      it('keeps all entries with maxLength: false', async () => {
        for (let i = 0; i < 4; i++) await write(exposures(500), false);
        expect(await redis.command('XLEN', STREAM)).toBe(2000);
      });

      it('writes a batch completely or not at all', async () => {
        await redis.command('CONFIG', 'SET', 'maxmemory', '1');
        const failed = write(exposures(500));
        await expect(failed).rejects.toThrow(/^the stream "evenhand:exposures": .*OOM/);
        await redis.command('CONFIG', 'SET', 'maxmemory', '0');
        expect(await redis.command('XLEN', STREAM)).toBe(0);
      });

      it('reports errors and never rejects a batch permanently', async () => {
        await redis.command('SET', STREAM, 'x');
        const failure: unknown = await write(exposures(2)).catch((error: unknown) => error);
        expect(failure).toMatchObject({
          name: 'SinkError',
          message:
            'the stream "evenhand:exposures": WRONGTYPE Operation against a key holding the wrong kind of value',
        });
        expect(failure).not.toHaveProperty('permanent');
      });

      it('writes to the configured stream', async () => {
        const sink = redisStreamSink({ client: redis.client, stream: 'shop', maxLength: 10 });
        await sink.write(exposures(1), unaborted());
        expect(await redis.command('XLEN', 'shop')).toBe(1);
      });
    });
  });
});

describe('redisStreamSink', () => {
  const client = { hGet: () => {}, duplicate: () => {}, isOpen: true };

  it.each([
    [{ maxLength: 10 }, /must be a client of the package redis/],
    [{ client }, /"maxLength" is missing/],
    [
      { client, maxLength: 0 },
      /"maxLength" must be a whole number of entries \(1 or more\), or false/,
    ],
    [{ client, maxLength: true }, /"maxLength" must be a whole number/],
    [{ client, maxLength: 10, stream: '' }, /"stream" must be a non-empty string/],
    [{ client, maxLen: 10 }, /did you mean "maxLength"/],
  ])('rejects %p', (options, message) => {
    expect(() => redisStreamSink(options as never)).toThrow(message);
  });
});
