import type { NodeRedisClient, RedisEvents } from './clients.ts';
import {
  type RedisConnection,
  type RedisListener,
  type StreamEntry,
  answerText,
  textsOf,
} from './connection.ts';
import { untilConnected, whileConnected } from './while-connected.ts';

/** A second client, as `duplicate()` returns it. */
interface NodeRedisDuplicate extends RedisEvents {
  connect(): Promise<unknown>;
  subscribe(channel: string, listener: () => void): Promise<unknown>;
  ping(): Promise<unknown>;
  /** Closes the connection, in version 5 and newer. */
  destroy?(): unknown;
  /** Closes the connection, in version 4. */
  disconnect?(): unknown;
}

/** A transaction, whose commands are sent together. */
interface NodeRedisTransaction {
  xAdd(key: string, id: string, entry: StreamEntry, options?: object): unknown;
  exec(): Promise<unknown>;
}

/** The package `redis`. */
export class NodeRedisConnection implements RedisConnection {
  private readonly client: NodeRedisClient;

  constructor(client: NodeRedisClient) {
    this.client = client;
  }

  async whenConnected<T>(send: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const { client } = this;
    if (!client.isOpen) {
      throw new Error('the client is not connected; call `await client.connect()` first');
    }
    // A cluster does not have this property; its commands reject.
    if ('isReady' in client && client.isReady === false) await untilConnected(client, signal);
    return whileConnected(client, send, signal);
  }

  async hashField(key: string, field: string): Promise<string | undefined> {
    return answerText(await this.client.hGet(key, field));
  }

  async hashFields(key: string, fields: readonly string[]): Promise<(string | undefined)[]> {
    return textsOf(await this.client.hmGet(key, [...fields]));
  }

  async hashFieldBytes(key: string, field: string): Promise<number> {
    return Number(await this.client.hStrLen(key, field));
  }

  async run(script: string, key: string, args: readonly string[]): Promise<string[]> {
    const answer = await this.client.eval(script, { keys: [key], arguments: [...args] });
    return textsOf(answer).map(String);
  }

  async append(
    stream: string,
    entries: readonly StreamEntry[],
    maxLength: number | undefined,
  ): Promise<void> {
    const options =
      maxLength === undefined
        ? undefined
        : { TRIM: { strategy: 'MAXLEN', strategyModifier: '~', threshold: maxLength } };
    const transaction = this.client.multi() as NodeRedisTransaction;
    for (const entry of entries) transaction.xAdd(stream, '*', entry, options);
    await transaction.exec();
  }

  listener(): RedisListener {
    return new NodeRedisListener(this.client.duplicate() as NodeRedisDuplicate);
  }
}

class NodeRedisListener implements RedisListener {
  onLost: (reason: unknown) => void = () => {};
  private readonly client: NodeRedisDuplicate;

  constructor(client: NodeRedisDuplicate) {
    this.client = client;
    client.on('error', (error) => this.onLost(error));
    client.on('reconnecting', () => this.onLost(new Error('the connection was lost')));
    client.on('end', () => this.onLost(new Error('the connection was closed')));
  }

  async listen(channel: string, heard: () => void): Promise<void> {
    await this.client.connect();
    await this.client.subscribe(channel, heard);
  }

  async ping(): Promise<void> {
    await this.client.ping();
  }

  close(): void {
    const { client } = this;
    try {
      const closing = client.destroy === undefined ? client.disconnect?.() : client.destroy();
      // Version 4 returns a promise, which may reject.
      Promise.resolve(closing).catch(() => {});
    } catch {
      // The client was not open.
    }
  }
}
