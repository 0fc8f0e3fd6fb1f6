import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { TESTS_EVERYTHING } from '../runs.ts';

/** The folders of Debian's servers, which are not in every PATH. */
const BESIDE_PATH = ['/usr/sbin', '/usr/local/sbin'];

/** Returns the path of a program; undefined if it is not installed. */
export function findProgram(name: string): string | undefined {
  const path = process.env['PATH']?.split(':') ?? [];
  return [...path, ...BESIDE_PATH].map((folder) => join(folder, name)).find(existsSync);
}

/** A program that tests may need, such as a server. */
export interface NeededProgram {
  /** Its usual name: Redis. */
  readonly name: string;
  /** Its path; undefined if it is not installed. */
  readonly program: string | undefined;
  /** The command that installs it. */
  readonly install: string;
  /** The environment variable that is 1 if the program is required, as in CI. */
  readonly variable: string;
}

/**
 * A `describe` for tests that need a program; `npm test` skips them. Without the program,
 * `npm run test:all` skips them too, and says at its end how to install it. In CI they fail.
 */
export function describeWith(
  { name, program, install, variable }: NeededProgram,
  title: string,
  tests: () => void,
): void {
  const isThere = program !== undefined || process.env[variable] === '1';
  const isRun = TESTS_EVERYTHING && isThere;
  // scripts/skipped-reporter.mjs reads these words.
  const describeOrSkip = isRun ? describe : describe.skip;
  describeOrSkip(`${title} (needs ${name}: ${install})`, tests);
}
