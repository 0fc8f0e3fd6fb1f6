import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { json, text } from 'node:stream/consumers';
import { closing } from '../closing.ts';

const ROOT = join(__dirname, '../..');

/** A process of its own may do what would break the test's: how long it is waited for, in milliseconds. */
const PATIENCE_MS = 60_000;

/**
 * Runs a module of ES in a process of its own, with the package as it was built.
 *
 * @returns what it has printed as JSON
 */
export async function runScript(module: string): Promise<unknown> {
  const child = closing(
    spawn(process.execPath, ['--input-type=module', '-e', module], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: PATIENCE_MS,
      killSignal: 'SIGKILL',
    }),
  );
  const errors = text(child.stderr);
  const [printed] = await Promise.allSettled([json(child.stdout), once(child, 'close')]);
  if (printed.status === 'fulfilled') return printed.value;
  throw new Error(`${child.exitCode ?? child.signalCode}: ${await errors}`);
}
