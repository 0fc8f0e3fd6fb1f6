// @ts-check
// Runs a PostgreSQL server in a temporary directory while the example runs.
import { execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';

/** Debian and Ubuntu install the server's programs here, in a directory for each version. */
const VERSIONS = '/usr/lib/postgresql';

/** The time limit for the start of the server. */
const PATIENCE_MS = 30_000;

/**
 * Starts the server.
 *
 * @returns {Promise<{ url: string, stop(): Promise<void> }>}
 */
export async function startPostgres() {
  const directory = mkdtempSync(join(tmpdir(), 'evenhand-example-'));
  const data = join(directory, 'data');
  const user = serverUser();
  if (user !== undefined) chownSync(directory, user.uid, user.gid);
  const options = { cwd: directory, ...user };
  const programs = findPrograms();
  const settings = ['-D', data, '-U', 'postgres', '-A', 'trust', '--no-sync', '-E', 'UTF8'];
  execFileSync(join(programs, 'initdb'), settings, { ...options, stdio: 'ignore' });
  const port = await freePort();
  const server = spawn(
    join(programs, 'postgres'),
    ['-D', data, '-k', directory, '-h', '127.0.0.1', '-p', String(port), '-F'],
    // Detached, so that Ctrl-C does not stop it before the shop has written its exposures.
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

/** Returns the directory of PostgreSQL's programs; '' if they are in the PATH. */
function findPrograms() {
  const versions = existsSync(VERSIONS) ? readdirSync(VERSIONS) : [];
  const newest = versions.sort((a, b) => Number(b) - Number(a)).at(0);
  if (newest !== undefined) return join(VERSIONS, newest, 'bin');
  try {
    execFileSync('initdb', ['--version'], { stdio: 'ignore' });
  } catch {
    throw new Error(
      'this example needs PostgreSQL; install it (sudo apt-get install postgresql) or set DATABASE_URL',
    );
  }
  return '';
}

/** Returns the ids of the user `postgres` if this process is root, which PostgreSQL refuses to run as. */
function serverUser() {
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

/** Resolves when the server accepts connections. */
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
