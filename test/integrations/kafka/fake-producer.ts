import {
  KafkaJSNonRetriableError,
  KafkaJSProtocolError,
  type Message,
  Partitioners,
  type Producer,
} from 'kafkajs';

/** Where a message has gone. */
export interface Stored {
  readonly partition: number;
  readonly message: Message;
}

/** What a broker takes at once of one partition, in bytes: `message.max.bytes` where nothing is set. */
const MAX_BATCH_BYTES = 1_048_588;

/** What a record costs beside its key and value, about. */
const OVERHEAD_BYTES = 70;

/**
 * What stands behind a producer of kafkajs: the same partitions for the same keys (by the package's own
 * partitioner), the same limit to what is taken at once, and its errors. No broker.
 */
export class FakeKafka {
  readonly stored: Stored[] = [];
  sends = 0;
  /** What a send is answered with; undefined: it is taken. */
  failure: (() => Promise<never>) | undefined;
  private readonly partitions: number;
  private readonly partition = Partitioners.DefaultPartitioner();

  constructor(partitions = 6) {
    this.partitions = partitions;
  }

  /** What the sink uses of a producer, typed as the package types it. */
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
        // Each partition is a batch of its own: others may have been taken.
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

/** As kafkajs rejects with what a broker answers and it does not try again. */
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
