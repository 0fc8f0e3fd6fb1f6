import { untilAborted } from '../../../runtime/until-aborted.ts';

/**
 * Runs operations one after another. An aborted operation still runs in the operating system. If
 * the next one started beside it, the two batches would be mixed.
 */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /**
   * Runs an operation after the previous one has succeeded or failed.
   *
   * @param signal when it is aborted, the caller stops waiting, and a waiting operation is not
   *   started
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
