import { Client, Pool } from 'pg';
import { createClient } from '../../../../src/client/client.ts';
import type { EventRecord, ExposureRecord } from '../../../../src/exposures/records/record.ts';
import { migratePostgres } from '../../../../src/integrations/postgres/migrate.ts';
import { postgresSink } from '../../../../src/integrations/postgres/sink/postgres-sink.ts';
import { experiment, recordingLogger } from '../../../assignment/build.ts';
import { describeSinkContract } from '../../../contract/sink-contract.ts';
import { exposures, unaborted } from '../../../exposures/sinks/records.ts';
import { describeWithPostgres, Postgres } from '../../../servers/postgres.ts';
import { until } from '../../../sources/until.ts';
import { closing } from '../../../closing.ts';

describeWithPostgres('postgresSink', (bin) => {
  let server: Postgres;
  let pool: Pool;

  beforeAll(async () => {
    server = new Postgres(bin);
    await server.start();
    pool = newPool();
    await migratePostgres({ pool });
  });

  afterAll(async () => {
    await pool.end();
    await server.stop();
  });

  beforeEach(() => pool.query('TRUNCATE evenhand_records'));

  function newPool(): Pool {
    const made = closing(new Pool({ connectionString: server.url() }));
    // A killed server ends idle connections.
    made.on('error', () => {});
    return made;
  }

  /** Returns the records in the table, in their original form. */
  async function received(from: Pool = pool): Promise<EventRecord[]> {
    const { rows } = await from.query<{ record: string }>(
      'SELECT coalesce(original, record::text) AS record FROM evenhand_records ORDER BY number',
    );
    return rows.map(({ record }) => JSON.parse(record) as EventRecord);
  }

  const CONNECTIONS = {
    'a pool': async () => {
      const own = newPool();
      return { options: { pool: own }, end: () => own.end() };
    },
    'a client': async () => {
      const client = closing(new Client({ connectionString: server.url() }));
      await client.connect();
      return { options: { client }, end: () => client.end() };
    },
  };

  describe.each(Object.entries(CONNECTIONS))('with %s', (_, connect) => {
    describeSinkContract('postgresSink()', async () => {
      const { options, end } = await connect();
      const locker = closing(new Client({ connectionString: server.url() }));
      await locker.connect();
      let repair = async (): Promise<void> => {};
      return {
        sink: postgresSink(options),
        received: () => received(),
        breakDown: async () => {
          await locker.query('ALTER TABLE evenhand_records RENAME TO elsewhere');
          repair = async () =>
            void (await locker.query('ALTER TABLE elsewhere RENAME TO evenhand_records'));
        },
        hang: async () => {
          await locker.query('BEGIN');
          await locker.query('LOCK TABLE evenhand_records');
          repair = async () => void (await locker.query('ROLLBACK'));
        },
        repair: async () => {
          await repair();
          repair = async () => {};
        },
        dispose: async () => {
          await locker.end();
          await end();
        },
      };
    });
  });

  it('rejects invalid options', () => {
    expect(() => postgresSink({} as never)).toThrow(
      'postgresSink(): set either "pool" or "client"',
    );
    expect(() => postgresSink({ pool, table: '' })).toThrow('option "table" must be a table name');
    expect(() => postgresSink({ pool, tabel: 'x' } as never)).toThrow('did you mean "table"?');
  });

  it('writes a record once, however often it is sent', async () => {
    const sink = postgresSink({ pool });
    const [one, two, three] = [exposures(3), exposures(3), exposures(3)];
    await sink.write(one, unaborted());
    await sink.write([...one, ...two, ...two], unaborted());
    await Promise.all([
      sink.write(three, unaborted()),
      postgresSink({ pool }).write(three, unaborted()),
    ]);
    expect(await received()).toEqual([...one, ...two, ...three]);
  });

  it('fills the columns for queries', async () => {
    const [exposure] = exposures(1) as ExposureRecord[];
    if (exposure === undefined) throw new Error('there is no record');
    const outcome: EventRecord = {
      version: 1,
      id: '019c1234-5678-7abc-8def-0123456789ac',
      time: '2027-01-31T12:00:00.400Z',
      event: 'outcome',
      name: 'purchase',
      units: { 'user.id': 'user-0', anonymous: 'key' },
      properties: { value: 12.5 },
    };
    await postgresSink({ pool }).write([exposure, outcome], unaborted());
    const { rows } = await pool.query(
      `SELECT id, time, event, experiment, checksum, variant, identity, unit, overridden, name,
        record, original FROM evenhand_records ORDER BY number`,
    );
    const { id, event, experiment: name, checksum, variant, identity, unit } = exposure;
    expect(rows).toEqual([
      {
        id,
        event,
        experiment: name,
        checksum,
        variant,
        identity,
        unit,
        overridden: false,
        time: new Date(exposure.time),
        name: null,
        record: exposure,
        original: null,
      },
      {
        id: outcome.id,
        time: new Date(outcome.time),
        event: 'outcome',
        experiment: null,
        checksum: null,
        variant: null,
        identity: null,
        unit: null,
        overridden: null,
        name: 'purchase',
        record: outcome,
        original: null,
      },
    ]);
    const joined = await pool.query(
      `SELECT e.variant, e.unit, o.identity, o.properties FROM evenhand_first_exposures e
      JOIN evenhand_outcomes o USING (identity, unit)`,
    );
    expect(joined.rows).toEqual([
      { variant, unit: 'user-0', identity: 'user.id', properties: { value: 12.5 } },
    ]);
  });

  it("replaces characters that PostgreSQL can't store, and keeps the original", async () => {
    const texts: readonly (readonly [string, string])[] = [
      ['a\0b', 'a\ufffdb'],
      ['\ud800 \udfff', '\ufffd \ufffd'],
      ['\ude00\ud83d', '\ufffd\ufffd'],
      // Nothing here is rejected, because the backslashes are characters.
      ['\\u0000 \\\\ud800', '\\u0000 \\\\ud800'],
      ['\\\0', '\\\ufffd'],
      ['😀', '😀'],
    ];
    const batch = texts.map(([unit]) => ({ ...exposures(1)[0], unit }) as EventRecord);
    const keyed = { ...exposures(1)[0], context: { 'a\0': { '\ud800': ['\0'] } } } as EventRecord;
    await postgresSink({ pool }).write([...batch, keyed], unaborted());
    const { rows } = await pool.query<{ unit: string; original: boolean; context: unknown }>(
      `SELECT unit, original IS NOT NULL AS original, record -> 'context' AS context
      FROM evenhand_records ORDER BY number`,
    );
    expect(rows.slice(0, -1).map(({ unit }) => unit)).toEqual(texts.map(([, stored]) => stored));
    expect(rows.map(({ original }) => original)).toEqual([
      ...texts.map(([given, stored]) => given !== stored),
      true,
    ]);
    expect(rows.at(-1)?.context).toEqual({ 'a\ufffd': { '\ufffd': ['\ufffd'] } });
    expect(await received()).toEqual([...batch, keyed]);
  });

  it('accepts the largest and the most deeply nested records', async () => {
    const deep: unknown = JSON.parse(`${'['.repeat(100)}1${']'.repeat(100)}`);
    const unit = Array.from({ length: 1000 }, (_, i) => String.fromCodePoint(0x10000 + i * 7)).join(
      '',
    );
    const batch = [{ deep }, { numbers: [1e308, 5e-324, -0.1] }, { text: 'ä'.repeat(16_000) }].map(
      (context) => ({ ...exposures(1)[0], context, unit }) as EventRecord,
    );
    await postgresSink({ pool }).write(batch, unaborted());
    expect(await received()).toEqual(batch);
  });

  it('needs only the INSERT right', async () => {
    await pool.query('CREATE ROLE recorder LOGIN');
    await pool.query('GRANT INSERT ON evenhand_records TO recorder');
    const own = closing(new Pool({ connectionString: server.url('postgres', 'recorder') }));
    const batch = exposures(2);
    const sink = postgresSink({ pool: own });
    await sink.write(batch, unaborted());
    await sink.write(batch, unaborted());
    await own.end();
    expect(await received()).toEqual(batch);
  });

  describe('with a table of the application,', () => {
    beforeEach(async () => {
      await pool.query(`CREATE TABLE "my ""own""" (
        number serial, id uuid, time timestamptz, record jsonb, original text,
        PRIMARY KEY (id, time),
        CHECK (record ->> 'unit' <> 'refused')
      ) PARTITION BY RANGE (time)`);
      await pool.query(`CREATE TABLE part PARTITION OF "my ""own""" DEFAULT`);
    });

    afterEach(() => pool.query(`DROP TABLE "my ""own"""`));

    it('writes each record to it once', async () => {
      const sink = postgresSink({ pool, table: 'my "own"', schema: 'public' });
      const batch = exposures(5);
      await sink.write(batch, unaborted());
      await sink.write(batch, unaborted());
      const { rows } = await pool.query(`SELECT record FROM "my ""own""" ORDER BY number`);
      expect(rows.map(({ record }: { record: unknown }) => record)).toEqual(batch);
    });

    it('writes the rest of a batch if the database rejects some records, and reports it', async () => {
      const sink = postgresSink({ pool, table: 'my "own"' });
      const good = exposures(500);
      const bad = exposures(3).map((record) => ({ ...record, unit: 'refused' }) as EventRecord);
      const batch = good.flatMap((record, i) => {
        const other = bad[[3, 250, 251].indexOf(i)];
        return other === undefined ? [record] : [other, record];
      });
      const written = sink.write(batch, unaborted());
      await expect(written).rejects.toMatchObject({
        permanent: true,
        message: expect.stringMatching(/^PostgreSQL rejected 3 of 503 records: .*check constraint/),
      });
      const { rows } = await pool.query(`SELECT record FROM "my ""own""" ORDER BY id`);
      const ids = new Set(rows.map(({ record }: { record: EventRecord }) => record.id));
      expect(ids).toEqual(new Set(good.map(({ id }) => id)));
    });
  });

  it('reports a remedy for a missing table, and asks to be retried', async () => {
    const write = postgresSink({ pool, table: 'nowhere' }).write(exposures(1), unaborted());
    const error: unknown = await write.catch((thrown: unknown) => thrown);
    expect(error).not.toHaveProperty('permanent');
    expect(String(error)).toContain('relation "nowhere" does not exist');
    expect(String(error)).toContain('evenhand postgres migrate');
  });

  it('does not block other records behind hostile input', async () => {
    const logger = recordingLogger();
    const client = createClient({
      source: [experiment()],
      logger,
      exposures: { sink: postgresSink({ pool }), drainOnSignals: false, context: ['user.name'] },
    });
    const hostile = ['\0', '\ud800', 'a\0b', '\\u0000', '"', '\u2028', '😀'.repeat(2000), "'; --"];
    for (const [i, name] of hostile.entries()) {
      const participant = client.participant({ user: { id: `${i}${name}`, name } });
      participant.variant('exp');
      participant.track(name.slice(0, 100), { [name]: name });
    }
    await client.exposures?.flush();
    const [stats] = client.exposures?.stats().sinks ?? [];
    await client.close();
    expect(stats).toMatchObject({ written: hostile.length * 2, retried: 0, dropped: 0 });
    const events = (await received()).map(({ event }) => event);
    expect(events).toHaveLength(hostile.length * 2);
    expect(logger.errors).toEqual([]);
  });

  it.each([
    ['is killed', () => server.kill(), () => server.restart()],
    ['hangs', async () => server.hang(), async () => server.goOn()],
  ])('writes every record once although the server %s under load', async (_, fail, repair) => {
    const own = newPool();
    const client = createClient({
      source: [experiment()],
      logger: recordingLogger(),
      exposures: {
        sink: postgresSink({ pool: own }),
        batch: { maxRecords: 50, maxWaitMs: 5 },
        retry: { minDelayMs: 10, maxDelayMs: 100 },
        writeTimeoutMs: 300,
        drainOnSignals: false,
      },
    });
    let next = 0;
    const visit = (): void => {
      for (let i = 0; i < 40; i++) client.participant({ user: { id: next++ } }).variant('exp');
    };
    const sink = () => client.exposures?.stats().sinks[0];
    const load = setInterval(visit, 5);
    await until('batches are being written', () => (sink()?.written ?? 0) > 200);
    await fail();
    const failed = sink()?.retried ?? 0;
    await until('writing has failed twice', () => (sink()?.retried ?? 0) >= failed + 2);
    await repair();
    const seen = next;
    await until('there is more', () => next > seen + 200);
    clearInterval(load);
    await client.exposures?.flush();
    const stats = sink();
    await client.close();
    await own.end();
    expect(stats).toMatchObject({ dropped: 0, written: next });
    const units = (await received()).map((record) => ('unit' in record ? record.unit : ''));
    expect(units).toHaveLength(next);
    expect(new Set(units).size).toBe(next);
    // In order, even across the outage.
    expect(units).toEqual(Array.from({ length: next }, (_unit, id) => String(id)));
  });
});
