import type { EventRecord } from '../../src/exposures/records/record.ts';
import type { Sink } from '../../src/exposures/delivery/sink.ts';
import { exposures } from '../exposures/sinks/records.ts';

/** A sink and its destination. */
export interface SinkUnderTest {
  readonly sink: Sink;
  /** Returns the arrived records, in order. */
  received(): Promise<readonly EventRecord[]>;
  /** Makes writing fail. */
  breakDown(): Promise<void>;
  /** Makes writing hang; absent for a sink that never waits. */
  hang?(): Promise<void>;
  /** Undoes `breakDown()` and `hang()`. */
  repair(): Promise<void>;
  /** Removes the destination. */
  dispose(): Promise<void>;
}

/**
 * Tests the behaviour of every sink.
 *
 * @param start creates a new sink whose destination is empty
 */
export function describeSinkContract(kind: string, start: () => Promise<SinkUnderTest>): void {
  describe(`${kind}, as every sink,`, () => {
    let under: SinkUnderTest;
    let closed: boolean;

    const idle = (): AbortSignal => new AbortController().signal;
    const write = (batch: readonly EventRecord[], signal = idle()): Promise<void> =>
      under.sink.write(batch, { signal });
    const close = async (): Promise<void> => {
      closed = true;
      await under.sink.close?.();
    };

    beforeEach(async () => {
      under = await start();
      closed = false;
    });

    afterEach(async () => {
      await under.repair();
      if (!closed) await close();
      await under.dispose();
    });

    it('has a name', () => {
      expect(under.sink.name).toMatch(/^[a-z]+$/);
    });

    it('writes whole batches in order, and resolves when they are written', async () => {
      const [one, two] = [exposures(3), exposures(500)];
      await write(one);
      expect(await under.received()).toEqual(one);
      await write(two);
      expect(await under.received()).toEqual([...one, ...two]);
    });

    it('accepts an empty batch, and delivers nothing', async () => {
      await write([]);
      expect(await under.received()).toEqual([]);
    });

    it('writes all kinds of text', async () => {
      const texts = ['line\nbreak\r\u2028', '"quotes" \\', '\0', 'ä€😀', '\ud800', '</script>', ''];
      const batch = texts.map((unit) => ({ ...exposures(1)[0], unit }) as EventRecord);
      await write(batch);
      expect(await under.received()).toEqual(batch);
    });

    it('does not change the batch', async () => {
      const batch = exposures(3);
      const before = structuredClone(batch);
      for (const record of batch) Object.freeze(record);
      await write(Object.freeze(batch));
      expect(batch).toEqual(before);
    });

    it('rejects if the signal is already aborted, and writes nothing', async () => {
      const reason = new Error('too late');
      await expect(write(exposures(1), AbortSignal.abort(reason))).rejects.toBe(reason);
      expect(await under.received()).toEqual([]);
    });

    it('rejects when it fails, and writes the batch when it is called again', async () => {
      const [one, two, three] = [exposures(2), exposures(2), exposures(2)];
      await write(one);
      await under.breakDown();
      await expect(write(two)).rejects.toThrow(/./);
      await expect(write(two)).rejects.toThrow(/./);
      await under.repair();
      await write(two);
      await write(three);
      expect(await under.received()).toEqual([...one, ...two, ...three]);
    });

    it('never throws synchronously', async () => {
      await under.breakDown();
      const cyclic: Record<string, unknown> = {};
      cyclic['self'] = cyclic;
      const odd = { ...exposures(1)[0], context: { cyclic, big: 1n } } as unknown as EventRecord;
      const calls = [
        () => write(exposures(1)),
        () => write([odd]),
        () => write(exposures(1), AbortSignal.abort()),
      ];
      for (const call of calls) {
        let result: unknown;
        expect(() => (result = call())).not.toThrow();
        await expect(result).rejects.toThrow(/./);
      }
    });

    it('has written everything when it is closed', async () => {
      const batch = exposures(100);
      await write(batch);
      await close();
      expect(await under.received()).toEqual(batch);
    });

    it('can be closed unused or after a failure', async () => {
      await under.breakDown();
      await expect(write(exposures(1))).rejects.toThrow(/./);
      await expect(close()).resolves.toBeUndefined();
    });

    it('rejects when it is aborted while it hangs, and recovers afterwards', async () => {
      const [one, two] = [exposures(2), exposures(2)];
      const hangs = under.hang !== undefined;
      await under.hang?.();
      const attempt = new AbortController();
      const reason = new Error('not done after 50 ms');
      if (hangs) setTimeout(() => attempt.abort(reason), 50);
      const outcome = await write(one, attempt.signal).catch((error: unknown) => error);
      expect(outcome).toBe(hangs ? reason : undefined);
      await under.repair();
      // The aborted batch may have arrived anyway; readers merge duplicates by their ids.
      await write(one);
      await write(two);
      const received = await under.received();
      const ids = new Set(received.map(({ id }) => id));
      expect([...ids]).toEqual([...one, ...two].map(({ id }) => id));
      expect(received.slice(-2)).toEqual(two);
    });
  });
}
