import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { migratePostgres } from '../../../src/integrations/postgres/migrate.ts';
import { MIGRATIONS } from '../../../src/integrations/postgres/migrations.generated.ts';
import { describeWithPostgres } from '../../servers/postgres.ts';
import { usePostgres } from './databases.ts';
import { closing } from '../../closing.ts';

const ROOT = join(__dirname, '../../..');
const FOLDER = join(ROOT, 'sql/postgres');
const NAMES = MIGRATIONS.map(({ name }) => name);

describe('the migrations in the code', () => {
  it('are the same as the files in sql/postgres', () => {
    const script = join(ROOT, 'scripts/generate-migrations.mjs');
    const generated = execFileSync(process.execPath, [script, '--print'], { encoding: 'utf8' });
    expect(
      readFileSync(join(ROOT, 'src/integrations/postgres/migrations.generated.ts'), 'utf8'),
    ).toBe(generated);
    expect(readdirSync(FOLDER).sort((a, b) => (a < b ? -1 : 1))).toEqual(
      NAMES.map((name) => `${name}.sql`),
    );
    expect(NAMES[0]).toBe('0001-experiments');
  });

  it.each(MIGRATIONS)(
    '$name seals its functions and writes itself down at the end',
    ({ name, sql }) => {
      expect(
        sql
          .trimEnd()
          .endsWith(
            `SELECT evenhand_seal();\n\nINSERT INTO evenhand_migrations (name) VALUES ('${name}');`,
          ),
      ).toBe(true);
    },
  );
});

