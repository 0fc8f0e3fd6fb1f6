import type { IoRedisClient, RedisEvents } from './clients.ts';
import {
  type RedisConnection,
  type RedisListener,
  type StreamEntry,
  answerText,
  textsOf,
} from './connection.ts';
import { untilConnected, whileConnected } from './while-connected.ts';

/** A second client, as `duplicate()` returns it. */
interface IoRedisDuplicate extends RedisEvents {
  readonly status: string;
  connect(): Promise<unknown>;
  subscribe(channel: string): Promise<unknown>;
  ping(): Promise<unknown>;
  disconnect(): void;
}

/** A transaction, whose commands are sent together. */
interface IoRedisTransaction {
  xadd(key: string, ...args: readonly (string | number)[]): unknown;
  exec(): Promise<readonly (readonly [error: unknown, result: unknown])[] | null>;
}

/** The states in which a command would wait for the connection. */
const CONNECTING: ReadonlySet<string> = new Set(['connecting', 'connect', 'reconnecting', 'close']);

/** The package `ioredis`. */
export class IoRedisConnection implements RedisConnection {
  private readonly client: IoRedisClient;

  constructor(client: IoRedisClient) {
    this.client = client;
  }

  async whenConnected<T>(send: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const { client } = this;
    if (CONNECTING.has(client.status)) await untilConnected(client, signal);
    return whileConnected(client, send, signal);
  }

  async hashField(key: string, field: string): Promise<string | undefined> {
    return answerText(await this.client.hget(key, field));
  }

  async hashFields(key: string, fields: readonly string[]): Promise<(string | undefined)[]> {
    return textsOf(await this.client.hmget(key, ...fields));
  }

  async hashFieldBytes(key: string, field: string): Promise<number> {
    return Number(await this.client.hstrlen(key, field));
  }

  async run(script: string, key: string, args: readonly string[]): Promise<string[]> {
    return textsOf(await this.client.eval(script, 1, key, ...args)).map(String);
  }

  async append(
    stream: string,
    entries: readonly StreamEntry[],
    maxLength: number | undefined,
  ): Promise<void> {
    const limit = maxLength === undefined ? [] : ['MAXLEN', '~', maxLength];
    const transaction = this.client.multi() as IoRedisTransaction;
    for (const entry of entries) {
      transaction.xadd(stream, ...limit, '*', ...Object.entries(entry).flat());
    }
    const answers = await transaction.exec();
    if (answers === null) throw new Error('the transaction was aborted');
    for (const [error] of answers) if (error !== null) throw error;
  }

  listener(): RedisListener {
    // No automatic recovery: after a lost connection, the source opens a new listener.
    const options = { lazyConnect: true, autoResubscribe: false };
    return new IoRedisListener(this.client.duplicate(options) as IoRedisDuplicate);
  }
}

class IoRedisListener implements RedisListener {
  onLost: (reason: unknown) => void = () => {};
  private readonly client: IoRedisDuplicate;

  constructor(client: IoRedisDuplicate) {
    this.client = client;
    client.on('error', (error) => this.onLost(error));
    client.on('close', () => this.onLost(new Error('the connection was lost')));
    client.on('end', () => this.onLost(new Error('the connection was closed')));
  }

  async listen(channel: string, heard: () => void): Promise<void> {
    const { client } = this;
    client.on('message', heard);
    await new Promise<void>((resolve, reject) => {
      client.on('ready', () => resolve());
      client.on('end', () => reject(new Error('the client stopped trying to connect')));
      // Ignored: it rejects after the first attempt although others follow, and for a connecting
      // cluster.
      client.connect().catch(() => {});
      if (client.status === 'ready') resolve();
    });
    await client.subscribe(channel);
  }

  async ping(): Promise<void> {
    await this.client.ping();
  }

  close(): void {
    this.client.disconnect();
  }
}
