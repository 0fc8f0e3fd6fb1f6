import type {
  PostgresPool,
  PostgresPoolClient,
} from '../../../../src/integrations/postgres/connection/connection.ts';
import { ConnectionQueue } from '../../../../src/integrations/postgres/connection/connection-queue.ts';

/** A pool whose answers the test controls. */
function slowPool() {
  const asked: ((lent: PostgresPoolClient) => void)[] = [];
  const failed: ((error: Error) => void)[] = [];
  const pool: PostgresPool = {
    connect: () =>
      new Promise((resolve, reject) => {
        asked.push(resolve);
        failed.push(reject);
      }),
  };
  return { pool, asked, failed };
}

function connection() {
  let released = 0;
  const lent: PostgresPoolClient = {
    query: async () => ({ rows: [] }),
    on: () => {},
    removeListener: () => {},
    release: () => void released++,
  };
  return { lent, released: () => released };
}

describe('ConnectionQueue', () => {
  it('returns the connection of the pool and leaves releasing it to the caller', async () => {
    const { pool, asked } = slowPool();
    const { lent, released } = connection();
    const waiting = new ConnectionQueue(pool).connect(new AbortController().signal);
    asked[0]?.(lent);
    expect(await waiting).toBe(lent);
    expect(released()).toBe(0);
  });

  it('asks the pool once, however many callers stop waiting, and serves the next caller', async () => {
    const { pool, asked } = slowPool();
    const queue = new ConnectionQueue(pool);
    for (let i = 0; i < 100; i++) {
      const impatient = new AbortController();
      const waiting = queue.connect(impatient.signal);
      impatient.abort(new Error('too late'));
      await expect(waiting).rejects.toThrow('too late');
    }
    expect(asked).toHaveLength(1);
    const { lent, released } = connection();
    const last = queue.connect(new AbortController().signal);
    asked[0]?.(lent);
    expect(await last).toBe(lent);
    expect(released()).toBe(0);
    expect(asked).toHaveLength(1);
  });

  it('releases a connection that no caller waits for any more', async () => {
    const { pool, asked } = slowPool();
    const queue = new ConnectionQueue(pool);
    const impatient = new AbortController();
    const waiting = queue.connect(impatient.signal);
    impatient.abort(new Error('too late'));
    await expect(waiting).rejects.toThrow('too late');
    const { lent, released } = connection();
    asked[0]?.(lent);
    await new Promise(setImmediate);
    expect(released()).toBe(1);
    void queue.connect(new AbortController().signal);
    expect(asked).toHaveLength(2);
  });

  it('rejects with the error of the pool and asks it again for the next caller', async () => {
    const { pool, asked, failed } = slowPool();
    const queue = new ConnectionQueue(pool);
    const waiting = queue.connect(new AbortController().signal);
    failed[0]?.(new Error('no more connections'));
    await expect(waiting).rejects.toThrow('no more connections');
    void queue.connect(new AbortController().signal);
    expect(asked).toHaveLength(2);
  });

  it('does not ask the pool for a caller whose signal is already aborted', async () => {
    const { pool, asked } = slowPool();
    const given = AbortSignal.abort(new Error('closed'));
    await expect(new ConnectionQueue(pool).connect(given)).rejects.toThrow('closed');
    expect(asked).toHaveLength(0);
  });
});
