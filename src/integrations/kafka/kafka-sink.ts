import { checkOptions, type OptionChecks } from '../../options/check-options.ts';
import { OptionError } from '../../errors/usage-errors.ts';
import type { EventRecord } from '../../exposures/records/record.ts';
import { LOST_AFTER_MS, type Sink } from '../../exposures/delivery/sink.ts';
import { encodeRecord } from '../../exposures/sinks/json-lines.ts';
import { SinkError } from '../../exposures/sinks/sink-error.ts';
import { Turns } from '../../exposures/sinks/file/turns.ts';
import { quote } from '../../errors/show-value.ts';
import { readFailure } from './kafka-error.ts';
import { isProducer, type KafkaMessage, type KafkaProducer } from './producers.ts';
import { type Send, sendWith } from './send-with.ts';

/** Options of `kafkaSink()`. */
export interface KafkaSinkOptions {
  /**
   * A producer of `@platformatic/kafka` or `kafkajs`. The application creates, connects and closes it.
   * A producer of `@platformatic/kafka` needs `serializers: stringSerializers`.
   */
  producer: KafkaProducer;
  /** The topic of the records, such as `exposures`. */
  topic: string;
}

const sinkChecks: OptionChecks = new Map([
  ['producer', { expected: 'a producer, such as new Producer(…)', accepts: isProducer }],
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
 * unit stay in order in one partition. A batch counts as written when all replicas in sync have
 * confirmed it. A batch that was not confirmed completely is sent again.
 *
 * Only a record that exceeds the brokers' message size is rejected permanently. If the topic is
 * missing or has no leader, the batch waits until the problem is fixed.
 *
 * @throws OptionError (`option`) for invalid options
 */
export function kafkaSink(options: KafkaSinkOptions): Sink {
  const { producer, topic } = checkOptions('kafkaSink()', options, sinkChecks);
  if (producer === undefined || topic === undefined) {
    throw new OptionError('kafkaSink(): set both "producer" and "topic"');
  }
  const send = sendWith(producer, topic);
  // An aborted send continues in the client; the next one could overtake it.
  const turns = new Turns(LOST_AFTER_MS);
  return {
    name: 'kafka',
    async write(batch, { signal }) {
      signal.throwIfAborted();
      if (batch.length === 0) return;
      const messages = batch.map((record) => toMessage(record));
      const refused = await turns.run(() => sendAll(send, topic, messages), signal);
      if (refused !== undefined) throw refused;
    },
  };
}

/**
 * Sends messages, in halves if they exceed the brokers' limit together. Returns the error of a
 * message that was rejected permanently, after all others have been sent.
 */
async function sendAll(
  send: Send,
  topic: string,
  messages: readonly KafkaMessage[],
): Promise<SinkError | undefined> {
  try {
    await send(messages);
    return undefined;
  } catch (error) {
    const failure = failureOf(topic, error);
    if (failure.permanent !== true) throw failure;
    const half = Math.ceil(messages.length / 2);
    if (half === messages.length) return failure;
    const first = await sendAll(send, topic, messages.slice(0, half));
    return (await sendAll(send, topic, messages.slice(half))) ?? first;
  }
}

function failureOf(topic: string, thrown: unknown): SinkError {
  const { reason, isTooLarge } = readFailure(thrown);
  const message = `the topic ${quote(topic)}: ${reason}`;
  return new SinkError(message, { cause: thrown, permanent: isTooLarge });
}

function toMessage(record: EventRecord): KafkaMessage {
  return { key: keyOf(record), value: encodeRecord(record), headers: { id: record.id } };
}

/** Returns the key of a record; null, which means any partition, if it has no unit. */
function keyOf(record: EventRecord): string | null {
  const unit = record.event === 'exposure' ? record.unit : Object.values(record.units)[0];
  return unit ?? null;
}
