import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { duckdbEngine } from '../../../../src/analysis/engines/duckdb/duckdb-engine.ts';
import { loadDuckdb } from '../../../../src/analysis/engines/duckdb/duckdb-package.ts';
import { exposure, outcome, toLines, useFolder } from './record-lines.ts';

/** A statement that takes much longer than a test. */
const ENDLESS =
  'SELECT count(*) AS n FROM range(1000000) a, range(1000000) b WHERE hash(a.range + b.range) = 1';

describe('duckdbEngine()', () => {
  const { folder, path, write, engine } = useFolder();
  const records = write('records.ndjson', toLines(exposure(), outcome()));

  describe('options', () => {
    it.each([
      [{}, /set either "records" or "sources"/],
      [{ records: [] }, /option "records" must be a path, a glob .* not an empty list/],
      [{ records: 'a\0b' }, /option "records" must be/],
      [{ records: 'a', memoryLimit: "1GB'; DROP" }, /option "memoryLimit" must be an amount/],
      [{ records: 'a', threads: 0 }, /option "threads" must be a whole number from 1 to 1024/],
      [{ records: 'a', recrods: 'a' }, /unknown option "recrods"/],
      [
        { sources: { exposures: { sql: 'SELECT 1', columns: [] } } },
        /"sources" must be two SELECTs/,
      ],
      [
        { sources: { exposures: 'SELECT 1', outcomes: 'SELECT 1' } },
        /"sources" must be two SELECTs/,
      ],
      [{ exposures: { sql: 'SELECT 1', columns: [] } }, /unknown option "exposures"/],
    ])('%j is refused', (options, message) => {
      expect(() => duckdbEngine(options as never)).toThrow(message);
    });

    it('takes SELECTs over files and over the tables of a database', async () => {
      const database = path('own.db');
      const { DuckDBInstance } = await import('@duckdb/node-api');
      const instance = await DuckDBInstance.create(database);
      const connection = await instance.connect();
      await connection.run("CREATE TABLE met AS SELECT 'u1' AS unit");
      connection.closeSync();
      instance.closeSync();
      const exposures = { sql: 'SELECT * FROM met', columns: [] };
      const outcomes = { sql: `SELECT * FROM read_json('${records}')`, columns: [] };
      const sources = { exposures, outcomes };
      const opened = engine({ database, sources });
      expect(opened.sources).toEqual(sources);
      expect(await opened.query(exposures.sql)).toEqual([{ unit: 'u1' }]);
      expect(await opened.query(`SELECT count(*) AS n FROM (${outcomes.sql})`)).toEqual([{ n: 2 }]);
      await opened.store('stored', exposures.sql);
      expect(await opened.query('SELECT unit FROM stored')).toEqual([{ unit: 'u1' }]);
      await expect(opened.store('met', 'SELECT 2 AS unit')).resolves.toBeUndefined();
      await opened.close();
      const again = engine({ database, sources });
      expect(await again.query(exposures.sql)).toEqual([{ unit: 'u1' }]);
    });
  });

  describe('query()', () => {
    it('returns numbers, texts, booleans, null and ISO times', async () => {
      const [row] = await engine({ records }).query(
        "SELECT 12::HUGEINT AS h, 1.5::DECIMAL(10, 2) AS d, 2::BIGINT AS b, 'x' AS t, true AS f, " +
          "NULL AS n, 'inf'::DOUBLE AS i, TIMESTAMPTZ '2027-01-18 08:00:00+00' AS at",
      );
      expect(row).toEqual({
        h: 12,
        d: 1.5,
        b: 2,
        t: 'x',
        f: true,
        n: null,
        i: Infinity,
        at: '2027-01-18T08:00:00.000Z',
      });
    });

    it('stops at the time limit and then runs the next statement', async () => {
      const opened = engine({ records });
      await expect(opened.query(ENDLESS, { timeoutMs: 100 })).rejects.toThrow(
        'DuckDB did not finish within 0.1 s; allow more time, or analyse a shorter period',
      );
      expect(await opened.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    });

    it('stops when it is aborted, with the reason of the signal', async () => {
      const opened = engine({ records });
      const reason = new Error('enough');
      const abort = new AbortController();
      const started = opened.query(ENDLESS, { signal: abort.signal });
      setTimeout(() => abort.abort(reason), 50);
      await expect(started).rejects.toBe(reason);
      await expect(opened.query('SELECT 1', { signal: abort.signal })).rejects.toBe(reason);
      expect(await opened.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    });

    it('runs statements that are started together one after the other', async () => {
      const opened = engine({ records });
      const all = [1, 2, 3].map((n) => opened.query(`SELECT ${n} AS n`));
      expect((await Promise.all(all)).flat()).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
    });

    it('reports progress between 0 and 1', async () => {
      const shares: number[] = [];
      const opened = engine({ records, threads: 1 });
      // DuckDB estimates how much of stored rows it has read; of range() it has no estimate.
      await opened.store('many', 'SELECT range AS n FROM range(2000000)');
      await opened.store('few', 'SELECT range AS n FROM range(5000)');
      const reported = new Error('reported');
      const abort = new AbortController();
      const started = opened.query(
        'SELECT count(*) AS n FROM many, few WHERE hash(many.n + few.n) = 1',
        {
          signal: abort.signal,
          onProgress(share) {
            shares.push(share);
            if (share > 0) abort.abort(reported);
          },
          // Without a report the test fails, and nothing runs on.
          timeoutMs: 60_000,
        },
      );
      await expect(started).rejects.toBe(reported);
      expect(shares.every((share) => share >= 0 && share <= 1)).toBe(true);
    });

    it.each([
      ['SELECT * FROM nowhere', /Table with name nowhere does not exist.*; check the tables/],
      ['SELECT nothing FROM evenhand_outcomes', /Referenced column "nothing" not found.*check the/],
      ['SELEC 1', /syntax error at or near "SELEC".*; correct the SELECTs/],
      [
        'SELECT list(range) AS n FROM range(30000000)',
        /out of memory.*; give it more memory and disk/i,
      ],
    ])('%s: rejects with a clear sentence', async (sql, message) => {
      const opened = engine({ records, memoryLimit: '30MB' });
      const failure = opened.query(sql);
      await expect(failure).rejects.toMatchObject({ code: 'analysis' });
      await expect(failure).rejects.toThrow(message);
    });
  });

  describe('statements that do more than read', () => {
    const before = readFileSync(records, 'utf8');

    it.each([
      ['drops a table', 'SELECT 1; DROP TABLE kept'],
      ['drops a table in a comment', 'SELECT 1 --\n; DROP TABLE kept'],
      ['closes the bracket', 'SELECT 1) ; DROP TABLE kept; SELECT (1'],
      ['drops a view', 'DROP VIEW evenhand_exposures'],
      ['writes a file', `COPY (SELECT 1) TO '${folder}/written.csv'`],
      ['overwrites the records', `COPY (SELECT 1) TO '${records}'`],
      ['opens a database', `ATTACH '${folder}/other.db' AS other`],
      ['inserts', 'INSERT INTO kept VALUES (2)'],
      ['inserts in a WITH', 'WITH a AS (INSERT INTO kept VALUES (2) RETURNING 1) SELECT * FROM a'],
      ['changes a setting', 'SET memory_limit = "1TB"'],
      ['loads an extension', 'INSTALL httpfs'],
      ['reads another file', "SELECT * FROM read_text('/etc/hostname')"],
      ['reads another file of the folder', `SELECT * FROM read_text('${folder}/*')`],
      ['reads an address', "SELECT * FROM read_csv('https://example.com/a.csv')"],
      ['exports', `EXPORT DATABASE '${folder}/out'`],
      ['creates a table', 'CREATE TABLE more AS SELECT 1'],
    ])('%s: is refused and changes nothing', async (_, sql) => {
      const opened = engine({ records });
      await opened.store('kept', 'SELECT 1 AS one');
      const files = readdirSync(folder);
      await expect(opened.query(sql)).rejects.toMatchObject({ code: 'analysis' });
      await expect(opened.store('more', sql)).rejects.toMatchObject({ code: 'analysis' });
      await expect(opened.query(`SELECT * FROM (${sql})`)).rejects.toMatchObject({
        code: 'analysis',
      });
      expect(await opened.query('SELECT * FROM kept')).toEqual([{ one: 1 }]);
      expect(readdirSync(folder)).toEqual(files);
      expect(readFileSync(records, 'utf8')).toBe(before);
    });

    it('a database of the user is not changed', async () => {
      const database = path('kept.db');
      const { DuckDBInstance } = await import('@duckdb/node-api');
      const instance = await DuckDBInstance.create(database);
      instance.closeSync();
      const bytes = readFileSync(database);
      const select = { sql: 'SELECT 1', columns: [] };
      const opened = engine({ database, sources: { exposures: select, outcomes: select } });
      for (const sql of ['CREATE TABLE t AS SELECT 1', 'SELECT 1; CHECKPOINT', 'LOAD httpfs']) {
        await expect(opened.query(sql)).rejects.toMatchObject({ code: 'analysis' });
      }
      await opened.close();
      expect(readFileSync(database).equals(bytes)).toBe(true);
    });

    it('refuses a name for a stored table that is more than a name', async () => {
      const opened = engine({ records });
      await expect(opened.store('a AS SELECT 1; --', 'SELECT 1')).rejects.toThrow('is not a table');
    });
  });

  describe('close()', () => {
    it('can be called before a statement, twice, and during a statement', async () => {
      const opened = engine({ records });
      await opened.close();
      const started = opened.query('SELECT 1 AS one');
      await opened.close();
      expect(await started.catch((error: unknown) => error)).toBeDefined();
      await opened.close();
    });

    it('leaves no files behind', async () => {
      mkdirSync(path('spill'));
      const opened = engine({ records, memoryLimit: '50MB', tempDirectory: path('spill') });
      await opened.query(
        'SELECT max(n) AS n FROM (SELECT row_number() OVER (ORDER BY hash(range)) AS n FROM range(2000000))',
      );
      await opened.close();
      expect(readdirSync(path('spill'))).toEqual([]);
      expect(existsSync('.tmp')).toBe(false);
    });
  });
});

describe('loadDuckdb()', () => {
  const { folder } = useFolder();

  it('names the command that installs the package', () => {
    expect(() => loadDuckdb(folder)).toThrow(
      'reading records from files needs the package @duckdb/node-api, which is not installed; run npm install @duckdb/node-api',
    );
  });

  it('finds the package in the folder of a project', () => {
    expect(loadDuckdb(process.cwd())).toHaveProperty('DuckDBInstance');
  });

  it('makes the first statement of an engine reject', async () => {
    const opened = duckdbEngine({ records: 'a.ndjson', packageFolder: folder });
    await expect(opened.query('SELECT 1')).rejects.toThrow('run npm install @duckdb/node-api');
    await opened.close();
  });
});
