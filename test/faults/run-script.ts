import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { json, text } from 'node:stream/consumers';
import { closing } from '../closing.ts';

const ROOT = join(__dirname, '../..');

/** The longest time for a child process, in milliseconds. */
const PATIENCE_MS = 240_000;

/**
 * Runs an ES module in a child process, with the built package.
 *
 * @returns its output, parsed as JSON
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
