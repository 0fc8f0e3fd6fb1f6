/**
 * Notices when something has not been confirmed for too long. By a clock that is never set: a jump of
 * the computer's time makes nothing stale, and nothing fresh.
 */
export class Staleness {
  private readonly afterMs: number;
  private readonly tell: () => void;
  private confirmedAt: number | undefined;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  /** Whether it is stale now. */
  stale = false;

  /**
   * @param afterMs how long something holds that was confirmed once; Infinity: for ever
   * @param tell called once each time it becomes stale
   */
  constructor(afterMs: number, tell: () => void) {
    this.afterMs = afterMs;
    this.tell = tell;
  }

  /** Since when it has not been confirmed, in milliseconds; undefined: it has never been. */
  get ageMs(): number | undefined {
    return this.confirmedAt === undefined ? undefined : performance.now() - this.confirmedAt;
  }

  /** It is so, now. */
  confirm(): void {
    this.confirmedAt = performance.now();
    this.stale = false;
    this.start();
  }

  /** Counts from now, as nothing has been confirmed. */
  start(): void {
    clearTimeout(this.timer);
    if (this.stopped || this.afterMs === Number.POSITIVE_INFINITY) return;
    this.timer = setTimeout(() => {
      this.stale = true;
      this.tell();
    }, this.afterMs);
    this.timer.unref();
  }

  /** Nothing becomes stale any more. */
  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }
}
