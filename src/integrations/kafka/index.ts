/** Entry point `evenhand/kafka`: exposures to Kafka. */

// Sink
export { kafkaSink, type KafkaSinkOptions } from './kafka-sink.ts';

// Clients
export type {
  KafkaJSProducer,
  KafkaMessage,
  KafkaProducer,
  PlatformaticMessage,
  PlatformaticProducer,
} from './producers.ts';
