import { recordingLogger } from '../../assignment/build.ts';
import type { Drop, QueueSettings } from '../../../src/exposures/delivery/queue-settings.ts';
import { SinkQueue } from '../../../src/exposures/delivery/sink-queue.ts';
import type { Sink } from '../../../src/exposures/delivery/sink.ts';
import type { EventRecord } from '../../../src/exposures/records/record.ts';
import { thenable } from '../../generators/hostile-values.ts';
import { realTimers } from '../../../src/runtime/real-timers.ts';
import { HeldSink, numbersOf, record, settled } from '../test-sinks.ts';

const BYTES = 100;

function setUp(changes: Partial<QueueSettings> = {}, given?: Sink) {
  const sink = new HeldSink();
  const logger = recordingLogger();
  const drops: [Drop['reason'], ...number[]][] = [];
  const queue = new SinkQueue(given ?? sink, {
    maxRecords: 10,
    maxBytes: 1_000_000,
    batchRecords: 3,
    batchBytes: 1_000_000,
    batchWaitMs: 1000,
    writeTimeoutMs: 5000,
    retry: { minDelayMs: 100, maxDelayMs: 800 },
    onDrop: ({ reason, records }) => void drops.push([reason, ...numbersOf(records)]),
    logger,
    outside: (run) => run(),
    now: () => performance.now(),
    random: () => 1,
    ...changes,
  });
  const push = (...numbers: readonly number[]): void => {
    for (const number of numbers) queue.push(record(number), BYTES);
  };
  return { sink, logger, drops, queue, push };
}

/** Runs the timers of the next milliseconds, and everything that they start. */
async function pass(ms: number): Promise<void> {
  await jest.advanceTimersByTimeAsync(ms);
  // The next turn of the event loop, which fake timers don't replace.
  await new Promise((resolve) => realTimers.setImmediate(() => resolve(undefined)));
  await settled();
}

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

