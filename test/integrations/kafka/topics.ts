import { randomUUID } from 'node:crypto';
import type { PartitionMetadata } from 'kafkajs';
import type { EventRecord } from '../../../src/exposures/records/record.ts';
import type { KafkaServer } from '../../servers/kafka/kafka.ts';

/** The longest wait for a state of a topic, in milliseconds. */
const PATIENCE_MS = 90_000;

/** A message in a topic. */
export interface Arrived {
  readonly partition: number;
  readonly key: string | undefined;
  /** The header `id`. */
  readonly id: string | undefined;
  readonly record: EventRecord;
}

/** Settings of a topic. */
export interface TopicSettings {
  readonly partitions?: number;
  /** The numbers of the nodes that hold each partition, the preferred leader first. @default [1] */
  readonly replicas?: number[];
  /** The topic's configuration, such as `max.message.bytes`. */
  readonly config?: Readonly<Record<string, string>>;
}

/** Creates a topic, and returns its name. */
export async function createTopic(
  server: KafkaServer,
  { partitions = 1, replicas = [1], config = {} }: TopicSettings = {},
  topic = `exposures-${randomUUID()}`,
): Promise<string> {
  const replicaAssignment = Array.from({ length: partitions }, (_, partition) => ({
    partition,
    replicas,
  }));
  const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }));
  await server.administer((admin) =>
    admin.createTopics({
      topics: [{ topic, replicaAssignment, configEntries }],
      waitForLeaders: false,
    }),
  );
  const [leader] = replicas;
  await untilPartitions(server, topic, (one) => one.leader === leader);
  return topic;
}

/** Waits until a condition holds for every partition of a topic. */
export async function untilPartitions(
  server: KafkaServer,
  topic: string,
  isSo: (partition: PartitionMetadata) => boolean,
): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  let seen: unknown;
  while (performance.now() < deadline) {
    try {
      const { topics } = await server.administer((admin) =>
        admin.fetchTopicMetadata({ topics: [topic] }),
      );
      const partitions = topics.flatMap((one) => one.partitions);
      if (partitions.length > 0 && partitions.every(isSo)) return;
      seen = partitions;
    } catch (error) {
      // The node does not yet know the topic.
      seen = error;
    }
  }
  throw new Error(`the topic ${topic} does not come to this state`, { cause: seen });
}

/** Reads all messages that are in a topic now: partition by partition, each in order. */
export async function readTopic(server: KafkaServer, topic: string): Promise<Arrived[]> {
  const offsets = await server.administer((admin) => admin.fetchTopicOffsets(topic));
  const ends = new Map(
    offsets
      .map(({ partition, high }) => [partition, Number(high)] as const)
      .filter(([, end]) => end > 0),
  );
  const arrived: Arrived[] = [];
  if (ends.size === 0) return arrived;
  const consumer = server.client().consumer({ groupId: randomUUID() });
  try {
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      consumer.on('consumer.crash', ({ payload }) => {
        if (!payload.restart) reject(payload.error);
      });
      const eachMessage: NonNullable<Parameters<typeof consumer.run>[0]>['eachMessage'] = async ({
        partition,
        message: { key, value, headers, offset },
      }) => {
        const id = headers?.['id'];
        arrived.push({
          partition,
          key: key?.toString(),
          id: id?.toString(),
          record: JSON.parse(String(value)) as EventRecord,
        });
        if (Number(offset) + 1 >= (ends.get(partition) ?? 0)) ends.delete(partition);
        if (ends.size === 0) resolve();
      };
      consumer.run({ autoCommit: false, eachMessage }).catch(reject);
    });
  } finally {
    await consumer.disconnect();
  }
  return arrived.sort((a, b) => a.partition - b.partition);
}

/** Merges repeated messages by their ids; the first one counts. */
export function mergeById(arrived: readonly Arrived[]): Arrived[] {
  const first = new Map<string | undefined, Arrived>();
  for (const one of arrived) if (!first.has(one.id)) first.set(one.id, one);
  return [...first.values()];
}
