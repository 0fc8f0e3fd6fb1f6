import { OptionError } from '../../../errors/usage-errors.ts';
import { showValue } from '../../../errors/show-value.ts';
import { isIoRedis, isNodeRedis } from './clients.ts';
import { IoRedisConnection } from './io-redis.ts';
import { NodeRedisConnection } from './node-redis.ts';
import type { RedisConnection } from './connection.ts';

/**
 * Returns the uniform connection for a client of either package.
 *
 * @param where the function that received the client, for messages
 * @throws OptionError (`option`) if the value is not a client
 */
export function connectionOf(where: string, client: unknown): RedisConnection {
  if (isNodeRedis(client)) return new NodeRedisConnection(client);
  if (isIoRedis(client)) return new IoRedisConnection(client);
  throw new OptionError(
    `${where}: option "client" must be a client of the package redis (4 or newer) or ioredis, not ${showValue(client)}`,
  );
}
