import {
  DiscardPolicy,
  jetstream,
  type JetStreamManager,
  jetstreamManager,
} from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import type { EventRecord } from '../../../src/exposures/records/record.ts';
import type { Sink } from '../../../src/exposures/delivery/sink.ts';
import { natsSink, type NatsSinkOptions } from '../../../src/integrations/nats/nats-sink.ts';
import { describeSinkContract } from '../../contract/sink-contract.ts';
import { exposures, unaborted } from '../../exposures/sinks/records.ts';
import { describeWithNats, NatsServer } from '../../servers/nats.ts';
import { until } from '../../sources/until.ts';

const SUBJECT = 'exposures';

const open = (server: NatsServer): Promise<NatsConnection> =>
  connect({ servers: server.address, maxReconnectAttempts: -1, reconnectTimeWait: 50 });

/** A message that is not a record. */
const MARK = 'mark';

/**
 * Returns the content of a stream. Without JetStream there is no confirmation of a stored message,
 * but it is stored before a message that was sent later.
 */
async function storedIn(
  connection: NatsConnection,
  manager: JetStreamManager,
): Promise<EventRecord[]> {
  await jetstream(connection).publish(SUBJECT, MARK);
  const { state } = await manager.streams.info(SUBJECT);
  const records: EventRecord[] = [];
  for (let seq = 1; seq <= state.last_seq; seq++) {
    const message = await manager.streams.getMessage(SUBJECT, { seq });
    const text = message?.string() ?? '';
    if (text !== MARK) records.push(JSON.parse(text) as EventRecord);
  }
  return records;
}

/** Resolves when the server has answered this connection. */
async function untilBack(connection: NatsConnection): Promise<void> {
  let isBack = false;
  const ask = async (): Promise<void> => {
    while (!isBack) {
      isBack = await connection.flush().then(
        () => true,
        () => false,
      );
    }
  };
  void ask();
  await until('the connection is back', () => isBack);
}

describeWithNats('natsSink', () => {
  const startContract = (sinkOf: (connection: NatsConnection) => Sink) => async () => {
    const server = new NatsServer();
    await server.start();
    const connection = await open(server);
    const manager = await jetstreamManager(connection);
    await manager.streams.add({ name: SUBJECT, subjects: [SUBJECT] });
    let state: 'well' | 'killed' | 'frozen' = 'well';
    return {
      sink: sinkOf(connection),
      received: () => storedIn(connection, manager),
      breakDown: async () => {
        await server.kill();
        state = 'killed';
      },
      hang: async () => {
        server.freeze();
        state = 'frozen';
      },
      repair: async () => {
        if (state === 'killed') await server.start();
        if (state === 'frozen') server.thaw();
        state = 'well';
        await untilBack(connection);
      },
      dispose: async () => {
        await connection.close();
        await server.dispose();
      },
    };
  };

  describeSinkContract(
    'natsSink() with JetStream',
    startContract((connection) =>
      natsSink({ jetstream: jetstream(connection, { timeout: 1000 }), subject: SUBJECT }),
    ),
  );

  describeSinkContract(
    'natsSink() with a connection',
    startContract((connection) => natsSink({ connection, subject: SUBJECT })),
  );

  describe('on one server', () => {
    let server: NatsServer;
    let connection: NatsConnection;
    let manager: JetStreamManager;

    beforeAll(async () => {
      server = new NatsServer();
      await server.start();
      connection = await open(server);
      manager = await jetstreamManager(connection);
    });

    afterAll(async () => {
      await connection.close();
      await server.dispose();
    });

    beforeEach(() => manager.streams.add({ name: SUBJECT, subjects: [SUBJECT] }));

    afterEach(() => manager.streams.delete(SUBJECT));

    const stored = (subject = SUBJECT) => natsSink({ jetstream: jetstream(connection), subject });

    const failureOf = (sink: Sink, batch: readonly EventRecord[]): Promise<unknown> =>
      sink.write(batch, unaborted()).then(
        () => 'no failure',
        (error: unknown) => error,
      );

    it('stores a record once, however often it is sent', async () => {
      const batch = exposures(20);
      await stored().write(batch, unaborted());
      await stored().write(batch, unaborted());
      expect(await storedIn(connection, manager)).toEqual(batch);
    });

    it('reports a remedy if no stream stores the subject', async () => {
      expect(await failureOf(stored('nowhere'), exposures(3))).toMatchObject({
        name: 'SinkError',
        permanent: false,
        message: expect.stringContaining('create a stream for this subject'),
      });
    });

    it('continues after a stream was full', async () => {
      await manager.streams.update(SUBJECT, { max_msgs: 2, discard: DiscardPolicy.New });
      const batch = exposures(5);
      expect(await failureOf(stored(), batch)).toMatchObject({ permanent: false });
      await manager.streams.update(SUBJECT, { max_msgs: -1 });
      await stored().write(batch, unaborted());
      expect(await storedIn(connection, manager)).toEqual(batch);
    });

    it.each([
      ['JetStream', () => stored()],
      ['a connection', () => natsSink({ connection, subject: SUBJECT })],
    ])(
      'rejects a record that is too large permanently, and sends the others, with %s',
      async (_what, sinkOf) => {
        const batch = exposures(3).map((record, i) =>
          i === 0 ? { ...record, context: { long: 'x'.repeat(2_000_000) } } : record,
        );
        expect(await failureOf(sinkOf(), batch)).toMatchObject({ permanent: true });
        expect(await storedIn(connection, manager)).toEqual(batch.slice(1));
      },
    );

    it('publishes to subscribers without JetStream', async () => {
      const batch = exposures(3);
      const subscription = connection.subscribe('plain');
      await natsSink({ connection, subject: 'plain' }).write(batch, unaborted());
      await subscription.drain();
      const heard: unknown[] = [];
      for await (const message of subscription) heard.push(message.json());
      expect(heard).toEqual(batch);
    });

    it('reports a closed connection', async () => {
      const closed = await open(server);
      await closed.close();
      const sink = natsSink({ connection: closed, subject: SUBJECT });
      expect(await failureOf(sink, exposures(1))).toMatchObject({ permanent: false });
    });
  });
});

describe('natsSink', () => {
  const connection = { publish: () => {}, flush: async () => {} };

  it.each([
    [{ subject: 'a' }],
    [{ connection }],
    [{ connection, jetstream: { publish: async () => {} }, subject: 'a' }],
    [{ connection: 'nats://localhost', subject: 'a' }],
    [{ connection, subject: 'a b' }],
    [{ connection, subject: 'a.>' }],
    [{ connection, subject: '' }],
    [{ connection, topic: 'a' }],
  ])('rejects %p', (options) => {
    expect(() => natsSink(options as unknown as NatsSinkOptions)).toThrow(
      expect.objectContaining({ code: 'option' }),
    );
  });
});
