import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Where Debian has servers that are in nobody's path. */
const BESIDE_PATH = ['/usr/sbin', '/usr/local/sbin'];

/** A program by its name; undefined where it is not installed. */
export function findProgram(name: string): string | undefined {
  const path = process.env['PATH']?.split(':') ?? [];
  return [...path, ...BESIDE_PATH].map((folder) => join(folder, name)).find(existsSync);
}

/** A server that tests may need. */
export interface NeededServer {
  /** What people call it: Redis. */
  readonly name: string;
  /** Its program; undefined where it is not installed. */
  readonly program: string | undefined;
  /** How to have it. */
  readonly install: string;
  /** Set to 1 in the environment where it must be there, as in CI. */
  readonly variable: string;
}

/**
 * A `describe` for tests that need a server. Where it must be there, they fail without it; elsewhere
 * they are skipped, and the title says how to get it.
 */
export function describeWith(
  { name, program, install, variable }: NeededServer,
  title: string,
  tests: () => void,
): void {
  const full = `${title} (to have ${name}: ${install})`;
  if (program !== undefined || process.env[variable] === '1') describe(full, tests);
  else {
    process.stderr.write(`${title}: skipped, as there is no ${name}: ${install}\n`);
    describe.skip(full, tests);
  }
}
