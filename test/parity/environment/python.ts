import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describeWith } from '../../servers/find-program.ts';
import { TESTS_EVERYTHING } from '../../runs.ts';

/** The environment variable that is 1 if the original systems are required, as in CI. */
const VARIABLE = 'EVENHAND_REQUIRE_PYTHON';

/** The interpreters to try, the one that Cravensworth asks for first; `EVENHAND_PYTHON` comes before them. */
const INTERPRETERS = ['python3.12', 'python3.13', 'python3'];

/** The longest time for the installation of the packages, in milliseconds. */
const PATIENCE_MS = 300_000;

/** An interpreter that can import the original systems, or the reasons why there is none. */
interface Prepared {
  readonly python: string | undefined;
  readonly problems: string;
}

function prepare(): Prepared {
  const problems: string[] = [];
  const candidates = [process.env['EVENHAND_PYTHON'] ?? [], INTERPRETERS].flat();
  for (const candidate of candidates) {
    const { status, stdout, stderr, error } = spawnSync(
      candidate,
      [join(__dirname, 'install.py')],
      { encoding: 'utf8', timeout: PATIENCE_MS },
    );
    if (status === 0) return { python: stdout.trim(), problems: '' };
    problems.push(`${candidate}: ${error === undefined ? stderr : String(error)}`);
  }
  return { python: undefined, problems: problems.join('\n') };
}

const { python, problems }: Prepared = TESTS_EVERYTHING
  ? prepare()
  : { python: undefined, problems: 'only npm run test:all installs the original systems' };

/** A `describe` for tests that need the original systems: Django Cravensworth, simpleeval and PlanOut. */
export function describeWithOriginals(title: string, tests: () => void): void {
  const install = 'sudo apt-get install python3-venv, and access to PyPI';
  const needed = { name: 'Python and PyPI', program: python, install, variable: VARIABLE };
  describeWith(needed, title, tests);
}

/**
 * Returns the path of a Python interpreter that can import the original systems.
 *
 * @throws Error with the reasons, if they could not be installed
 */
export function originalPython(): string {
  if (python === undefined) throw new Error(`the original systems are missing\n${problems}`);
  return python;
}