describeWithPostgres('migratePostgres()', (bin) => {
  const { server, database } = usePostgres(bin);

  /** A database without tables. */
  const empty = () => {
    const { name, pool, psql } = database();
    server().psql(`CREATE DATABASE ${name}_empty`);
    const pools = pool({ connectionString: server().url(`${name}_empty`) });
    return {
      pool: pools,
      name: `${name}_empty`,
      psql: (sql: string) => server().psql(sql, '/', `${name}_empty`),
      other: psql,
    };
  };

  it('creates the tables, and does nothing the second time', async () => {
    const { pool, psql } = empty();
    expect(await migratePostgres({ pool })).toEqual({ applied: NAMES, present: [] });
    expect(await migratePostgres({ pool })).toEqual({ applied: [], present: NAMES });
    expect(psql('SELECT revision FROM evenhand_revision')).toBe('0\n');
  });

  it('works with a single connection', async () => {
    const { pool, name } = empty();
    const client = closing(new Client({ connectionString: server().url(name) }));
    await client.connect();
    expect(await migratePostgres({ client })).toEqual({ applied: NAMES, present: [] });
    await client.end();
    expect(await migratePostgres({ pool })).toEqual({ applied: [], present: NAMES });
  });

  it('makes concurrent migrations wait for each other', async () => {
    const { pool } = empty();
    const all = await Promise.all(
      Array.from({ length: 8 }, () => migratePostgres({ pool, schema: 'shop' })),
    );
    expect(all.flatMap(({ applied }) => applied).sort((a, b) => (a < b ? -1 : 1))).toEqual(NAMES);
    for (const { applied, present } of all) {
      expect([...applied, ...present].sort((a, b) => (a < b ? -1 : 1))).toEqual(NAMES);
    }
  });

  it('recognises migrations that were run by hand', async () => {
    const { pool, psql } = empty();
    const [first = ''] = NAMES;
    psql(`BEGIN;\n\\i ${join(FOLDER, `${first}.sql`)}\nCOMMIT;`);
    expect(await migratePostgres({ pool })).toEqual({ applied: NAMES.slice(1), present: [first] });
  });

  it('creates nothing if a migration fails half-way', async () => {
    const { pool, psql } = empty();
    psql('CREATE TABLE evenhand_history (mine text)');
    await expect(migratePostgres({ pool })).rejects.toMatchObject({
      code: 'store',
      message: expect.stringContaining('the migration 0001-experiments failed'),
    });
    expect(psql(`SELECT tablename FROM pg_tables WHERE tablename LIKE 'evenhand%'`)).toBe(
      'evenhand_history\n',
    );
    psql('DROP TABLE evenhand_history');
    expect(await migratePostgres({ pool })).toMatchObject({ applied: NAMES });
  });

  it("reports that it can't connect", async () => {
    const { pool } = database();
    const away = pool({ connectionString: 'postgres://ada:s3cret@127.0.0.1:1/shop' });
    await expect(migratePostgres({ pool: away })).rejects.toMatchObject({
      code: 'store',
      message: expect.stringMatching(/^can't connect to PostgreSQL: (?!.*s3cret)/),
    });
  });

  it('rejects invalid options', async () => {
    await expect(migratePostgres({} as never)).rejects.toThrow(
      'migratePostgres(): set either "pool" or "client"',
    );
  });
});

describeWithPostgres('the triggers', (bin) => {
  const { database, server } = usePostgres(bin);
  const HISTORY = `SELECT revision, kind, name, action, version, author, reason, specification FROM evenhand_history ORDER BY revision`;

  it('record every change, however it is made', () => {
    const { psql } = database();
    psql(`
      INSERT INTO evenhand_experiments (name, specification, author, version) VALUES ('a', '"a:on"', 'forged', 7), ('b', '"b:on"', 'forged', 7);
      BEGIN;
      SELECT set_config('evenhand.author', 'ada', true), set_config('evenhand.reason', 'why | not', true);
      UPDATE evenhand_experiments SET specification = replace(specification::text, 'on', 'off')::jsonb;
      COMMIT;
      UPDATE evenhand_experiments SET specification = '"a:off"' WHERE name = 'a';
      UPDATE evenhand_experiments SET reason = 'forged';
      DELETE FROM evenhand_experiments WHERE name = 'a';
      INSERT INTO evenhand_experiments (name, specification) VALUES ('a', '"a:on"') ON CONFLICT (name) DO UPDATE SET specification = excluded.specification;
      INSERT INTO evenhand_experiments (name, specification) VALUES ('a', '"a:off"') ON CONFLICT (name) DO UPDATE SET specification = excluded.specification;
      COPY evenhand_experiments (name, specification) FROM stdin;
c\t"c:on"
\\.
      INSERT INTO evenhand_context (specification) VALUES ('{}');
      TRUNCATE evenhand_experiments;
      DELETE FROM evenhand_experiments;
    `);
    expect(psql(HISTORY).trim().split('\n')).toEqual([
      '1|experiment|a|put|1|postgres||"a:on"',
      '2|experiment|b|put|1|postgres||"b:on"',
      '3|experiment|a|put|2|ada|why | not|"a:off"',
      '4|experiment|b|put|2|ada|why | not|"b:off"',
      '5|experiment|a|remove|3|postgres||',
      '6|experiment|a|put|4|postgres||"a:on"',
      '7|experiment|a|put|5|postgres||"a:off"',
      '8|experiment|c|put|1|postgres||"c:on"',
      '9|context|context|put|1|postgres||{}',
      '10|experiment|a|remove|6|postgres||',
      '11|experiment|b|remove|3|postgres||',
      '12|experiment|c|remove|2|postgres||',
    ]);
    expect(psql('SELECT revision FROM evenhand_revision')).toBe('12\n');
  });

  it.each([
    [`('a', '"b:on"')`, 'names_agree'],
    [`('a', '{}')`, 'names_agree'],
    [`('a', '{"name":"b"}')`, 'names_agree'],
    [`('a', '7')`, 'names_agree'],
    [`('a', '["a:on"]')`, 'names_agree'],
    [`('a b', '"a b:on"')`, 'name_check'],
  ])('reject %s', (row, constraint) => {
    const { psql } = database();
    expect(() =>
      psql(`INSERT INTO evenhand_experiments (name, specification) VALUES ${row}`),
    ).toThrow(constraint);
    expect(psql('SELECT revision FROM evenhand_revision')).toBe('0\n');
  });

  it('reject a renamed row', () => {
    const { psql } = database();
    psql(`INSERT INTO evenhand_experiments (name, specification) VALUES ('a', '"a:on"')`);
    expect(() =>
      psql(`UPDATE evenhand_experiments SET name = 'b', specification = '"b:on"'`),
    ).toThrow("a can't be renamed to b");
  });

  it("record changes by roles that may only change experiments, and can't be deceived by them", () => {
    const { psql, name } = database();
    psql(`CREATE ROLE writer_of_${name};
      GRANT SELECT, INSERT, UPDATE, DELETE ON evenhand_experiments TO writer_of_${name};
      GRANT SELECT ON evenhand_revision TO writer_of_${name};`);
    const as = (statements: string) =>
      psql(`SET SESSION AUTHORIZATION writer_of_${name}; ${statements}`);
    as(`CREATE TEMPORARY TABLE evenhand_history (LIKE evenhand_experiments);
      CREATE TEMPORARY TABLE evenhand_revision AS SELECT 100::bigint AS revision;
      SET search_path TO pg_temp;
      INSERT INTO public.evenhand_experiments (name, specification) VALUES ('a', '"a:on"')`);
    expect(psql(`SELECT revision, name, author, role FROM evenhand_history`)).toBe(
      `1|a|writer_of_${name}|writer_of_${name}\n`,
    );
    for (const forbidden of [
      'DELETE FROM evenhand_history',
      'UPDATE evenhand_revision SET revision = 0',
      'TRUNCATE evenhand_experiments',
      `CREATE TEMPORARY TABLE fake (name text); CREATE TRIGGER forge BEFORE INSERT ON fake EXECUTE FUNCTION public.evenhand_lock_revision()`,
    ]) {
      expect(() => as(forbidden)).toThrow('permission denied');
    }
    expect(server().port).toBeGreaterThan(0);
  });

  it('make writers of the same rows wait for each other without a deadlock', async () => {
    const { psql, pool: makePool } = database();
    psql(
      `INSERT INTO evenhand_experiments (name, specification) SELECT n, to_jsonb(n || ':on') FROM unnest(ARRAY['a','b','c','d']) n`,
    );
    const pool = makePool({ max: 8 });
    const write = async (i: number) => {
      const connection = await pool.connect();
      const names = i % 2 === 0 ? ['a', 'b', 'c', 'd'] : ['d', 'c', 'b', 'a'];
      await connection.query('BEGIN');
      for (const name of names) {
        await connection.query(
          'UPDATE evenhand_experiments SET specification = $1 WHERE name = $2',
          [JSON.stringify({ name, i }), name],
        );
      }
      await connection.query('COMMIT');
      connection.release();
    };
    await Promise.all(Array.from({ length: 40 }, (_, i) => write(i)));
    expect(psql('SELECT revision FROM evenhand_revision')).toBe('164\n');
    expect(
      psql(`SELECT count(*), count(DISTINCT revision), max(version), count(DISTINCT specification ->> 'i')
      FROM evenhand_history WHERE revision > 4`),
    ).toBe('160|160|41|40\n');
    // Each transaction is complete and contiguous.
    expect(
      psql(
        `SELECT count(DISTINCT (revision - 5) / 4) FROM evenhand_history WHERE revision > 4 GROUP BY specification ->> 'i' HAVING count(DISTINCT (revision - 5) / 4) > 1`,
      ),
    ).toBe('');
  });
});
