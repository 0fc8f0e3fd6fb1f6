import { type Command as Commander, Option } from 'commander';
import type { Host } from './host.ts';

/**
 * One command of the command line: a file in `commands/` and a line in `program.ts`.
 *
 * The action throws an EvenhandError if it can't do its work. That ends with exit code 2 and the message
 * on stderr, or with `{"error": …}` on stdout under `--json`. If the command finds something, the action
 * calls `host.setExitCode(FOUND)`.
 */
export interface Command {
  /** The name that users type: `validate`. */
  readonly name: string;
  /** Adds the command, with its options and action, to the program. */
  register(program: Commander, host: Host): void;
}

/** Creates the option `--json`. */
export function jsonOption(): Option {
  return new Option('--json', 'print the result as JSON');
}

/** Creates the option `--file`, whose value `loadConfig` takes. */
export function fileOption(): Option {
  return new Option(
    '-f, --file <path>',
    'the specification file; - reads standard input (default: experiments.config.json)',
  );
}
