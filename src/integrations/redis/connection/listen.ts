import type { WatchOptions } from '../../../sources/source.ts';
import { messageWithoutSecrets } from './reason.ts';
import type { RedisConnection } from './connection.ts';

/**
 * The interval of the check for a dead connection, in milliseconds: a broken network may send no
 * error.
 */
const PING_MS = 30_000;

/** Options of {@link listenTo}. */
export interface ListenOptions extends WatchOptions {
  /** Called when listening has started, and for each message. */
  readonly changed: () => void;
  /** The longest time for an answer of the server, in milliseconds. */
  readonly timeoutMs: number;
  /** The interval of the check, in milliseconds. @default 30,000 */
  readonly pingMs?: number;
}

/**
 * Listens to a channel over a dedicated connection until the signal is aborted. It waits for the
 * server without a time limit. It rejects as soon as the connection is lost, because messages may
 * be lost too.
 */
export async function listenTo(
  redis: RedisConnection,
  channel: string,
  { changed, signal, timeoutMs, pingMs = PING_MS }: ListenOptions,
): Promise<void> {
  if (signal.aborted) return;
  const listener = redis.listener();
  let timer: NodeJS.Timeout | undefined;
  let ended = false;
  try {
    await new Promise<void>((resolve, reject) => {
      const lose = (reason: unknown) => {
        // The client's error is not the cause, because it may contain secrets.
        reject(new Error(messageWithoutSecrets(reason)));
      };
      const check = async () => {
        const late = new Error(`the server did not answer within ${timeoutMs} ms`);
        const wait = setTimeout(() => lose(late), timeoutMs).unref();
        await listener.ping().catch(lose);
        clearTimeout(wait);
      };
      const begin = () => {
        // A client may connect although it was closed.
        if (ended) return;
        listener.onLost = lose;
        timer = setInterval(() => void check(), pingMs).unref();
        changed();
      };
      signal.addEventListener('abort', () => resolve(), { once: true });
      listener.listen(channel, changed).then(begin, lose);
    });
  } finally {
    ended = true;
    clearInterval(timer);
    listener.onLost = () => {};
    listener.close();
  }
}
