import type { EventRecord } from '../../../src/exposures/records/record.ts';
import type { Sink } from '../../../src/exposures/delivery/sink.ts';
import { closing } from '../../closing.ts';
import { exposures, unaborted } from '../../exposures/sinks/records.ts';
import { describeWithRecentNode } from '../../processes/recent-node.ts';
import { describeWithKafka, KafkaServer } from '../../servers/kafka/kafka.ts';
import { describeEachClient, openKafkaJs, openPlatformatic, type OpenSink } from './clients.ts';
import { createTopic, mergeById, readTopic } from './topics.ts';

/** The limit of a topic for a batch of one partition, in bytes. */
const MAX_BYTES = 10_000;

/** Returns an outcome of these units. */
function outcome(units: Record<string, string>): EventRecord {
  return {
    version: 1,
    id: `outcome of ${Object.values(units).join()}`,
    time: '2027-01-31T12:00:00.400Z',
    event: 'outcome',
    name: 'purchase',
    units,
  };
}

/** Adds a text of that many bytes to each record. */
function withText(batch: readonly EventRecord[], bytes: number): EventRecord[] {
  return batch.map((record) => ({ ...record, context: { text: 'ä'.repeat(bytes / 2) } }));
}

/** Returns a record above the limit. */
function tooLarge(): EventRecord {
  const [record] = withText(exposures(1), 2 * MAX_BYTES);
  return record as EventRecord;
}

