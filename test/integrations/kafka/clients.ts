import { Kafka, logLevel, type ProducerConfig } from 'kafkajs';
import type { Sink } from '../../../src/exposures/delivery/sink.ts';
import { kafkaSink } from '../../../src/integrations/kafka/kafka-sink.ts';
import { describeWithRecentNode } from '../../processes/recent-node.ts';
import { type PlatformaticOptions, PlatformaticSink } from './platformatic.ts';

/** A sink with a connected producer. */
export interface OpenedSink {
  readonly sink: Sink;
  /** Disconnects the producer. */
  readonly close: () => Promise<void>;
}

/**
 * Opens a sink with a producer that gives up soon, so that the tests see the sink's own retries.
 *
 * @param brokers addresses of the cluster
 */
export type OpenSink = (brokers: readonly string[], topic: string) => Promise<OpenedSink>;

/** The time after which a producer repeats or gives up a request, in milliseconds. */
const REQUEST_MS = 3000;

const RETRY = { retries: 2, initialRetryTime: 50 };

/** Opens `kafkaSink()` with a producer of `kafkajs`. */
export function openKafkaJs(more: ProducerConfig = {}): OpenSink {
  return async (brokers, topic) => {
    const producer = new Kafka({
      brokers: [...brokers],
      logLevel: logLevel.NOTHING,
      connectionTimeout: 1000,
      requestTimeout: REQUEST_MS,
      retry: RETRY,
    }).producer({ allowAutoTopicCreation: false, retry: RETRY, ...more });
    await producer.connect();
    return { sink: kafkaSink({ producer, topic }), close: () => producer.disconnect() };
  };
}

/** Opens `kafkaSink()` with a producer of `@platformatic/kafka`. */
export function openPlatformatic(more: Partial<PlatformaticOptions> = {}): OpenSink {
  return async (brokers, topic) => {
    const sink = new PlatformaticSink({
      topic,
      bootstrapBrokers: brokers,
      hasSerializers: true,
      retries: 2,
      retryDelay: 50,
      timeout: REQUEST_MS,
      ...more,
    });
    return { sink, close: () => sink.end() };
  };
}

/** Makes the same tests for both clients. */
export function describeEachClient(tests: (open: OpenSink) => void): void {
  describe('with kafkajs', () => tests(openKafkaJs()));
  describeWithRecentNode('with @platformatic/kafka', () => tests(openPlatformatic()));
}