describe('SinkQueue', () => {
  it('writes nothing synchronously during push()', async () => {
    const { sink, push } = setUp();
    push(1, 2, 3, 4);
    await settled();
    expect(sink.batches).toEqual([]);
  });

  it('writes a batch as soon as it is full', async () => {
    const { sink, push } = setUp();
    push(1, 2, 3, 4);
    await pass(0);
    expect(sink.batches).toEqual([[1, 2, 3]]);
  });

  it('writes a batch when it reaches its byte limit', async () => {
    const { sink, push } = setUp({ batchBytes: 2 * BYTES });
    push(1, 2, 3);
    await pass(0);
    expect(sink.batches).toEqual([[1, 2]]);
  });

  it('writes an incomplete batch after batchWaitMs', async () => {
    const { sink, push } = setUp();
    push(1);
    await pass(999);
    expect(sink.batches).toEqual([]);
    push(2);
    await pass(1);
    expect(sink.batches).toEqual([[1, 2]]);
  });

  it('writes one batch at a time, in order', async () => {
    const { sink, push } = setUp();
    push(1, 2, 3, 4, 5, 6, 7);
    await pass(0);
    await pass(3000);
    expect(sink.batches).toEqual([[1, 2, 3]]);
    await sink.take();
    await pass(0);
    await sink.take();
    await pass(999);
    expect(sink.batches).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    await pass(1);
    expect(sink.batches.at(-1)).toEqual([7]);
  });

  it('retries the same batch after increasing delays', async () => {
    const { sink, push, queue } = setUp();
    push(1, 2, 3, 4, 5, 6);
    await pass(0);
    for (const delay of [100, 200, 400, 800, 800]) {
      const before = sink.batches.length;
      await sink.fail();
      await pass(delay - 1);
      expect(sink.batches).toHaveLength(before);
      await pass(1);
      expect(sink.batches).toHaveLength(before + 1);
    }
    expect(sink.batches).toEqual(Array.from({ length: 6 }, () => [1, 2, 3]));
    expect(queue.stats()).toMatchObject({ retried: 5, written: 0, failure: 'down' });
    await sink.take();
    await pass(0);
    expect(sink.batches.at(-1)).toEqual([4, 5, 6]);
    expect(queue.stats()).toMatchObject({ written: 3, failure: undefined });
  });

  it('draws random delays, so that processes do not retry at the same time', async () => {
    const { sink, push } = setUp({ random: () => 0.25 });
    push(1, 2, 3);
    await pass(0);
    await sink.fail();
    await pass(25);
    expect(sink.batches).toHaveLength(2);
  });

  it('waits at least as long as the sink asks for', async () => {
    const { sink, push } = setUp();
    push(1, 2, 3);
    await pass(0);
    await sink.fail(Object.assign(new Error('busy'), { retryAfterMs: 7000 }));
    await pass(7000 - 1);
    expect(sink.batches).toHaveLength(1);
    await pass(101);
    expect(sink.batches).toHaveLength(2);
  });

  it('drops a batch that the sink rejects permanently, and continues', async () => {
    const { sink, push, drops, queue } = setUp();
    push(1, 2, 3, 4, 5, 6);
    await pass(0);
    await sink.fail(Object.assign(new Error('too old'), { permanent: true }));
    await pass(0);
    expect(sink.batches).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(drops).toEqual([['refused', 1, 2, 3]]);
    expect(queue.stats()).toMatchObject({ dropped: 3, retried: 0, queueLength: 3 });
  });

  it('treats anything that a sink throws, at once or later, as a failure', async () => {
    const { sink, push, queue } = setUp();
    sink.write = () => {
      throw new Error('at once');
    };
    push(1, 2, 3);
    await pass(0);
    expect(queue.stats()).toMatchObject({ retried: 1, failure: 'at once' });
    sink.write = () => Promise.reject(undefined);
    await pass(100);
    expect(queue.stats()).toMatchObject({ retried: 2, failure: 'undefined' });
  });

  it('drops the oldest record that is not being written when it is full', async () => {
    const { sink, push, drops, queue } = setUp({ maxRecords: 4 });
    push(1, 2, 3);
    await pass(0);
    push(4, 5, 6, 7, 8, 9);
    expect(drops).toEqual([
      ['full', 4],
      ['full', 5],
    ]);
    expect(queue.stats()).toMatchObject({ dropped: 2, queueLength: 7, queueBytes: 7 * BYTES });
    await sink.take();
    await pass(0);
    expect(sink.batches.at(-1)).toEqual([6, 7, 8]);
  });

  it('is also full when it reaches its byte limit', () => {
    const { push, drops, queue } = setUp({ maxBytes: 250 });
    push(1, 2, 3);
    expect(drops).toEqual([['full', 1]]);
    queue.push(record(4), 251);
    expect(drops.at(-1)).toEqual(['full', 4]);
    expect(queue.stats()).toMatchObject({ queueLength: 2, queueBytes: 200 });
  });

  it('aborts a write that takes too long, and retries when it has ended', async () => {
    const { sink, push, logger } = setUp();
    push(1, 2, 3);
    await pass(0);
    await pass(4999);
    expect(sink.signals[0]?.aborted).toBe(false);
    await pass(1);
    expect(sink.signals[0]?.aborted).toBe(true);
    await pass(499);
    expect(sink.batches).toHaveLength(1);
    await sink.fail(sink.signals[0]?.reason);
    await pass(100);
    expect(sink.batches).toHaveLength(2);
    expect(sink.signals[1]?.aborted).toBe(false);
    expect(logger.errors[0]).toBe('evenhand: the sink "held" did not write a batch within 5000 ms');
  });

  it('reports the age of the oldest record', async () => {
    const { sink, push, queue } = setUp();
    expect(queue.stats().oldestAgeMs).toBeUndefined();
    push(1);
    await pass(400);
    push(2);
    expect(queue.stats().oldestAgeMs).toBe(400);
    await pass(700);
    expect(queue.stats().oldestAgeMs).toBe(1100);
    await sink.take();
    expect(queue.stats()).toMatchObject({ oldestAgeMs: undefined, queueLength: 0, queueBytes: 0 });
  });

  it('logs once that a sink fails, and that it works again', async () => {
    const { sink, push, logger } = setUp();
    push(1, 2, 3);
    await pass(0);
    for (const delay of [100, 200, 400]) {
      await sink.fail(new Error('ECONNREFUSED'));
      await pass(delay);
    }
    await sink.take();
    expect(logger.errors).toEqual([
      'evenhand: the sink "held" failed and will be retried: ECONNREFUSED',
    ]);
    expect(logger.warnings).toEqual([
      'evenhand: the sink "held" works again; the batch was written at attempt 4',
    ]);
  });

  it('logs the number of lost records at once, then each minute, and on closing', async () => {
    const { push, logger, queue, sink } = setUp({ maxRecords: 3 });
    push(1, 2, 3, 4, 5, 6);
    expect(logger.errors).toEqual([
      'evenhand: the sink "held" has lost 1 record, which will not be delivered',
    ]);
    await pass(60_000);
    push(7, 8, 9, 10);
    await sink.fail();
    const closing = queue.close(1000);
    await pass(1000);
    await closing;
    expect(logger.errors.filter((line) => line.includes('lost'))).toEqual([
      'evenhand: the sink "held" has lost 1 record, which will not be delivered',
      'evenhand: the sink "held" has lost 3 records, which will not be delivered',
      'evenhand: the sink "held" has lost 6 records, which will not be delivered',
    ]);
    expect(queue.stats().dropped).toBe(10);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('mine');
      },
    ],
    ['rejects', () => Promise.reject(new Error('mine'))],
  ])('continues when "onDrop" %s', async (_how, onDrop) => {
    const { push, logger, queue } = setUp({ maxRecords: 1, onDrop });
    push(1, 2, 3);
    await settled();
    expect(queue.stats()).toMatchObject({ dropped: 2, queueLength: 1 });
    expect(logger.errors.filter((line) => line.includes('onDrop'))).toEqual([
      'evenhand: the sink "held" has lost records, and the "onDrop" callback failed: mine',
    ]);
  });
});

