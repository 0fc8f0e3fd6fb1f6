import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { createClient } from '../../src/client/client.ts';
import type { Snapshot } from '../../src/assignment/snapshot.ts';
import { settingsSource } from '../../src/sources/file/settings-source.ts';
import type { Source } from '../../src/sources/source.ts';
import { usePostgres } from '../integrations/postgres/databases.ts';
import { RUN_TYPESCRIPT } from '../processes/repository.ts';
import { describeWithPostgres } from '../servers/postgres.ts';
import { ACTIVE, isWhole, specificationOf } from './written.ts';

/** The number of killed processes: a few in CI, and EVENHAND_KILLS=500 for the record. */
const KILLS = Number(process.env['EVENHAND_KILLS'] ?? 24);

/** The latest time of a kill after the start, in milliseconds. */
const LATEST_MS = 400;

/**
 * Every third process is killed only after it has changed the database, so that a busy machine
 * changes it several times too.
 */
const CHANGING = 3;

/** A kill takes about a second on a busy machine, most of it for starting the process. */
const KILL_MS = 10_000;

jest.setTimeout(60_000 + KILLS * KILL_MS);

const WRITER = join(__dirname, './busy-writer.ts');

/** The reports of a process before it was killed. */
interface Told {
  readonly begun?: true;
  readonly written?: readonly string[];
  readonly put?: number;
}

/** The reports of all processes. */
class Ledger {
  readonly units = new Set<string>();
  put = 0;

  add({ written = [], put = 0 }: Told): void {
    for (const unit of written) this.units.add(unit);
    this.put = Math.max(this.put, put);
  }
}

/** A source that is down. */
const down: Source = {
  name: 'down',
  load: () => Promise.reject(new Error('no route to host')),
};

const statesOf = ({ experiments }: Snapshot) =>
  experiments
    .filter(({ name }) => name !== ACTIVE)
    .map(({ audiences }) => audiences[0]?.allocations[0]?.variant ?? '');

/** Returns the whole lines of a file; a killed process may have left an incomplete one. */
function wholeLines(path: string): string[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.slice(0, -1);
}

describeWithPostgres(`processes killed at random, ${KILLS} times`, (bin) => {
  let directory: string;
  let writer: ChildProcess | undefined;
  const { database } = usePostgres(bin);

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'evenhand-killed-'));
  });

  afterEach(() => {
    writer?.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  });

  /** Starts a writer, and kills it while it writes. */
  async function writeUntilKilled(run: number, url: string, ledger: Ledger): Promise<void> {
    const child = fork(WRITER, [directory, String(run), url], {
      execArgv: [...RUN_TYPESCRIPT],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    writer = child;
    let errors = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors += text));
    const { put } = ledger;
    const begun = new Promise<void>((resolve) => {
      child.on('message', (told: Told) => {
        ledger.add(told);
        if (run % CHANGING === 0 ? ledger.put > put : told.begun) resolve();
      });
    });
    const ended = once(child, 'exit');
    await Promise.race([begun, ended]);
    if (child.exitCode !== null) throw new Error(`the writer has ended: ${errors}`);
    await new Promise((resolve) => {
      setTimeout(resolve, Math.random() * LATEST_MS);
    });
    child.kill('SIGKILL');
    await ended;
    // Its reports may not have arrived yet.
    if (child.connected) await once(child, 'disconnect');
  }

  /** Expects that a new process, whose source is down, decides with a complete cache file. */
  async function checkCacheFile(): Promise<void> {
    const cacheFile = join(directory, 'cache.json');
    if (!existsSync(cacheFile)) return;
    const client = createClient({ source: down, cacheFile, logger: false });
    await client.ready();
    expect(client.status().provider).toBe('cache');
    expect(isWhole(statesOf(client.experiments()))).toBe(true);
    await client.close();
  }

  function checkSpecification(): void {
    const path = join(directory, 'experiments.config.json');
    if (!existsSync(path)) return;
    const client = createClient({ source: settingsSource(path), logger: false });
    expect(isWhole(statesOf(client.experiments()))).toBe(true);
  }

  async function checkDatabase(pool: Pool, ledger: Ledger): Promise<void> {
    const { rows: states } = await pool.query<{ state: string }>(
      `SELECT split_part(specification #>> '{}', ':', 2) AS state FROM evenhand_experiments
      WHERE name <> '${ACTIVE}'`,
    );
    const isPut = states.length > 0;
    expect(isWhole(states.map(({ state }) => state))).toBe(isPut);
    const { rows } = await pool.query<{ revision: string; recorded: string; last: string }>(
      `SELECT revision, (SELECT count(*) FROM evenhand_history) AS recorded,
        (SELECT coalesce(max(h.revision), 0) FROM evenhand_history h) AS last FROM evenhand_revision`,
    );
    const revision = Number(rows[0]?.revision);
    // Each change has its history line, and each reported change exists.
    expect([Number(rows[0]?.recorded), Number(rows[0]?.last)]).toEqual([revision, revision]);
    expect(revision).toBeGreaterThanOrEqual(ledger.put);
  }

  it('leave every file complete, every change whole, and every written record in place', async () => {
    const shared = database();
    const pool = shared.pool();
    const ledger = new Ledger();
    for (let run = 0; run < KILLS; run++) {
      await writeUntilKilled(run, shared.url, ledger);
      await checkCacheFile();
      checkSpecification();
      await checkDatabase(pool, ledger);
    }
    const path = join(directory, 'exposures.ndjson');
    const records = wholeLines(path).map(
      (line) => JSON.parse(line) as { id: string; unit: string },
    );
    const units = new Set(records.map(({ unit }) => unit));
    const { rows } = await pool.query<{ unit: string }>('SELECT unit FROM evenhand_exposures');
    const stored = new Set(rows.map(({ unit }) => unit));
    const missing = (where: ReadonlySet<string>) =>
      [...ledger.units].filter((unit) => !where.has(unit));
    expect(missing(units)).toEqual([]);
    expect(missing(stored)).toEqual([]);
    // No record is written twice although batches were interrupted.
    expect(new Set(records.map(({ id }) => id)).size).toBe(records.length);
    expect(ledger.units.size).toBeGreaterThan(KILLS);
    // The database was changed in later runs too.
    expect(ledger.put).toBeGreaterThan(2 * specificationOf(0).length);
    process.stderr.write(
      `${KILLS} kills: ${ledger.units.size} records told to be written, ${records.length} in the file, ` +
        `${stored.size} in the database, revision ${ledger.put}; none lost\n`,
    );
  });
});
