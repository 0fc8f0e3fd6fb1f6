/**
 * The parts of the packages `redis` (node-redis, 4 and newer) and `ioredis` (5 and newer) that are
 * used. Structural types, so that neither need be installed by those who don't use it.
 */

/** What both kinds of clients have: they tell what happens to their connection. */
export interface RedisEvents {
  on(event: string, listener: (...args: readonly unknown[]) => void): unknown;
  off(event: string, listener: (...args: readonly unknown[]) => void): unknown;
  listenerCount(event: string): number;
}

/** A client of the package `redis`: `createClient()`, `createCluster()`, `createSentinel()`. */
export interface NodeRedisClient extends RedisEvents {
  readonly isOpen: boolean;
  hGet(key: string, field: string): Promise<unknown>;
  hmGet(key: string, fields: string[]): Promise<unknown>;
  hStrLen(key: string, field: string): Promise<unknown>;
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
  multi(): object;
  duplicate(): object;
}

/** A client of the package `ioredis`: `new Redis()`, `new Cluster()`. */
export interface IoRedisClient extends RedisEvents {
  readonly status: string;
  hget(key: string, field: string): Promise<unknown>;
  hmget(key: string, ...fields: string[]): Promise<unknown>;
  hstrlen(key: string, field: string): Promise<unknown>;
  eval(script: string, keyCount: number, ...keysAndArguments: string[]): Promise<unknown>;
  multi(): object;
  duplicate(options?: object): object;
}

/** A client of either package. It stays the application's: nothing here connects or closes it. */
export type RedisClient = NodeRedisClient | IoRedisClient;

/** Whether a value is a client of the package `redis`. */
export function isNodeRedis(client: unknown): client is NodeRedisClient {
  return isClient(client) && 'hGet' in client && typeof client.hGet === 'function';
}

/** Whether a value is a client of the package `ioredis`. */
export function isIoRedis(client: unknown): client is IoRedisClient {
  return (
    isClient(client) &&
    // Without it, it is an old node-redis, which knows no promises.
    'status' in client &&
    typeof client.status === 'string' &&
    'hget' in client &&
    typeof client.hget === 'function'
  );
}

function isClient(client: unknown): client is object {
  return (
    typeof client === 'object' &&
    client !== null &&
    'duplicate' in client &&
    typeof client.duplicate === 'function'
  );
}
