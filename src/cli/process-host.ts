import { isatty } from 'node:tty';
import { type ExitCode, FAILED, GOOD, INTERRUPTED } from './host/exit-codes.ts';
import type { Host, Output } from './host/host.ts';
import { wantsColour } from './output/colour.ts';
import { printError } from './output/problems.ts';

/** The line width if the terminal does not report one, in characters. */
const DEFAULT_COLUMNS = 80;

/** The file descriptors of a process's streams. */
const STDIN = 0;
const STDOUT = 1;
const STDERR = 2;

/** Creates the host of a real process. */
export function processHost(version: string): Host {
  let exitCode: ExitCode = GOOD;
  let interruption: AbortController | undefined;
  const stderr = outputTo(process.stderr, STDERR);
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // `evenhand … | head`: the reader has closed the pipe, which is not an error.
      if (error.code === 'EPIPE') process.exit(exitCode);
      if (stream === process.stdout)
        printError(stderr, `can't write to standard output: ${error.message}`);
      process.exit(FAILED);
    });
  }
  return {
    cwd: process.cwd(),
    env: process.env,
    stdin: { isTTY: isatty(STDIN), stream: process.stdin },
    stdout: outputTo(process.stdout, STDOUT),
    stderr,
    version,
    now: () => new Date(),
    setExitCode(code) {
      if (code > exitCode) exitCode = code;
      process.exitCode = exitCode;
    },
    interruption() {
      if (interruption === undefined) {
        const controller = new AbortController();
        interruption = controller;
        process.once('SIGINT', () => {
          process.once('SIGINT', () => process.exit(INTERRUPTED));
          controller.abort();
        });
      }
      return interruption.signal;
    },
  };
}

function outputTo(stream: NodeJS.WriteStream, descriptor: number): Output {
  const isTTY = isatty(descriptor);
  return {
    write: (text) => void stream.write(text),
    isTTY,
    get columns() {
      return stream.columns ?? DEFAULT_COLUMNS;
    },
    colour: wantsColour(process.env, isTTY),
    stream,
  };
}
