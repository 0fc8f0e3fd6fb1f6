import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { isBuilt, ROOT, RUN_TYPESCRIPT } from '../processes/repository.ts';
import { plainEnvironment } from '../processes/plain-environment.ts';
import { closing } from '../closing.ts';

export { ROOT };

/** The built command line, as users run it. */
const BUILT = join(ROOT, 'dist/cli/evenhand.js');

/** Node's arguments for the command line: the built file, or the sources if they are newer. */
export const COMMAND_LINE: readonly string[] = isBuilt()
  ? [BUILT]
  : [...RUN_TYPESCRIPT, join(ROOT, 'src/cli/main.ts')];

/** The options of `runCli`. */
export interface RunOptions {
  /** The working directory. */
  readonly cwd: string;
  /** Text for standard input; undefined leaves it open. @default '' */
  readonly stdin?: string | undefined;
  /** Variables to add to an environment without colours. */
  readonly env?: Readonly<Record<string, string>>;
}

/** The result of a finished process. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `evenhand` as a child process and waits for its end. */
export async function runCli(args: readonly string[], options: RunOptions): Promise<Finished> {
  const child = startCli(args, options);
  const output = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => (output.stdout += chunk));
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (output.stderr += chunk));
  await once(child, 'close');
  return { code: child.exitCode, ...output };
}

/** Starts `evenhand`, for tests that write to it or stop it while it runs. */
export function startCli(
  args: readonly string[],
  { cwd, env = {}, ...rest }: RunOptions,
): ChildProcess {
  const child = closing(
    spawn(process.execPath, [...COMMAND_LINE, ...args], {
      cwd,
      env: { ...plainEnvironment(), ...env },
    }),
  );
  // A process that ends without reading breaks the pipe, which must not fail the test.
  child.stdin?.on('error', () => {});
  const { stdin } = { stdin: '', ...rest };
  if (stdin !== undefined) child.stdin?.end(stdin);
  return child;
}
