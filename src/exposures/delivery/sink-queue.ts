import { isThenable } from '../../runtime/thenable.ts';
import { thrownMessage } from '../../errors/thrown.ts';
import { retryDelayMs } from './backoff.ts';
import type { DropReason, QueueSettings } from './queue-settings.ts';
import { type Batch, RecordBuffer } from './record-buffer.ts';
import type { EventRecord } from '../records/record.ts';
import { SinkReporter } from './sink-reporter.ts';
import type { Sink } from './sink.ts';

/** What has become of the records for one sink. */
export interface SinkStats {
  /** The sink's name. */
  readonly name: string;
  readonly written: number;
  /** How often a batch was tried again. */
  readonly retried: number;
  readonly dropped: number;
  /** How many records wait, those being written among them. */
  readonly queueLength: number;
  /** About how many bytes of JSON they are. */
  readonly queueBytes: number;
  /** How long the oldest of them has waited, in ms; undefined where none waits. */
  readonly oldestAgeMs: number | undefined;
  /** Why the last attempt failed; undefined where it did not. */
  readonly failure: string | undefined;
}

/** How long a write that was aborted on closing has to end. */
const ABORT_GRACE_MS = 500;

/**
 * - `idle`: nothing waits
 * - `waiting`: for a batch to fill up, or its time to come
 * - `due`: a batch is written as soon as the running code is done
 * - `writing`
 * - `backing-off`: a batch could not be written and will be tried again
 */
type State = 'idle' | 'waiting' | 'due' | 'writing' | 'backing-off';

/** Somebody who waits until all records up to a number are settled. */
interface Waiter {
  readonly upTo: number;
  readonly done: () => void;
}

/**
 * Records on their way to one sink: in order, in batches, one at a time. When it is full, the oldest
 * that is not being written is dropped. Never throws, and keeps no process alive, but while somebody
 * waits for it.
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
  /** In a row. */
  private failures = 0;
  private failure: string | undefined;

  constructor(sink: Sink, settings: QueueSettings) {
    this.sink = sink;
    this.settings = settings;
    this.reporter = new SinkReporter(sink.name, settings.logger, settings.now);
  }

  /** @param bytes about how long the record is as JSON */
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
   * Writes what waits now; resolves when all of it has been written or dropped, or when it is no more
   * waited for.
   */
  flush(signal?: AbortSignal): Promise<void> {
    if (this.pending === 0 || signal?.aborted === true) return Promise.resolve();
    return new Promise((done) => {
      const waiter = { upTo: this.accepted, done };
      this.waiters.push(waiter);
      signal?.addEventListener('abort', () => this.leave(waiter), { once: true });
      // Somebody waits: the process must not end before these have run.
      this.attemptTimer?.ref();
      if (this.state === 'due') this.timer?.ref();
      if (this.state === 'waiting' || this.state === 'backing-off') this.makeDue();
    });
  }

  /** Drops what has not been written, and closes the sink. Never rejects. */
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
      this.reporter.staysOpen(thrownMessage(thrown));
    }
    this.reporter.end();
  }

  /** How many records are neither written nor dropped. */
  get pending(): number {
    return this.waiting.length + (this.batch?.records.length ?? 0);
  }

  /** The figures as they are now. */
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

  /** Settles when the next batch is to be written. */
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

  /** Not at once: what is running now may be a request. */
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
    // What was given up while it was being written has been counted.
    if (this.batch !== batch) return;
    if (hasFailed) this.failedBy(thrown, batch);
    else this.succeeded(batch);
  }

  private beginAttempt(): AbortController {
    const { writeTimeoutMs } = this.settings;
    const attempt = new AbortController();
    this.attempt = attempt;
    this.attemptTimer = setTimeout(() => {
      this.reporter.hangs(writeTimeoutMs);
      attempt.abort(new Error(`not done within ${writeTimeoutMs} ms`));
    }, writeTimeoutMs);
    if (this.waiters.length === 0) this.attemptTimer.unref();
    return attempt;
  }

  private succeeded(batch: Batch): void {
    this.written += batch.records.length;
    if (this.failures > 0) this.reporter.works(this.failures + 1);
    this.goOn();
  }

  private failedBy(thrown: unknown, { records }: Batch): void {
    const reason = thrownMessage(thrown);
    const { permanent, retryAfterMs } = wishesOf(thrown);
    this.failures++;
    if (permanent) {
      this.reporter.refuses(reason);
      this.drop('refused', records);
      this.goOn();
      return;
    }
    this.failure = reason;
    this.retried++;
    this.reporter.fails(reason);
    const { retry, random } = this.settings;
    this.writeIn(retryDelayMs(this.failures, retryAfterMs, retry, random), 'backing-off');
  }

  /** The batch has been written or refused. */
  private goOn(): void {
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
    this.reporter.drops(records.length);
    this.wake();
    if (onDrop === undefined) return;
    const blame = (thrown: unknown): void => this.reporter.blames(thrownMessage(thrown));
    try {
      const given: unknown = onDrop({ sink: this.sink.name, reason, records });
      if (isThenable(given)) void given.then(undefined, blame);
    } catch (thrown) {
      blame(thrown);
    }
  }

  /** Answers those whose records are all settled. */
  private wake(): void {
    if (this.waiters.length === 0) return;
    const { waiters, accepted, waiting, batch } = this;
    // A batch is older than all that waits, some of which may have been dropped behind it.
    const settled = batch === undefined ? accepted - waiting.length : batch.first;
    this.waiters = waiters.filter(({ upTo }) => upTo > settled);
    for (const { upTo, done } of waiters) if (upTo <= settled) done();
  }

  /** Somebody waits no more; without anybody, the process may end before all is written. */
  private leave(waiter: Waiter): void {
    this.waiters = this.waiters.filter((one) => one !== waiter);
    waiter.done();
    if (this.waiters.length > 0) return;
    this.timer?.unref();
    this.attemptTimer?.unref();
  }

  /** Ends the running attempt, and gives the sink a moment to see it. */
  private async abort(): Promise<void> {
    if (this.attempt === undefined) return;
    this.attempt.abort(new Error('closed'));
    let timer: NodeJS.Timeout | undefined;
    const grace = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ABORT_GRACE_MS);
    });
    await Promise.race([this.sending, grace]);
    clearTimeout(timer);
  }
}

/** What a failure asks for; it may be anything that can be thrown. */
function wishesOf(thrown: unknown): { permanent: boolean; retryAfterMs: number | undefined } {
  const { permanent, retryAfterMs } = (
    typeof thrown === 'object' && thrown !== null ? thrown : {}
  ) as { permanent?: unknown; retryAfterMs?: unknown };
  return {
    permanent: permanent === true,
    retryAfterMs: typeof retryAfterMs === 'number' ? retryAfterMs : undefined,
  };
}
