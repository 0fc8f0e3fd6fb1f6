import { Client, Pool } from 'pg';
import { createClient, type Client as EvenhandClient } from '../../../src/client/client.ts';
import { migratePostgres } from '../../../src/integrations/postgres/migrate.ts';
import { createPostgresStore } from '../../../src/integrations/postgres/store/store.ts';
import {
  postgresSource,
  type PostgresSourceOptions,
} from '../../../src/integrations/postgres/source.ts';
import { behavesAsLiveSource } from '../../contract/live-source.ts';
import { describeWithPostgres } from '../../servers/postgres.ts';
import { until } from '../../sources/until.ts';
import { putOnly, usePostgres } from './databases.ts';

/** Longer than any test, so that an earlier change came by notification. */
const NEVER_MS = 86_400_000;

/** The rights of readers. */
const READ = [
  'evenhand_revision',
  'evenhand_experiments',
  'evenhand_context',
  'evenhand_namespaces',
  'evenhand_namespace_definitions',
  'evenhand_namespace_history',
];

const nothing = { signal: new AbortController().signal };

describeWithPostgres('postgresSource()', (bin) => {
  const clients: EvenhandClient[] = [];

  // Closed before the pools end, which wait for their connections.
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.close();
  });

  const { server, database } = usePostgres(bin);

  /** A client that has loaded the current experiments. */
  async function follow(
    options: PostgresSourceOptions,
    { allowEmpty = false } = {},
  ): Promise<EvenhandClient> {
    const client = createClient({ source: postgresSource(options), logger: false, allowEmpty });
    clients.push(client);
    await client.ready();
    return client;
  }

  const isOn = (client: EvenhandClient, name: string) => client.participant().isOn(name);

  describe.each(['pool', 'client'] as const)('with a %s', (kind) => {
    behavesAsLiveSource(
      async (text) => {
        const { psql, pool: makePool, url } = database();
        const write = (given: string) => {
          psql('ALTER TABLE IF EXISTS gone RENAME TO evenhand_revision');
          psql(putOnly(JSON.parse(given) as unknown[]));
        };
        write(text);
        const client = new Client({ connectionString: url });
        if (kind === 'client') await client.connect();
        const connection = kind === 'pool' ? { pool: makePool() } : { client };
        return {
          source: postgresSource({ ...connection, intervalMs: 100, listeningIntervalMs: 100 }),
          write,
          breakOff: () => void psql('ALTER TABLE evenhand_revision RENAME TO gone'),
          remove: async () => {
            if (kind === 'client') await client.end();
          },
        };
      },
      { revisions: 'counted', holds: 'json' },
    );
  });

  it('receives changes that were made with plain SQL', async () => {
    const { psql, pool } = database();
    psql(putOnly(['a:off']));
    const client = await follow({ pool: pool(), intervalMs: NEVER_MS }, { allowEmpty: true });
    await until('it listens', () => client.status().watching);
    psql(`UPDATE evenhand_experiments SET specification = '"a:on"' WHERE name = 'a'`);
    await until('a is on', () => isOn(client, 'a'));
    psql(`DELETE FROM evenhand_experiments`);
    await until('a is gone', () => client.experiments().experiments.length === 0);
    psql(`INSERT INTO evenhand_experiments (name, specification) VALUES ('b', '"b:on"')`);
    await until('b is on', () => isOn(client, 'b'));
    psql('TRUNCATE evenhand_experiments');
    await until('b is gone', () => client.experiments().experiments.length === 0);
    expect(client.status()).toMatchObject({ state: 'ready', problem: undefined });
  });

  it('delivers the declared context', async () => {
    const { psql, pool } = database();
    const source = postgresSource({ pool: pool() });
    psql(`INSERT INTO evenhand_context (specification) VALUES ('{"properties":{}}')`);
    expect(await source.load(nothing)).toEqual({
      origin: 'PostgreSQL, evenhand_experiments',
      changes: [],
      data: { experiments: [], context: { properties: {} } },
      named: true,
      final: true,
      revision: 1,
    });
  });

  it('reports "unchanged" until something changes', async () => {
    const { psql, pool } = database();
    const source = postgresSource({ pool: pool() });
    expect(await source.load({ ...nothing, known: 0 })).toEqual({ unchanged: true });
    psql(putOnly(['a:on']));
    expect(await source.load({ ...nothing, known: 0 })).toMatchObject({ revision: 1 });
    expect(await source.load({ ...nothing, known: 'of another source' })).toMatchObject({
      revision: 1,
    });
  });

  it('never delivers a part of a transaction', async () => {
    const { psql, pool } = database();
    psql(putOnly(['a:on', 'b:on']));
    const writer = pool();
    const source = postgresSource({ pool: pool() });
    const writing = new Set(['still']);
    const written = (async () => {
      for (let i = 0; i < 100; i++) {
        const state = i % 2 === 0 ? 'off' : 'on';
        const connection = await writer.connect();
        await connection.query('BEGIN');
        for (const name of ['a', 'b']) {
          await connection.query(
            `UPDATE evenhand_experiments SET specification = $1 WHERE name = $2`,
            [JSON.stringify(`${name}:${state}`), name],
          );
        }
        await connection.query('COMMIT');
        connection.release();
      }
      writing.clear();
    })();
    const seen = new Set<string>();
    const revisions: number[] = [];
    while (writing.size > 0) {
      const delivery = await source.load(nothing);
      const { data, revision } = delivery as { data: { experiments: string[] }; revision: number };
      seen.add(data.experiments.map((entry) => entry.split(':')[1]).join());
      revisions.push(revision);
    }
    await written;
    expect([...seen].sort((a, b) => (a < b ? -1 : 1))).toEqual(['off,off', 'on,on']);
    expect(revisions).toEqual(revisions.toSorted((a, b) => a - b));
  });

  it('works in a schema with any name and any search_path', async () => {
    const { psql, pool: makePool } = database();
    const pool = makePool();
    const schema = 'odd "name" %s';
    await migratePostgres({ pool, schema });
    const client = await follow({ pool, schema, intervalMs: NEVER_MS });
    await until('it listens', () => client.status().watching);
    psql(
      `INSERT INTO "odd ""name"" %s".evenhand_experiments (name, specification) VALUES ('a', '"a:on"')`,
    );
    await until('a is on', () => isOn(client, 'a'));
    expect(client.status().origin).toBe('PostgreSQL, "odd ""name"" %s".evenhand_experiments');
  });

  it('needs only the SELECT right', async () => {
    const { psql, pool, name } = database();
    psql(`CREATE ROLE reader_of_${name} LOGIN;
      GRANT SELECT ON ${READ.join()} TO reader_of_${name}`);
    const reader = pool({ connectionString: server().url(name, `reader_of_${name}`) });
    const client = await follow({ pool: reader, intervalMs: NEVER_MS });
    await until('it listens', () => client.status().watching);
    psql(putOnly(['a:on']));
    await until('a is on', () => isOn(client, 'a'));
    const refused = [
      `INSERT INTO evenhand_experiments (name, specification) VALUES ('b', '"b:on"')`,
      `UPDATE evenhand_experiments SET specification = '"a:off"'`,
      'DELETE FROM evenhand_experiments',
      'TRUNCATE evenhand_experiments',
      'UPDATE evenhand_revision SET revision = 0',
      'SELECT evenhand_next_revision()',
      'SELECT * FROM evenhand_history',
    ];
    for (const statement of refused) {
      await expect(reader.query(statement)).rejects.toThrow(/permission denied/);
    }
  });

  describe('names the author and the reason in log lines about', () => {
    /** A client that logs changes, as a role with these rights. */
    async function logging(rights: readonly string[]) {
      const { psql, pool, name } = database();
      psql(`CREATE ROLE logger_of_${name} LOGIN;
        GRANT SELECT ON ${rights.join()} TO logger_of_${name}`);
      const lines: string[] = [];
      const note = (line: string) => void lines.push(line);
      const client = createClient({
        source: postgresSource({
          pool: pool({ connectionString: server().url(name, `logger_of_${name}`) }),
          intervalMs: NEVER_MS,
        }),
        logger: { info: note, warn: note, error: note },
      });
      clients.push(client);
      await client.ready();
      await until('it listens', () => client.status().watching);
      return {
        client,
        lines,
        psql,
        role: `logger_of_${name}`,
        store: createPostgresStore({ pool: pool() }),
      };
    }

    const at = '"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z"';

    it('experiments, each with its own', async () => {
      const { lines, psql, store } = await logging(READ);
      await store.put('a:on', { author: 'ada', reason: 'ticket 12' });
      await until('a is logged', () => lines.length === 1);
      await store.putSwitch('a', 'off', { author: 'bob' });
      await until('the flip is logged', () => lines.length === 2);
      psql(`SELECT set_config('evenhand.author', 'eve', false);
        INSERT INTO evenhand_experiments (name, specification) VALUES ('b', '"b:on"')`);
      await until('b is logged', () => lines.length === 3);
      const by = (text: string) => expect.stringMatching(new RegExp(`${text} at=${at}$`));
      expect(lines).toEqual([
        by('switch added name="a" after="on" revision=1 author="ada" reason="ticket 12"'),
        by('switch changed name="a" before="on" after="off" revision=2 author="bob"'),
        by('switch added name="b" after="on" revision=3 author="eve"'),
      ]);
    });

    it('several experiments of one delivery', async () => {
      const { client, lines, store } = await logging(READ);
      await store.put(['a:on', 'b:on'], { author: 'ada' });
      await until('both are logged', () => lines.length === 2);
      expect(lines.every((line) => line.includes('author="ada"'))).toBe(true);
      expect(client.status().experiments).toBe(2);
    });

    it('removed experiments, if the role may read the history', async () => {
      const { lines, store } = await logging([...READ, 'evenhand_history']);
      await store.put('a:on', { author: 'ada' });
      await until('a is logged', () => lines.length === 1);
      await store.put('b:on', { author: 'ada' });
      await until('b is logged', () => lines.length === 2);
      await store.remove('a', { author: 'bob', reason: 'over' });
      await until('the removal is logged', () => lines.length === 3);
      expect(lines[2]).toMatch(
        /switch removed name="a" before="on" revision=3 author="bob" reason="over" at=/,
      );
    });

    it('nothing that the role must not read, and keeps loading', async () => {
      const { client, lines, psql, role, store } = await logging([...READ, 'evenhand_history']);
      await store.put(['a:on', 'b:on'], { author: 'ada' });
      await until('they are logged', () => lines.length === 2);
      psql(`REVOKE SELECT ON evenhand_history FROM ${role}`);
      await store.remove('a', { author: 'bob' });
      await until('a is gone', () => client.experiments().experiments.length === 1);
      expect(lines.at(-1)).toMatch(/works again|switch removed name="a" before="on" revision=3$/);
    });

    it('operations on namespaces', async () => {
      const { lines, psql } = await logging(READ);
      psql(`SELECT set_config('evenhand.author', 'ada', false), set_config('evenhand.reason', 'may', false);
        BEGIN;
        INSERT INTO evenhand_namespaces (name, segments, settings) VALUES ('n', 10, '{"unit":"user.id"}');
        INSERT INTO evenhand_namespace_history (namespace, sequence, operation, specification)
          VALUES ('n', 1, 'create', '{}');
        COMMIT;`);
      await until('it is logged', () => lines.length === 1);
      expect(lines[0]).toMatch(
        /^evenhand: namespace added name="n" after="none" .*author="ada" reason="may"/,
      );
    });
  });

  it('releases connections in their original state', async () => {
    const { psql, pool: makePool } = database();
    const pool = makePool({ max: 2 });
    const before = await pool.connect();
    const counts = () => before.eventNames().map((name) => [name, before.listenerCount(name)]);
    const mine = counts();
    before.release();
    const client = await follow({ pool, intervalMs: NEVER_MS });
    await until('it listens', () => client.status().watching);
    psql(putOnly(['a:on']));
    await until('a is on', () => isOn(client, 'a'));
    await client.close();
    expect(pool).toMatchObject({ totalCount: pool.idleCount, waitingCount: 0 });
    const lent = [await pool.connect(), await pool.connect()];
    expect(lent).toContain(before);
    expect(counts()).toEqual(mine);
    for (const connection of lent) {
      const { rows } = await connection.query('SELECT pg_listening_channels()');
      expect(rows).toEqual([]);
      connection.release();
    }
  });

  it('reports an invalid row by its name, and loads it when it is fixed', async () => {
    const { psql, pool } = database();
    psql(putOnly(['a:on', 'b:on']));
    const client = await follow({ pool: pool(), intervalMs: NEVER_MS });
    const problems: string[] = [];
    client.on('error', ({ code, message }) => void problems.push(`${code} ${message}`));
    await until('it listens', () => client.status().watching);
    psql(`UPDATE evenhand_experiments SET specification = '{"name":"b"}' WHERE name = 'b'`);
    await until('the problem is told', () => problems.length > 0);
    psql(`UPDATE evenhand_experiments SET specification = '"a:off"' WHERE name = 'a'`);
    await until('it is looked at', () => problems.length > 0);
    expect(problems[0]).toMatch(/^spec PostgreSQL, evenhand_experiments: 3 problems/);
    expect(problems[0]).toContain('experiment "b": the property "identity" is missing');
    expect(client.status()).toMatchObject({ state: 'ready', problem: { code: 'spec' } });
    expect([isOn(client, 'a'), isOn(client, 'b')]).toEqual([true, true]);
    psql(`UPDATE evenhand_experiments SET specification = '"b:off"' WHERE name = 'b'`);
    await until('it is repaired', () => client.status().problem === undefined);
    expect([isOn(client, 'a'), isOn(client, 'b')]).toEqual([false, false]);
  });

  it('reports a remedy for tables that are missing or not readable', async () => {
    const { psql, pool, name } = database();
    const missing = postgresSource({ pool: pool(), schema: 'nowhere' });
    await expect(missing.load(nothing)).rejects.toMatchObject({
      code: 'source',
      message: expect.stringContaining('"evenhand postgres migrate"'),
    });
    psql(`CREATE ROLE nobody_of_${name} LOGIN`);
    const url = server().url(name, `nobody_of_${name}`);
    const forbidden = postgresSource({ pool: pool({ connectionString: url }) });
    await expect(forbidden.load(nothing)).rejects.toMatchObject({
      code: 'source',
      message: expect.stringMatching(/permission denied.*; readers need SELECT/),
    });
    psql('DELETE FROM evenhand_revision');
    await expect(postgresSource({ pool: pool() }).load(nothing)).rejects.toMatchObject({
      code: 'source',
      message: expect.stringContaining('must have one row'),
    });
  });

  it('never shows a password', async () => {
    const { pool } = database();
    const connectionString = `postgres://ada:s3cret@127.0.0.1:1/shop?application_name=t0ken`;
    const source = postgresSource({ pool: pool({ connectionString }) });
    const error: unknown = await Promise.resolve(source.load(nothing)).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({
      code: 'source',
      message: expect.stringContaining('ECONNREFUSED'),
    });
    expect(String(error)).not.toMatch(/s3cret|t0ken/);
  });

  it('rejects a restored backup until its revision is raised', async () => {
    const { psql, pool } = database();
    psql(putOnly(['a:off', 'b:off']));
    const client = await follow({ pool: pool(), intervalMs: 100, listen: false });
    psql(`${putOnly(['a:on', 'b:on'])} UPDATE evenhand_revision SET revision = 1`);
    await until('it is told', () => client.status().problem !== undefined);
    expect(client.status().problem?.message).toContain(
      'delivered revision 1, older than revision 2',
    );
    expect(isOn(client, 'a')).toBe(false);
    psql('UPDATE evenhand_revision SET revision = revision + 1000000');
    await until('it is taken', () => isOn(client, 'a'));
    expect(client.status()).toMatchObject({ revision: 1_000_001, problem: undefined });
  });

  it('rejects more than maxBytes without transferring it', async () => {
    const { psql, pool } = database();
    psql(`INSERT INTO evenhand_context (specification)
      SELECT jsonb_build_object('description', repeat('x', 1000000))`);
    const source = postgresSource({ pool: pool(), maxBytes: 1000 });
    await expect(source.load(nothing)).rejects.toThrow(
      /10000\d\d bytes, but the option maxBytes allows 1000/,
    );
    expect(await postgresSource({ pool: pool() }).load(nothing)).toMatchObject({ revision: 1 });
  });

  it('works with any type parsers of the application', async () => {
    const { psql, pool: makePool } = database();
    psql(putOnly(['a:on']));
    const pool = makePool({ types: { getTypeParser: () => () => 7 as never } });
    // Text values are not affected by type parsers.
    const texts = { getTypeParser: (oid: number) => (oid === 25 ? String : () => 'nothing') };
    const source = postgresSource({ pool: makePool({ types: texts }) });
    expect(await source.load(nothing)).toMatchObject({ data: { experiments: ['a:on'] } });
    await expect(postgresSource({ pool }).load(nothing)).rejects.toThrow(
      'the client did not return the column',
    );
  });

  it.each([
    [{}, 'set either "pool" or "client"'],
    [{ pool: {} }, 'option "pool" must be a connection pool'],
    [{ client: 'postgres://' }, 'option "client" must be a connection'],
    [{ pool: new Client() }, 'option "pool" must be a connection pool'],
    [{ client: new Pool() }, 'option "client" must be a connection'],
    [{ pool: new Pool(), client: new Client() }, 'set either "pool" or "client"'],
    [{ schema: '' }, 'option "schema" must be a schema name'],
    [{ schema: 'x'.repeat(64) }, 'option "schema" must be a schema name'],
    [{ intervalMs: 1 }, 'option "intervalMs" must be a number of milliseconds'],
    [{ listen: 'yes' }, 'option "listen" must be true or false'],
    [{ interval: 1000 }, 'did you mean "intervalMs"?'],
  ])('rejects invalid options (%#)', (options, message) => {
    expect(() => postgresSource(options as never)).toThrow(message);
  });

  it('rejects a pool of one connection, because listening would keep it', () => {
    const { pool } = database();
    expect(() => postgresSource({ pool: pool({ max: 1 }) })).toThrow('a pool of one connection');
    expect(postgresSource({ pool: pool({ max: 1 }), listen: false }).watch).toBeUndefined();
  });
});
