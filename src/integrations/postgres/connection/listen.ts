import { pause } from '../../../runtime/pause.ts';
import type { PostgresClient, PostgresNotification, PostgresPool } from './connection.ts';
import { ConnectionQueue } from './connection-queue.ts';
import { useLent } from './lent.ts';
import { exclusively } from './transaction.ts';
import { within } from './within.ts';

/** What the triggers notify on; `sql/postgres/0001-experiments.sql` says it too. */
const CHANNEL = 'evenhand';

/** How long a connection that is given back may take to forget the channel, in milliseconds. */
const UNLISTEN_MS = 1000;

/** When a silent connection is asked whether it is alive. */
export interface ListenTimes {
  /** How often, in milliseconds. */
  readonly aliveMs: number;
  /** How long an answer may take, in milliseconds. */
  readonly timeoutMs: number;
}

/** Calls `changed` when it has begun and at each notification; ends when aborted, rejects when it can't go on. */
export type Listen = (changed: () => void, signal: AbortSignal) => Promise<void>;

/** Sends a statement over the connection that is listened on. */
type Send = (statement: string) => Promise<unknown>;

/**
 * Listens on a connection of its own that the pool lends: each time another one, which is given back
 * as it was, or closed where it no longer answers.
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

/** Listens on the user's only connection. */
export function listenOnClient(client: PostgresClient, times: ListenTimes): Listen {
  const send: Send = (statement) => exclusively(client, () => client.query(statement));
  return async (changed, signal) => {
    try {
      await listen(client, send, changed, signal, times);
    } finally {
      // Where it has broken, there is nothing to forget.
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
    // Something may have changed while nobody listened.
    changed();
    // It may be over since a moment ago; who begins to wait then would wait to the end.
    while (!over.aborted) {
      await pause(aliveMs, over);
      if (over.aborted) break;
      // A cable that was pulled out says nothing: who hears nothing must ask.
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
