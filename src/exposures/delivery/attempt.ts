import { realTimers, startTimeout, type Timer, type Timers } from '../../runtime/real-timers.ts';
import type { EventRecord } from '../records/record.ts';
import type { Sink } from './sink.ts';

/** The time that a write has to end after it was aborted, in milliseconds. */
export const ABORT_GRACE_MS = 500;

/**
 * The end of an attempt. `abandoned`: the sink ignored the abort, and the write may still end later.
 */
export type AttemptEnd =
  | { readonly is: 'written' }
  | { readonly is: 'failed'; readonly thrown: unknown }
  | { readonly is: 'abandoned' };

/** The parts of an {@link Attempt}. */
export interface AttemptSetup {
  readonly sink: Sink;
  readonly records: readonly EventRecord[];
  /** The longest time of the write, in milliseconds. */
  readonly timeoutMs: number;
  readonly timers: Timers;
  /** Called when the time is up, before the write is aborted. */
  readonly late: () => void;
  /** Called once with the end. */
  readonly ended: (end: AttemptEnd) => void;
  /** Called if the write succeeds after it was abandoned. */
  readonly writtenLater: () => void;
}

/**
 * One call of a sink's `write()`. It always ends: a write that takes too long is aborted, and one that
 * ignores the abort is abandoned.
 */
export class Attempt {
  private readonly setup: AttemptSetup;
  private readonly controller = new AbortController();
  /** The timeout, and after the abort the grace. */
  private timer: Timer | undefined;
  private keepsAlive = true;
  private hasEnded = false;

  constructor(setup: AttemptSetup) {
    const { sink, records, timeoutMs, timers } = setup;
    const { signal } = this.controller;
    this.setup = setup;
    this.endAfter(timeoutMs, timers, () => this.timeOut());
    new Promise<void>((resolve) => resolve(sink.write(records, { signal }))).then(
      () => (this.hasEnded ? setup.writtenLater() : this.end({ is: 'written' })),
      (thrown: unknown) => this.end({ is: 'failed', thrown }),
    );
  }

  /** Keeps the process alive until the attempt has ended. */
  ref(): void {
    this.keepsAlive = true;
    this.timer?.ref();
  }

  /** Lets the process end before the attempt. */
  unref(): void {
    this.keepsAlive = false;
    this.timer?.unref();
  }

  /** Aborts the write. The attempt ends when the write does, or after a moment. */
  abort(reason: string, timers = realTimers): void {
    if (this.hasEnded) return;
    this.endAfter(ABORT_GRACE_MS, timers, () => this.end({ is: 'abandoned' }));
    this.controller.abort(new Error(reason));
  }

  private endAfter(ms: number, timers: Timers, run: () => void): void {
    this.timer?.cancel();
    this.timer = startTimeout(run, ms, timers);
    if (!this.keepsAlive) this.timer.unref();
  }

  private timeOut(): void {
    const { late, timeoutMs, timers } = this.setup;
    late();
    this.abort(`the write did not finish within ${timeoutMs} ms`, timers);
  }

  private end(end: AttemptEnd): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.timer?.cancel();
    this.setup.ended(end);
  }
}
