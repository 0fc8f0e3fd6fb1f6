import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { ROOT, RUN_TYPESCRIPT } from '../../processes/repository.ts';
import { closing } from '../../closing.ts';

/** A child process with a sink. */
export interface ChildSink {
  readonly process: ChildProcess;
  /** Its exit code (null if a signal ended it) and its output. */
  readonly ended: Promise<{ code: number | null; stdout: string; stderr: string }>;
}

/** Options of {@link startChild}. */
export interface ChildOptions {
  /** Shell commands that run before the process: `ulimit -f 8`. */
  readonly before?: string;
  /** The command under which everything runs: `unshare -rm`. */
  readonly under?: readonly string[];
  /** Leaves standard output to the test, which may also not read it. */
  readonly ownStdout?: boolean;
}

/**
 * Starts a process that runs the source code of a module. It imports the sinks from `SINKS` and the
 * tests' records from `RECORDS`.
 */
export function startChild(module: string, args: string[], options: ChildOptions = {}): ChildSink {
  const code = module
    .replaceAll('SINKS', join(ROOT, 'src/exposures/sinks'))
    .replaceAll('RECORDS', join(__dirname, './records.ts'));
  const node = [process.execPath, ...RUN_TYPESCRIPT, '--input-type=module', '-e', code, ...args];
  const shell = ['-c', `${options.before ?? 'true'} && exec "$0" "$@"`, ...node];
  const [command = 'bash', ...rest] = [...(options.under ?? []), 'bash', ...shell];
  const child = closing(spawn(command, rest, { cwd: ROOT, stdio: ['pipe', 'pipe', 'pipe'] }));
  const stdout = options.ownStdout === true ? Promise.resolve('') : text(child.stdout);
  const stderr = text(child.stderr);
  const ended = (async () => {
    const [exitCode] = (await once(child, 'exit')) as [number | null];
    return { code: exitCode, stdout: await stdout, stderr: await stderr };
  })();
  return { process: child, ended };
}