/** A sink whose writes all stay open until the test settles them, and ignore their signals. */
class OpenSink implements Sink {
  readonly name = 'open';
  readonly batches: number[][] = [];
  readonly signals: AbortSignal[] = [];
  readonly settle: { resolve: () => void; reject: (reason: Error) => void }[] = [];

  write(batch: readonly EventRecord[], { signal }: { signal: AbortSignal }): Promise<void> {
    this.batches.push(numbersOf(batch));
    this.signals.push(signal);
    return new Promise((resolve, reject) => this.settle.push({ resolve, reject }));
  }
}

describe('a write that ignores its abort signal', () => {
  const setUpOpen = () => {
    const sink = new OpenSink();
    return { ...setUp({}, sink), sink };
  };

  it('is abandoned half a second after the abort, and its batch is tried again', async () => {
    const { sink, push, queue, logger } = setUpOpen();
    push(1, 2, 3);
    await pass(0);
    await pass(5000 + 500 + 100);
    expect(sink.batches).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ]);
    sink.settle[1]?.resolve();
    await settled();
    expect(queue.stats()).toMatchObject({ written: 3, retried: 1, queueLength: 0 });
    expect(logger.errors).toEqual([
      'evenhand: the sink "open" did not write a batch within 5000 ms',
      'evenhand: the sink "open" failed and will be retried: the write ignored its abort signal for 500 ms; it may still finish, so records may arrive twice',
    ]);
  });

  it('never holds up the records behind it for good', async () => {
    const { sink, push, queue } = setUpOpen();
    push(1, 2, 3, 4, 5, 6);
    await pass(0);
    await pass(5000 + 500 + 100);
    sink.settle[1]?.resolve();
    await pass(0);
    sink.settle[2]?.resolve();
    await settled();
    expect(sink.batches.at(-1)).toEqual([4, 5, 6]);
    expect(queue.stats()).toMatchObject({ written: 6, queueLength: 0 });
  });

  it('counts once if it succeeds while the queue waits for the next attempt', async () => {
    const { sink, push, queue } = setUpOpen();
    push(1, 2, 3, 4);
    await pass(0);
    await pass(5000 + 500);
    sink.settle[0]?.resolve();
    await pass(1000);
    expect(sink.batches).toEqual([[1, 2, 3], [4]]);
    expect(queue.stats()).toMatchObject({ written: 3, queueLength: 1 });
  });

  it('ends the next attempt if it succeeds meanwhile', async () => {
    const { sink, push, queue } = setUpOpen();
    push(1, 2, 3);
    await pass(0);
    await pass(5000 + 500 + 100);
    sink.settle[0]?.resolve();
    await settled();
    expect(sink.signals[1]?.aborted).toBe(true);
    sink.settle[1]?.reject(new Error('aborted'));
    await settled();
    expect(queue.stats()).toMatchObject({ written: 3, queueLength: 0, failure: undefined });
  });

  it('changes nothing if it fails after it was abandoned', async () => {
    const { sink, push, queue } = setUpOpen();
    push(1, 2, 3);
    await pass(0);
    await pass(5000 + 500 + 100);
    sink.settle[0]?.reject(new Error('at last'));
    await settled();
    sink.settle[1]?.resolve();
    await settled();
    expect(queue.stats()).toMatchObject({ written: 3, retried: 1, queueLength: 0 });
  });
});

