import { createRequire } from 'node:module';
import { Kafka, logLevel } from 'kafkajs';
import type { KafkaJSProducer } from '../../../src/integrations/kafka/producers.ts';

const require = createRequire(__filename);

/** A message as kafkajs hands it to a broker. */
interface Sent {
  readonly key: string | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** The part of kafkajs that stands between its producer and the network. */
interface Produce {
  readonly topicData: readonly {
    readonly topic: string;
    readonly partitions: readonly { readonly partition: number; readonly messages: Sent[] }[];
  }[];
}

const { KafkaJSProtocolError } = require('kafkajs/src/errors') as {
  KafkaJSProtocolError: new (error: object) => Error;
};
const createProducer = require('kafkajs/src/producer') as (options: object) => KafkaJSProducer & {
  connect(): Promise<void>;
};
/** Two brokers in this process, and a real producer of `kafkajs` for them. */
export class MovingLeaders {
  /** The ids of the messages that arrived. */
  readonly arrived: (string | undefined)[] = [];
  /** The number of requests so far. */
  requests = 0;
  /** The broker that leads each partition, and the one that kafkajs believes to lead it. */
  private readonly leaders: number[];
  private known: number[];
  private readonly brokers = [0, 1].map((nodeId) => ({
    nodeId,
    produce: (request: Produce) => this.produce(nodeId, request),
  }));

  /** @param leaders the number of the broker that leads each partition, 0 or 1 */
  constructor(leaders: readonly number[]) {
    this.leaders = [...leaders];
    this.known = [...leaders];
  }

  /** Moves a partition. The producer learns it when its next request is refused. */
  move(partition: number, to: number): void {
    this.leaders[partition] = to;
  }

  /** Returns a connected producer. */
  async producer(createPartitioner?: () => (entry: object) => number): Promise<KafkaJSProducer> {
    const nothing = async () => {};
    const producer = createProducer({
      logger: new Kafka({ brokers: ['unused'], logLevel: logLevel.NOTHING }).logger(),
      retry: { initialRetryTime: 1 },
      ...(createPartitioner && { createPartitioner }),
      cluster: {
        retry: {},
        connect: nothing,
        disconnect: nothing,
        isConnected: () => true,
        addMultipleTargetTopics: nothing,
        refreshMetadataIfNecessary: nothing,
        refreshMetadata: async () => {
          this.known = [...this.leaders];
        },
        findTopicPartitionMetadata: () =>
          this.known.map((leader, partitionId) => ({ partitionId, leader })),
        findLeaderForPartitions: (_: string, partitions: readonly string[]) =>
          this.partitionsByLeader(partitions.map(Number)),
        findBroker: async ({ nodeId }: { nodeId: string }) => this.brokers[Number(nodeId)],
      },
    });
    await producer.connect();
    return producer;
  }

  private partitionsByLeader(partitions: readonly number[]): Record<string, number[]> {
    const byLeader: Record<string, number[]> = {};
    for (const partition of partitions)
      (byLeader[String(this.known[partition])] ??= []).push(partition);
    return byLeader;
  }

  private async produce(nodeId: number, { topicData }: Produce) {
    this.requests++;
    const { topic: topicName = '', partitions = [] } = topicData[0] ?? {};
    if (partitions.some(({ partition }) => this.leaders[partition] !== nodeId)) {
      // The other broker answers first.
      await new Promise((resolve) => setTimeout(resolve, 5));
      throw new KafkaJSProtocolError({
        message: 'This server is not the leader for that topic-partition',
        type: 'NOT_LEADER_FOR_PARTITION',
        code: 6,
        retriable: true,
      });
    }
    for (const { messages } of partitions) {
      this.arrived.push(...messages.map(({ headers }) => headers['id']));
    }
    const confirmed = partitions.map(({ partition }) => ({ partition, errorCode: 0 }));
    return { topics: [{ topicName, partitions: confirmed }] };
  }
}
