import type { RedisEvents } from './clients.ts';
import { reasonOf } from './reason.ts';

/**
 * Resolves when a client that is connecting has connected. Rejects when it could not and will try
 * again, or has given up: what is asked for now would only wait.
 */
export function untilConnected(client: RedisEvents, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    let reason: unknown;
    const note = (error: unknown) => {
      reason = error;
    };
    const fail = () => {
      end();
      const why = reason === undefined ? '' : `: ${reasonOf(reason)}`;
      reject(new Error(`Redis can't be reached${why}`));
    };
    const succeed = () => {
      end();
      resolve();
    };
    const end = () => {
      client.off('ready', succeed);
      client.off('reconnecting', fail);
      client.off('end', fail);
      client.off('error', note);
      signal?.removeEventListener('abort', fail);
    };
    client.on('ready', succeed);
    client.on('reconnecting', fail);
    client.on('end', fail);
    // Where the application does not listen to errors, being the only one would hide them from it.
    if (client.listenerCount('error') > 0) client.on('error', note);
    signal?.addEventListener('abort', fail, { once: true });
    if (signal?.aborted === true) fail();
  });
}

/** Who waits for answers, by client: so it has one listener of ours, however many commands are under way. */
const waiting = new WeakMap<RedisEvents, Set<() => void>>();

/**
 * Sends commands; rejects when the connection is lost before they are answered, or when it is aborted.
 * The client keeps them to send them later, which may be never.
 */
export function whileConnected<T>(
  client: RedisEvents,
  send: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const waiters = waitersFor(client);
    const lose = () => {
      end();
      reject(new Error('the connection to Redis was lost'));
    };
    const abort = () => {
      end();
      reject(signal?.reason as Error);
    };
    const end = () => {
      waiters.delete(lose);
      signal?.removeEventListener('abort', abort);
    };
    waiters.add(lose);
    signal?.addEventListener('abort', abort, { once: true });
    send().then(resolve, reject).finally(end);
  });
}

function waitersFor(client: RedisEvents): Set<() => void> {
  const known = waiting.get(client);
  if (known !== undefined) return known;
  const waiters = new Set<() => void>();
  const tell = () => {
    for (const lose of waiters) lose();
  };
  client.on('reconnecting', tell);
  client.on('end', tell);
  waiting.set(client, waiters);
  return waiters;
}
