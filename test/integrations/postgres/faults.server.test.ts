import { createClient, type Client } from '../../../src/client/client.ts';
import type { PostgresPool } from '../../../src/integrations/postgres/connection/connection.ts';
import {
  postgresSource,
  type PostgresSourceOptions,
} from '../../../src/integrations/postgres/source.ts';
import { describeWithPostgres } from '../../servers/postgres.ts';
import { until } from '../../sources/until.ts';
import { putOnly, usePostgres } from './databases.ts';

/** Longer than any test, so that an earlier change came by notification. */
const NEVER_MS = 86_400_000;

describeWithPostgres('a PostgreSQL that fails', (bin) => {
  const clients: Client[] = [];

  // Closed before the pools end, which wait for their connections.
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.close();
  });

  const { server, database } = usePostgres(bin);

  async function follow(options: PostgresSourceOptions): Promise<Client> {
    const client = createClient({ source: postgresSource(options), logger: false });
    clients.push(client);
    await client.ready();
    return client;
  }

  const isOn = (client: Client, name: string) => client.participant().isOn(name);

  it('loads a change that was missed while connections were cut', async () => {
    const { psql, pool, name } = database();
    psql(putOnly(['a:off']));
    // The connection limit does not apply to a superuser.
    psql(
      `CREATE ROLE app_of_${name} LOGIN; GRANT SELECT ON ALL TABLES IN SCHEMA public TO app_of_${name}`,
    );
    const connectionString = server().url(name, `app_of_${name}`);
    const client = await follow({ pool: pool({ connectionString }), intervalMs: NEVER_MS });
    await until('it listens', () => client.status().watching);
    psql(`ALTER DATABASE ${name} CONNECTION LIMIT 0;
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'app_of_${name}'`);
    await until('nobody listens', () => !client.status().watching);
    await until('it is told', () => client.status().problem !== undefined);
    psql(`UPDATE evenhand_experiments SET specification = '"a:on"'`);
    expect(client.status()).toMatchObject({ state: 'ready', watching: false });
    expect(isOn(client, 'a')).toBe(false);
    psql(`ALTER DATABASE ${name} CONNECTION LIMIT -1`);
    await until('a is on', () => isOn(client, 'a'));
    await until('it listens again', () => client.status().watching);
    expect(client.status().problem).toBeUndefined();
    psql(`UPDATE evenhand_experiments SET specification = '"a:off"'`);
    await until('a is off', () => !isOn(client, 'a'));
  });

  it('loads changes after the server was killed and restarted', async () => {
    const { psql, pool } = database();
    psql(putOnly(['a:off', 'b:off']));
    const client = await follow({ pool: pool(), intervalMs: NEVER_MS });
    await until('it listens', () => client.status().watching);
    psql(`UPDATE evenhand_experiments SET specification = '"a:on"' WHERE name = 'a'`);
    await server().kill();
    await until('nobody listens', () => !client.status().watching);
    await until('it is told', () => client.status().problem !== undefined);
    expect(client.status().state).toBe('ready');
    await server().restart();
    psql(`UPDATE evenhand_experiments SET specification = '"b:on"' WHERE name = 'b'`);
    await until('both are on', () => isOn(client, 'a') && isOn(client, 'b'));
    await until('it listens again', () => client.status().watching);
    expect(client.status()).toMatchObject({ revision: 4, problem: undefined });
  });

  it.each([true, false])(
    'does not affect decisions while it hangs (listening: %s)',
    async (listen) => {
      const { psql, pool: makePool } = database();
      psql(putOnly(['a:off']));
      const pool = makePool({ max: 4 });
      const times = { intervalMs: 100, timeoutMs: 200, listeningIntervalMs: 200 };
      const client = await follow({ pool, listen, ...times });
      if (listen) await until('it listens', () => client.status().watching);
      const problems: string[] = [];
      client.on('error', ({ code, message }) => void problems.push(`${code} ${message}`));
      server().hang();
      try {
        await until('it is told', () => client.status().problem !== undefined);
        await until('nobody listens', () => !client.status().watching);
        expect(problems).toContain('source the source "postgres" took longer than 200 ms');
        expect(client.status()).toMatchObject({ state: 'ready', problem: { code: 'source' } });
        expect(isOn(client, 'a')).toBe(false);
        // Repeated loads do not fill the pool's queue.
        expect(pool.waitingCount).toBeLessThanOrEqual(2);
      } finally {
        server().goOn();
      }
      psql(`UPDATE evenhand_experiments SET specification = '"a:on"'`);
      await until('a is on', () => isOn(client, 'a'));
      await until('it is well', () => client.status().problem === undefined);
      if (listen) await until('it listens again', () => client.status().watching);
      await client.close();
      await until('all is given back', () => pool.totalCount === pool.idleCount);
      expect(pool.waitingCount).toBe(0);
    },
  );

  it('receives only a few queries for 10,000 changes', async () => {
    const { psql, pool: makePool } = database();
    psql(putOnly(['a:off', 'b:off']));
    const pool = makePool();
    const client = await follow({ pool, intervalMs: NEVER_MS });
    await until('it listens', () => client.status().watching);
    let loads = 0;
    pool.on('acquire', () => void loads++);
    const began = performance.now();
    // One transaction for each change.
    psql(`DO $$ BEGIN
      FOR i IN 1..10000 LOOP
        UPDATE evenhand_experiments
          SET specification = to_jsonb('a:' || CASE WHEN i % 2 = 0 THEN 'off' ELSE 'on' END)
          WHERE name = 'a';
        COMMIT;
      END LOOP;
      UPDATE evenhand_experiments SET specification = '"b:on"' WHERE name = 'b';
    END $$`);
    await until('the last one is in force', () => isOn(client, 'b'));
    expect(client.status().revision).toBe(2 + 10_000 + 1);
    // At most four loads a second, and one more at each end.
    expect(loads).toBeLessThanOrEqual(4 * ((performance.now() - began) / 1000) + 2);
  });

  it('is polled if it rejects LISTEN', async () => {
    const { psql, pool: makePool } = database();
    psql(putOnly(['a:off']));
    const pool = makePool();
    // Like a hot standby.
    const deaf: PostgresPool = {
      connect: async () => {
        const lent = await pool.connect();
        const query = (text: string, values?: unknown[]) =>
          text.startsWith('LISTEN')
            ? Promise.reject(new Error('cannot execute LISTEN during recovery'))
            : lent.query(text, values);
        return {
          query,
          on: lent.on.bind(lent),
          removeListener: lent.removeListener.bind(lent),
          release: (destroy) => lent.release(destroy),
        };
      },
    };
    const warnings: string[] = [];
    const logger = { warn: (text: string) => void warnings.push(text), error: () => {} };
    const source = postgresSource({ pool: deaf, intervalMs: 100 });
    const client = createClient({ source, logger });
    clients.push(client);
    await client.ready();
    psql(`UPDATE evenhand_experiments SET specification = '"a:on"'`);
    await until('a is on', () => isOn(client, 'a'));
    await until('it has been tried', () => warnings.length > 0);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('cannot execute LISTEN during recovery');
    expect(client.status().watching).toBe(false);
  });
});
