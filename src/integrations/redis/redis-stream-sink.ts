import { checkOptions, type OptionChecks } from '../../options/check-options.ts';
import { OptionError } from '../../errors/usage-errors.ts';
import type { EventRecord } from '../../exposures/records/record.ts';
import { LOST_AFTER_MS, type Sink } from '../../exposures/delivery/sink.ts';
import { encodeRecord } from '../../exposures/sinks/json-lines.ts';
import { SinkError } from '../../exposures/sinks/sink-error.ts';
import { untilAborted } from '../../runtime/until-aborted.ts';
import { quote } from '../../errors/show-value.ts';
import type { RedisClient } from './connection/clients.ts';
import { connectionOf } from './connection/connection-of.ts';
import { aClient, aName } from './place.ts';
import { messageWithoutSecrets } from './connection/reason.ts';

/** Options of `redisStreamSink()`. */
export interface RedisStreamSinkOptions {
  /** A client of the package `redis` or `ioredis`. The application connects and closes it. */
  client: RedisClient;
  /** The key of the stream. @default 'evenhand:exposures' */
  stream?: string;
  /**
   * The approximate number of entries that the stream keeps, at least 1. Older entries are deleted,
   * even if nobody has read them. `false` keeps all entries until another program trims the stream.
   */
  maxLength: number | false;
}

/** A batch that was passed to the client. */
interface SentBatch {
  readonly batch: readonly EventRecord[];
  readonly done: Promise<void>;
  /** The time at which it was passed, by the monotonic clock. */
  readonly at: number;
}

const DEFAULT_STREAM = 'evenhand:exposures';

const sinkChecks: OptionChecks = new Map([
  ['client', aClient],
  ['stream', aName],
  [
    'maxLength',
    {
      expected: 'a whole number of entries (1 or more), or false',
      accepts: (value: unknown) =>
        value === false || (Number.isSafeInteger(value) && Number(value) >= 1),
    },
  ],
]);

/**
 * Returns a sink that appends records to a Redis stream. Each entry has the fields `id`, the
 * record's id, and `record`, its JSON. A batch is appended completely or not at all. If the answer
 * is lost, the batch is appended again with the same `id`s.
 *
 * The sink never rejects a batch permanently. If the key holds another type, the memory is full or
 * a right is missing, the batch waits until the problem is fixed.
 *
 * @throws OptionError (`option`) for invalid options
 */
export function redisStreamSink(options: RedisStreamSinkOptions): Sink {
  const where = 'redisStreamSink()';
  const { client, stream = DEFAULT_STREAM, maxLength } = checkOptions(where, options, sinkChecks);
  if (maxLength === undefined) {
    throw new OptionError(
      `${where}: option "maxLength" is missing; set a number of entries, or false to keep all, because a stream that is never trimmed fills the memory`,
    );
  }
  const redis = connectionOf(where, client);
  const limit = maxLength === false ? undefined : maxLength;
  let sent: SentBatch | undefined;
  const send = (batch: readonly EventRecord[]): Promise<void> => {
    const at = performance.now();
    if (sent !== undefined && at - sent.at > LOST_AFTER_MS) sent = undefined;
    // The client still holds a batch whose write was aborted or disconnected, and sends it itself.
    if (sent?.batch === batch) return sent.done;
    const before = sent?.done;
    const append = async (): Promise<void> => {
      await before?.catch(() => {});
      const entries = batch.map((record) => ({ id: record.id, record: encodeRecord(record) }));
      await redis.append(stream, entries, limit);
    };
    const one = { batch, done: append(), at };
    sent = one;
    one.done.catch(() => {
      if (sent === one) sent = undefined;
    });
    return one.done;
  };
  return {
    name: 'redis',
    async write(batch, { signal }) {
      signal.throwIfAborted();
      if (batch.length === 0) return;
      try {
        await untilAborted(
          redis.whenConnected(() => send(batch), signal),
          signal,
        );
      } catch (error) {
        signal.throwIfAborted();
        throw new SinkError(`the stream ${quote(stream)}: ${messageWithoutSecrets(error)}`);
      }
    },
  };
}
