import type { PostgresPoolClient } from './connection.ts';

/**
 * Uses a connection that a pool has lent, and gives it back; closed, where it has broken or `work` says
 * so. A connection that breaks while it is lent must not end the process: its queries reject.
 */
export async function useLent<Result>(
  lent: PostgresPoolClient,
  work: (destroy: () => void) => Promise<Result>,
): Promise<Result> {
  let destroyed = false;
  const destroy = () => {
    destroyed = true;
  };
  lent.on('error', destroy);
  try {
    return await work(destroy);
  } finally {
    lent.release(destroyed);
    // Only now: from here on the pool looks after it.
    lent.removeListener('error', destroy);
  }
}
