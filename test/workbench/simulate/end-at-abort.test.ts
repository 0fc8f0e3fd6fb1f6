import { PassThrough } from 'node:stream';
import { endAtAbort } from '../../../src/workbench/simulate/end-at-abort.ts';

describe('endAtAbort', () => {
  it('passes on all chunks and ends with the stream', async () => {
    const stream = new PassThrough();
    stream.end('abc');
    const texts: string[] = [];
    for await (const chunk of endAtAbort(stream, new AbortController().signal)) {
      texts.push(String(chunk));
    }
    expect(texts).toEqual(['abc']);
  });

  it('ends while it waits for more and closes the stream', async () => {
    const stream = new PassThrough();
    const controller = new AbortController();
    stream.write('abc');
    const texts: string[] = [];
    for await (const chunk of endAtAbort(stream, controller.signal)) {
      texts.push(String(chunk));
      setImmediate(() => controller.abort());
    }
    expect(texts).toEqual(['abc']);
    expect(stream.destroyed).toBe(true);
  });
});
