import type { PostgresPool, PostgresPoolClient } from './connection.ts';

/** A caller that waits for a connection. */
interface Waiter {
  readonly resolve: (connection: PostgresPoolClient) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Takes connections from a pool for one caller at a time, who may stop waiting. When the server
 * hangs, `pool.connect()` never settles. The next caller then waits for the same request, so that
 * the pool's own queue does not grow with each attempt.
 */
export class ConnectionQueue {
  private readonly pool: PostgresPool;
  private isRequested = false;
  private waiter: Waiter | undefined;

  constructor(pool: PostgresPool) {
    this.pool = pool;
  }

  /**
   * Returns a connection, which the caller must release. Rejects with the signal's reason when it
   * is aborted.
   */
  async connect(signal: AbortSignal): Promise<PostgresPoolClient> {
    signal.throwIfAborted();
    let stopWaiting = () => {};
    try {
      return await new Promise<PostgresPoolClient>((resolve, reject) => {
        const waiter = { resolve, reject };
        this.waiter = waiter;
        stopWaiting = () => {
          if (this.waiter === waiter) this.waiter = undefined;
          reject(signal.reason);
        };
        signal.addEventListener('abort', stopWaiting, { once: true });
        if (!this.isRequested) this.request();
      });
    } finally {
      signal.removeEventListener('abort', stopWaiting);
    }
  }

  private request(): void {
    this.isRequested = true;
    const takeWaiter = () => {
      const { waiter } = this;
      this.isRequested = false;
      this.waiter = undefined;
      return waiter;
    };
    const hand = (connection: PostgresPoolClient) => {
      const waiter = takeWaiter();
      if (waiter === undefined) connection.release();
      else waiter.resolve(connection);
    };
    this.pool.connect().then(hand, (error: unknown) => takeWaiter()?.reject(error));
  }
}
