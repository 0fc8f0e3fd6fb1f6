import { Redis } from 'ioredis';
import { createClient } from 'redis';
import type { RedisClient } from '../../../src/integrations/redis/connection/clients.ts';
import { REVISION, SPECIFICATION } from '../../../src/integrations/redis/place.ts';

/** An application's client, with methods for tests. */
export interface TestClient {
  readonly client: RedisClient;
  /** Sends any command. */
  command(...args: readonly string[]): Promise<unknown>;
  readonly close: () => void;
}

/** The address of a server, and the user. */
export interface Access {
  readonly socket: string;
  readonly password?: string;
}

/** Opens a client of either package; the server need not be running. */
export type OpenClient = (access: Access) => Promise<TestClient>;

/** Both packages. */
export const PACKAGES: readonly (readonly [name: string, open: OpenClient])[] = [
  [
    'redis',
    async ({ socket, password }) => {
      const client = createClient({
        ...(password !== undefined && { password }),
        socket: { path: socket, tls: false },
      });
      client.on('error', () => {});
      const connected = client.connect();
      // Without a server it rejects after the test has ended.
      connected.catch(() => {});
      return {
        client,
        command: (...args) => client.sendCommand([...args]),
        close: () => client.isOpen && client.destroy(),
      };
    },
  ],
  [
    'ioredis',
    async ({ socket, password }) => {
      const client = new Redis({ path: socket, ...(password !== undefined && { password }) });
      client.on('error', () => {});
      return {
        client,
        command: (name = '', ...args) => client.call(name, ...args),
        close: () => client.disconnect(),
      };
    },
  ],
];

/** The last revision; it increases with each change and is larger than those of the store. */
let revision = 2_000_000_000_000;

/** Writes a specification without validation, like another program. */
export async function writeBehind(
  redis: TestClient,
  text: string,
  { key = 'evenhand:experiments', announce = true } = {},
): Promise<void> {
  const script = `
    redis.call('HSET', KEYS[1], '${SPECIFICATION}', ARGV[1], '${REVISION}', ARGV[2])
    if ARGV[3] == 'true' then redis.call('PUBLISH', KEYS[1], ARGV[2]) end`;
  await redis.command('EVAL', script, '1', key, text, String(revision++), String(announce));
}
