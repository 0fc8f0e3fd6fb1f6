import type { RedisEvents } from './clients.ts';
import { messageWithoutSecrets } from './reason.ts';

/**
 * Resolves when a connecting client has connected. Rejects when the attempt fails, because a
 * command would then wait for a later attempt.
 */
export function untilConnected(client: RedisEvents, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    let reason: unknown;
    const note = (error: unknown) => {
      reason = error;
    };
    const fail = () => {
      end();
      const why = reason === undefined ? '' : `: ${messageWithoutSecrets(reason)}`;
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
    // Not if the application has no listener: ours would be the only one, and would hide errors
    // from it.
    if (client.listenerCount('error') > 0) client.on('error', note);
    signal?.addEventListener('abort', fail, { once: true });
    if (signal?.aborted === true) fail();
  });
}

/**
 * The callers that wait for answers, by client, so that each client has one listener for all
 * commands.
 */
const waiting = new WeakMap<RedisEvents, Set<() => void>>();

/**
 * Sends commands. Rejects when the connection is lost before they are answered, or when the signal
 * is aborted. The client itself keeps the commands and sends them after it has reconnected.
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
  const notify = () => {
    for (const lose of waiters) lose();
  };
  client.on('reconnecting', notify);
  client.on('end', notify);
  waiting.set(client, waiters);
  return waiters;
}
