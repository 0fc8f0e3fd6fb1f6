import { EventEmitter } from 'node:events';
import type { PostgresPoolClient } from '../../../../src/integrations/postgres/connection/connection.ts';
import {
  listenOnClient,
  listenOnPool,
} from '../../../../src/integrations/postgres/connection/listen.ts';

/** Longer than any test. */
const times = { aliveMs: 86_400_000, timeoutMs: 10_000 };

/** A connection that answers immediately; the test emits its events. */
class FakeConnection extends EventEmitter implements PostgresPoolClient {
  readonly statements: string[] = [];
  readonly released: (boolean | undefined)[] = [];
  answers = true;

  query(text: string): Promise<{ rows: [] }> {
    this.statements.push(text);
    return this.answers ? Promise.resolve({ rows: [] }) : new Promise(() => {});
  }

  release(destroy?: boolean): void {
    this.released.push(destroy);
  }
}

describe('listenOnPool()', () => {
  const listen = (connection: FakeConnection, more = {}) =>
    listenOnPool({ connect: () => Promise.resolve(connection) }, { ...times, ...more });

  it('ends if it is aborted while it starts', async () => {
    const connection = new FakeConnection();
    const closing = new AbortController();
    await listen(connection)(() => closing.abort(), closing.signal);
    expect(connection.statements).toEqual(['LISTEN evenhand', 'UNLISTEN evenhand']);
    expect(connection.released).toEqual([false]);
    expect(connection.eventNames()).toEqual([]);
  });

  it('rejects if the connection breaks while it starts', async () => {
    const connection = new FakeConnection();
    const { signal } = new AbortController();
    const broken = () => void connection.emit('error', new Error('it has broken'));
    await expect(listen(connection)(broken, signal)).rejects.toThrow('it has broken');
    expect(connection.released).toEqual([true]);
    expect(connection.eventNames()).toEqual([]);
  });

  it('ignores other channels', async () => {
    const connection = new FakeConnection();
    const closing = new AbortController();
    let heard = 0;
    const began = new Promise<void>((resolve) => {
      void listen(connection)(() => {
        heard++;
        resolve();
      }, closing.signal);
    });
    await began;
    connection.emit('notification', { channel: 'another' });
    connection.emit('notification', { channel: 'evenhand' });
    expect(heard).toBe(2);
    closing.abort();
  });

  it('rejects when a connection no longer answers, and closes it', async () => {
    const connection = new FakeConnection();
    const { signal } = new AbortController();
    const fallsSilent = () => {
      connection.answers = false;
    };
    const short = { aliveMs: 10, timeoutMs: 20 };
    await expect(listen(connection, short)(fallsSilent, signal)).rejects.toThrow(
      'PostgreSQL did not answer within 20 ms',
    );
    expect(connection.statements).toEqual(['LISTEN evenhand', 'SELECT 1', 'UNLISTEN evenhand']);
    expect(connection.released).toEqual([true]);
  });
});

describe('listenOnClient()', () => {
  it('leaves the connection in its original state', async () => {
    const connection = new FakeConnection();
    const closing = new AbortController();
    await listenOnClient(connection, times)(() => closing.abort(), closing.signal);
    expect(connection.statements).toEqual(['LISTEN evenhand', 'UNLISTEN evenhand']);
    expect(connection.released).toEqual([]);
    expect(connection.eventNames()).toEqual([]);
  });

  it('rejects when the connection has ended', async () => {
    const connection = new FakeConnection();
    const { signal } = new AbortController();
    const ended = () => void connection.emit('end');
    await expect(listenOnClient(connection, times)(ended, signal)).rejects.toThrow(
      'the connection has ended',
    );
  });
});
