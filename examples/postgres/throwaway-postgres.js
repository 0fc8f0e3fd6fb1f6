// @ts-check
// A PostgreSQL server in a temporary directory, for as long as the example runs.
import { execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';

/** Where Debian and Ubuntu put what is not in the path, a directory for each version. */
const VERSIONS = '/usr/lib/postgresql';

/** How long a server may take to begin. */
const PATIENCE_MS = 30_000;

/**
 * Starts it.
 *
 * @returns {Promise<{ url: string, stop(): Promise<void> }>}
 */
export async function startPostgres() {
  const directory = mkdtempSync(join(tmpdir(), 'evenhand-example-'));
  const data = join(directory, 'data');
  const user = whoMayRunIt();
  if (user !== undefined) chownSync(directory, user.uid, user.gid);
  const options = { cwd: directory, ...user };
  const programs = findPrograms();
  const settings = ['-D', data, '-U', 'postgres', '-A', 'trust', '--no-sync', '-E', 'UTF8'];
  execFileSync(join(programs, 'initdb'), settings, { ...options, stdio: 'ignore' });
  const port = await freePort();
  const server = spawn(
    join(programs, 'postgres'),
    ['-D', data, '-k', directory, '-h', '127.0.0.1', '-p', String(port), '-F'],
    // Not ended by Ctrl-C itself: the shop still has exposures to write.
    { ...options, stdio: 'ignore', detached: true },
  );
  const ended = new Promise((resolve) => server.once('exit', resolve));
  const stop = async () => {
    server.kill('SIGINT');
    await ended;
    rmSync(directory, { recursive: true, force: true });
  };
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  try {
    await answers(url);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, stop };
}

/** The directory of PostgreSQL's programs; empty where they are in the path. */
function findPrograms() {
  const versions = existsSync(VERSIONS) ? readdirSync(VERSIONS) : [];
  const newest = versions.sort((a, b) => Number(b) - Number(a)).at(0);
  if (newest !== undefined) return join(VERSIONS, newest, 'bin');
  try {
    execFileSync('initdb', ['--version'], { stdio: 'ignore' });
  } catch {
    throw new Error(
      'this example needs PostgreSQL (sudo apt-get install postgresql), or a database in DATABASE_URL',
    );
  }
  return '';
}

/** PostgreSQL refuses to be root, as it is in a container; its package makes it a user. */
function whoMayRunIt() {
  if (process.getuid?.() !== 0) return undefined;
  const id = (/** @type {string} */ what) =>
    Number(execFileSync('id', [what, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** Resolves when the server takes connections. */
async function answers(/** @type {string} */ url) {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const client = new Client({ connectionString: url });
    try {
      await client.connect();
      return await client.end();
    } catch (error) {
      if (Date.now() > end) throw error;
      await pause(100);
    }
  }
}
