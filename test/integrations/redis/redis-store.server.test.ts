import { registerOperators } from '../../../src/planout/index.ts';
import { createRedisStore, type RedisStore } from '../../../src/integrations/redis/redis-store.ts';
import { describeWithRedis, RedisServer } from '../../servers/redis.ts';
import { PACKAGES, type TestClient } from './clients.ts';

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

    it('reads the specification that was put, and undefined before that', async () => {
      expect(await store.read()).toBeUndefined();
      const revision = await store.put(['a:on']);
      expect(await store.read()).toEqual({ text: '["a:on"]', revision });
    });

    it('stores JSON text unchanged', async () => {
      const text = '[\n  "a:on", "ä:off"\n]'.replace('ä', 'b');
      await store.put(text);
      expect(await store.read()).toMatchObject({ text });
    });

    it('takes scripts with the custom operators that it was given', async () => {
      const experiments = [{ name: 'price', script: 'x = tripled(userid);' }];
      const namespaces = [{ name: 'shop', unit: 'userid', experiments }];
      const config = { experiments: [], namespaces };
      await expect(store.put(config)).rejects.toThrow('unknown operator "tripled"');
      expect(await store.read()).toBeUndefined();
      const operators = registerOperators({ tripled: ({ value }) => 3 * Number(value) });
      const knowing = createRedisStore({ client: redis.client, operators });
      await knowing.put(config);
      expect(await store.read()).toMatchObject({ text: JSON.stringify(config) });
    });

    it('returns increasing revisions, even after the server has lost its data', async () => {
      const revisions = [];
      for (let i = 0; i < 20; i++) revisions.push(await store.put([]));
      const before = Date.now();
      await redis.command('FLUSHALL');
      // The server uses this machine's clock.
      while (Date.now() <= Math.max(before, ...revisions));
      revisions.push(await store.put([]));
      expect(revisions).toEqual([...new Set(revisions)].toSorted((a, b) => a - b));
    });

    it('returns a larger revision if the stored one is ahead of the clock', async () => {
      const ahead = String(2 ** 52);
      await redis.command('HSET', KEY, 'revision', ahead, 'specification', '[]');
      expect(await store.put([])).toBe(2 ** 52 + 1);
    });

    it('replaces an invalid revision', async () => {
      await redis.command('HSET', KEY, 'revision', 'x', 'specification', '[]');
      expect(await store.put([])).toBeGreaterThan(1_700_000_000_000);
    });

    it.each([
      ['invalid JSON', '["a:on",', 'json'],
      ['an invalid specification', ['a:maybe'], 'spec'],
      ['nothing', undefined, 'option'],
      ["a value that JSON can't represent", [1n], 'option'],
      ['far too much', ' '.repeat(64 * 2 ** 20 + 1), 'option'],
    ])('rejects %s and writes nothing', async (_what, specification, code) => {
      const revision = await store.put(['a:on']);
      await expect(store.put(specification)).rejects.toMatchObject({ code });
      expect(await store.read()).toEqual({ text: '["a:on"]', revision });
    });

    it('writes if the stored revision is the expected one', async () => {
      const first = await store.put(['a:on'], { expectedRevision: 0 });
      const second = await store.put(['a:off'], { expectedRevision: first });
      expect(await store.read()).toEqual({ text: '["a:off"]', revision: second });
    });

    it('rejects a change based on an outdated revision', async () => {
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

    it('refuses a change after the largest revision that readers accept', async () => {
      await store.put(['a:on']);
      const setRevision = (revision: string) => redis.command('HSET', KEY, 'revision', revision);
      await setRevision('9007199254740990');
      expect(await store.put(['a:off'])).toBe(Number.MAX_SAFE_INTEGER);
      for (const largest of ['9007199254740991', '9007199254740992', '99999999999999999999']) {
        await setRevision(largest);
        const before = await redis.command('HGETALL', KEY);
        await expect(store.put(['b:on'])).rejects.toMatchObject({
          code: 'store',
          message: `redis:${KEY}: no revision can follow ${largest}, the largest whole number that readers accept; write the specification under another key`,
        });
        expect(await redis.command('HGETALL', KEY)).toEqual(before);
      }
    });

    it('loses no change when several are made at the same time', async () => {
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

    it('reports a key that holds another type', async () => {
      await redis.command('SET', KEY, 'x');
      const problem = {
        code: 'store',
        message: expect.stringMatching(/^redis:evenhand:experiments: .*WRONGTYPE .*/),
      };
      await expect(store.read()).rejects.toMatchObject(problem);
      await expect(store.put([])).rejects.toMatchObject({ code: 'store' });
      expect(await redis.command('GET', KEY)).toBe('x');
    });

    it('writes nothing if it has no right to publish', async () => {
      const rules = ['on', '>pass', '~*', '+@all', 'resetchannels', '&allowed'];
      await redis.command('ACL', 'SETUSER', 'writer', ...rules);
      await redis.command('AUTH', 'writer', 'pass');
      await expect(store.put(['a:on'])).rejects.toMatchObject({ code: 'store' });
      expect(await store.read()).toBeUndefined();
      const other = createRedisStore({ client: redis.client, channel: 'allowed' });
      await other.put(['a:on']);
      expect(await store.read()).toBeDefined();
    });

    it('reports a closed client', async () => {
      redis.close();
      await expect(store.put([])).rejects.toMatchObject({ code: 'store' });
      await expect(store.read()).rejects.toMatchObject({ code: 'store' });
    });
  });
});
