// cspell:ignore setval
import { Client, type Pool } from 'pg';
import { analyze } from '../../../../src/analysis/analyze.ts';
import { postgresEngine } from '../../../../src/analysis/engines/postgres/postgres-engine.ts';
import { readOnly } from '../../../../src/analysis/engines/postgres/read-only.ts';
import { closing } from '../../../closing.ts';
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

  it("sets the server's own time limit, which ends a statement that nobody aborts", async () => {
    const pool = database().pool();
    const lent = await pool.connect();
    const { signal } = new AbortController();
    try {
      const endless = readOnly(lent, 'SELECT pg_sleep(600)', { timeoutMs: 50 }, signal);
      await expect(endless).rejects.toMatchObject({ code: '57014' });
    } finally {
      lent.release();
    }
    const engine = postgresEngine({ pool });
    const limit = "SELECT current_setting('statement_timeout') AS limit";
    expect(await engine.query(limit, { timeoutMs: 90_000 })).toEqual([{ limit: '90s' }]);
    expect(await engine.query(limit)).toEqual([{ limit: '0' }]);
  });

  it('says that the time is up if the server ends the statement first', async () => {
    const { url } = database();
    const client = closing(new Client({ connectionString: url }));
    await client.connect();
    const engine = postgresEngine({ client });
    const late = engine.query('SELECT pg_sleep(600)', { timeoutMs: 100 });
    await expect(late).rejects.toMatchObject({
      code: 'analysis',
      message: expect.stringMatching(/^PostgreSQL did not finish within 0.1 s/),
    });
    await client.end();
  });

  it('cancels an aborted statement on the server', async () => {
    const pool = database().pool();
    const engine = postgresEngine({ pool });
    const abort = new AbortController();
    const endless = engine.query("SELECT pg_sleep(600), 'to cancel'", { signal: abort.signal });
    while ((await running(pool, 'to cancel')).length === 0);
    abort.abort();
    await expect(endless).rejects.toBeDefined();
    while ((await running(pool, 'to cancel')).length > 0);
    expect(await engine.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('cancels a statement of a pool with one connection, and runs the next one', async () => {
    const { pool } = database();
    const engine = postgresEngine({ pool: pool({ max: 1 }) });
    const observer = pool();
    const abort = new AbortController();
    const endless = engine.query("SELECT pg_sleep(600), 'of one'", { signal: abort.signal });
    while ((await running(observer, 'of one')).length === 0);
    abort.abort(new Error('enough'));
    await expect(endless).rejects.toThrow('enough');
    expect(await engine.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    while ((await running(observer, 'of one')).length > 0);
  });

  it('says that the connection broke in the middle of a statement, and runs the next one', async () => {
    const { pool } = database();
    const used = pool();
    const engine = postgresEngine({ pool: used });
    const observer = pool();
    const broken = engine.query("SELECT pg_sleep(600), 'to break'");
    const failed = broken.catch((error: unknown) => error);
    let pids = await running(observer, 'to break');
    while (pids.length === 0) pids = await running(observer, 'to break');
    await observer.query('SELECT pg_terminate_backend($1::integer)', [pids[0]]);
    expect(await failed).toMatchObject({
      code: 'analysis',
      message: expect.stringMatching(
        /^PostgreSQL: .*; check the address, the password and that the server is running$/,
      ),
    });
    expect(await engine.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('says that the table of the records is missing', async () => {
    const { pool } = database();
    const engine = postgresEngine({ pool: pool(), schema: 'nowhere' });
    await expect(engine.query(engine.sources.exposures.sql)).rejects.toMatchObject({
      code: 'analysis',
      message: expect.stringMatching(
        /^PostgreSQL: relation "nowhere\.evenhand_records" does not exist.*; check the tables/,
      ),
    });
  });

  it('reads the table of the schema that it is given, whatever its name', async () => {
    const { pool } = database();
    const used = pool();
    const schema = 'its "own"; DROP';
    const name = `"${schema.replaceAll('"', '""')}"`;
    await used.query(`CREATE SCHEMA ${name}`);
    await used.query(`CREATE TABLE ${name}.evenhand_records (LIKE evenhand_records INCLUDING ALL)`);
    const time = '2027-01-18T08:00:00Z';
    const exposure = { event: 'exposure', experiment: 'checkout', variant: 'short', unit: 'u1' };
    await used.query(
      `INSERT INTO ${name}.evenhand_records (id, time, record) VALUES (gen_random_uuid(), $1, $2)`,
      [time, { ...exposure, time, identity: 'user.id' }],
    );
    const unitsIn = async (options: object): Promise<unknown[]> => {
      const engine = postgresEngine({ pool: used, ...options });
      return [...(await engine.query(`SELECT unit FROM (${engine.sources.exposures.sql}) AS r`))];
    };
    expect(await unitsIn({ schema })).toEqual([{ unit: 'u1' }]);
    expect(await unitsIn({})).toEqual([]);
  });

  it('says what to do about a statement with more columns than PostgreSQL can return', async () => {
    const { pool } = database();
    const columns = Array.from({ length: 1700 }, (_, i) => `1 AS c${i}`).join(', ');
    const tables = {
      exposures: {
        sql: `SELECT 'u' AS unit, now() AS at, 'a' AS variant, ${columns}`,
        columns: [],
      },
      outcomes: { sql: "SELECT 'u' AS unit, now() AS at, 'buy' AS name", columns: [] },
    };
    const engine = postgresEngine({ pool: pool(), sources: tables });
    const message =
      /^PostgreSQL: target lists can have at most 1664 entries.*; analyse fewer metrics at once/;
    await expect(engine.query(tables.exposures.sql)).rejects.toThrow(message);
    const metrics = Array.from({ length: 150 }, (_, i) => ({
      name: `m${i}`,
      type: 'sum',
      outcome: 'buy',
      value: `v${i}`,
    }));
    const experiment = {
      name: 'checkout',
      identity: 'user.id',
      variants: [{ name: 'a' }, { name: 'b' }],
      audiences: [{ allocations: [{ variant: 'a', percent: 100 }] }],
    };
    const plain = postgresEngine({ pool: pool() });
    const ask = { specification: { experiments: [experiment], metrics }, experiment: 'checkout' };
    await expect(analyze({ ...ask, engine: plain })).rejects.toMatchObject({
      code: 'analysis',
      message: expect.stringMatching(message),
    });
    const few = metrics.slice(0, 40).map(({ name }) => name);
    const { status } = await analyze({ ...ask, metrics: few, engine: plain });
    expect(status).toBe('no-data');
  });
});

/** Returns the processes of the server that run a statement with a text. */
async function running(pool: Pool, text: string): Promise<readonly number[]> {
  const { rows } = await pool.query<{ pid: number }>(
    "SELECT pid FROM pg_stat_activity WHERE state = 'active' AND query LIKE $1 AND pid <> pg_backend_pid()",
    [`%${text}%`],
  );
  return rows.map(({ pid }) => pid);
}
