import type {
  PostgresPool,
  PostgresPoolClient,
} from '../../../../src/integrations/postgres/connection/connection.ts';
import { Lender } from '../../../../src/integrations/postgres/connection/lender.ts';

/** A pool that answers when the test says so. */
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

describe('Lender', () => {
  it('gives what the pool gives, and leaves it to the taker', async () => {
    const { pool, asked } = slowPool();
    const { lent, released } = connection();
    const waiting = new Lender(pool).lend(new AbortController().signal);
    asked[0]?.(lent);
    expect(await waiting).toBe(lent);
    expect(released()).toBe(0);
  });

  it('asks once, however many give up waiting, and gives it to the next one', async () => {
    const { pool, asked } = slowPool();
    const lender = new Lender(pool);
    for (let i = 0; i < 100; i++) {
      const impatient = new AbortController();
      const waiting = lender.lend(impatient.signal);
      impatient.abort(new Error('too late'));
      await expect(waiting).rejects.toThrow('too late');
    }
    expect(asked).toHaveLength(1);
    const { lent, released } = connection();
    const last = lender.lend(new AbortController().signal);
    asked[0]?.(lent);
    expect(await last).toBe(lent);
    expect(released()).toBe(0);
    expect(asked).toHaveLength(1);
  });

  it('gives back what nobody waits for any more', async () => {
    const { pool, asked } = slowPool();
    const lender = new Lender(pool);
    const impatient = new AbortController();
    const waiting = lender.lend(impatient.signal);
    impatient.abort(new Error('too late'));
    await expect(waiting).rejects.toThrow('too late');
    const { lent, released } = connection();
    asked[0]?.(lent);
    await new Promise(setImmediate);
    expect(released()).toBe(1);
    void lender.lend(new AbortController().signal);
    expect(asked).toHaveLength(2);
  });

  it('says what the pool says, and asks anew', async () => {
    const { pool, asked, failed } = slowPool();
    const lender = new Lender(pool);
    const waiting = lender.lend(new AbortController().signal);
    failed[0]?.(new Error('no more connections'));
    await expect(waiting).rejects.toThrow('no more connections');
    void lender.lend(new AbortController().signal);
    expect(asked).toHaveLength(2);
  });

  it('does not ask for who has given up before', async () => {
    const { pool, asked } = slowPool();
    const given = AbortSignal.abort(new Error('closed'));
    await expect(new Lender(pool).lend(given)).rejects.toThrow('closed');
    expect(asked).toHaveLength(0);
  });
});
