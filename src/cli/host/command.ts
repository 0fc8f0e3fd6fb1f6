import { type Command as Commander, Option } from 'commander';
import type { Host } from './host.ts';

/**
 * One command of the command line; a file of `commands/`, and a line in `program.ts`.
 *
 * Its action throws an EvenhandError where it can't do its work (exit code 2, with the message on
 * stderr, or as `{"error": …}` on stdout under `--json`), and calls `host.setExitCode(FOUND)` where it
 * found something.
 */
export interface Command {
  /** As it is typed: `validate`. */
  readonly name: string;
  /** Adds the command, with its options and action, to the program. */
  register(program: Commander, host: Host): void;
}

/** The option `--json`. */
export function jsonOption(): Option {
  return new Option('--json', 'print JSON for machines');
}

/** The option `--file`; give its value to `loadConfig`. */
export function fileOption(): Option {
  return new Option(
    '-f, --file <path>',
    'the specification; - reads standard input (default: experiments.config.json)',
  );
}
