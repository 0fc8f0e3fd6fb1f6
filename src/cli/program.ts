import { Command as Commander, CommanderError } from 'commander';
import { EvenhandError, SpecError } from '../errors.ts';
import type { Command } from './command.ts';
import { diffCommand } from './commands/diff.ts';
import { explainCommand } from './commands/explain.ts';
import { newCommand } from './commands/new.ts';
import { planoutCommand } from './commands/planout.ts';
import { rolloutCommand } from './commands/rollout.ts';
import { schemaCommand } from './commands/schema.ts';
import { switchCommand } from './commands/switch.ts';
import { simulateCommand } from './commands/simulate.ts';
import { typesCommand } from './commands/types.ts';
import { usageCommand } from './commands/usage.ts';
import { validateCommand } from './commands/validate.ts';
import { FAILED } from './exit-codes.ts';
import type { Host } from './host.ts';
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
];

/** Runs the command line once; an error is printed and becomes the exit code. */
export async function run(args: readonly string[], host: Host): Promise<void> {
  let json = false;
  const program = createProgram(host);
  program.hook('preAction', (_program, action) => {
    json = action.opts<{ json?: boolean }>().json === true;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    // Commander has printed its own, which are about the options; help is no error.
    if (error instanceof CommanderError) {
      if (error.exitCode !== 0) host.setExitCode(FAILED);
      return;
    }
    report(error, host, json);
    host.setExitCode(FAILED);
  }
}

/** The program with all commands. */
function createProgram(host: Host): Commander {
  const program = new Commander('evenhand')
    .description('Shows what an experiment will do before it does it.')
    .version(host.version, '-v, --version')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => host.stdout.write(text),
      writeErr: (text) => host.stderr.write(text),
      getOutHelpWidth: () => host.stdout.columns,
      getErrHelpWidth: () => host.stderr.columns,
      getOutHasColors: () => host.stdout.colour,
      getErrHasColors: () => host.stderr.colour,
      // In the form of our own errors.
      outputError: (text) => printError(host.stderr, text.replace(/^error: /, '').trimEnd()),
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
    return;
  }
  if (json) {
    const problems = error instanceof SpecError ? { problems: error.problems } : {};
    const { code, message } = error;
    printJson(host, { error: { code, message, ...problems } });
  } else printEvenhandError(host.stderr, error);
}
