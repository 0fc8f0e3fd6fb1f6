import { EventEmitter, once } from 'node:events';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { stdoutSink } from '../../../src/exposures/sinks/stdout-sink.ts';
import { describeSinkContract } from '../../contract/sink-contract.ts';
import { startChild } from './child-sink.ts';
import { exposures, parseLines, unaborted } from './records.ts';

describeSinkContract('stdoutSink()', async () => {
  let written = '';
  let mode: 'works' | 'fails' | 'hangs' = 'works';
  let release = (): void => {};
  // Like standard output: errors reach the callback and are emitted, and the stream stays open.
  const stream = Object.assign(new EventEmitter(), {
    write(chunk: string, done: (error?: Error) => void): boolean {
      const finish = (): void => {
        written += chunk;
        done();
      };
      if (mode === 'hangs') release = finish;
      else if (mode === 'works') finish();
      else {
        const error = new Error('write EPIPE');
        done(error);
        process.nextTick(() => stream.emit('error', error));
      }
      return true;
    },
  }) as unknown as NodeJS.WritableStream;
  return {
    sink: stdoutSink({ stream }),
    received: async () => parseLines(written),
    breakDown: async () => {
      mode = 'fails';
    },
    hang: async () => {
      mode = 'hangs';
    },
    repair: async () => {
      mode = 'works';
      release();
      release = () => {};
    },
    dispose: async () => {},
  };
});

const IMPORTS = `
  import { stdoutSink } from 'SINKS/stdout-sink.ts';
  import { exposures, unaborted } from 'RECORDS';
  const sink = stdoutSink();
  const say = (text) => process.stderr.write(text + '\\n');
`;

describe('stdoutSink', () => {
  it('writes JSON lines to standard output', async () => {
    const child = startChild(`${IMPORTS} await sink.write(exposures(3), unaborted());`, []);
    const { code, stdout, stderr } = await child.ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.endsWith('\n')).toBe(true);
    expect(parseLines(stdout)).toHaveLength(3);
  });

  it('rejects when the reader of the pipe has gone, and the application continues', async () => {
    const child = startChild(
      `${IMPORTS}
      process.stdin.once('data', async () => {
        for (const attempt of [1, 2]) {
          await sink.write(exposures(1000), unaborted()).catch((error) => say(error.message));
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
        say('alive, listeners: ' + process.stdout.listenerCount('error'));
        process.exit(7);
      });
      say('ready');`,
      [],
      { ownStdout: true },
    );
    child.process.stdout?.destroy();
    child.process.stdin?.write('go');
    const { code, stderr } = await child.ended;
    expect(code).toBe(7);
    expect(stderr.trim().split('\n')).toEqual([
      'ready',
      "can't write to standard output: write EPIPE",
      "can't write to standard output: write EPIPE",
      'alive, listeners: 0',
    ]);
  });

  it('waits for a slow reader without buffering more batches', async () => {
    const child = startChild(
      `${IMPORTS}
      const batch = exposures(4000);
      const attempt = async () => {
        const signal = AbortSignal.timeout(50);
        return sink.write(batch, { signal }).then(() => 'written', (error) => error.name);
      };
      const outcomes = [await attempt(), await attempt(), await attempt()];
      say(outcomes.join(' ') + ', waiting: ' + (process.stdout.writableLength < 2_000_000));
      await sink.write(exposures(1), unaborted());
      say('written');`,
      [],
      { ownStdout: true },
    );
    const { stdout, stderr } = child.process;
    if (stdout === null || stderr === null) throw new Error('the child has no pipes');
    const [first] = (await once(stderr, 'data')) as [Buffer];
    expect(String(first).trim()).toBe('TimeoutError TimeoutError TimeoutError, waiting: true');
    // Now it is read: the first batch was being written, the aborted ones were never started, and
    // the last one follows.
    expect(parseLines(await text(stdout))).toHaveLength(4001);
    const { code } = await child.ended;
    expect(code).toBe(0);
  });

  it('rejects with the error that a stream throws', async () => {
    const write = (): never => {
      throw new Error('closed');
    };
    const stream = Object.assign(new Writable(), { write });
    await expect(stdoutSink({ stream }).write(exposures(1), unaborted())).rejects.toThrow(
      "can't write to standard output: closed",
    );
  });

  it('rejects a value that is not a stream', () => {
    expect(() => stdoutSink({ stream: 'stderr' as never })).toThrow(
      'option "stream" must be a writable stream, not "stderr"',
    );
  });
});
