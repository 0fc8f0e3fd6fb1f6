import { checkOptions, type OptionChecks, isObject } from '../../options/check-options.ts';
import { OptionError } from '../../errors/usage-errors.ts';
import type { EventRecord } from '../../exposures/records/record.ts';
import type { Sink } from '../../exposures/delivery/sink.ts';
import { encodeRecord } from '../../exposures/sinks/json-lines.ts';
import { SinkError } from '../../exposures/sinks/sink-error.ts';
import { Turns } from '../../exposures/sinks/file/turns.ts';
import { quote } from '../../errors/show-value.ts';
import { thrownMessage } from '../../errors/thrown.ts';

/** A message as it is sent. */
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
  /** A producer. It stays the application's, which connects it and says how many brokers confirm. */
  producer: KafkaProducer;
  /** Where records go: `exposures`. */
  topic: string;
}

/** What brokers answer to more than they take at once: MESSAGE_TOO_LARGE, RECORD_LIST_TOO_LARGE. */
const TOO_LARGE: ReadonlySet<unknown> = new Set([10, 18]);

const sinkChecks: OptionChecks = new Map([
  [
    'producer',
    {
      expected: 'a producer, as kafka.producer() gives',
      accepts: (value: unknown) => isObject(value) && typeof value['send'] === 'function',
    },
  ],
  [
    'topic',
    {
      // Kafka's own rule.
      expected: 'a topic: up to 249 letters, digits, points, underscores and hyphens',
      accepts: (value: unknown) => typeof value === 'string' && /^[\w.-]{1,249}$/.test(value),
    },
  ],
]);

/**
 * A sink that sends records to a topic of Kafka, each as JSON in a message of its own, with the header
 * `id`. The key is the unit (of an outcome the first of its units), so that the records of one unit are
 * in one partition, in order. A batch of which a part was not confirmed comes again.
 *
 * Only a record that is larger than the brokers take is refused for good.
 *
 * @throws OptionError (`option`) for options that can't be meant
 */
export function kafkaSink(options: KafkaSinkOptions): Sink {
  checkOptions('kafkaSink()', options, sinkChecks);
  const { producer, topic } = options;
  if (producer === undefined || topic === undefined) {
    throw new OptionError('kafkaSink() takes { producer, topic }');
  }
  // A send that was given up goes on; the next one beside it could overtake it.
  const turns = new Turns();
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
 * Sends messages, in halves where they are more than brokers take at once; gives why a message was
 * refused for good, when all others are safe.
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

/** Null, which is any partition, for what has no unit. */
function keyOf(record: EventRecord): string | null {
  const unit = record.event === 'exposure' ? record.unit : Object.values(record.units)[0];
  return unit ?? null;
}

/** The number of a broker's answer, which kafkajs puts into an error around it. */
function codeOf(thrown: unknown): unknown {
  if (typeof thrown !== 'object' || thrown === null) return undefined;
  if ('code' in thrown) return thrown.code;
  return 'cause' in thrown ? codeOf(thrown.cause) : undefined;
}
