import { checkOptions, type OptionChecks } from '../../options/check-options.ts';
import { OptionError } from '../../errors/usage-errors.ts';
import type { EventRecord } from '../../exposures/records/record.ts';
import type { Sink } from '../../exposures/delivery/sink.ts';
import { encodeRecord } from '../../exposures/sinks/json-lines.ts';
import { SinkError } from '../../exposures/sinks/sink-error.ts';
import { untilAborted } from '../../runtime/until-aborted.ts';
import { quote, showValue } from '../../errors/show-value.ts';
import type { RedisClient } from './connection/clients.ts';
import { connectionOf } from './connection/connection-of.ts';
import { aClient, aName } from './place.ts';
import { reasonOf } from './connection/reason.ts';

/** Options of `redisStreamSink()`. */
export interface RedisStreamSinkOptions {
  /** A client of the package `redis` or `ioredis`. It stays the application's. */
  client: RedisClient;
  /** The key of the stream. @default 'evenhand:exposures' */
  stream?: string;
  /**
   * About how many entries the stream keeps, from 1 on; older ones are deleted, read or not. `false`:
   * all, until somebody else trims it.
   */
  maxLength: number | false;
}

/** A batch that the client has been given. */
interface GivenBatch {
  readonly batch: readonly EventRecord[];
  readonly done: Promise<void>;
}

const DEFAULT_STREAM = 'evenhand:exposures';

const sinkChecks: OptionChecks = new Map([
  ['client', aClient],
  ['stream', aName],
  [
    'maxLength',
    {
      expected: 'a whole number of entries from 1 on, or false',
      accepts: (value: unknown) =>
        value === false || (Number.isSafeInteger(value) && Number(value) >= 1),
    },
  ],
]);

/**
 * A sink that appends records to a stream of Redis. Each entry has the fields `id`, the record's, and
 * `record`, its JSON. A batch is there whole or not at all; one whose answer got lost comes again, in
 * entries with the same `id`s.
 *
 * Nothing is refused for good: where the key holds something else, the memory is full or a right is
 * missing, the batch waits until that is mended.
 *
 * @throws OptionError (`option`) for options that can't be meant
 */
export function redisStreamSink(options: RedisStreamSinkOptions): Sink {
  const where = 'redisStreamSink()';
  checkOptions(where, options, sinkChecks);
  const { client, stream = DEFAULT_STREAM, maxLength } = options;
  if (maxLength === undefined) {
    throw new OptionError(
      `${where}: option "maxLength" must be given, a number of entries or false, not ${showValue(maxLength)}: a stream that nobody trims fills the memory`,
    );
  }
  const redis = connectionOf(where, client);
  const limit = maxLength === false ? undefined : maxLength;
  let given: GivenBatch | undefined;
  const give = (batch: readonly EventRecord[]): Promise<void> => {
    // What was given up, or cut off from, is still with the client, which has sent it or will.
    if (given?.batch === batch) return given.done;
    const before = given?.done;
    const append = async (): Promise<void> => {
      await before?.catch(() => {});
      const entries = batch.map((record) => ({ id: record.id, record: encodeRecord(record) }));
      await redis.append(stream, entries, limit);
    };
    const one = { batch, done: append() };
    given = one;
    one.done.catch(() => {
      if (given === one) given = undefined;
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
          redis.whenConnected(() => give(batch), signal),
          signal,
        );
      } catch (error) {
        signal.throwIfAborted();
        throw new SinkError(`the stream ${quote(stream)}: ${reasonOf(error)}`);
      }
    },
  };
}
