import { checkOptions, type OptionChecks, isObject } from '../../options/check-options.ts';
import { OptionError } from '../../errors/usage-errors.ts';
import type { EventRecord } from '../../exposures/records/record.ts';
import { LOST_AFTER_MS, type Sink } from '../../exposures/delivery/sink.ts';
import { encodeRecord } from '../../exposures/sinks/json-lines.ts';
import { SinkError } from '../../exposures/sinks/sink-error.ts';
import { Turns } from '../../exposures/sinks/file/turns.ts';
import { quote } from '../../errors/show-value.ts';
import { thrownMessage, thrownProperty } from '../../errors/thrown.ts';

/** A message to send. */
export interface KafkaMessage {
  key: string | null;
  value: string;
  headers: Record<string, string>;
}

/** A connected producer of `kafkajs`, or of the KafkaJS API of `@confluentinc/kafka-javascript`. */
export interface KafkaProducer {
  send(record: { topic: string; messages: KafkaMessage[] }): Promise<unknown>;
}

/** Options of `kafkaSink()`. */
export interface KafkaSinkOptions {
  /** A producer. The application connects it, closes it, and configures its acknowledgements. */
  producer: KafkaProducer;
  /** The topic of the records, such as `exposures`. */
  topic: string;
}

/** The error codes for data above the brokers' limit: MESSAGE_TOO_LARGE, RECORD_LIST_TOO_LARGE. */
const TOO_LARGE: ReadonlySet<unknown> = new Set([10, 18]);

const sinkChecks: OptionChecks = new Map([
  [
    'producer',
    {
      expected: 'a producer, such as kafka.producer()',
      accepts: (value: unknown) => isObject(value) && typeof value['send'] === 'function',
    },
  ],
  [
    'topic',
    {
      // Kafka's own rule.
      expected: 'a topic: up to 249 letters, digits, dots, underscores and hyphens',
      accepts: (value: unknown) => typeof value === 'string' && /^[\w.-]{1,249}$/.test(value),
    },
  ],
]);

/**
 * Returns a sink that sends records to a Kafka topic, each as JSON in its own message with the
 * header `id`. The key is the unit, or the first unit of an outcome, so that the records of one
 * unit stay in order in one partition. A batch that was not confirmed completely is sent again.
 *
 * Only a record that exceeds the brokers' message size is rejected permanently.
 *
 * @throws OptionError (`option`) for invalid options
 */
export function kafkaSink(options: KafkaSinkOptions): Sink {
  const { producer, topic } = checkOptions('kafkaSink()', options, sinkChecks);
  if (producer === undefined || topic === undefined) {
    throw new OptionError('kafkaSink(): set both "producer" and "topic"');
  }
  // An aborted send continues in the client; the next one could overtake it.
  const turns = new Turns(LOST_AFTER_MS);
  return {
    name: 'kafka',
    async write(batch, { signal }) {
      signal.throwIfAborted();
      if (batch.length === 0) return;
      const messages = batch.map((record) => toMessage(record));
      const refused = await turns.run(() => send(producer, topic, messages), signal);
      if (refused !== undefined) throw refused;
    },
  };
}

/**
 * Sends messages, in halves if they exceed the brokers' limit together. Returns the error of a
 * message that was rejected permanently, after all others have been sent.
 */
async function send(
  producer: KafkaProducer,
  topic: string,
  messages: KafkaMessage[],
): Promise<SinkError | undefined> {
  try {
    await producer.send({ topic, messages });
    return undefined;
  } catch (error) {
    const isTooLarge = TOO_LARGE.has(codeOf(error));
    const half = Math.ceil(messages.length / 2);
    if (!isTooLarge || half === messages.length) {
      const message = `the topic ${quote(topic)}: ${thrownMessage(error)}`;
      const failure = new SinkError(message, { cause: error, permanent: isTooLarge });
      if (isTooLarge) return failure;
      throw failure;
    }
    const first = await send(producer, topic, messages.slice(0, half));
    return (await send(producer, topic, messages.slice(half))) ?? first;
  }
}

function toMessage(record: EventRecord): KafkaMessage {
  return { key: keyOf(record), value: encodeRecord(record), headers: { id: record.id } };
}

/** Returns the key of a record; null, which means any partition, if it has no unit. */
function keyOf(record: EventRecord): string | null {
  const unit = record.event === 'exposure' ? record.unit : Object.values(record.units)[0];
  return unit ?? null;
}

/** The most errors around a broker's that are unwrapped; a chain can be a circle. */
const MAX_CAUSES = 10;

/** Returns the error code of a broker, which kafkajs wraps in another error. */
function codeOf(thrown: unknown): unknown {
  let error = thrown;
  for (let depth = 0; depth < MAX_CAUSES; depth++) {
    const code = thrownProperty(error, 'code');
    if (code !== undefined) return code;
    error = thrownProperty(error, 'cause');
  }
  return undefined;
}
