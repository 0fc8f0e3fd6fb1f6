import type { Command as Commander } from 'commander';
import { Interpreter } from '../../planout/script/interpreter.ts';
import type { ScriptInspection } from '../../planout/script/script.ts';
import { OptionError } from '../../errors/usage-errors.ts';
import { type ScriptTestResult, testScript } from '../../planout/test-script.ts';
import { type Command, jsonOption } from '../host/command.ts';
import { readConfig } from '../files/config-file.ts';
import { readScriptTests, type ScriptTests } from '../files/read-script-tests.ts';
import { FOUND } from '../host/exit-codes.ts';
import type { Host } from '../host/host.ts';
import { objectArgument } from '../arguments/json-argument.ts';
import { type Colour, createColour } from '../output/colour.ts';
import { printJson } from '../output/json.ts';
import { printable } from '../output/printable.ts';
import { printScriptTests, scriptTestsJson } from '../output/script-test-report.ts';
import { renderTable } from '../output/table.ts';
import { compileSource, readScript } from '../files/read-planout-script.ts';

interface RunOptions {
  readonly inputs: string;
  readonly salt?: string;
  readonly overrides: string;
  readonly json?: true;
}

interface TestOptions {
  readonly salt?: string;
  readonly json?: true;
}

/** `planout`: compiles, inspects, runs and tests scripts in PlanOut's language. */
export const planoutCommand: Command = {
  name: 'planout',
  register(program, host) {
    const planout = program
      .command('planout')
      .description("compiles, inspects, runs and tests scripts in PlanOut's language");
    registerCompile(planout, host);
    registerInspect(planout, host);
    registerRun(planout, host);
    registerTest(planout, host);
  },
};

function registerCompile(planout: Commander, host: Host): void {
  planout
    .command('compile')
    .description("compiles a script to PlanOut's JSON, which every PlanOut interpreter can run")
    .argument('<script>', 'the script file; - reads standard input')
    .addOption(jsonOption())
    .action(async (path: string) => printJson(host, compileSource(await readConfig(host, path))));
}

function registerInspect(planout: Commander, host: Host): void {
  planout
    .command('inspect')
    .description('lists the inputs, units and parameters of a script without running it')
    .argument('<script>', 'the script file, source text or JSON; - reads standard input')
    .addOption(jsonOption())
    .action(async (path: string, { json }: { readonly json?: true }) => {
      const { inspection } = readScript(await readConfig(host, path));
      if (json) printJson(host, inspection);
      else host.stdout.write(showInspection(inspection, createColour(host.stdout.colour)));
    });
}

function registerRun(planout: Commander, host: Host): void {
  planout
    .command('run')
    .description('prints the parameters that a unit gets')
    .argument('<script>', 'the script file, source text or JSON; - reads standard input')
    .option('-i, --inputs <json>', 'input values as JSON, or @file', '{}')
    .option('--salt <salt>', "the experiment's salt (default: global_salt)")
    .option('--overrides <json>', "parameters that the script can't change, as JSON or @file", '{}')
    .addOption(jsonOption())
    .action(async (path: string, { inputs, salt, overrides, json }: RunOptions) => {
      const interpreter = new Interpreter(readScript(await readConfig(host, path)), {
        salt,
        inputs: objectArgument(host, '--inputs', inputs),
        overrides: objectArgument(host, '--overrides', overrides),
      });
      const { inExperiment } = interpreter;
      const params = interpreter.getParams();
      if (json) printJson(host, { inExperiment, params });
      else showParams(host, params, inExperiment);
    });
}

function registerTest(planout: Commander, host: Host): void {
  planout
    .command('test')
    .description('runs the tests of a script and reports the assertions that do not hold')
    .argument(
      '<script>',
      "the script file; or a file with script and tests, as PlanOut's editor saves",
    )
    .argument('[tests]', 'the file with the tests (default: for x.planout, x.tests.json)')
    .option('--salt <salt>', "the experiment's salt (default: demo_salt)")
    .addOption(jsonOption())
    .action(async (path: string, testsPath: string | undefined, { salt, json }: TestOptions) => {
      const found = await readScriptTests(host, path, testsPath);
      const results = runTests(found, salt);
      if (results.some(({ passed }) => !passed)) host.setExitCode(FOUND);
      if (json) printJson(host, scriptTestsJson(found, results));
      else printScriptTests(host, found, results);
    });
}

/** Runs tests, and adds the name of their file to an error about one of them. */
function runTests(
  { script, tests, salt, file }: ScriptTests,
  given: string | undefined,
): ScriptTestResult[] {
  try {
    return testScript(script, tests, { salt: given ?? salt });
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    throw new OptionError(`${file.origin}: ${error.message}`, { cause: error });
  }
}

function showInspection(inspection: ScriptInspection, colour: Colour): string {
  const { inputs, units, parameters, kinds, operators, salts } = inspection;
  const typed = parameters.map((name) => {
    const known = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    return known === undefined ? name : `${name} (${known.join(' or ')})`;
  });
  const rows = Object.entries({ inputs, units, parameters: typed, operators, salts });
  return renderTable(
    rows.map(([what, names]) => [what, names.length === 0 ? 'none' : printable(names.join(', '))]),
    { head: ['', 'names'], colour },
  );
}

function showParams(host: Host, params: Record<string, unknown>, inExperiment: boolean): void {
  const rows = Object.entries(params).map(([name, value]) => [name, JSON.stringify(value)]);
  const colour = createColour(host.stdout.colour);
  if (rows.length === 0) host.stdout.write('the script sets no parameters\n');
  else host.stdout.write(renderTable(rows, { head: ['parameter', 'value'], colour }));
  if (!inExperiment) host.stdout.write('the script excludes this unit from the experiment\n');
}
