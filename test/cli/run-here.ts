import { run } from '../../src/cli/program.ts';
import type { Finished, RunOptions } from './run-cli.ts';
import { testHost } from './test-host.ts';

/**
 * Runs `evenhand` in this process, which takes a few milliseconds; `runCli()` starts a process. The real
 * clock counts, as in a process.
 */
export async function runHere(
  args: readonly string[],
  { stdin = '', ...rest }: RunOptions,
): Promise<Finished> {
  const host = testHost({ ...rest, stdin, now: () => new Date() });
  await run(args, host);
  return { code: host.exitCode(), stdout: host.out(), stderr: host.err() };
}
