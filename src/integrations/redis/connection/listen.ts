import type { WatchOptions } from '../../../sources/source.ts';
import { reasonOf } from './reason.ts';
import type { RedisConnection } from './connection.ts';

/** How often the server is asked whether it is still there, in milliseconds: a network may be cut in silence. */
const PING_MS = 30_000;

/** How a channel is listened to. */
export interface ListenOptions extends WatchOptions {
  /** Called when listening has begun, and with each message. */
  readonly changed: () => void;
  /** How long the server may take for an answer, in milliseconds. */
  readonly timeoutMs: number;
  /** How often it is asked for one, in milliseconds. Default: 30,000. */
  readonly pingMs?: number;
}

/**
 * Listens to a channel over a connection of its own until it is aborted. Waits for the server as long
 * as it takes; rejects as soon as the connection is lost, since what was said meanwhile is lost too.
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
        // Without the client's error, which may have secrets in it.
        reject(new Error(reasonOf(reason)));
      };
      const check = async () => {
        const late = new Error(`the server does not answer within ${timeoutMs} ms`);
        const wait = setTimeout(() => lose(late), timeoutMs).unref();
        await listener.ping().catch(lose);
        clearTimeout(wait);
      };
      const begin = () => {
        // A client may have connected though it was closed.
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
