import { thrownMessage, thrownProperty } from '../../errors/thrown.ts';
import {
  realTimers,
  startImmediate,
  startTimeout,
  type Timer,
  type Timers,
} from '../../runtime/real-timers.ts';
import { watchRejection } from '../../runtime/thenable.ts';
import { within } from '../../runtime/within.ts';
import { ABORT_GRACE_MS, Attempt, type AttemptEnd } from './attempt.ts';
import { retryDelayMs } from './backoff.ts';
import type { DropReason, QueueSettings } from './queue-settings.ts';
import { type Batch, RecordBuffer } from './record-buffer.ts';
import type { EventRecord } from '../records/record.ts';
import { SinkReporter } from './sink-reporter.ts';
import type { Sink } from './sink.ts';

/** The counts of one sink's records. */
export interface SinkStats {
  /** The sink's name. */
  readonly name: string;
  readonly written: number;
  /** The number of failed attempts that were or will be retried. */
  readonly retried: number;
  readonly dropped: number;
  /** The number of waiting records, including the batch being written. */
  readonly queueLength: number;
  /** The approximate size of the waiting records as JSON, in bytes. */
  readonly queueBytes: number;
  /** The age of the oldest waiting record, in milliseconds; undefined if none waits. */
  readonly oldestAgeMs: number | undefined;
  /** The error of the last attempt; undefined if it succeeded. */
  readonly failure: string | undefined;
}

/** The reason of a failure that leaves the sink's `write()` running. */
const ABANDONED = `the write ignored its abort signal for ${ABORT_GRACE_MS} ms; it may still finish, so records may arrive twice`;

/**
 * - `idle`: no record waits
 * - `waiting`: until a batch is full or `batchWaitMs` has passed
 * - `due`: a batch is written in the next turn of the event loop
 * - `writing`: the sink is writing a batch
 * - `backing-off`: a batch failed and will be retried
 */
type State = 'idle' | 'waiting' | 'due' | 'writing' | 'backing-off';

/** A caller that waits until all records up to a number are written or dropped. */
interface Waiter {
  readonly upTo: number;
  readonly done: () => void;
}

/**
 * The queue of one sink. It writes records in order, one batch at a time. When it is full, it drops
 * the oldest record that is not being written. It never throws, and it keeps the process alive only
 * while a caller waits for it.
 */
export class SinkQueue {
  private readonly sink: Sink;
  private readonly name: string;
  private readonly settings: QueueSettings;
  private readonly reporter: SinkReporter;
  private readonly waiting = new RecordBuffer();
  private batch: Batch | undefined;
  private state: State = 'idle';
  private timer: Timer | undefined;
  private attempt: Attempt | undefined;
  /** True if an abandoned write has delivered the batch that is being repeated. */
  private deliveredLate = false;
  /** Called when the running attempt ends while the queue closes. */
  private idle: (() => void) | undefined;
  private waiters: Waiter[] = [];
  private closed = false;

  private accepted = 0;
  private written = 0;
  private retried = 0;
  private dropped = 0;
  /** The number of failures in a row. */
  private failures = 0;
  private failure: string | undefined;

  constructor(sink: Sink, settings: QueueSettings) {
    this.sink = sink;
    this.name = sink.name;
    this.settings = settings;
    this.reporter = new SinkReporter(this.name, settings.logger, settings.now);
  }

  /** @param bytes the approximate length of the record as JSON */
  push(record: EventRecord, bytes: number): void {
    const { waiting, settings, state } = this;
    if (this.closed || bytes > settings.maxBytes) {
      this.drop(this.closed ? 'closed' : 'full', [record]);
      return;
    }
    this.accepted++;
    waiting.push(record, bytes, settings.now());
    while (waiting.length > settings.maxRecords || waiting.bytes > settings.maxBytes) {
      const oldest = waiting.shift();
      if (oldest === undefined) break;
      this.drop('full', [oldest]);
    }
    if (state === 'idle' || state === 'waiting') this.schedule();
  }

