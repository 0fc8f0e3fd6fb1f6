import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** The interpreters to try, the one that Cravensworth asks for first; `EVENHAND_PYTHON` comes before them. */
const INTERPRETERS = ['python3.12', 'python3.13', 'python3'];

/** The longest time for the installation of the packages, in milliseconds. */
const PATIENCE_MS = 300_000;

/** An interpreter that can import the packages, or the reasons why there is none. */
export interface Prepared {
  readonly python: string | undefined;
  readonly problems: string;
}

/**
 * Installs packages from PyPI into a virtual environment, which is kept.
 *
 * @param requirements the path of the list of packages
 */
export function preparePython(requirements: string): Prepared {
  const problems: string[] = [];
  const candidates = [process.env['EVENHAND_PYTHON'] ?? [], INTERPRETERS].flat();
  for (const candidate of candidates) {
    const { status, stdout, stderr, error } = spawnSync(
      candidate,
      [join(__dirname, 'install.py'), requirements],
      { encoding: 'utf8', timeout: PATIENCE_MS },
    );
    if (status === 0) return { python: stdout.trim(), problems: '' };
    problems.push(`${candidate}: ${error === undefined ? stderr : String(error)}`);
  }
  return { python: undefined, problems: problems.join('\n') };
}
