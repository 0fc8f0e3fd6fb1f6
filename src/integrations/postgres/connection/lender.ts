import type { PostgresPool, PostgresPoolClient } from './connection.ts';

/** Somebody waiting for a connection. */
interface Taker {
  readonly take: (lent: PostgresPoolClient) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * Asks a pool for connections, for one user at a time who may give up waiting. A server that hangs
 * lets a pool wait for ever; so that its queue does not grow with each attempt, the next one waits for
 * what the one before has asked for.
 */
export class Lender {
  private readonly pool: PostgresPool;
  private asked = false;
  private taker: Taker | undefined;

  constructor(pool: PostgresPool) {
    this.pool = pool;
  }

  /** A connection, which the caller must release; rejects when aborted, with the signal's reason. */
  async lend(signal: AbortSignal): Promise<PostgresPoolClient> {
    signal.throwIfAborted();
    let give = () => {};
    try {
      return await new Promise<PostgresPoolClient>((take, fail) => {
        const taker = { take, fail };
        this.taker = taker;
        give = () => {
          if (this.taker === taker) this.taker = undefined;
          fail(signal.reason);
        };
        signal.addEventListener('abort', give, { once: true });
        if (!this.asked) this.ask();
      });
    } finally {
      signal.removeEventListener('abort', give);
    }
  }

  private ask(): void {
    this.asked = true;
    const answer = () => {
      const { taker } = this;
      this.asked = false;
      this.taker = undefined;
      return taker;
    };
    const take = (lent: PostgresPoolClient) => {
      const taker = answer();
      if (taker === undefined) lent.release();
      else taker.take(lent);
    };
    this.pool.connect().then(take, (error: unknown) => answer()?.fail(error));
  }
}
