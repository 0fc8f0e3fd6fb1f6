/** Producers of the clients that fit the sink, and one that does not. `npm run types` compiles this. */
import type { Producer } from '@platformatic/kafka';
import type { Producer as KafkaJsProducer } from 'kafkajs';
import type { KafkaProducer } from '../../../src/integrations/kafka/producers.ts';

export const ofKafkaJs = (producer: KafkaJsProducer): KafkaProducer => producer;

export const ofPlatformatic = (producer: Producer<string, string, string, string>): KafkaProducer =>
  producer;

// @ts-expect-error This producer has no serializers, so it takes Buffers.
export const withoutSerializers = (producer: Producer): KafkaProducer => producer;
