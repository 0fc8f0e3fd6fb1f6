import { Command as Commander, CommanderError } from 'commander';
import { EvenhandError } from '../errors/evenhand-error.ts';
import { SpecError } from '../errors/spec-error.ts';
import { thrownMessage } from '../errors/thrown.ts';
import type { Command } from './host/command.ts';
import { analyzeCommand } from './commands/analyze.ts';
import { contextCommand } from './commands/context.ts';
import { diffCommand } from './commands/diff.ts';
import { explainCommand } from './commands/explain.ts';
import { linkCommand } from './commands/link.ts';
import { newCommand } from './commands/new.ts';
import { planCommand } from './commands/plan.ts';
import { planoutCommand } from './commands/planout.ts';
import { postgresCommand } from './commands/postgres.ts';
import { rolloutCommand } from './commands/rollout.ts';
import { schemaCommand } from './commands/schema.ts';
import { switchCommand } from './commands/switch.ts';
import { simulateCommand } from './commands/simulate.ts';
import { typesCommand } from './commands/types.ts';
import { usageCommand } from './commands/usage.ts';
import { validateCommand } from './commands/validate.ts';
import { loadOperators } from './files/load-operators.ts';
import { FAILED } from './host/exit-codes.ts';
import type { Host } from './host/host.ts';
import { printJson } from './output/json.ts';
import { printError, printEvenhandError } from './output/problems.ts';

/** The commands, in the order that the help lists them. */
const COMMANDS: readonly Command[] = [
  validateCommand,
  explainCommand,
  rolloutCommand,
  switchCommand,
  newCommand,
  contextCommand,
  planCommand,
  simulateCommand,
  diffCommand,
  analyzeCommand,
  typesCommand,
  usageCommand,
  linkCommand,
  schemaCommand,
  planoutCommand,
  postgresCommand,
];

/** Runs the command line once. Prints any error and turns it into the exit code. */
export async function run(args: readonly string[], host: Host): Promise<void> {
  // Commander can fail before it has parsed --json, so the words are checked here.
  const json = wordsBeforeOperands(args).includes('--json');
  try {
    await createProgram(host, json).parseAsync(args, { from: 'user' });
  } catch (error) {
    // Commander throws for --help too; only a missing command exits with an error.
    if (error instanceof CommanderError && error.exitCode === 0) return;
    host.setExitCode(FAILED);
    if (!(error instanceof CommanderError)) report(error, host, json);
    else if (json) printErrorJson(host, 'option', withoutPrefix(error.message));
    // Otherwise Commander has printed the error, with a hint.
  }
}

/** Returns the words that may be options: those before `--`. */
function wordsBeforeOperands(args: readonly string[]): readonly string[] {
  const end = args.indexOf('--');
  return end < 0 ? args : args.slice(0, end);
}

/** Returns Commander's message without its prefix. */
function withoutPrefix(message: string): string {
  return message.replace(/^error: /, '').trimEnd();
}

/**
 * Creates the program with all commands.
 *
 * @param quiet leaves errors about options unprinted, because the caller prints them as JSON
 */
function createProgram(host: Host, quiet: boolean): Commander {
  const program = new Commander('evenhand')
    .description('Shows what an experiment will do before you deploy it.')
    .version(host.version, '-v, --version')
    .option('--operators <module>', "a module with the custom operators of PlanOut's scripts")
    .hook('preAction', async (root) => {
      const { operators } = root.opts<{ operators?: string }>();
      if (operators !== undefined) host.operators = await loadOperators(host, operators);
    })
    .exitOverride()
    .configureOutput({
      writeOut: (text) => host.stdout.write(text),
      writeErr: (text) => {
        if (!quiet) host.stderr.write(text);
      },
      getOutHelpWidth: () => host.stdout.columns,
      getErrHelpWidth: () => host.stderr.columns,
      getOutHasColors: () => host.stdout.colour,
      getErrHasColors: () => host.stderr.colour,
      outputError: (text) => {
        if (!quiet) printError(host.stderr, withoutPrefix(text));
      },
    })
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('(run with --help to list commands and options)');
  for (const command of COMMANDS) command.register(program, host);
  return program;
}

function report(error: unknown, host: Host, json: boolean): void {
  if (!(error instanceof EvenhandError)) {
    // A bug in Evenhand: the stack shows where.
    printError(
      host.stderr,
      error instanceof Error ? (error.stack ?? error.message) : String(error),
    );
    if (json) printErrorJson(host, 'internal', thrownMessage(error));
  } else if (json) {
    const problems = error instanceof SpecError ? { problems: error.problems } : {};
    printErrorJson(host, error.code, error.message, problems);
  } else printEvenhandError(host.stderr, error);
}

function printErrorJson(host: Host, code: string, message: string, more: object = {}): void {
  printJson(host, { error: { code, message, ...more } });
}
