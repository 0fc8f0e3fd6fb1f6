#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import { processHost } from './process-host.ts';
import { run } from './program.ts';

/** The package's manifest is two directories up, from `dist/cli/` as from `src/cli/`. */
const manifest = new URL('../../package.json', import.meta.url);
const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };

// The file is also what a thread of a simulation runs, in which there is no command to be run.
if (isMainThread) await run(process.argv.slice(2), processHost(version));
