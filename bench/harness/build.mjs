import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** The files and folders that a build needs. */
const PARTS = ['package.json', 'tsconfig.json', 'src', 'scripts', 'schema'];

/**
 * Builds Evenhand in a temporary directory, so that another build does not disturb a long run. The
 * directory is removed when the process ends.
 *
 * @param revision a commit, branch or tag; default: the working tree
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

/** The environment variable with the directory of the measured build. */
export const BUILD_VARIABLE = 'EVENHAND_BENCH_BUILD';

/** Returns the path of a file of the measured build. */
export function builtFile(path) {
  const directory = process.env[BUILD_VARIABLE];
  if (directory === undefined) throw new Error(`${BUILD_VARIABLE} is not set; use npm run bench`);
  return pathToFileURL(join(directory, path)).href;
}

/** The measured package. */
export function importEvenhand() {
  return import(builtFile('dist/esm/index.js'));
}
