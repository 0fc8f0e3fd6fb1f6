import {
  KafkaJSNonRetriableError,
  KafkaJSProtocolError,
  type Message,
  Partitioners,
  type Producer,
} from 'kafkajs';

/** A message with its partition. */
export interface Stored {
  readonly partition: number;
  readonly message: Message;
}

/**
 * The default of `message.max.bytes`: the most bytes that a broker accepts at once for one
 * partition.
 */
const MAX_BATCH_BYTES = 1_048_588;

/** The approximate size of a record without its key and value. */
const OVERHEAD_BYTES = 70;

/**
 * A stand-in for the broker behind a producer of kafkajs. It has the same partitions for the same
 * keys (by the package's own partitioner), the same size limit and the same errors.
 */
export class FakeKafka {
  readonly stored: Stored[] = [];
  sends = 0;
  /** The error of the next sends; undefined accepts them. */
  failure: (() => Promise<never>) | undefined;
  private readonly partitions: number;
  private readonly partition = Partitioners.DefaultPartitioner();

  constructor(partitions = 6) {
    this.partitions = partitions;
  }

  /** The used part of a producer, with the package's types. */
  get producer(): Pick<Producer, 'send'> {
    return {
      send: async ({ topic, messages }) => {
        this.sends++;
        if (this.failure !== undefined) return this.failure();
        const ids = Array.from({ length: this.partitions }, (_, partitionId) => partitionId);
        const partitionMetadata = ids.map((partitionId) => ({
          partitionErrorCode: 0,
          partitionId,
          leader: 1,
          replicas: [1],
          isr: [1],
        }));
        const placed = messages.map((message) => ({
          message,
          partition: this.partition({ topic, partitionMetadata, message }),
        }));
        const taken = ids.map((id) => placed.filter(({ partition }) => partition === id));
        // Each partition is a separate batch, so others may have been accepted.
        for (const batch of taken)
          if (bytesOf(batch) <= MAX_BATCH_BYTES) this.stored.push(...batch);
        if (taken.some((batch) => bytesOf(batch) > MAX_BATCH_BYTES)) throw tooLarge();
        return [];
      },
    };
  }
}

function bytesOf(batch: readonly Stored[]): number {
  return batch.reduce((sum, { message: { key, value } }) => {
    const bytes = [key, value].map((part) => (part == null ? 0 : Buffer.byteLength(part)));
    return sum + OVERHEAD_BYTES + (bytes[0] ?? 0) + (bytes[1] ?? 0);
  }, 0);
}

/** Returns the error of kafkajs for a broker's answer that it does not retry. */
function tooLarge(): Error {
  const answer = Object.assign(
    new Error(
      'The request included a message larger than the max message size the server will accept',
    ),
    { type: 'MESSAGE_TOO_LARGE', code: 10, retriable: false },
  );
  const error: object = new KafkaJSNonRetriableError(new KafkaJSProtocolError(answer));
  return Object.assign(error as Error, { cause: new KafkaJSProtocolError(answer) });
}
