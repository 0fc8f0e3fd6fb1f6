import { realTimers, startTimeout, type Timer } from '../../runtime/real-timers.ts';
import type { Method } from './response-methods.ts';

/** The longest time that first bytes are held, in milliseconds: a slow page must not become slower. */
const PATIENCE_MS = 100;

/** The first writes of a body, held until their bytes tell whether it is a document. */
export class HeldWrites {
  private writes: (readonly [inner: Method, args: readonly unknown[]])[] = [];
  private timer: Timer | undefined;

  /** Returns true if there are none. */
  isEmpty(): boolean {
    return this.writes.length === 0;
  }

  /**
   * Holds a write.
   *
   * @param expired called if the writes have waited too long
   */
  hold(inner: Method, args: readonly unknown[], expired: () => void): void {
    this.writes.push([inner, args]);
    this.timer ??= startTimeout(expired, PATIENCE_MS, realTimers);
  }

  /** Makes the writes, in their order. */
  release(): void {
    for (const [inner, args] of this.take()) inner(...args);
  }

  /** Drops the writes of a response that was destroyed, and tells their callbacks. */
  drop(): void {
    for (const [, args] of this.take()) {
      const callback = args.find((arg) => typeof arg === 'function');
      const error = new Error('the response was destroyed before these bytes were written');
      callback?.(Object.assign(error, { code: 'ERR_STREAM_DESTROYED' }));
    }
  }

  private take(): (readonly [inner: Method, args: readonly unknown[]])[] {
    this.timer?.cancel();
    this.timer = undefined;
    return this.writes.splice(0);
  }
}
