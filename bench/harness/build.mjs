import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** What a build is made of. */
const PARTS = ['package.json', 'tsconfig.json', 'src', 'scripts', 'schema'];

/**
 * Builds Evenhand in a directory of its own, so that a long run is not disturbed by somebody who
 * builds meanwhile; removed when the process ends.
 *
 * @param revision a commit, branch or tag; none: the working tree
 * @returns the directory of the package
 */
export function build(revision) {
  const directory = mkdtempSync(join(tmpdir(), 'evenhand-bench-'));
  const target = join(directory, 'evenhand');
  if (revision === undefined) {
    mkdirSync(target);
    for (const part of PARTS) cpSync(join(ROOT, part), join(target, part), { recursive: true });
  } else {
    git('worktree', 'add', '--quiet', '--detach', target, revision);
    process.on('exit', () => git('worktree', 'remove', '--force', target));
  }
  process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
  symlinkSync(join(ROOT, 'node_modules'), join(target, 'node_modules'));
  execFileSync(process.execPath, [join(target, 'scripts/build.mjs')], { stdio: 'inherit' });
  return target;
}

function git(...args) {
  execFileSync('git', args, { cwd: ROOT, stdio: ['ignore', process.stderr.fd, 'inherit'] });
}

/** The variable that tells a contestant's process which build it measures. */
export const BUILD_VARIABLE = 'EVENHAND_BENCH_BUILD';

/** Where a file of the measured build is. */
export function builtFile(path) {
  const directory = process.env[BUILD_VARIABLE];
  if (directory === undefined) throw new Error(`${BUILD_VARIABLE} is not set; use npm run bench`);
  return pathToFileURL(join(directory, path)).href;
}

/** The package that is measured. */
export function importEvenhand() {
  return import(builtFile('dist/esm/index.js'));
}
