/** Entry point `evenhand/kafka`: exposures to Kafka. */

// Sink
export {
  type KafkaMessage,
  type KafkaProducer,
  kafkaSink,
  type KafkaSinkOptions,
} from './kafka-sink.ts';
