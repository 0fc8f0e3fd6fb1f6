import { SourceError } from '../errors/store-errors.ts';
import { quote } from '../errors/show-value.ts';

/** A promise to be settled from outside; nobody has to wait for it. */
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
  // Whoever asks is told; nobody asking must not end the process.
  promise.catch(() => {});
  return { promise, resolve, reject };
}

/** The wait for the first experiments. */
export class Start {
  private readonly source: string;
  /** Settled when the first load has ended, or something stands in for it. */
  private readonly first = deferred();
  /** The same for requests, which wait no longer than allowed. */
  private readonly admission = deferred();
  /** Settled when there are experiments. */
  private readonly open = deferred();
  private opened = false;
  private failure: Error | undefined;

  /** @param source its name, for messages */
  constructor(source: string) {
    this.source = source;
  }

  /** There are experiments. */
  succeed(): void {
    this.opened = true;
    for (const one of [this.first, this.admission, this.open]) one.resolve();
  }

  /** A load failed, and nothing stands in for it. */
  fail(error: Error): void {
    if (this.opened) return;
    this.failure = error;
    this.first.reject(error);
    this.admission.reject(error);
  }

  /** Requests have waited long enough, and nothing stands in for what they wait for. */
  refuse(error: Error): void {
    this.admission.reject(error);
  }

  /** There will never be any. */
  end(error: Error): void {
    this.fail(error);
    if (!this.opened) this.open.reject(error);
  }

  /**
   * Resolves when there are experiments. Rejects when a load has failed; with a time, only after it,
   * since the source is asked again.
   */
  ready(timeoutMs: number | undefined): Promise<void> {
    if (this.opened) return Promise.resolve();
    if (timeoutMs !== undefined) return this.patient(timeoutMs);
    return this.failure === undefined ? this.first.promise : Promise.reject(this.failure);
  }

  /** The same for a request: once it is known that there is nothing to wait for, it does not. */
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
