import { pause } from '../../../runtime/pause.ts';
import type { PostgresClient, PostgresNotification, PostgresPool } from './connection.ts';
import { ConnectionQueue } from './connection-queue.ts';
import { useLent } from './lent.ts';
import { exclusively } from './transaction.ts';
import { within } from './within.ts';

/** The channel of the triggers' notifications, as in `sql/postgres/0001-experiments.sql`. */
const CHANNEL = 'evenhand';

/** The longest time for UNLISTEN before a connection is released, in milliseconds. */
const UNLISTEN_MS = 1000;

/** The intervals of the check for a dead connection. */
export interface ListenTimes {
  /** The interval of the check, in milliseconds. */
  readonly aliveMs: number;
  /** The longest time for an answer, in milliseconds. */
  readonly timeoutMs: number;
}

/**
 * Calls `changed` when listening has started and at each notification. Resolves when the signal is
 * aborted, and rejects when listening fails.
 */
export type Listen = (changed: () => void, signal: AbortSignal) => Promise<void>;

/** Sends a statement over the listening connection. */
type Send = (statement: string) => Promise<unknown>;

/**
 * Listens on a dedicated connection of the pool. The connection is released in its original state,
 * or closed if it no longer answers.
 */
export function listenOnPool(pool: PostgresPool, times: ListenTimes): Listen {
  const queue = new ConnectionQueue(pool);
  return async (changed, signal) => {
    const lent = await within(times.timeoutMs, signal, (either) => queue.connect(either));
    await useLent(lent, async (destroy) => {
      const send: Send = (statement) => lent.query(statement);
      try {
        await listen(lent, send, changed, signal, times);
      } finally {
        await unlisten(send).catch(destroy);
      }
    });
  };
}

/** Listens on a single connection. */
export function listenOnClient(client: PostgresClient, times: ListenTimes): Listen {
  const send: Send = (statement) => exclusively(client, () => client.query(statement));
  return async (changed, signal) => {
    try {
      await listen(client, send, changed, signal, times);
    } finally {
      // A broken connection listens to nothing any more.
      await unlisten(send).catch(() => {});
    }
  };
}

async function listen(
  connection: PostgresClient,
  send: Send,
  changed: () => void,
  signal: AbortSignal,
  { aliveMs, timeoutMs }: ListenTimes,
): Promise<void> {
  const lost = new AbortController();
  const heard = ({ channel }: PostgresNotification) => {
    if (channel === CHANNEL) changed();
  };
  const failed = (error: Error) => lost.abort(error);
  const ended = () => lost.abort(new Error('the connection has ended'));
  connection.on('notification', heard);
  connection.on('error', failed);
  connection.on('end', ended);
  try {
    const over = AbortSignal.any([signal, lost.signal]);
    await within(timeoutMs, over, () => send(`LISTEN ${CHANNEL}`));
    // A change may have been missed before listening started.
    changed();
    // The signal may already be aborted, and pause() would then wait the full time.
    while (!over.aborted) {
      await pause(aliveMs, over);
      if (over.aborted) break;
      // A dead network sends no error, so a silent connection must be tested.
      await within(timeoutMs, over, () => send('SELECT 1'));
    }
    throw over.reason;
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    connection.removeListener('notification', heard);
    connection.removeListener('error', failed);
    connection.removeListener('end', ended);
  }
}

async function unlisten(send: Send): Promise<void> {
  const { signal } = new AbortController();
  await within(UNLISTEN_MS, signal, () => send(`UNLISTEN ${CHANNEL}`));
}
