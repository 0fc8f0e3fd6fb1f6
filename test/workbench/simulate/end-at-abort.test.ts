import { getEventListeners } from 'node:events';
import { PassThrough } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
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

  it('keeps no chunk that was read', async () => {
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    const { signal } = new AbortController();
    const read: WeakRef<Uint8Array>[] = [];
    async function* chunks() {
      for (let i = 0; i < 100; i++) yield Promise.resolve(new Uint8Array(1000));
    }
    for await (const chunk of endAtAbort(chunks(), signal)) {
      if (typeof chunk !== 'string') read.push(new WeakRef(chunk));
      expect(getEventListeners(signal, 'abort').length).toBeLessThanOrEqual(1);
    }
    // The last chunk may still be in a register.
    await new Promise((resolve) => setImmediate(resolve));
    collectGarbage();
    expect(read.filter((chunk) => chunk.deref() !== undefined).length).toBeLessThan(3);
  });

  it('passes on an error of the stream', async () => {
    async function* broken() {
      yield 'a';
      await Promise.reject(new Error('the pipe broke'));
    }
    const read = async () => {
      for await (const _ of endAtAbort(broken(), new AbortController().signal));
    };
    await expect(read()).rejects.toThrow('the pipe broke');
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
