import { isThenable } from '../../runtime/thenable.ts';
import { thrownMessage } from '../../errors/thrown.ts';
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

/** The time that a write has to end after closing has aborted it. */
const ABORT_GRACE_MS = 500;

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
  private readonly settings: QueueSettings;
  private readonly reporter: SinkReporter;
  private readonly waiting = new RecordBuffer();
  private batch: Batch | undefined;
  private state: State = 'idle';
  private timer: NodeJS.Timeout | NodeJS.Immediate | undefined;
  private attempt: AbortController | undefined;
  private attemptTimer: NodeJS.Timeout | undefined;
  private sending: Promise<void> | undefined;
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
    this.settings = settings;
    this.reporter = new SinkReporter(sink.name, settings.logger, settings.now);
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
      this.attemptTimer?.ref();
      if (this.state === 'due') this.timer?.ref();
      if (this.state === 'waiting' || this.state === 'backing-off') this.makeDue();
    });
  }

  /** Drops the records that are not written, and closes the sink. Never rejects. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    if (this.state !== 'writing') this.setTimer('idle', undefined);
    const begun = this.batch?.records ?? [];
    this.batch = undefined;
    const { records } = this.waiting.take(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
    if (begun.length + records.length > 0) this.drop('closed', [...begun, ...records]);
    await this.abort();
    try {
      await this.sink.close?.();
    } catch (thrown) {
      this.reporter.closeFailed(thrownMessage(thrown));
    }
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
      name: this.sink.name,
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

  private writeIn(ms: number, state: State): void {
    this.setTimer(
      state,
      setTimeout(() => this.write(), ms),
    );
  }

  /** Writes in the next turn of the event loop, because a request may be running in this one. */
  private makeDue(): void {
    this.setTimer(
      'due',
      setImmediate(() => this.write()),
    );
  }

  private setTimer(state: State, timer: NodeJS.Timeout | NodeJS.Immediate | undefined): void {
    if (this.state === 'due') clearImmediate(this.timer as NodeJS.Immediate | undefined);
    else clearTimeout(this.timer as NodeJS.Timeout | undefined);
    this.state = state;
    this.timer = timer;
    if (this.waiters.length === 0) timer?.unref();
  }

  private write(): void {
    const { settings } = this;
    this.setTimer('writing', undefined);
    this.batch ??= this.waiting.take(settings.batchRecords, settings.batchBytes);
    this.sending = this.send(this.batch);
  }

  /** Makes one attempt. Never rejects. */
  private async send(batch: Batch): Promise<void> {
    const attempt = this.beginAttempt();
    let thrown: unknown;
    let hasFailed = false;
    try {
      await this.sink.write(batch.records, { signal: attempt.signal });
    } catch (error) {
      hasFailed = true;
      thrown = error;
    }
    clearTimeout(this.attemptTimer);
    this.attempt = undefined;
    // Closing has dropped and counted the batch while it was being written.
    if (this.batch !== batch) return;
    if (hasFailed) this.failedBy(thrown, batch);
    else this.succeeded(batch);
  }

  private beginAttempt(): AbortController {
    const { writeTimeoutMs } = this.settings;
    const attempt = new AbortController();
    this.attempt = attempt;
    this.attemptTimer = setTimeout(() => {
      this.reporter.timedOut(writeTimeoutMs);
      attempt.abort(new Error(`the write did not finish within ${writeTimeoutMs} ms`));
    }, writeTimeoutMs);
    if (this.waiters.length === 0) this.attemptTimer.unref();
    return attempt;
  }

  private succeeded(batch: Batch): void {
    this.written += batch.records.length;
    if (this.failures > 0) this.reporter.recovered(this.failures + 1);
    this.finishBatch();
  }

  private failedBy(thrown: unknown, { records }: Batch): void {
    const reason = thrownMessage(thrown);
    const { permanent, retryAfterMs } = retryHintsOf(thrown);
    this.failures++;
    if (permanent) {
      this.reporter.refused(reason);
      this.drop('refused', records);
      this.finishBatch();
      return;
    }
    this.failure = reason;
    this.retried++;
    this.reporter.failed(reason);
    const { retry, random } = this.settings;
    this.writeIn(retryDelayMs(this.failures, retryAfterMs, retry, random), 'backing-off');
  }

  /** Continues with the next batch after one has been written or refused. */
  private finishBatch(): void {
    this.batch = undefined;
    this.failures = 0;
    this.failure = undefined;
    this.state = 'idle';
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
    try {
      const result: unknown = onDrop({ sink: this.sink.name, reason, records });
      if (isThenable(result)) void result.then(undefined, report);
    } catch (thrown) {
      report(thrown);
    }
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
    this.attemptTimer?.unref();
  }

  /** Aborts the running attempt, and gives the sink a moment to react. */
  private async abort(): Promise<void> {
    if (this.attempt === undefined) return;
    this.attempt.abort(new Error('the queue was closed'));
    let timer: NodeJS.Timeout | undefined;
    const grace = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ABORT_GRACE_MS);
    });
    await Promise.race([this.sending, grace]);
    clearTimeout(timer);
  }
}

/** Reads `permanent` and `retryAfterMs` from a thrown value of any kind. */
function retryHintsOf(thrown: unknown): { permanent: boolean; retryAfterMs: number | undefined } {
  const { permanent, retryAfterMs } = (
    typeof thrown === 'object' && thrown !== null ? thrown : {}
  ) as { permanent?: unknown; retryAfterMs?: unknown };
  return {
    permanent: permanent === true,
    retryAfterMs: typeof retryAfterMs === 'number' ? retryAfterMs : undefined,
  };
}
