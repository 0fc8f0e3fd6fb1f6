import { Redis } from 'ioredis';
import { createClient } from 'redis';
import type { RedisClient } from '../../../src/integrations/redis/connection/clients.ts';
import { REVISION, SPECIFICATION } from '../../../src/integrations/redis/place.ts';

/** A client as an application has it, and what a test does with it. */
export interface TestClient {
  readonly client: RedisClient;
  /** Any command. */
  command(...args: readonly string[]): Promise<unknown>;
  readonly close: () => void;
}

/** Where a server is, and who asks. */
export interface Access {
  readonly socket: string;
  readonly password?: string;
}

/** A client of either package; the server need not be there. */
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
      // Without a server it is rejected when the test has ended.
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

/** Grows with each change, whatever has become of the server meanwhile; beyond those of the store. */
let revision = 2_000_000_000_000;

/** Writes a specification as others would, without looking at it. */
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
