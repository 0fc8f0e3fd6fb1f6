import type { OperatorSet } from '../../planout/operator-set.ts';
import type { ExitCode } from './exit-codes.ts';

/** A stream that commands print to. */
export interface Output {
  /** Writes a text unchanged; the text includes its own line breaks. */
  write(text: string): void;
  /** True for a terminal, false for a file or a pipe. */
  readonly isTTY: boolean;
  /** The line width in characters; 80 if it is unknown. */
  readonly columns: number;
  /** True if output should be coloured: see `wantsColour`. */
  readonly colour: boolean;
  /** The stream that `node:readline` writes to. */
  readonly stream: NodeJS.WritableStream;
}

/** A stream that commands read from. */
export interface Input {
  /** True for a terminal. */
  readonly isTTY: boolean;
  /** The stream that `node:readline` reads from. */
  readonly stream: NodeJS.ReadableStream;
}

/** Everything outside itself that a command may touch, so that tests can run commands in process. */
export interface Host {
  /** The directory that relative paths start from. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: Input;
  /** For results. */
  readonly stdout: Output;
  /** For errors, for warnings about the command itself, and for progress. */
  readonly stderr: Output;
  /** The version of the package. */
  readonly version: string;
  /** The custom operators of scripts, set from `--operators` before a command runs. */
  operators?: OperatorSet | undefined;
  /** Returns the current time. */
  now(): Date;
  /** Sets the exit code of the process; the highest code that was set counts. */
  setExitCode(code: ExitCode): void;
  /**
   * Returns a signal that aborts when the user presses Ctrl-C. A command that calls this must then stop
   * soon, print its partial result, say that the result is partial, and set INTERRUPTED. Before the
   * first call, Ctrl-C ends the process at once. A second Ctrl-C always does.
   */
  interruption(): AbortSignal;
}
