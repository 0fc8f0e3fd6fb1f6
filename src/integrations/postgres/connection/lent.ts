import type { PostgresPoolClient } from './connection.ts';

/**
 * Runs `work` on a connection of a pool and releases the connection. It is closed if it has broken
 * or `work` calls `destroy`. If the connection breaks during `work`, its queries reject and the
 * process keeps running.
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
    // Removed last: after release() the pool handles errors of the connection.
    lent.removeListener('error', destroy);
  }
}
