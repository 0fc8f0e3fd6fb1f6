import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../../cli/run-cli.ts';

const TSX = join(ROOT, 'node_modules/tsx/dist/esm/index.mjs');

/**
 * Returns the files of `src/` with a function that was called, by trip. Code that runs when a module is
 * imported does not count.
 */
export async function enteredFiles(): Promise<Readonly<Record<string, readonly string[]>>> {
  const args = ['--import', TSX, join(__dirname, 'trips.ts')];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as Record<string, string[]>;
}
