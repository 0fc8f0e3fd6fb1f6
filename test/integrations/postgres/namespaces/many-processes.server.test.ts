import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Client, type Pool } from 'pg';
import { defineExperiment, SimpleNamespace } from '../../../../src/planout/index.ts';
import {
  createPostgresNamespaces,
  type PostgresNamespaces,
} from '../../../../src/integrations/postgres/namespaces/postgres-namespaces.ts';
import { RUN_TYPESCRIPT } from '../../../processes/repository.ts';
import { describeWithPostgres } from '../../../servers/postgres.ts';
import { type Database, usePostgres } from '../databases.ts';
import type { Orders, Outcome } from './allocator.ts';
import { closing } from '../../../closing.ts';

const ROOT = join(__dirname, '../../../..');
const ALLOCATOR = join(__dirname, './allocator.ts');
const SEGMENTS = 500;

const BY = { author: 'ada' };

const any = defineExperiment({ name: 'any', assign() {} });

/** The number of experiments before the processes start, and the segments of each. */
const OLD = 15;
const OLD_SEGMENTS = 10;

describeWithPostgres('namespaces with concurrent changes', (bin) => {
  const postgres = usePostgres(bin);
  let pool: Pool;
  let database: Database;
  let namespaces: PostgresNamespaces;
  let children: ChildProcess[];

  beforeEach(async () => {
    children = [];
    database = postgres.database();
    pool = database.pool();
    namespaces = createPostgresNamespaces({ pool });
    await namespaces.create({ name: 'shared', unit: 'user.id', segments: SEGMENTS }, BY);
    for (let i = 0; i < OLD; i++) await add(`old${i}`, OLD_SEGMENTS);
  });

  afterEach(() => {
    for (const child of children) child.kill('SIGKILL');
  });

  const add = (name: string, segments: number): Promise<number[]> =>
    namespaces.addExperiment('shared', { name, segments, experiment: 'any', script: 'x = 1;' }, BY);

  /** Starts a process; resolves when it is connected. */
  async function start(orders: Orders): Promise<() => Promise<Outcome | undefined>> {
    const args = [...RUN_TYPESCRIPT, ALLOCATOR, database.url, JSON.stringify(orders)];
    const child = spawn(process.execPath, args, {
      cwd: ROOT,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    children.push(child);
    const ended = once(child, 'exit');
    const lines: string[] = [];
    const reader = createInterface(child.stdout);
    reader.on('line', (line) => void lines.push(line));
    await once(reader, 'line');
    return async () => {
      child.stdin.write('go\n');
      await ended;
      const [, outcome] = lines;
      return outcome === undefined ? undefined : (JSON.parse(outcome) as Outcome);
    };
  }

  /** A namespace in memory on which all committed operations are repeated in order. */
  async function replayed(): Promise<SimpleNamespace> {
    const history = await namespaces.history('shared');
    return new SimpleNamespace({
      name: 'shared',
      unit: 'user.id',
      segments: SEGMENTS,
      setup(ns) {
        for (const { operation, experiment, segments } of history) {
          if (operation === 'add') ns.addExperiment(experiment ?? '', any, segments ?? 0);
          if (operation === 'remove') ns.removeExperiment(experiment ?? '');
        }
      },
    });
  }

  /** The segment table, as the database returns it. */
  function table(): { segment: number; experiment: string }[] {
    return database
      .psql('SELECT segment, experiment FROM evenhand_namespace_segments ORDER BY segment')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.split('|'))
      .map(([segment, experiment = '']) => ({ segment: Number(segment), experiment }));
  }

  /**
   * Expects that no segment is assigned twice or lost, and that the table agrees with the history.
   */
  async function expectConsistent(): Promise<void> {
    const rows = table();
    expect(new Set(rows.map(({ segment }) => segment)).size).toBe(rows.length);
    const [summary] = await namespaces.list();
    expect(rows.length + (summary?.free ?? Number.NaN)).toBe(SEGMENTS);
    const serial = (await replayed()).allocations();
    expect(await namespaces.allocations('shared')).toEqual(serial);
    const owners = Object.entries(serial).flatMap(([experiment, segments]) =>
      segments.map((segment) => ({ segment, experiment })),
    );
    expect(rows).toEqual(owners.toSorted((a, b) => a.segment - b.segment));
  }

  it('keeps each segment exactly once after 50 concurrent changes from 5 processes and 60 competing ones', async () => {
    const processes = await Promise.all(
      Array.from({ length: 5 }, (_, p) =>
        start({
          rounds: [
            [
              ...Array.from({ length: 7 }, (_none, i) => `+new${p}_${i} ${1 + ((p * 7 + i) % 12)}`),
              ...Array.from({ length: 3 }, (_none, i) => `-old${p * 3 + i}`),
            ],
            // All processes want the same segments.
            [
              ...Array.from({ length: 4 }, (_none, i) => `+same${i} 25`),
              ...Array.from({ length: 4 }, (_none, i) => `-new${i}_0`),
              ...Array.from({ length: 4 }, (_none, i) => `+large${i} 100`),
            ],
          ],
        }),
      ),
    );
    const outcomes = await Promise.all(processes.map((go) => go()));
    const done = outcomes.flatMap((outcome) => outcome?.done ?? []);
    const refused = outcomes.flatMap((outcome) => outcome?.refused ?? []);
    expect(done.length + refused.length).toBe(110);
    // Only impossible changes were rejected, and each change that one process could make was made
    // once.
    expect(refused.map((text) => text.replace(/.*: /, ''))).not.toContainEqual(
      expect.not.stringMatching(/^(experiment-exists|unknown-experiment|not-enough-segments)$/),
    );
    expect(done.filter((order) => order.startsWith('+new'))).toHaveLength(35);
    expect(done.filter((order) => order.startsWith('-old'))).toHaveLength(15);
    expect(done.filter((order) => order.startsWith('-new'))).toHaveLength(4);
    expect(new Set(done).size).toBe(done.length);
    const history = (await namespaces.history('shared')).slice(1 + OLD);
    const orders = history.map(({ operation, experiment, segments }) =>
      operation === 'add' ? `+${experiment} ${segments}` : `-${experiment}`,
    );
    expect(new Set(orders)).toEqual(new Set(done));
    expect(orders).toHaveLength(done.length);
    await expectConsistent();
  });

  it.each([
    ['the query for the namespace', 'SELECT evenhand_namespace_document'],
    ['the definition', 'INSERT INTO evenhand_namespace_definitions'],
    ['the segments', 'INSERT INTO evenhand_namespace_segments'],
    ['the line of history', 'INSERT INTO evenhand_namespace_history'],
    ['the commit', 'COMMIT'],
  ])('has no partial change when a process is killed before sending %s', async (_, statement) => {
    const before = [table(), await namespaces.history('shared'), await namespaces.get('shared')];
    const go = await start({ rounds: [['+mine 50 mine']], dieAt: statement });
    expect(await go()).toBeUndefined();
    expect(children[0]?.signalCode).toBe('SIGKILL');
    // The next process gets the lock as soon as the server has noticed the kill.
    await expect(namespaces.removeExperiment('shared', 'old0', BY)).resolves.toBeUndefined();
    await add('old0', 1);
    await namespaces.removeExperiment('shared', 'old0', BY);
    const [rows, history, namespace] = before;
    expect(await namespaces.history('shared')).toEqual([
      ...(history as unknown[]),
      expect.objectContaining({ operation: 'remove' }),
      expect.objectContaining({ operation: 'add' }),
      expect.objectContaining({ operation: 'remove' }),
    ]);
    const others = (rows as ReturnType<typeof table>).filter(
      ({ experiment }) => experiment !== 'old0',
    );
    expect(table()).toEqual(others);
    expect((await namespaces.get('shared'))?.experiments).toEqual(
      (namespace as Awaited<ReturnType<PostgresNamespaces['get']>>)?.experiments,
    );
    await expectConsistent();
  });

  it('stays consistent when processes are killed at random moments', async () => {
    const rounds = Array.from({ length: 200 }, (_, i) => [`+loop${i} 20`, `-loop${i - 3}`]);
    for (const seen of [1, 5, 12]) {
      const before = (await namespaces.history('shared')).length;
      const go = await start({ rounds });
      const running = go();
      while ((await namespaces.history('shared')).length < before + seen) {
        await new Promise((resolve) => setImmediate(resolve));
      }
      children.at(-1)?.kill('SIGKILL');
      expect(await running).toBeUndefined();
      await expectConsistent();
      // Removes the remaining experiments for the next round.
      const [summary] = await namespaces.list();
      for (const { name } of summary?.experiments ?? []) {
        if (name.startsWith('loop')) await namespaces.removeExperiment('shared', name, BY);
      }
      await expectConsistent();
    }
  });

  describe('beside another program that writes to the tables,', () => {
    let other: Client;

    beforeEach(async () => {
      other = closing(new Client({ connectionString: database.url }));
      await other.connect();
    });

    afterEach(() => other.end());

    /** Waits until this number of connections wait for a lock. */
    async function untilWaiting(): Promise<void> {
      const waiting = `SELECT 1 FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'`;
      while ((await pool.query(waiting)).rows.length === 0) {
        await new Promise((resolve) => setImmediate(resolve));
      }
    }

    it('waits at most lockTimeoutMs for another writer', async () => {
      await other.query('BEGIN');
      await other.query('SELECT 1 FROM evenhand_namespaces FOR UPDATE');
      const impatient = createPostgresNamespaces({ pool, lockTimeoutMs: 50 });
      await expect(impatient.removeExperiment('shared', 'old0', BY)).rejects.toMatchObject({
        code: 'store',
        message: expect.stringContaining('another writer has locked the namespace for 50 ms'),
      });
      await other.query('ROLLBACK');
      await expect(impatient.removeExperiment('shared', 'old0', BY)).resolves.toBeUndefined();
    });

    it('gives no segment to two experiments when another program inserts it', async () => {
      await other.query('BEGIN');
      await other.query(`INSERT INTO evenhand_namespace_segments
        SELECT 'shared', s, 'mine' FROM generate_series(0, ${SEGMENTS - 1}) AS s
        ON CONFLICT DO NOTHING`);
      const adding = add('new', 10).then(
        () => undefined,
        (error: unknown) => error,
      );
      await untilWaiting();
      await other.query('COMMIT');
      expect(await adding).toMatchObject({ code: 'namespace', problem: 'inconsistent' });
      await other.query(`DELETE FROM evenhand_namespace_segments WHERE experiment = 'mine'`);
      await expectConsistent();
    });

    it('retries after a deadlock', async () => {
      // PostgreSQL aborts the transaction that detects the deadlock first.
      await other.query(`SET deadlock_timeout = '1h'`);
      await other.query('BEGIN');
      await other.query('SELECT 1 FROM evenhand_revision FOR UPDATE');
      const adding = add('new', 10);
      await untilWaiting();
      await other.query('SELECT 1 FROM evenhand_namespaces FOR UPDATE');
      await other.query('COMMIT');
      await expect(adding).resolves.toHaveLength(10);
      await expectConsistent();
    });

    it('reports a broken connection, and uses another one for the next change', async () => {
      await other.query('BEGIN');
      await other.query('SELECT 1 FROM evenhand_namespaces FOR UPDATE');
      const adding = add('new', 10).then(
        () => undefined,
        (error: unknown) => error,
      );
      await untilWaiting();
      await other.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'`);
      expect(await adding).toMatchObject({ code: 'store' });
      await other.query('ROLLBACK');
      await expect(add('new', 10)).resolves.toHaveLength(10);
      await expectConsistent();
    });
  });

  it('leaves no settings on connections of the pool', async () => {
    await add('new', 10);
    const client = await pool.connect();
    const { rows } = await client.query(`SELECT current_setting('lock_timeout') AS lock,
      current_setting('idle_in_transaction_session_timeout') AS idle,
      current_setting('evenhand.author', true) AS author`);
    expect(rows).toEqual([{ lock: '0', idle: '0', author: '' }]);
    client.release();
  });
});