  /**
   * Writes the records that wait now. Resolves when all of them are written or dropped, or when the
   * signal is aborted.
   */
  flush(signal?: AbortSignal): Promise<void> {
    if (this.pending === 0 || signal?.aborted === true) return Promise.resolve();
    return new Promise((done) => {
      const waiter = { upTo: this.accepted, done };
      this.waiters.push(waiter);
      signal?.addEventListener('abort', () => this.leave(waiter), { once: true });
      // A caller waits, so the process must not end before these timers have fired.
      this.attempt?.ref();
      if (this.state === 'due') this.timer?.ref();
      if (this.state === 'waiting' || this.state === 'backing-off') this.makeDue();
    });
  }

  /**
   * Drops the records that are not written, and closes the sink. Never rejects.
   *
   * @param patienceMs the longest wait for the sink's own `close()`; a running write has ended before
   */
  async close(patienceMs: number): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    if (this.state !== 'writing') this.setTimer('idle', undefined);
    const begun = this.batch?.records ?? [];
    this.batch = undefined;
    const { records } = this.waiting.take(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
    if (begun.length + records.length > 0) this.drop('closed', [...begun, ...records]);
    await this.abort();
    const late = () => new Error(`close() did not finish within ${patienceMs} ms`);
    const closing = this.settings.outside(async () => this.sink.close?.());
    await within(closing, patienceMs, late).catch((thrown: unknown) => {
      this.reporter.closeFailed(thrownMessage(thrown));
    });
    this.reporter.end();
  }

  /** The number of records that are neither written nor dropped. */
  get pending(): number {
    return this.waiting.length + (this.batch?.records.length ?? 0);
  }

  /** Returns the current counts. */
  stats(): SinkStats {
    const since = this.batch?.since ?? this.waiting.since;
    return {
      name: this.name,
      written: this.written,
      retried: this.retried,
      dropped: this.dropped,
      queueLength: this.pending,
      queueBytes: this.waiting.bytes + (this.batch?.bytes ?? 0),
      oldestAgeMs: since === undefined ? undefined : this.settings.now() - since,
      failure: this.failure,
    };
  }

  /** Decides when the next batch is written. */
  private schedule(): void {
    const { waiting, settings } = this;
    const isFull = waiting.length >= settings.batchRecords || waiting.bytes >= settings.batchBytes;
    if (waiting.length === 0) this.setTimer('idle', undefined);
    else if (isFull || this.waiters.length > 0) this.makeDue();
    else if (this.state !== 'waiting') this.writeIn(settings.batchWaitMs, 'waiting');
  }

  /**
   * The timers for delays. Fake timers of a test can move the queue, but they can't hold up a caller
   * that waits.
   */
  private get timers(): Timers {
    return this.waiters.length > 0 ? realTimers : globalThis;
  }

  private writeIn(ms: number, state: State): void {
    this.setTimer(state, startTimeout(this.write, ms, this.timers));
  }

  /** Writes in the next turn of the event loop, because a request may be running in this one. */
  private makeDue(): void {
    this.setTimer('due', startImmediate(this.write));
  }

  private setTimer(state: State, timer: Timer | undefined): void {
    this.timer?.cancel();
    this.state = state;
    this.timer = timer;
    if (this.waiters.length === 0) timer?.unref();
  }

  /** Makes one attempt, outside the request that started the timer. */
  private readonly write = (): void => {
    const { settings } = this;
    this.setTimer('writing', undefined);
    this.batch ??= this.waiting.take(settings.batchRecords, settings.batchBytes);
    const { batch } = this;
    settings.outside(() => this.send(batch));
  };

