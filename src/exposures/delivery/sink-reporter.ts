import type { Logger } from '../../runtime/logger.ts';
import { quote } from '../../errors/show-value.ts';

/** The shortest time between two messages of one kind about one sink. */
const MESSAGE_INTERVAL_MS = 60_000;

/** Logs the failures of one sink and the records it lost. */
export class SinkReporter {
  private readonly sink: string;
  private readonly logger: Logger;
  private readonly now: () => number;
  /** The time of the last message of each kind. */
  private readonly lastMessages = new Map<string, number>();
  /** Dropped records that no message has counted yet. */
  private dropped = 0;

  /**
   * @param sink the sink's name
   * @param now a monotonic clock, in milliseconds
   */
  constructor(sink: string, logger: Logger, now: () => number) {
    this.sink = sink;
    this.logger = logger;
    this.now = now;
  }

  /** Reports an attempt that failed and will be repeated. */
  failed(reason: string): void {
    this.report('failed', 'error', `failed and will be retried: ${reason}`);
  }

  /** Reports a batch that the sink rejected permanently. */
  refused(reason: string): void {
    this.report('refused', 'error', `rejected a batch permanently; it is not retried: ${reason}`);
  }

  /** Reports a write that exceeded `writeTimeoutMs`. */
  timedOut(timeoutMs: number): void {
    this.report('timedOut', 'error', `did not write a batch within ${timeoutMs} ms`);
  }

  /** Reports that a batch was written after failures. */
  recovered(attempts: number): void {
    this.report('recovered', 'warn', `works again; the batch was written at attempt ${attempts}`);
  }

  /** Reports that the sink's own `close()` failed. */
  closeFailed(reason: string): void {
    this.report('closeFailed', 'warn', `could not be closed: ${reason}`);
  }

  /** Reports that the application's `onDrop` failed. */
  onDropFailed(reason: string): void {
    this.report(
      'onDropFailed',
      'error',
      `has lost records, and the "onDrop" callback failed: ${reason}`,
    );
  }

  /** Counts dropped records, and reports the count when the last such message is old enough. */
  addDropped(count: number): void {
    this.dropped += count;
    this.reportDropped();
  }

  /** Reports the drops that no message has counted yet, because no other message will follow. */
  end(): void {
    this.lastMessages.delete('dropped');
    this.reportDropped();
  }

  private reportDropped(): void {
    const { dropped } = this;
    if (dropped === 0) return;
    const records = dropped === 1 ? '1 record' : `${dropped} records`;
    const message = `has lost ${records}, which will not be delivered`;
    if (this.report('dropped', 'error', message)) this.dropped = 0;
  }

  private report(kind: string, level: 'warn' | 'error', message: string): boolean {
    const now = this.now();
    const last = this.lastMessages.get(kind);
    if (last !== undefined && now - last < MESSAGE_INTERVAL_MS) return false;
    this.lastMessages.set(kind, now);
    this.logger[level](`evenhand: the sink ${quote(this.sink)} ${message}`);
    return true;
  }
}
