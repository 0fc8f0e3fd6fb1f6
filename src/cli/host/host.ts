import type { ExitCode } from './exit-codes.ts';

/** What is printed to. */
export interface Output {
  /** Writes a text as it is; it brings its own line breaks. */
  write(text: string): void;
  /** Whether people are looking at it, rather than a file or another program. */
  readonly isTTY: boolean;
  /** How many characters a line holds; 80 where nobody knows. */
  readonly columns: number;
  /** Whether colours can be shown, and are wanted: see `colourOf`. */
  readonly colour: boolean;
  /** What `node:readline` writes to. */
  readonly stream: NodeJS.WritableStream;
}

/** What is read from. */
export interface Input {
  /** Whether people are typing. */
  readonly isTTY: boolean;
  /** What `node:readline` reads from. */
  readonly stream: NodeJS.ReadableStream;
}

/** Everything outside that a command may touch, so that it runs in a test without a process. */
export interface Host {
  /** The directory that relative paths start at. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: Input;
  /** For results. */
  readonly stdout: Output;
  /** For errors, warnings about the command itself, and progress. */
  readonly stderr: Output;
  /** The version of the package. */
  readonly version: string;
  /** The moment it is. */
  now(): Date;
  /** Says how the process shall end; the highest code that was said counts. */
  setExitCode(code: ExitCode): void;
  /**
   * Aborts when the user presses Ctrl-C, from the first call on: who asks for it must end soon, print
   * what there is, say that it is partial, and set INTERRUPTED. Until somebody asks, Ctrl-C ends the
   * process at once, as always; a second Ctrl-C does so in any case.
   */
  interruption(): AbortSignal;
}
