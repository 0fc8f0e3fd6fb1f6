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

/** Where Debian's packages put PostgreSQL's programs, a folder for each version. */
const DEBIAN = '/usr/lib/postgresql';

/** How long a server may take to begin, in milliseconds: the machine may be busy. */
const BEGIN_MS = 60_000;

const LOOK_AGAIN_MS = 50;

/** The folder of PostgreSQL's programs; undefined where it is not installed. */
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
 * @param tests are given what {@link Postgres} takes
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

/** Whom the server runs as: it refuses to be root. */
function userOf(name: string): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync('id', [flag, name], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/** A port that nobody listens to. */
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

/** A PostgreSQL server of its own in a folder of its own, reached over a socket there and a port. */
export class Postgres {
  /** The TCP port, on 127.0.0.1; set by {@link start}. */
  port = 0;
  private readonly bin: string;
  private readonly folder = mkdtempSync(join(tmpdir(), 'evenhand-pg-'));
  private readonly user = userOf('postgres');
  private server: ChildProcess | undefined;
  private hung = false;

  /** @param bin what {@link findPostgres} gives */
  constructor(bin: string) {
    this.bin = bin;
  }

  /** Resolves when it takes connections. */
  async start(): Promise<void> {
    if (this.user !== undefined) chownSync(this.folder, this.user.uid, this.user.gid);
    chmodSync(this.folder, 0o755);
    const init = ['-D', this.data, '-U', 'postgres', '-A', 'trust', '--no-sync', '-E', 'UTF8'];
    execFileSync(join(this.bin, 'initdb'), init, { stdio: 'ignore', cwd: '/', ...this.user });
    this.port = await freePort();
    await this.restart();
  }

  /** Begins again on the same data, at the same port, after {@link kill}. */
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
      // The last of those that were killed may still hold the shared memory.
      if (server.exitCode !== null) server = spawnServer();
    }
  }

  /** Kills all its processes at once, as when the power fails. */
  async kill(): Promise<void> {
    const { server } = this;
    if (server === undefined) return;
    const ended = new Promise((resolve) => server.once('exit', resolve));
    // Stopped first, so that it begins no others meanwhile.
    server.kill('SIGSTOP');
    this.signalAll('SIGKILL');
    await ended;
    this.server = undefined;
  }

  /** Lets all its processes hang: connections stay open, and nothing answers. */
  hang(): void {
    this.hung = true;
    this.server?.kill('SIGSTOP');
    this.signalAll('SIGSTOP');
  }

  /** They go on. */
  goOn(): void {
    this.signalAll('SIGCONT');
    this.hung = false;
  }

  /** A connection string, over TCP. */
  url(database = 'postgres', role = 'postgres'): string {
    return `postgres://${role}@127.0.0.1:${this.port}/${database}`;
  }

  /** Makes an empty database; gives its connection string. */
  createDatabase(name: string): string {
    this.psql(`CREATE DATABASE ${name}`);
    return this.url(name);
  }

  /**
   * Runs statements and psql's own commands.
   *
   * @param cwd where files are
   * @returns what the queries give: a line for a row, with `|` between values
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

  /** Ends the server, and removes its folder. */
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
        // It has ended by itself meanwhile.
      }
    }
  }

  /** The server, and the process of each connection: they are in groups of their own. */
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
