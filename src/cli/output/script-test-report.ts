import { listNames, quote } from '../../errors/show-value.ts';
import { didYouMean } from '../../errors/did-you-mean.ts';
import { pointerTo } from '../../json/pointer.ts';
import { locate } from '../../json/positions.ts';
import type { AssertionFailure, ScriptTestResult } from '../../planout/test-script.ts';
import type { Host } from '../host/host.ts';
import { createColour } from './colour.ts';
import { type Notice, printNotices } from './problems.ts';

/** The longest JSON of a value in a message, in characters. */
const MAX_JSON = 200;

/** The place of the tests. */
export interface TestsPlace {
  /** The file of the tests. */
  readonly file: { readonly origin: string; readonly text: string };
  /** JSON Pointer to the list of tests. */
  readonly path: string;
}

/** Prints each assertion that does not hold, with its place in the file of the tests, and the counts. */
export function printScriptTests(
  host: Host,
  from: TestsPlace,
  results: readonly ScriptTestResult[],
): void {
  const { file } = from;
  for (const notices of noticesOfAll(from, results)) {
    printNotices(host.stdout, file.origin, notices, file.text, 'error');
  }
  const colour = createColour(host.stdout.colour);
  const failed = results.filter(({ passed }) => !passed).length;
  const passed = results.length - failed;
  const summary = `${passed} of ${results.length} ${results.length === 1 ? 'test' : 'tests'} passed`;
  host.stdout.write(`${failed === 0 ? summary : colour.red(summary)}\n`);
}

/** Returns the results as JSON: the failures have their places in the file of the tests. */
export function scriptTestsJson(from: TestsPlace, results: readonly ScriptTestResult[]): object {
  const notices = noticesOfAll(from, results);
  const passed = results.filter((one) => one.passed).length;
  return {
    passed,
    failed: results.length - passed,
    tests: results.map(({ id, passed: good, params, inExperiment, failures }, i) => ({
      id,
      passed: good,
      ...(inExperiment === undefined ? {} : { inExperiment, params }),
      failures: (notices[i] ?? []).map((notice, j) => ({ ...failures[j], ...notice })),
    })),
  };
}

/** Returns the notices of each test, with their places in the file; none for a test that passed. */
function noticesOfAll(
  { file, path }: TestsPlace,
  results: readonly ScriptTestResult[],
): readonly (readonly Notice[])[] {
  const all = results.map((result, i) => noticesOf(result, `${path}/${i}`));
  const pointers = all.flat().map((one) => one.path);
  const places = locate(file.text, new Map(pointers.map((pointer) => [pointer, 'value'])));
  return all.map((notices) => notices.map((one) => ({ ...one, ...places.get(one.path) })));
}

function noticesOf(result: ScriptTestResult, path: string): Notice[] {
  const test = `test ${quote(result.id)}`;
  const { error, failures } = result;
  if (error !== undefined)
    return [{ path, message: `${test}: the script failed: ${error.message}` }];
  return failures.map((failure) => ({
    path:
      failure.param === undefined
        ? pointerTo(path, 'inExperiment')
        : pointerTo(pointerTo(path, 'assertions'), failure.param),
    message: `${test}: ${describe(failure, result)}`,
  }));
}

function describe(failure: AssertionFailure, { params }: ScriptTestResult): string {
  const { param = 'inExperiment', expected } = failure;
  const wanted = `expected ${jsonOf(expected)}`;
  if (Object.hasOwn(failure, 'got')) return `${param} is ${jsonOf(failure.got)}; ${wanted}`;
  const names = Object.keys(params);
  const meant = didYouMean(param, names);
  const set = names.length === 0 ? 'none' : listNames(names);
  const hint = meant === undefined ? `it sets: ${set}` : `did you mean ${quote(meant)}?`;
  return `the script does not set ${quote(param)}; ${wanted}; ${hint}`;
}

function jsonOf(value: unknown): string {
  const json = JSON.stringify(value) ?? String(value);
  return json.length > MAX_JSON ? `${json.slice(0, MAX_JSON)}…` : json;
}
