import { Command as Commander, CommanderError } from 'commander';
import { EvenhandError } from '../errors/evenhand-error.ts';
import { SpecError } from '../errors/spec-error.ts';
import { thrownMessage } from '../errors/thrown.ts';
import type { Command } from './host/command.ts';
import { diffCommand } from './commands/diff.ts';
import { explainCommand } from './commands/explain.ts';
import { newCommand } from './commands/new.ts';
import { planoutCommand } from './commands/planout.ts';
import { postgresCommand } from './commands/postgres.ts';
import { rolloutCommand } from './commands/rollout.ts';
import { schemaCommand } from './commands/schema.ts';
import { switchCommand } from './commands/switch.ts';
import { simulateCommand } from './commands/simulate.ts';
import { typesCommand } from './commands/types.ts';
import { usageCommand } from './commands/usage.ts';
import { validateCommand } from './commands/validate.ts';
import { FAILED } from './host/exit-codes.ts';
import type { Host } from './host/host.ts';
import { printJson } from './output/json.ts';
import { printError, printEvenhandError } from './output/problems.ts';

/** The commands, in the order of the help. */
const COMMANDS: readonly Command[] = [
  validateCommand,
  explainCommand,
  rolloutCommand,
  switchCommand,
  newCommand,
  simulateCommand,
  diffCommand,
  typesCommand,
  usageCommand,
  schemaCommand,
  planoutCommand,
  postgresCommand,
];

/** Runs the command line once; an error is printed and becomes the exit code. */
export async function run(args: readonly string[], host: Host): Promise<void> {
  // By the words: an error about the options comes before anybody has understood them.
  const json = wordsBeforeOperands(args).includes('--json');
  try {
    await createProgram(host, json).parseAsync(args, { from: 'user' });
  } catch (error) {
    // Help is no error, but where a command is missing.
    if (error instanceof CommanderError && error.exitCode === 0) return;
    host.setExitCode(FAILED);
    if (!(error instanceof CommanderError)) report(error, host, json);
    else if (json) printErrorJson(host, 'option', textOf(error.message));
    // Else Commander has printed it, with a hint.
  }
}

/** What may be options: behind `--` nothing is one. */
function wordsBeforeOperands(args: readonly string[]): readonly string[] {
  const end = args.indexOf('--');
  return end < 0 ? args : args.slice(0, end);
}

/** An error of Commander's in the form of our own. */
function textOf(message: string): string {
  return message.replace(/^error: /, '').trimEnd();
}

/**
 * The program with all commands.
 *
 * @param quiet whether errors about the options are not printed: they will be, as JSON
 */
function createProgram(host: Host, quiet: boolean): Commander {
  const program = new Commander('evenhand')
    .description('Shows what an experiment will do before it does it.')
    .version(host.version, '-v, --version')
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
        if (!quiet) printError(host.stderr, textOf(text));
      },
    })
    .showHelpAfterError('(--help lists what there is)');
  for (const command of COMMANDS) command.register(program, host);
  return program;
}

function report(error: unknown, host: Host, json: boolean): void {
  if (!(error instanceof EvenhandError)) {
    // A mistake of ours: the stack says where.
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
