import { plainEnvironment } from '../processes/plain-environment.ts';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from '../docs/readme-blocks.ts';
import { COMMAND_LINE } from './run-cli.ts';

/** The separator between the outputs of two commands. */
const MARK = '@@ the next command @@';

/**
 * Runs the commands of a console block in one directory, in a shell that knows `npx evenhand`. Returns
 * the commands with their output.
 */
export function runConsole(commands: readonly string[], cwd: string): Command[] {
  const bin = join(cwd, 'node_modules/.bin');
  mkdirSync(bin, { recursive: true });
  const program = [process.execPath, ...COMMAND_LINE].map((word) => `'${word}'`).join(' ');
  writeFileSync(join(bin, 'npx'), `#!/bin/sh\nshift\nexec ${program} "$@"\n`);
  chmodSync(join(bin, 'npx'), 0o755);
  const script = commands.map((command) => `{ ${command}\n} 2>&1\nprintf '${MARK}'`).join('\n');
  const { stdout, error } = spawnSync('sh', ['-c', script], {
    cwd,
    encoding: 'utf8',
    env: { ...plainEnvironment(), PATH: `${bin}:${process.env['PATH']}` },
  });
  if (error !== undefined) throw error;
  const outputs = stdout.split(MARK);
  return commands.map((command, i) => ({ command, output: outputs[i] ?? '' }));
}