describe('flush', () => {
  it('writes all waiting records, and resolves when they are written', async () => {
    const { sink, push, queue } = setUp();
    push(1, 2, 3, 4);
    let done = false;
    const flushed = queue.flush().then(() => (done = true));
    await pass(0);
    await sink.take();
    await pass(0);
    expect(sink.batches).toEqual([[1, 2, 3], [4]]);
    expect(done).toBe(false);
    await sink.take();
    expect(await flushed).toBe(true);
  });

  it('does not wait for later records', async () => {
    const { sink, push, queue } = setUp();
    push(1, 2, 3);
    const flushed = queue.flush();
    await pass(0);
    push(4);
    await sink.take();
    await flushed;
    expect(queue.stats()).toMatchObject({ written: 3, queueLength: 1 });
  });

  it('waits for the batch being written although records behind it were dropped', async () => {
    const { sink, push, queue } = setUp({ maxRecords: 3 });
    push(1, 2, 3);
    await pass(0);
    push(4);
    let done = false;
    const flushed = queue.flush().then(() => (done = true));
    push(5, 6, 7, 8, 9, 10);
    await settled();
    expect(done).toBe(false);
    await sink.take();
    expect(await flushed).toBe(true);
  });

  it('retries a failed batch immediately', async () => {
    const { sink, push, queue } = setUp();
    push(1, 2, 3);
    await pass(0);
    await sink.fail();
    const flushed = queue.flush();
    await pass(0);
    expect(sink.batches).toHaveLength(2);
    await sink.take();
    await flushed;
    expect(queue.stats().written).toBe(3);
  });

  it('resolves immediately if no record waits', async () => {
    const { queue, sink } = setUp();
    await queue.flush();
    expect(sink.batches).toEqual([]);
  });
});

describe('close', () => {
  it('drops the remaining records, aborts the write, and closes the sink once', async () => {
    const { sink, push, drops, queue } = setUp();
    push(1, 2, 3, 4);
    await pass(0);
    const closing = queue.close(1000);
    void queue.close(1000);
    expect(sink.signals[0]?.aborted).toBe(true);
    await sink.fail();
    await closing;
    expect(drops).toEqual([['closed', 1, 2, 3, 4]]);
    expect(sink.closed).toBe(1);
    push(5);
    await pass(10_000);
    expect(drops.at(-1)).toEqual(['closed', 5]);
    expect(sink.batches).toHaveLength(1);
    expect(queue.stats()).toMatchObject({ dropped: 5, written: 0, queueLength: 0 });
  });

  it('does not wait forever for a sink that ignores its signal', async () => {
    const { sink, push, queue } = setUp();
    push(1, 2, 3);
    await pass(0);
    const closing = queue.close(1000);
    await pass(500);
    await closing;
    expect(sink.closed).toBe(1);
    await sink.take();
    expect(queue.stats()).toMatchObject({ dropped: 3, written: 0 });
  });

  it('resolves pending flushes', async () => {
    const { push, queue } = setUp();
    push(1);
    const flushed = queue.flush();
    await queue.close(1000);
    expect(await flushed).toBeUndefined();
  });

  it.each([
    ['never settles', () => new Promise<void>(() => {})],
    ['returns a thenable that never settles', () => thenable(() => {}) as Promise<void>],
  ])('waits only for its time if the close() of a sink %s', async (_how, close) => {
    const { sink, queue, logger } = setUp();
    sink.close = close;
    await queue.close(20);
    expect(logger.warnings).toEqual([
      'evenhand: the sink "held" could not be closed: close() did not finish within 20 ms',
    ]);
  });

  it("logs a sink that can't be closed", async () => {
    const { sink, queue, logger } = setUp();
    sink.close = () => Promise.reject(new Error('EBADF'));
    await queue.close(1000);
    expect(logger.warnings).toEqual(['evenhand: the sink "held" could not be closed: EBADF']);
  });
});
