import { OptionError } from '../../errors/usage-errors.ts';
import { member } from '../../json/own.ts';
import { parseJson } from '../../json/parse.ts';
import { pointerTo } from '../../json/pointer.ts';
import { readScript as readAny } from '../../planout/script/read-script.ts';
import type { Script } from '../../planout/script/script.ts';
import type { ScriptTest } from '../../planout/test-script.ts';
import type { Host } from '../host/host.ts';
import { aboutText } from '../output/problems.ts';
import { type ConfigText, readConfig, STDIN } from './config-file.ts';
import { isJson, readScript } from './read-planout-script.ts';

/** A script and its tests. */
export interface ScriptTests {
  readonly script: Script;
  /** Not checked yet. */
  readonly tests: readonly ScriptTest[];
  /** The salt that the file of the tests sets for all of them. */
  readonly salt: string | undefined;
  /** The file of the tests. */
  readonly file: ConfigText;
  /** JSON Pointer to the list of tests. */
  readonly path: string;
}

/**
 * Reads a script and its tests: two files, or one with both, as the online editor of PlanOut saves it.
 *
 * @param path the script; without `testsPath` also a JSON object with `tests` and `script` or `json`
 * @param testsPath default: for `sharing.planout` the file `sharing.tests.json` beside it
 * @throws SourceError (`source`) for a file that can't be read
 * @throws SpecError (`json`), PlanoutError (`script` or `operator`) or OptionError (`option`) for invalid
 *   files
 */
export async function readScriptTests(
  host: Host,
  path: string,
  testsPath: string | undefined,
): Promise<ScriptTests> {
  const first = await readConfig(host, path);
  const whole = isJson(first.text) ? parsed(first) : undefined;
  if (testsPath === undefined && member(whole, 'tests') !== undefined) {
    return { script: scriptIn(first, whole), ...testsIn(first, whole) };
  }
  if (testsPath === undefined && path === STDIN) {
    throw new OptionError('- reads only a script; pass the file with the tests after -');
  }
  const script = readScript(first);
  const file = await readConfig(host, testsPath ?? besides(path));
  return { script, ...testsIn(file, parsed(file)) };
}

function parsed({ text, origin }: ConfigText): unknown {
  return aboutText(text, origin, () => parseJson(text, origin));
}

/** Returns the path of the tests beside a script: `sharing.tests.json` for `sharing.planout`. */
function besides(path: string): string {
  return `${path.replace(/\.[^./\\]+$/, '')}.tests.json`;
}

/** Returns the script of a file with both: its source text, otherwise its JSON. */
function scriptIn({ origin, operators }: ConfigText, whole: unknown): Script {
  const source = member(whole, 'script');
  if (typeof source === 'string') {
    return aboutText(source, `${origin} /script`, () => readAny(source, operators));
  }
  const json = member(whole, 'json');
  if (json !== undefined) return readAny(json, operators);
  throw new OptionError(
    `${origin} has tests, but neither "script" nor "json"; pass the script and the tests as two files`,
  );
}

/** Returns the tests of a file: a list, or an object with `tests`. */
function testsIn(file: ConfigText, data: unknown): Omit<ScriptTests, 'script'> {
  const isList = Array.isArray(data);
  const tests: unknown = isList ? data : member(data, 'tests');
  const { origin } = file;
  if (!Array.isArray(tests)) {
    throw new OptionError(`${origin} must be a list of tests, or an object with the list "tests"`);
  }
  if (tests.length === 0) throw new OptionError(`${origin} has no tests; add one`);
  const salt = isList ? undefined : member(data, 'salt');
  if (salt !== undefined && typeof salt !== 'string') {
    throw new OptionError(`${origin}: salt must be a string`);
  }
  return { tests: tests as ScriptTest[], salt, file, path: isList ? '' : pointerTo('', 'tests') };
}
