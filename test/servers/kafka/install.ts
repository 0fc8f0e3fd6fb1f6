import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { withLock } from '../../processes/with-lock.ts';

/** The longest time for the download, in milliseconds. */
const PATIENCE_MS = 600_000;

/** Prints the paths of all files of the project, separated as Java wants them. */
const GOAL = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath';

/** The files of the broker, or the reason why there are none. */
export interface Installed {
  /** The value of Java's option `-cp`; undefined if the broker is not there. */
  readonly classpath: string | undefined;
  readonly problem: string;
}

/**
 * Lets Maven download the broker of `pom.xml` from Maven Central to the user's own repository of Maven.
 * The list of its files is kept in the user's cache folder, so Maven runs once for each `pom.xml`. Of
 * several processes that ask at the same time, one runs Maven and the others wait.
 */
export function installKafka(): Installed {
  const pom = join(__dirname, 'pom.xml');
  const base = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const folder = join(base, 'evenhand', 'kafka');
  const wanted = createHash('sha256').update(readFileSync(pom)).digest('hex').slice(0, 16);
  const list = join(folder, wanted);
  mkdirSync(folder, { recursive: true });
  return withLock(join(folder, 'lock'), PATIENCE_MS, () => {
    const known = readList(list);
    if (known !== undefined) return { classpath: known, problem: '' };
    const args = ['-B', '-q', '-f', pom, GOAL, `-Dmdep.outputFile=${list}.new`];
    const { status, stdout, error } = spawnSync('mvn', args, {
      encoding: 'utf8',
      timeout: PATIENCE_MS,
    });
    if (status !== 0) {
      return { classpath: undefined, problem: error === undefined ? stdout : String(error) };
    }
    renameSync(`${list}.new`, list);
    return { classpath: readList(list), problem: 'Maven has listed files that do not exist' };
  });
}

/** Returns the list of files if all of them still exist. */
function readList(path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  const text = readFileSync(path, 'utf8').trim();
  return text.split(delimiter).every((file) => existsSync(file)) ? text : undefined;
}
