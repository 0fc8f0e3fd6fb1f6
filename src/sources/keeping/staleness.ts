import { AsyncResource } from 'node:async_hooks';

/**
 * Notices when something has not been confirmed for too long. It uses a monotonic clock, so adjusting
 * the computer's time has no effect.
 */
export class Staleness {
  private readonly afterMs: number;
  private readonly tell: () => void;
  private confirmedAt: number | undefined;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  /** True from the end of that time until the next confirmation. */
  stale = false;

  /**
   * @param afterMs milliseconds from a confirmation until it is stale
   * @param tell called each time it becomes stale
   */
  constructor(afterMs: number, tell: () => void) {
    this.afterMs = afterMs;
    // The confirmation that starts the time may come in the async context of a request.
    this.tell = AsyncResource.bind(tell);
  }

  /** Milliseconds since the last confirmation; undefined before the first one. */
  get ageMs(): number | undefined {
    return this.confirmedAt === undefined ? undefined : performance.now() - this.confirmedAt;
  }

  /** Notes a confirmation. */
  confirm(): void {
    this.confirmedAt = performance.now();
    this.stale = false;
    this.start();
  }

  /** Starts the time, also without a confirmation. */
  start(): void {
    clearTimeout(this.timer);
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.stale = true;
      this.tell();
    }, this.afterMs);
    this.timer.unref();
  }

  /** Stops the time for good. */
  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }
}
