import { join } from 'node:path';
import { describeWith } from '../../servers/find-program.ts';
import { TESTS_EVERYTHING } from '../../runs.ts';
import { type Prepared, preparePython } from './prepare.ts';

/** The environment variable that is 1 if the original systems are required, as in CI. */
const VARIABLE = 'EVENHAND_REQUIRE_PYTHON';

const { python, problems }: Prepared = TESTS_EVERYTHING
  ? preparePython(join(__dirname, 'requirements.txt'))
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
