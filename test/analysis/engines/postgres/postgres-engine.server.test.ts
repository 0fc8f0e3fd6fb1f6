import { postgresEngine } from '../../../../src/analysis/engines/postgres/postgres-engine.ts';
import { usePostgres } from '../../../integrations/postgres/databases.ts';
import { describeWithPostgres } from '../../../servers/postgres.ts';

describeWithPostgres('postgresEngine()', (bin) => {
  const { database } = usePostgres(bin);

  it.each([
    ['deletes', 'DELETE FROM kept'],
    ['deletes in a WITH', 'WITH gone AS (DELETE FROM kept RETURNING 1 AS one) SELECT * FROM gone'],
    [
      'ends the transaction first',
      'SELECT 1) AS a; COMMIT; DROP TABLE kept; SELECT * FROM (SELECT 1',
    ],
    ['comments out the rest', 'SELECT 1) AS a; DROP TABLE kept; --'],
    ['creates a table', 'CREATE TABLE more AS SELECT 1 AS one'],
    ['calls a function that writes', "SELECT setval('numbers', 7)"],
  ])('refuses a statement that %s, and changes nothing', async (_, sql) => {
    const pool = database().pool();
    await pool.query('CREATE TABLE IF NOT EXISTS kept AS SELECT 1 AS one');
    await pool.query('CREATE SEQUENCE IF NOT EXISTS numbers');
    const engine = postgresEngine({ pool });
    await expect(engine.query(sql)).rejects.toMatchObject({ code: 'analysis' });
    expect(await engine.query('SELECT * FROM kept')).toEqual([{ one: 1 }]);
    const { rows } = await pool.query(
      "SELECT to_regclass('more') AS more, last_value::integer AS last FROM numbers",
    );
    expect(rows).toEqual([{ more: null, last: 1 }]);
  });

  it('ends a statement at its time limit, and runs the next one', async () => {
    const engine = postgresEngine({ pool: database().pool() });
    const endless = engine.query('SELECT pg_sleep(600)', { timeoutMs: 200 });
    await expect(endless).rejects.toMatchObject({ code: 'analysis' });
    expect(await engine.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('cancels an aborted statement on the server', async () => {
    const pool = database().pool();
    const engine = postgresEngine({ pool });
    const abort = new AbortController();
    const endless = engine.query("SELECT pg_sleep(600), 'to cancel'", { signal: abort.signal });
    const running = async (): Promise<number> => {
      const { rows } = await pool.query<{ count: number }>(
        "SELECT count(*)::integer AS count FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%to cancel%' AND pid <> pg_backend_pid()",
      );
      return rows[0]?.count ?? 0;
    };
    while ((await running()) === 0);
    abort.abort();
    await expect(endless).rejects.toBeDefined();
    while ((await running()) > 0);
    expect(await engine.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});
