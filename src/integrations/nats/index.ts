/** Entry point `evenhand/nats`: exposures to NATS. */

// Sink
export {
  type NatsConnection,
  type NatsJetStream,
  natsSink,
  type NatsSinkOptions,
} from './nats-sink.ts';
