#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import { processHost } from './process-host.ts';
import { run } from './program.ts';

/** The package's manifest, two directories up from both `dist/cli/` and `src/cli/`. */
const manifest = new URL('../../package.json', import.meta.url);
const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };

// Simulation threads run this file too, but must not run a command.
if (isMainThread) await run(process.argv.slice(2), processHost(version));
