import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TESTS_EVERYTHING } from '../runs.ts';
import { describeWith } from '../servers/find-program.ts';
import { withLock } from './with-lock.ts';

/** The oldest version that counts as recent: some clients of brokers need it. */
const OLDEST = [22, 22] as const;

/** The package that brings a recent Node, as for `npm run test:nodes`. */
const PACKAGE = 'node@24';

/** The longest time for its installation, in milliseconds. */
const PATIENCE_MS = 300_000;

function find(): string | undefined {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return process.execPath;
  const args = ['exec', '--yes', `--package=${PACKAGE}`, '--', 'node', '-p', 'process.execPath'];
  const ask = () => spawnSync('npm', args, { encoding: 'utf8', timeout: PATIENCE_MS });
  const { status, stdout } = withLock(join(tmpdir(), 'evenhand-node.lock'), PATIENCE_MS, ask);
  return status === 0 ? stdout.trim().split('\n').at(-1) : undefined;
}

/** The path of a Node that is at least version 22.22; undefined if npm can't get one. */
export const recentNode = TESTS_EVERYTHING ? find() : undefined;

/** A `describe` for tests whose child processes need a recent Node. */
export function describeWithRecentNode(title: string, tests: () => void): void {
  const needed = {
    name: `Node ${OLDEST.join('.')}`,
    program: recentNode,
    install: 'let npm reach its registry',
    variable: 'EVENHAND_REQUIRE_NPM',
  };
  describeWith(needed, title, tests);
}
