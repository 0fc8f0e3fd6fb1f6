import { createRedisStore, type RedisStore } from '../../../src/integrations/redis/redis-store.ts';
import { describeWithRedis, RedisServer } from '../../servers/redis.ts';
import { PACKAGES, type TestClient } from './clients.ts';

jest.setTimeout(60_000);

const KEY = 'evenhand:experiments';

describeWithRedis('createRedisStore', () => {
  let server: RedisServer;

  beforeAll(async () => {
    server = new RedisServer();
    await server.start();
  });

  afterAll(() => server.dispose());

  describe.each(PACKAGES)('with the package %s', (_name, open) => {
    let redis: TestClient;
    let store: RedisStore;

    beforeEach(async () => {
      redis = await open({ socket: server.socket });
      await redis.command('FLUSHALL');
      store = createRedisStore({ client: redis.client });
    });

    afterEach(() => redis.close());

    it('reads what it has put, and nothing before', async () => {
      expect(await store.read()).toBeUndefined();
      const revision = await store.put(['a:on']);
      expect(await store.read()).toEqual({ text: '["a:on"]', revision });
    });

    it('keeps a text as it is', async () => {
      const text = '[\n  "a:on", "ä:off"\n]'.replace('ä', 'b');
      await store.put(text);
      expect(await store.read()).toMatchObject({ text });
    });

    it('gives revisions that grow, also when all is lost', async () => {
      const revisions = [];
      for (let i = 0; i < 20; i++) revisions.push(await store.put([]));
      const before = Date.now();
      await redis.command('FLUSHALL');
      // The server's clock is this machine's.
      while (Date.now() <= Math.max(before, ...revisions));
      revisions.push(await store.put([]));
      expect(revisions).toEqual([...new Set(revisions)].toSorted((a, b) => a - b));
    });

    it('gives a revision after one that is ahead of the clock', async () => {
      const ahead = String(2 ** 52);
      await redis.command('HSET', KEY, 'revision', ahead, 'specification', '[]');
      expect(await store.put([])).toBe(2 ** 52 + 1);
    });

    it('mends a revision that is none', async () => {
      await redis.command('HSET', KEY, 'revision', 'x', 'specification', '[]');
      expect(await store.put([])).toBeGreaterThan(1_700_000_000_000);
    });

    it.each([
      ['no JSON', '["a:on",', 'json'],
      ['no specification', ['a:maybe'], 'spec'],
      ['nothing', undefined, 'option'],
      ['no value of JSON', [1n], 'option'],
      ['far too much', ' '.repeat(64 * 2 ** 20 + 1), 'option'],
    ])('writes nothing of %s', async (_what, specification, code) => {
      const revision = await store.put(['a:on']);
      await expect(store.put(specification)).rejects.toMatchObject({ code });
      expect(await store.read()).toEqual({ text: '["a:on"]', revision });
    });

    it('writes where the expected revision is there', async () => {
      const first = await store.put(['a:on'], { expectedRevision: 0 });
      const second = await store.put(['a:off'], { expectedRevision: first });
      expect(await store.read()).toEqual({ text: '["a:off"]', revision: second });
    });

    it('refuses a change of what has been changed meanwhile', async () => {
      const seen = await store.put(['a:on']);
      const revision = await store.put(['a:off']);
      await expect(store.put(['a:on', 'b:on'], { expectedRevision: seen })).rejects.toMatchObject({
        code: 'conflict',
        name: 'ConflictError',
        expected: seen,
        actual: revision,
        message: `redis:${KEY}: revision ${revision} is stored, but revision ${seen} was expected; reload and apply your change to the current revision`,
      });
      await expect(store.put([], { expectedRevision: 0 })).rejects.toMatchObject({
        code: 'conflict',
        expected: undefined,
        actual: revision,
      });
      expect(await store.read()).toEqual({ text: '["a:off"]', revision });
      await redis.command('DEL', KEY);
      await expect(store.put([], { expectedRevision: seen })).rejects.toMatchObject({
        code: 'conflict',
        actual: undefined,
      });
    });

    it('loses none of the changes that are made at once', async () => {
      await store.put([]);
      let conflicts = 0;
      const add = async (name: string): Promise<void> => {
        const { text = '[]', revision = 0 } = (await store.read()) ?? {};
        const experiments = JSON.parse(text) as string[];
        try {
          await store.put([...experiments, `${name}:on`], { expectedRevision: revision });
        } catch (error) {
          if ((error as { code?: string }).code !== 'conflict') throw error;
          conflicts++;
          await add(name);
        }
      };
      const names = Array.from({ length: 20 }, (_, i) => `e${i}`);
      await Promise.all(names.map(add));
      const { text = '' } = (await store.read()) ?? {};
      expect(new Set(JSON.parse(text) as string[])).toEqual(new Set(names.map((n) => `${n}:on`)));
      expect(conflicts).toBeGreaterThan(0);
    });

    it.each([{ expectedRevision: -1 }, { expectedRevision: '1' }, { expectedRevison: 1 }])(
      'refuses the option %p',
      async (options) => {
        await expect(store.put([], options as never)).rejects.toMatchObject({ code: 'option' });
      },
    );

    it('says what is wrong where the key holds something else', async () => {
      await redis.command('SET', KEY, 'x');
      const problem = {
        code: 'store',
        message: expect.stringMatching(/^redis:evenhand:experiments: .*WRONGTYPE .*/),
      };
      await expect(store.read()).rejects.toMatchObject(problem);
      await expect(store.put([])).rejects.toMatchObject({ code: 'store' });
      expect(await redis.command('GET', KEY)).toBe('x');
    });

    it('writes nothing that it may not announce', async () => {
      const rules = ['on', '>pass', '~*', '+@all', 'resetchannels', '&allowed'];
      await redis.command('ACL', 'SETUSER', 'writer', ...rules);
      await redis.command('AUTH', 'writer', 'pass');
      await expect(store.put(['a:on'])).rejects.toMatchObject({ code: 'store' });
      expect(await store.read()).toBeUndefined();
      const other = createRedisStore({ client: redis.client, channel: 'allowed' });
      await other.put(['a:on']);
      expect(await store.read()).toBeDefined();
    });

    it('says so when the client is closed', async () => {
      redis.close();
      await expect(store.put([])).rejects.toMatchObject({ code: 'store' });
      await expect(store.read()).rejects.toMatchObject({ code: 'store' });
    });
  });
});