describeWithKafka('kafkaSink', () => {
  let server: KafkaServer;

  beforeAll(async () => {
    server = new KafkaServer();
    await server.start();
  });

  const openSink = async (open: OpenSink, topic: string): Promise<Sink> => {
    const { sink, close } = await open([server.address], topic);
    closing({ close });
    return sink;
  };

  const failureOf = (sink: Sink, batch: readonly EventRecord[]): Promise<unknown> =>
    sink.write(batch, unaborted()).then(
      () => 'no failure',
      (error: unknown) => error,
    );

  describeEachClient((open) => {
    it('sends each record with its unit as the key and its id as a header', async () => {
      const topic = await createTopic(server, { partitions: 3 });
      const batch = [...exposures(20), outcome({ 'user.id': 'user-3', anonymous: 'x' })];
      await (await openSink(open, topic)).write(batch, unaborted());
      const arrived = await readTopic(server, topic);
      const of = (id: string) => arrived.filter((one) => one.id === id);
      for (const record of batch) {
        const key = record.event === 'exposure' ? record.unit : 'user-3';
        expect(of(record.id)).toEqual([
          { partition: expect.any(Number), key, id: record.id, record },
        ]);
      }
      const partitionsOf = (unit: string) =>
        arrived.filter(({ key }) => key === unit).map(({ partition }) => partition);
      expect(partitionsOf('user-3')).toHaveLength(2);
      expect(new Set(partitionsOf('user-3')).size).toBe(1);
    });

    it('sends a record without a unit with no key', async () => {
      const topic = await createTopic(server);
      const [draw] = exposures(1);
      const batch = [{ ...draw, unit: undefined } as unknown as EventRecord, outcome({})];
      await (await openSink(open, topic)).write(batch, unaborted());
      expect((await readTopic(server, topic)).map(({ key }) => key)).toEqual([
        undefined,
        undefined,
      ]);
    });

    describe('with a limit of 10,000 bytes', () => {
      const limited = (partitions: number) =>
        createTopic(server, { partitions, config: { 'max.message.bytes': String(MAX_BYTES) } });

      it('splits a batch above the limit, and keeps its order', async () => {
        const topic = await limited(1);
        const batch = withText(exposures(50), 2000);
        await (await openSink(open, topic)).write(batch, unaborted());
        expect((await readTopic(server, topic)).map(({ record }) => record)).toEqual(batch);
      });

      it.each([1, 3])(
        'rejects a record above the limit permanently, and sends the others to %p partition(s)',
        async (partitions) => {
          const topic = await limited(partitions);
          const batch = exposures(30);
          const sink = await openSink(open, topic);
          const failure = await failureOf(sink, batch.with(7, tooLarge()));
          expect(failure).toMatchObject({
            name: 'SinkError',
            permanent: true,
            message: expect.stringContaining('larger than the max message size'),
          });
          const ids = (records: readonly EventRecord[]) => new Set(records.map(({ id }) => id));
          const arrived = mergeById(await readTopic(server, topic)).map(({ record }) => record);
          expect(ids(arrived)).toEqual(ids(batch.filter((_, i) => i !== 7)));
          await sink.write([outcome({ 'user.id': 'later' })], unaborted());
          expect(mergeById(await readTopic(server, topic))).toHaveLength(30);
        },
      );
    });

    it('says that the topic is missing, and writes when it is there', async () => {
      const topic = `missing-${Math.random()}`;
      const sink = await openSink(open, topic);
      const batch = exposures(3);
      for (let attempt = 0; attempt < 2; attempt++) {
        expect(await failureOf(sink, batch)).toMatchObject({
          name: 'SinkError',
          permanent: false,
          message: expect.stringMatching(
            `^the topic "${topic}": .+; create the topic, or let brokers and producer create topics$`,
          ),
        });
      }
      await createTopic(server, {}, topic);
      await sink.write(batch, unaborted());
      expect((await readTopic(server, topic)).map(({ record }) => record)).toEqual(batch);
    });
  });

  it('advises against idempotent producers of kafkajs, which stop for good after a batch above the limit', async () => {
    const topic = await createTopic(server, {
      partitions: 3,
      config: { 'max.message.bytes': String(MAX_BYTES) },
    });
    const sink = await openSink(openKafkaJs({ idempotent: true }), topic);
    expect(await failureOf(sink, [...exposures(20), tooLarge()])).toMatchObject({
      permanent: false,
      message: expect.stringMatching(/; create the producer without idempotent: true$/),
    });
  });

  describeWithRecentNode('with @platformatic/kafka', () => {
    it('says that the producer needs serializers', async () => {
      const topic = await createTopic(server);
      const sink = await openSink(openPlatformatic({ hasSerializers: false }), topic);
      expect(await failureOf(sink, exposures(1))).toMatchObject({
        permanent: false,
        message: expect.stringMatching(
          /; create the producer with serializers: stringSerializers$/,
        ),
      });
      expect(await readTopic(server, topic)).toEqual([]);
    });

    it('splits batches of an idempotent producer, and continues after a record above the limit', async () => {
      const topic = await createTopic(server, {
        partitions: 3,
        config: { 'max.message.bytes': String(MAX_BYTES) },
      });
      const batch = exposures(30);
      const sink = await openSink(openPlatformatic({ idempotent: true }), topic);
      const failure = await failureOf(sink, [...batch.slice(0, 20), tooLarge()]);
      expect(failure).toMatchObject({ permanent: true });
      await sink.write(batch.slice(20), unaborted());
      const ids = mergeById(await readTopic(server, topic)).map(({ id }) => id);
      expect(new Set(ids)).toEqual(new Set(batch.map(({ id }) => id)));
    });

    it('puts units into the same partitions as kafkajs with compatibilityPartitioner', async () => {
      const batch = exposures(50);
      const partitionsWith = async (open: OpenSink) => {
        const topic = await createTopic(server, { partitions: 3 });
        await (await openSink(open, topic)).write(batch, unaborted());
        const arrived = await readTopic(server, topic);
        return new Map(arrived.map(({ key, partition }) => [key, partition]));
      };
      const expected = await partitionsWith(openKafkaJs());
      expect(new Set(expected.values()).size).toBe(3);
      expect(await partitionsWith(openPlatformatic({ isCompatible: true }))).toEqual(expected);
    });
  });
});
