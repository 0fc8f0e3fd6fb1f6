import { checkOptions, isObject, type OptionChecks } from '../../options/check-options.ts';
import type { Sink } from '../delivery/sink.ts';
import { encodeLines } from './json-lines.ts';
import { SinkError } from './sink-error.ts';
import { thrownMessage } from '../../errors/thrown.ts';
import { Turns } from './file/turns.ts';

/** Options of {@link stdoutSink}. */
export interface StdoutSinkOptions {
  /**
   * Another stream than standard output: `process.stderr`.
   *
   * @default process.stdout
   */
  stream?: NodeJS.WritableStream;
}

const optionChecks: OptionChecks = new Map([
  [
    'stream',
    {
      expected: 'a stream that can be written to',
      accepts: (value) => isObject(value) && typeof value['write'] === 'function',
    },
  ],
]);

/**
 * A sink that writes JSON lines to standard output, for whatever collects a container's output. A
 * batch is safe when the system has taken it: where nobody reads, `write` waits, and nothing more is
 * written meanwhile. A pipe whose reader has gone rejects, and does not end the process.
 *
 * @throws OptionError (`option`) for options that can't be meant
 */
export function stdoutSink(options: StdoutSinkOptions = {}): Sink {
  checkOptions('stdoutSink()', options, optionChecks);
  const { stream = process.stdout } = options;
  const turns = new Turns();
  return {
    name: 'stdout',
    async write(batch, { signal }) {
      signal.throwIfAborted();
      if (batch.length > 0) await turns.run(() => writeText(stream, encodeLines(batch)), signal);
    },
  };
}

/** Resolves when the system has taken the text. */
function writeText(stream: NodeJS.WritableStream, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown): void => {
      const message = `standard output can't be written to: ${thrownMessage(cause)}`;
      reject(new SinkError(message, { cause }));
    };
    // Without a listener an error ends the process; with a lasting one the application's own would
    // go unnoticed. The stream emits it after the callback, in the same turn of the event loop.
    stream.on('error', fail);
    const done = (error?: Error | null): void => {
      setImmediate(() => stream.removeListener('error', fail));
      if (error == null) resolve();
      else fail(error);
    };
    try {
      stream.write(text, done);
    } catch (error) {
      done(error as Error);
    }
  });
}
