import { untilAborted } from '../../../runtime/until-aborted.ts';

/**
 * Runs operations one after another. An operation that was given up goes on in the system; the next
 * one must not begin beside it, or two batches are written through each other.
 */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /**
   * Runs an operation after the last one has ended, well or not.
   *
   * @param signal once aborted, the operation is no longer waited for, nor begun
   */
  run<T>(operation: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const turn = this.#last.then(() => {
      signal.throwIfAborted();
      return operation();
    });
    this.#last = turn.catch(() => {});
    return untilAborted(turn, signal);
  }

  /** Runs the last operation. */
  finish<T>(operation: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(operation);
    this.#last = turn.catch(() => {});
    return turn;
  }
}
