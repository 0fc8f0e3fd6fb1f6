import { isObject } from '../../options/check-options.ts';

/**
 * The parts of the clients that Evenhand uses. The types are structural, so that applications need not
 * install a client that they don't use.
 */

/** A message to send. */
export interface KafkaMessage {
  /** The unit, which determines the partition; null lets the client choose a partition. */
  key: string | null;
  value: string;
  headers: Record<string, string>;
}

/** A connected producer of `kafkajs`, or of the KafkaJS API of `@confluentinc/kafka-javascript`. */
export interface KafkaJSProducer {
  send(record: { topic: string; messages: KafkaMessage[] }): Promise<unknown>;
}

/** A message to send with `@platformatic/kafka`. */
export interface PlatformaticMessage {
  topic: string;
  key?: string;
  value: string;
  headers: Record<string, string>;
}

/** A `Producer` of `@platformatic/kafka` with the option `serializers: stringSerializers`. */
export interface PlatformaticProducer {
  send(options: { messages: PlatformaticMessage[]; acks: number }): Promise<unknown>;
  /** Distinguishes these producers from others. Never called. */
  initIdempotentProducer(options: object): Promise<unknown>;
}

/** A producer of one of the clients. */
export type KafkaProducer = KafkaJSProducer | PlatformaticProducer;

/** Returns true for an object that can be a producer. */
export function isProducer(value: unknown): boolean {
  return isObject(value) && typeof value['send'] === 'function';
}

/** Returns true for a producer of `@platformatic/kafka`. */
export function isPlatformatic(producer: KafkaProducer): producer is PlatformaticProducer {
  return 'initIdempotentProducer' in producer;
}
