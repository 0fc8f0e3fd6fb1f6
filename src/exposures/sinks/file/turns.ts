import { untilAborted } from '../../../runtime/until-aborted.ts';

/**
 * Runs operations one after another. An aborted operation still runs in the operating system. If
 * the next one started beside it, the two batches would be mixed.
 */
export class Turns {
  readonly #patienceMs: number;
  #last: Promise<unknown> = Promise.resolve();
  /** The start of the running operation, by the monotonic clock. */
  #began = 0;

  /**
   * @param patienceMs the time after which an operation counts as lost, and the next one does not wait
   *   for it: for clients whose promises may never settle. Default: no limit
   */
  constructor(patienceMs = Number.POSITIVE_INFINITY) {
    this.#patienceMs = patienceMs;
  }

  /**
   * Runs an operation after the previous one has succeeded or failed.
   *
   * @param signal when it is aborted, the caller stops waiting, and a waiting operation is not
   *   started
   */
  run<T>(operation: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const isLost = performance.now() - this.#began > this.#patienceMs;
    const turn = (isLost ? Promise.resolve() : this.#last).then(() => {
      signal.throwIfAborted();
      this.#began = performance.now();
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
