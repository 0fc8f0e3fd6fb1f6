/** Entry point `evenhand/redis`: experiments in Redis, and exposures in its streams. */

// Source
export { redisSource, type RedisSourceOptions } from './redis-source.ts';
export type { RedisAuthorship } from './change-field.ts';
export type { RedisPlace } from './place.ts';

// Writing
export {
  createRedisStore,
  type PutOptions,
  type RedisStore,
  type RedisStoreOptions,
  type StoredSpecification,
} from './redis-store.ts';

// Sink
export { redisStreamSink, type RedisStreamSinkOptions } from './redis-stream-sink.ts';

// The parts of the clients that are used
export type {
  IoRedisClient,
  NodeRedisClient,
  RedisClient,
  RedisEvents,
} from './connection/clients.ts';
