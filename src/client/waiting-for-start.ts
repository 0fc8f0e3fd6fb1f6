import { SourceError } from '../errors/store-errors.ts';
import { quote } from '../errors/show-value.ts';
import { keepAliveUntil } from '../runtime/keep-alive.ts';

/** A promise that is settled from outside. */
interface Deferred {
  readonly promise: Promise<void>;
  resolve(): void;
  reject(error: Error): void;
}

function deferred(): Deferred {
  let resolve = (): void => {};
  let reject = (_error: Error): void => {};
  const promise = new Promise<void>((settle, fail) => {
    resolve = settle;
    reject = fail;
  });
  // Callers that await the promise see the rejection; without any, it must not end the process.
  promise.catch(() => {});
  return { promise, resolve, reject };
}

/** The wait of a client's callers and requests for its first experiments. */
export class WaitingForStart {
  private readonly source: string;
  /** Settled when the first load ends, or when a stand-in replaces it. */
  private readonly first = deferred();
  /** Settled like `first`, or rejected when requests have waited for as long as allowed. */
  private readonly admission = deferred();
  /** Settled when there are experiments, or when the client closes without any. */
  private readonly open = deferred();
  private opened = false;
  private failure: Error | undefined;

  /** @param source the source's name, for messages */
  constructor(source: string) {
    this.source = source;
  }

  /** Ends the wait: there are experiments. */
  succeed(): void {
    this.opened = true;
    for (const one of [this.first, this.admission, this.open]) one.resolve();
  }

  /** Notes that a load failed and that nothing stands in for it. */
  fail(error: Error): void {
    if (this.opened) return;
    this.failure = error;
    this.first.reject(error);
    this.admission.reject(error);
  }

  /** Rejects waiting requests: they have waited for as long as allowed, and nothing stands in. */
  refuse(error: Error): void {
    this.admission.reject(error);
  }

  /** Ends the wait for ever: the client closes. */
  end(error: Error): void {
    this.fail(error);
    if (!this.opened) this.open.reject(error);
  }

  /**
   * Resolves when there are experiments. Without a time, rejects as soon as a load has failed; with
   * one, only after that time, because the source is loaded again.
   */
  ready(timeoutMs: number | undefined): Promise<void> {
    if (this.opened) return Promise.resolve();
    if (timeoutMs !== undefined) return this.patient(timeoutMs);
    return this.failure === undefined
      ? keepAliveUntil(this.first.promise)
      : Promise.reject(this.failure);
  }

  /** Resolves for a request when there are experiments; rejects at once if a load has failed. */
  admit(): Promise<void> {
    if (this.opened) return Promise.resolve();
    return this.failure === undefined ? this.admission.promise : Promise.reject(this.failure);
  }

  private patient(timeoutMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(this.late(timeoutMs)), timeoutMs);
      this.open.promise.then(resolve, reject).finally(() => clearTimeout(timer));
    });
  }

  private late(waitedMs: number): SourceError {
    const why = this.failure === undefined ? '' : `: ${this.failure.message}`;
    return new SourceError(
      `the source ${quote(this.source)} has not delivered within ${waitedMs} ms${why}`,
      { cause: this.failure },
    );
  }
}
