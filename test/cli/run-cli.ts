import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { isBuilt, ROOT, RUN_TYPESCRIPT } from '../processes/repository.ts';
import { closing } from '../closing.ts';

export { ROOT };

/** The command line as people have it. */
const BUILT = join(ROOT, 'dist/cli/evenhand.js');

/**
 * What Node runs: what has been built, as `npm test` does first; while the sources are newer, the
 * sources.
 */
export const COMMAND_LINE: readonly string[] = isBuilt()
  ? [BUILT]
  : [...RUN_TYPESCRIPT, join(ROOT, 'src/cli/main.ts')];

/** How the command line is run. */
export interface RunOptions {
  /** The working directory. */
  readonly cwd: string;
  /** What is typed or piped in; undefined leaves it open. @default '' */
  readonly stdin?: string | undefined;
  /** Added to an environment without colours. */
  readonly env?: Readonly<Record<string, string>>;
}

/** What a finished process left behind. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `evenhand` as a child process to its end. */
export async function runCli(args: readonly string[], options: RunOptions): Promise<Finished> {
  const child = startCli(args, options);
  const output = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => (output.stdout += chunk));
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (output.stderr += chunk));
  await once(child, 'close');
  return { code: child.exitCode, ...output };
}

/** Starts `evenhand`, for tests that talk to it, or end it, while it runs. */
export function startCli(
  args: readonly string[],
  { cwd, env = {}, ...rest }: RunOptions,
): ChildProcess {
  const child = closing(
    spawn(process.execPath, [...COMMAND_LINE, ...args], {
      cwd,
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '', ...env },
    }),
  );
  // A process that ends without reading breaks the pipe, which is no fault of the test.
  child.stdin?.on('error', () => {});
  const { stdin } = { stdin: '', ...rest };
  if (stdin !== undefined) child.stdin?.end(stdin);
  return child;
}
