#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import { processHost } from './process-host.ts';
import { run } from './program.ts';

/** The package's manifest, two directories up from both `dist/cli/` and `src/cli/`. */
const manifest = new URL('../../package.json', import.meta.url);
const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };

// Simulation threads run this file too, but must not run a command.
if (isMainThread) {
  const args = process.argv.slice(2);
  await run(args, processHost(version));
  // The application's module may have opened connections, which would keep the process alive.
  if (args.some((arg) => arg.startsWith('--operators'))) {
    process.stdout.write('', () => process.stderr.write('', () => process.exit()));
  }
}