  private send(batch: Batch): void {
    const { writeTimeoutMs } = this.settings;
    this.attempt = new Attempt({
      sink: this.sink,
      records: batch.records,
      timeoutMs: writeTimeoutMs,
      timers: this.timers,
      late: () => this.reporter.timedOut(writeTimeoutMs),
      ended: (end) => this.ended(batch, end),
      writtenLater: () => this.writtenLater(batch),
    });
    if (this.waiters.length === 0) this.attempt.unref();
  }

  private ended(batch: Batch, end: AttemptEnd): void {
    this.attempt = undefined;
    this.idle?.();
    // Closing has dropped and counted the batch while it was being written.
    if (this.batch !== batch) return;
    if (end.is === 'written' || this.deliveredLate) this.succeeded(batch);
    else if (end.is === 'failed') this.failedBy(end.thrown, batch);
    else this.failedBy(new Error(ABANDONED), batch);
  }

  /** An abandoned write has succeeded: its batch is not repeated again. */
  private writtenLater(batch: Batch): void {
    if (this.batch !== batch) return;
    if (this.attempt === undefined) {
      this.succeeded(batch);
      return;
    }
    this.deliveredLate = true;
    this.attempt.abort('an earlier attempt has written the batch');
  }

  private succeeded(batch: Batch): void {
    this.written += batch.records.length;
    if (this.failures > 0) this.reporter.recovered(this.failures + 1);
    this.finishBatch();
  }

  private failedBy(thrown: unknown, { records }: Batch): void {
    const reason = thrownMessage(thrown);
    this.failures++;
    if (thrownProperty(thrown, 'permanent') === true) {
      this.reporter.refused(reason);
      this.drop('refused', records);
      this.finishBatch();
      return;
    }
    this.failure = reason;
    this.retried++;
    this.reporter.failed(reason);
    const { retry, random } = this.settings;
    const hint = thrownProperty(thrown, 'retryAfterMs');
    const retryAfterMs = typeof hint === 'number' ? hint : undefined;
    this.writeIn(retryDelayMs(this.failures, retryAfterMs, retry, random), 'backing-off');
  }

  /** Continues with the next batch after one has been written or refused. */
  private finishBatch(): void {
    this.batch = undefined;
    this.failures = 0;
    this.failure = undefined;
    this.deliveredLate = false;
    this.setTimer('idle', undefined);
    this.wake();
    this.schedule();
  }

  private drop(reason: DropReason, records: readonly EventRecord[]): void {
    const { onDrop } = this.settings;
    this.dropped += records.length;
    this.reporter.addDropped(records.length);
    this.wake();
    if (onDrop === undefined) return;
    const report = (thrown: unknown): void => this.reporter.onDropFailed(thrownMessage(thrown));
    this.settings.outside(() => {
      try {
        watchRejection(onDrop({ sink: this.name, reason, records }), report);
      } catch (thrown) {
        report(thrown);
      }
    });
  }

  /** Resolves the callers whose records are all written or dropped. */
  private wake(): void {
    if (this.waiters.length === 0) return;
    const { waiters, accepted, waiting, batch } = this;
    // The batch is older than every waiting record; records behind it may have been dropped.
    const settled = batch === undefined ? accepted - waiting.length : batch.first;
    this.waiters = waiters.filter(({ upTo }) => upTo > settled);
    for (const { upTo, done } of waiters) if (upTo <= settled) done();
  }

  /** Removes a caller. Without callers, the process may end before everything is written. */
  private leave(waiter: Waiter): void {
    this.waiters = this.waiters.filter((one) => one !== waiter);
    waiter.done();
    if (this.waiters.length > 0) return;
    this.timer?.unref();
    this.attempt?.unref();
  }

  /** Aborts the running attempt, and waits until it ends. */
  private async abort(): Promise<void> {
    const { attempt } = this;
    if (attempt === undefined) return;
    const ended = new Promise<void>((resolve) => (this.idle = resolve));
    attempt.ref();
    attempt.abort('the queue was closed');
    await ended;
  }
}
