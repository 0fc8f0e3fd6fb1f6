import { didYouMean } from '../errors/did-you-mean.ts';
import { PlanoutError } from '../errors/planout-error.ts';
import { quote, showValue } from '../errors/show-value.ts';
import { OptionError } from '../errors/usage-errors.ts';
import { isObject } from '../options/check-options.ts';
import { Assignment } from './assignment.ts';
import type { OperatorSet } from './operator-set.ts';
import { Interpreter, toScript } from './script/interpreter.ts';
import { Run } from './script/run.ts';
import type { Script } from './script/script.ts';
import { equals } from './script/values.ts';

/** The salt of tests that set none: that of the online editor of PlanOut. */
const DEFAULT_SALT = 'demo_salt';

/** One test of a script, in the format of the online editor of PlanOut. */
export interface ScriptTest {
  /** The name of the test. @default its number, from 1 */
  readonly id?: string | undefined;
  /** The values that the script reads and does not assign. @default none */
  readonly inputs?: Readonly<Record<string, unknown>> | undefined;
  /** Parameter values that no assignment changes. @default none */
  readonly overrides?: Readonly<Record<string, unknown>> | undefined;
  /** The expected values of parameters. They are compared with the `==` of scripts. @default none */
  readonly assertions?: Readonly<Record<string, unknown>> | undefined;
  /** True if the unit must be in the experiment, false if it must not be. @default not checked */
  readonly inExperiment?: boolean | undefined;
  /** The experiment's salt. @default the salt of the options */
  readonly salt?: string | undefined;
  /** Written by the editor, and ignored. */
  readonly type?: string | undefined;
}

/** The options of {@link testScript}. */
export interface TestScriptOptions {
  /** The experiment's salt for tests that set none. @default 'demo_salt', as in PlanOut's editor */
  readonly salt?: string | undefined;
  /** The operators that the script may call besides PlanOut's own. @default none */
  readonly operators?: OperatorSet | undefined;
}

/** An assertion that does not hold. */
export interface AssertionFailure {
  /** The parameter; undefined if the assertion is `inExperiment`. */
  readonly param: string | undefined;
  readonly expected: unknown;
  /** The value; absent if the script did not set the parameter. */
  readonly got?: unknown;
}

/** The result of one test. */
export interface ScriptTestResult {
  readonly id: string;
  readonly passed: boolean;
  /** The parameters after the run; empty after an error. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Undefined after an error. */
  readonly inExperiment: boolean | undefined;
  readonly failures: readonly AssertionFailure[];
  /** The error of the run, or of comparing values that are too deep. It fails the test. */
  readonly error: PlanoutError | undefined;
}

/** The properties of a test, each with the check of its value. */
const PROPERTIES: ReadonlyMap<string, readonly [string, (value: unknown) => boolean]> = new Map([
  ['id', ['a string', isString]],
  ['inputs', ['an object', isObject]],
  ['overrides', ['an object', isObject]],
  ['assertions', ['an object', isObject]],
  ['inExperiment', ['true or false', (value: unknown) => typeof value === 'boolean']],
  ['salt', ['a string', isString]],
  ['type', ['a string', isString]],
]);

/**
 * Runs a script once for each test, and compares the parameters with the test's assertions.
 *
 * ```ts
 * const tests = [{ inputs: { userid: 4 }, assertions: { price: 10 } }];
 * testScript('price = 10;', tests).every(({ passed }) => passed); // true
 * ```
 *
 * @param script source text in PlanOut's language, parsed JSON, or a script from `parseScript`
 * @throws PlanoutError `script` or `operator` for an invalid script
 * @throws OptionError `option` for invalid tests or options
 */
export function testScript(
  script: unknown,
  tests: readonly ScriptTest[],
  { salt = DEFAULT_SALT, operators }: TestScriptOptions = {},
): ScriptTestResult[] {
  if (!Array.isArray(tests)) {
    throw new OptionError(`testScript() takes a list of tests, not ${showValue(tests)}`);
  }
  tests.forEach(checkTest);
  const compiled = toScript(script, operators);
  return tests.map((test, i) => runTest(compiled, test, test.id ?? String(i + 1), salt));
}

function isString(value: unknown): boolean {
  return typeof value === 'string';
}

function checkTest(test: unknown, i: number): void {
  const where = `test ${i + 1}`;
  if (!isObject(test)) throw new OptionError(`${where} must be an object, not ${showValue(test)}`);
  for (const [name, value] of Object.entries(test)) {
    const property = PROPERTIES.get(name);
    if (property === undefined) {
      const meant = didYouMean(name, PROPERTIES.keys());
      const advice =
        meant === undefined
          ? `known: ${[...PROPERTIES.keys()].join(', ')}`
          : `did you mean ${quote(meant)}?`;
      throw new OptionError(`${where} has the unknown property ${quote(name)}; ${advice}`);
    }
    const [expected, accepts] = property;
    if (value !== undefined && !accepts(value)) {
      throw new OptionError(`${where}: ${name} must be ${expected}, not ${showValue(value)}`);
    }
  }
}

function runTest(
  script: Script,
  { inputs, overrides, assertions = {}, inExperiment: expected, salt }: ScriptTest,
  id: string,
  defaultSalt: string,
): ScriptTestResult {
  const run = new Interpreter(script, { salt: salt ?? defaultSalt, inputs, overrides });
  let params: Record<string, unknown>;
  let failures: AssertionFailure[];
  try {
    params = run.getParams();
    failures = Object.entries(assertions).flatMap(([param, value]) =>
      failuresOf(params, param, value),
    );
  } catch (error) {
    if (!(error instanceof PlanoutError)) throw error;
    return { id, passed: false, params: {}, inExperiment: undefined, failures: [], error };
  }
  const { inExperiment } = run;
  if (expected !== undefined && expected !== inExperiment) {
    failures.push({ param: undefined, expected, got: inExperiment });
  }
  return {
    id,
    passed: failures.length === 0,
    params,
    inExperiment,
    failures,
    error: undefined,
  };
}

function failuresOf(
  params: Readonly<Record<string, unknown>>,
  param: string,
  expected: unknown,
): AssertionFailure[] {
  if (!Object.hasOwn(params, param)) return [{ param, expected }];
  const got = params[param];
  // A run of its own gives each comparison a new budget.
  const budget = new Run(new Assignment(DEFAULT_SALT), () => undefined, DEFAULT_SALT);
  return equals(expected, got, budget) ? [] : [{ param, expected, got }];
}
