import { type ChildProcess, spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closing } from '../closing.ts';

/** The longest time for the start of a server on a busy machine, in milliseconds. */
const PATIENCE_MS = 90_000;

/** The last part of a log that is shown when a server does not start, in characters. */
const SHOWN_LOG = 4000;

/**
 * A server for tests in its own folder. It ends after the test that has started it first, or after the
 * file if a `beforeAll` has; with the test's process at the latest.
 */
export abstract class ChildServer {
  /** The folder of its data. */
  readonly folder: string;
  private child: ChildProcess | undefined;
  private isClosing = false;
  private readonly endWithUs = () => this.child?.kill('SIGKILL');

  constructor(name: string) {
    this.folder = mkdtempSync(join(tmpdir(), `evenhand-${name}-`));
  }

  /** The program and its arguments. */
  protected abstract command(): readonly [program: string, ...args: string[]];

  /** Returns true if the server answers. */
  protected abstract answers(): Promise<boolean>;

  /** Starts or restarts the server with the same data; resolves when it answers. */
  async start(): Promise<void> {
    const [program, ...args] = this.command();
    const log = openSync(join(this.folder, 'log'), 'w');
    const child = spawn(program, args, { stdio: ['ignore', log, log], cwd: this.folder });
    closeSync(log);
    this.child = child;
    // A restart in another test must not end the server with that test.
    if (!this.isClosing) closing(this);
    this.isClosing = true;
    process.on('exit', this.endWithUs);
    const deadline = performance.now() + PATIENCE_MS;
    while (!(await this.answers())) {
      if (child.exitCode !== null) {
        throw new Error(`${program} has ended with ${child.exitCode}\n${this.log()}`);
      }
      if (performance.now() > deadline)
        throw new Error(`${program} does not answer\n${this.log()}`);
      await new Promise((resolve) => {
        setTimeout(resolve, 10);
      });
    }
  }

  /** Returns the end of what the server has printed since its last start. */
  private log(): string {
    return readFileSync(join(this.folder, 'log'), 'utf8').slice(-SHOWN_LOG);
  }

  /** Kills the server, like a crash. */
  async kill(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    process.off('exit', this.endWithUs);
    if (child === undefined || child.exitCode !== null) return;
    const ended = new Promise((resolve) => {
      child.once('exit', resolve);
    });
    child.kill('SIGKILL');
    await ended;
  }

  /** Suspends the server: it does not answer, and its connections stay open. */
  freeze(): void {
    this.child?.kill('SIGSTOP');
    const pid = this.child?.pid;
    if (pid === undefined) return;
    // Its threads may still answer for a moment.
    for (const deadline = performance.now() + PATIENCE_MS; isRunning(pid);) {
      if (performance.now() > deadline) throw new Error('the server goes on');
    }
  }

  /** Resumes the server. */
  thaw(): void {
    this.child?.kill('SIGCONT');
  }

  /** Stops the server, and removes its data. */
  async dispose(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Returns true if any thread of a process is running; false if the system does not tell. */
function isRunning(pid: number): boolean {
  const tasks = `/proc/${pid}/task`;
  if (!existsSync(tasks)) return false;
  return readdirSync(tasks).some((id) => !isStopped(join(tasks, id, 'stat')));
}

/** Reads the state letter after the program's name, which is in parentheses. */
function isStopped(path: string): boolean {
  try {
    return /\) [TtZX]/.test(readFileSync(path, 'utf8'));
  } catch {
    // The thread has ended.
    return true;
  }
}
