/**
 * The used parts of the packages `redis` (node-redis, 4 and newer) and `ioredis` (5 and newer).
 * Structural types, so that applications need not install a package they don't use.
 */

/** The event methods that both kinds of clients have. */
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

/** A client of either package. The application connects and closes it. */
export type RedisClient = NodeRedisClient | IoRedisClient;

/** Returns true for a client of the package `redis`. */
export function isNodeRedis(client: unknown): client is NodeRedisClient {
  return isClient(client) && 'hGet' in client && typeof client.hGet === 'function';
}

/** Returns true for a client of the package `ioredis`. */
export function isIoRedis(client: unknown): client is IoRedisClient {
  return (
    isClient(client) &&
    // A client without status is an old node-redis, which has no promises.
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
