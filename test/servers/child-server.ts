import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closing } from '../closing.ts';

/** How long a server may take to start on a busy machine, in milliseconds. */
const PATIENCE_MS = 30_000;

/** A server that a test has started, in a folder of its own. It ends with the test's process at the latest. */
export abstract class ChildServer {
  /** Where its data are. */
  readonly folder: string;
  private child: ChildProcess | undefined;
  private readonly endWithUs = () => this.child?.kill('SIGKILL');

  constructor(name: string) {
    this.folder = mkdtempSync(join(tmpdir(), `evenhand-${name}-`));
  }

  /** The program and its arguments. */
  protected abstract command(): readonly [program: string, ...args: string[]];

  /** Whether it answers. */
  protected abstract answers(): Promise<boolean>;

  /** Starts it, again with the same data; resolves when it answers. */
  async start(): Promise<void> {
    const [program, ...args] = this.command();
    const child = closing(spawn(program, args, { stdio: 'ignore', cwd: this.folder }));
    this.child = child;
    process.on('exit', this.endWithUs);
    const deadline = performance.now() + PATIENCE_MS;
    while (!(await this.answers())) {
      if (child.exitCode !== null) throw new Error(`${program} has ended with ${child.exitCode}`);
      if (performance.now() > deadline) throw new Error(`${program} does not answer`);
      await new Promise((resolve) => {
        setTimeout(resolve, 10);
      });
    }
  }

  /** Ends it as a crash would. */
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

  /** Has it answer nothing any more; its connections stay open. */
  freeze(): void {
    this.child?.kill('SIGSTOP');
    const pid = this.child?.pid;
    if (pid === undefined) return;
    // Its threads may go on for a moment, and answer.
    for (const deadline = performance.now() + PATIENCE_MS; isRunning(pid);) {
      if (performance.now() > deadline) throw new Error('the server goes on');
    }
  }

  /** Has it go on. */
  thaw(): void {
    this.child?.kill('SIGCONT');
  }

  /** Ends it, and removes its data. */
  async dispose(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Whether any thread of a process is not stopped; false where the system does not say. */
function isRunning(pid: number): boolean {
  const tasks = `/proc/${pid}/task`;
  if (!existsSync(tasks)) return false;
  return readdirSync(tasks).some((id) => !isStopped(join(tasks, id, 'stat')));
}

/** By the letter behind the program's name, which is in brackets. */
function isStopped(path: string): boolean {
  try {
    return /\) [TtZX]/.test(readFileSync(path, 'utf8'));
  } catch {
    // The thread has ended.
    return true;
  }
}
