import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where Debian's packages put PostgreSQL's programs, a folder for each version. */
const DEBIAN = '/usr/lib/postgresql';

/** The folder of PostgreSQL's programs; undefined where it is not installed. */
export function findPostgres(): string | undefined {
  if (!existsSync(DEBIAN)) return undefined;
  return readdirSync(DEBIAN)
    .toSorted((a, b) => Number(b) - Number(a))
    .map((version) => join(DEBIAN, version, 'bin'))
    .find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')));
}

/** Whom the server runs as: it refuses to be root. */
function userOf(name: string): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync('id', [flag, name], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/** A PostgreSQL server of its own in a folder of its own, reached over a socket there. */
export class Postgres {
  private readonly bin: string;
  private readonly folder = mkdtempSync(join(tmpdir(), 'evenhand-pg-'));
  private readonly user = userOf('postgres');
  private server: ChildProcess | undefined;

  /** @param bin what {@link findPostgres} gives */
  constructor(bin: string) {
    this.bin = bin;
  }

  /** Resolves when it takes connections. */
  async start(): Promise<void> {
    const data = join(this.folder, 'data');
    if (this.user !== undefined) chownSync(this.folder, this.user.uid, this.user.gid);
    chmodSync(this.folder, 0o755);
    const init = ['-D', data, '-U', 'postgres', '-A', 'trust', '--no-sync', '-E', 'UTF8'];
    execFileSync(join(this.bin, 'initdb'), init, { stdio: 'ignore', cwd: '/', ...this.user });
    const settings = ['listen_addresses=', 'fsync=off', `unix_socket_directories=${this.folder}`];
    this.server = spawn(
      join(this.bin, 'postgres'),
      ['-D', data, ...settings.flatMap((setting) => ['-c', setting])],
      { stdio: 'ignore', cwd: '/', ...this.user },
    );
    for (let attempt = 0; ; attempt++) {
      try {
        this.psql('SELECT 1');
        return;
      } catch (error) {
        if (attempt === 100) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  }

  /**
   * Runs statements and psql's own commands.
   *
   * @param cwd where files are
   * @returns what the queries give: a line for a row, with `|` between values
   */
  psql(input: string, cwd = '/'): string {
    const connection = ['-h', this.folder, '-U', 'postgres', '-d', 'postgres'];
    const output = ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1'];
    return execFileSync('psql', [...connection, ...output], {
      cwd,
      input,
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'pipe'],
    });
  }

  /** Ends the server, and removes its folder. */
  async stop(): Promise<void> {
    const { server } = this;
    if (server !== undefined && server.exitCode === null) {
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGINT');
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}
