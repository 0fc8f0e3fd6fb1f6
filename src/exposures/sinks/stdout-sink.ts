import { checkOptions, isObject, type OptionChecks } from '../../options/check-options.ts';
import type { Sink } from '../delivery/sink.ts';
import { encodeLines } from './json-lines.ts';
import { SinkError } from './sink-error.ts';
import { thrownMessage } from '../../errors/thrown.ts';
import { Turns } from './file/turns.ts';

/** Options of {@link stdoutSink}. */
export interface StdoutSinkOptions {
  /**
   * The stream to write to, such as `process.stderr`.
   *
   * @default process.stdout
   */
  stream?: NodeJS.WritableStream;
}

const optionChecks: OptionChecks = new Map([
  [
    'stream',
    {
      expected: 'a writable stream',
      accepts: (value) => isObject(value) && typeof value['write'] === 'function',
    },
  ],
]);

/**
 * Returns a sink that writes JSON lines to standard output, for a collector of container logs. A
 * batch counts as written when the operating system has accepted it. If the reader is slow, the
 * sink waits. If the reader has closed the pipe, the batch is rejected and the process continues.
 *
 * @throws OptionError (`option`) for invalid options
 */
export function stdoutSink(options: StdoutSinkOptions = {}): Sink {
  const { stream = process.stdout } = checkOptions('stdoutSink()', options, optionChecks);
  const turns = new Turns();
  return {
    name: 'stdout',
    async write(batch, { signal }) {
      signal.throwIfAborted();
      if (batch.length > 0) await turns.run(() => writeText(stream, encodeLines(batch)), signal);
    },
  };
}

/** Writes the text, and resolves when the operating system has accepted it. */
function writeText(stream: NodeJS.WritableStream, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown): void => {
      const message = `can't write to standard output: ${thrownMessage(cause)}`;
      reject(new SinkError(message, { cause }));
    };
    // Without a listener an error would end the process. A permanent listener would hide errors
    // from the application. The stream emits the error after the callback, in the same turn of the
    // event loop.
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
