import {
  isPlatformatic,
  type KafkaJSProducer,
  type KafkaMessage,
  type KafkaProducer,
} from './producers.ts';

/** Sends messages to a topic; resolves when the brokers have confirmed all of them. */
export type Send = (messages: readonly KafkaMessage[]) => Promise<unknown>;

/** `acks` for the confirmation of all replicas in sync. */
const ALL = -1;

/** Returns the uniform way to send messages with a producer of either kind. */
export function sendWith(producer: KafkaProducer, topic: string): Send {
  if (!isPlatformatic(producer)) return (messages) => sendAtOnce(producer, topic, messages);
  return (messages) =>
    producer.send({
      messages: messages.map(({ key, ...rest }) => ({
        topic,
        ...rest,
        ...(key !== null && { key }),
      })),
      // The client's own default is the leader alone, whatever the producer's options say.
      acks: ALL,
    });
}

/**
 * Sends messages with a producer of `kafkajs`. Rejects if kafkajs needed more than one attempt.
 *
 * Within one send, kafkajs never asks a broker again that has confirmed its part. If the leader of another
 * partition has moved to that broker meanwhile, no broker gets the messages of this partition, and the send
 * still resolves (https://github.com/tulios/kafkajs/pull/1798). So only the first attempt can be trusted.
 * After others, the batch must be sent again, as a new send.
 */
async function sendAtOnce(
  producer: KafkaJSProducer,
  topic: string,
  messages: readonly KafkaMessage[],
): Promise<void> {
  let attempts = 0;
  const watched = [...messages];
  // At each attempt, kafkajs divides the messages among the partitions, with reduce().
  Object.defineProperty(watched, 'reduce', {
    value(...parameters: unknown[]) {
      attempts++;
      return Reflect.apply(Array.prototype.reduce, messages, parameters);
    },
  });
  await producer.send({ topic, messages: watched });
  // A single message is in one partition, which either has arrived or not.
  if (attempts > 1 && messages.length > 1) {
    throw new Error(
      'kafkajs had to repeat requests, and may then leave out a partition with a new leader; the batch is sent again',
    );
  }
}
