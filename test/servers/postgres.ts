import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWith } from './find-program.ts';

/** The parent folder of Debian's PostgreSQL programs, with a folder for each version. */
const DEBIAN = '/usr/lib/postgresql';

/** The longest time for the start of a server on a busy machine, in milliseconds. */
const BEGIN_MS = 90_000;

const LOOK_AGAIN_MS = 50;

/** Returns the folder of PostgreSQL's programs; undefined if it is not installed. */
export function findPostgres(): string | undefined {
  if (!existsSync(DEBIAN)) return undefined;
  return readdirSync(DEBIAN)
    .toSorted((a, b) => Number(b) - Number(a))
    .map((version) => join(DEBIAN, version, 'bin'))
    .find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')));
}

/**
 * A `describe` for tests that need PostgreSQL.
 *
 * @param tests receive the argument of {@link Postgres}
 */
export function describeWithPostgres(title: string, tests: (bin: string) => void): void {
  const program = findPostgres();
  const needed = {
    name: 'PostgreSQL',
    program,
    install: 'sudo apt-get install postgresql',
    variable: 'EVENHAND_REQUIRE_POSTGRES',
  };
  describeWith(needed, title, () => tests(program ?? ''));
}

/** The user that runs the server, which refuses to run as root. */
function userOf(name: string): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync('id', [flag, name], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/** Returns a free port. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return port;
}

/** A PostgreSQL server in its own folder, on a socket there and a port. */
export class Postgres {
  /** The TCP port, on 127.0.0.1; set by {@link start}. */
  port = 0;
  private readonly bin: string;
  private readonly folder = mkdtempSync(join(tmpdir(), 'evenhand-pg-'));
  private readonly user = userOf('postgres');
  private server: ChildProcess | undefined;
  private hung = false;

  /** @param bin the result of {@link findPostgres} */
  constructor(bin: string) {
    this.bin = bin;
  }

  /** Starts the server; resolves when it accepts connections. */
  async start(): Promise<void> {
    if (this.user !== undefined) chownSync(this.folder, this.user.uid, this.user.gid);
    chmodSync(this.folder, 0o755);
    const init = ['-D', this.data, '-U', 'postgres', '-A', 'trust', '--no-sync', '-E', 'UTF8'];
    execFileSync(join(this.bin, 'initdb'), init, { stdio: 'ignore', cwd: '/', ...this.user });
    this.port = await freePort();
    await this.restart();
  }

  /** Restarts the server after {@link kill}, with the same data and port. */
  async restart(): Promise<void> {
    const settings = [
      'listen_addresses=127.0.0.1',
      `port=${this.port}`,
      'fsync=off',
      `unix_socket_directories=${this.folder}`,
    ];
    const spawnServer = () =>
      spawn(
        join(this.bin, 'postgres'),
        ['-D', this.data, ...settings.flatMap((setting) => ['-c', setting])],
        { stdio: 'ignore', cwd: '/', ...this.user },
      );
    let server = spawnServer();
    const end = Date.now() + BEGIN_MS;
    for (;;) {
      this.server = server;
      try {
        this.psql('SELECT 1');
        return;
      } catch (error) {
        if (Date.now() > end) throw error;
        await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
      }
      // A killed process may still hold the shared memory.
      if (server.exitCode !== null) server = spawnServer();
    }
  }

  /** Kills all its processes at once, like a power failure. */
  async kill(): Promise<void> {
    const { server } = this;
    if (server === undefined) return;
    const ended = new Promise((resolve) => server.once('exit', resolve));
    // Stopped first, so that it starts no other processes meanwhile.
    server.kill('SIGSTOP');
    this.signalAll('SIGKILL');
    await ended;
    this.server = undefined;
  }

  /** Suspends all its processes: connections stay open, and the server does not answer. */
  hang(): void {
    this.hung = true;
    this.server?.kill('SIGSTOP');
    this.signalAll('SIGSTOP');
  }

  /** Resumes all its processes. */
  goOn(): void {
    this.signalAll('SIGCONT');
    this.hung = false;
  }

  /** Returns a connection string over TCP. */
  url(database = 'postgres', role = 'postgres'): string {
    return `postgres://${role}@127.0.0.1:${this.port}/${database}`;
  }

  /** Creates an empty database, and returns its connection string. */
  createDatabase(name: string): string {
    this.psql(`CREATE DATABASE ${name}`);
    return this.url(name);
  }

  /**
   * Runs statements and psql's own commands.
   *
   * @param cwd the folder of the files
   * @returns the results of the queries: a line for each row, with `|` between values
   */
  psql(input: string, cwd = '/', database = 'postgres'): string {
    const connection = [
      '-h',
      this.folder,
      '-p',
      String(this.port),
      '-U',
      'postgres',
      '-d',
      database,
    ];
    const output = ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1'];
    return execFileSync('psql', [...connection, ...output], {
      cwd,
      input,
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'pipe'],
    });
  }

  /** Stops the server, and removes its folder. */
  async stop(): Promise<void> {
    if (this.hung) this.goOn();
    const { server } = this;
    if (server !== undefined && server.exitCode === null) {
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGINT');
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  private get data(): string {
    return join(this.folder, 'data');
  }

  private signalAll(signal: NodeJS.Signals): void {
    for (const pid of this.processes()) {
      try {
        process.kill(pid, signal);
      } catch {
        // The process has already ended.
      }
    }
  }

  /** Returns the server and the process of each connection, which have their own process groups. */
  private processes(): number[] {
    const pid = this.server?.pid;
    if (pid === undefined) return [];
    const children = readdirSync('/proc').filter((name) => {
      try {
        // `pid (name) state parent …`
        return Number(/\) \w (\d+) /.exec(readFileSync(`/proc/${name}/stat`, 'utf8'))?.[1]) === pid;
      } catch {
        return false;
      }
    });
    return [pid, ...children.map(Number)];
  }
}
