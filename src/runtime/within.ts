import { realTimers } from './real-timers.ts';

/**
 * Settles like a value or promise of the application, or rejects with `late()` after the time. A later
 * result is ignored. Fake timers of a test don't stop the time.
 *
 * @param ms whole milliseconds, at least 1
 */
export function within<T>(value: T | PromiseLike<T>, ms: number, late: () => Error): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = realTimers.setTimeout(() => reject(late()), ms);
    const end = () => realTimers.clearTimeout(timer);
    new Promise<T>((settle) => settle(value)).then(resolve, reject).finally(end);
  });
}
