import { Kafka, KafkaJSConnectionError, logLevel } from 'kafkajs';
import type { EventRecord, OutcomeRecord } from '../../../src/exposures/records/record.ts';
import { kafkaSink, type KafkaSinkOptions } from '../../../src/integrations/kafka/kafka-sink.ts';
import { describeSinkContract } from '../../contract/sink-contract.ts';
import { exposures, unaborted } from '../../exposures/sinks/records.ts';
import { FakeKafka } from './fake-producer.ts';

const topic = 'exposures';

const recordsOf = (kafka: FakeKafka): EventRecord[] =>
  kafka.stored.map(({ message }) => JSON.parse(String(message.value)) as EventRecord);

describeSinkContract('kafkaSink()', async () => {
  // One partition, because order is kept only within a partition.
  const kafka = new FakeKafka(1);
  return {
    sink: kafkaSink({ producer: kafka.producer, topic }),
    received: async () => recordsOf(kafka),
    breakDown: async () => {
      kafka.failure = () => Promise.reject(new KafkaJSConnectionError('Connection error'));
    },
    hang: async () => {
      const { stored } = kafka;
      kafka.failure = () =>
        new Promise((_resolve, reject) => {
          const timer = setInterval(() => {
            if (kafka.failure !== undefined) return;
            clearInterval(timer);
            reject(new Error(`given up with ${stored.length} messages`));
          }, 1);
        });
    },
    repair: async () => {
      kafka.failure = undefined;
    },
    dispose: async () => {},
  };
});

describe('kafkaSink', () => {
  let kafka: FakeKafka;

  beforeEach(() => {
    kafka = new FakeKafka();
  });

  const write = (batch: readonly EventRecord[]): Promise<void> =>
    kafkaSink({ producer: kafka.producer, topic }).write(batch, unaborted());

  const outcome = (units: Record<string, string>): OutcomeRecord => ({
    version: 1,
    id: '019c1234-5678-7abc-8def-0123456789ac',
    time: '2027-01-31T12:00:00.400Z',
    event: 'outcome',
    name: 'purchase',
    units,
  });

  it('accepts a producer of kafkajs', async () => {
    const producer = new Kafka({ brokers: ['localhost:1'], logLevel: logLevel.NOTHING }).producer();
    const written = kafkaSink({ producer, topic }).write(exposures(1), unaborted());
    await expect(written).rejects.toThrow('the topic "exposures": The producer is disconnected');
  });

  it('sends a batch in one call, each record with its unit as the key and its id as a header', async () => {
    const batch = exposures(3);
    await write(batch);
    expect(kafka.sends).toBe(1);
    const sent = kafka.stored.map(({ message }) => message);
    expect(new Set(sent.map(({ key }) => key))).toEqual(new Set(['user-0', 'user-1', 'user-2']));
    for (const { value, headers } of sent) {
      expect(headers).toEqual({ id: (JSON.parse(String(value)) as EventRecord).id });
    }
  });

  it('keeps the records of a unit in one partition, in order', async () => {
    const batch = Array.from({ length: 20 }, () => exposures(5)).flat();
    await write([...batch, outcome({ 'user.id': 'user-3', anonymous: 'x' })]);
    for (const unit of ['user-0', 'user-3']) {
      const stored = kafka.stored.filter(({ message }) => message.key === unit);
      expect(new Set(stored.map(({ partition }) => partition)).size).toBe(1);
      const ids = batch.filter((record) => 'unit' in record && record.unit === unit);
      const sent = stored.map(({ message }) => JSON.parse(String(message.value)) as EventRecord);
      expect(sent.filter(({ event }) => event === 'exposure')).toEqual(ids);
    }
    expect(
      kafka.stored.find(({ message }) => String(message.value).includes('outcome')),
    ).toMatchObject({ message: { key: 'user-3' } });
  });

  it('sends a record without a unit with no key', async () => {
    const [draw] = exposures(1);
    await write([{ ...draw, unit: undefined } as unknown as EventRecord, outcome({})]);
    expect(kafka.stored.map(({ message }) => message.key)).toEqual([null, null]);
  });

  it("splits a batch that exceeds the brokers' limit", async () => {
    kafka = new FakeKafka(1);
    const batch = exposures(400).map((record) => ({
      ...record,
      context: { text: 'ä'.repeat(5000) },
    }));
    await write(batch);
    expect(kafka.sends).toBeGreaterThan(4);
    expect(recordsOf(kafka)).toEqual(batch);
  });

  it("rejects a record above the brokers' limit permanently, and sends the others", async () => {
    kafka = new FakeKafka(1);
    const batch = exposures(5).map((record, i) =>
      i === 2 ? { ...record, context: { text: 'x'.repeat(1_100_000) } } : record,
    );
    await expect(write(batch)).rejects.toMatchObject({ name: 'SinkError', permanent: true });
    expect(recordsOf(kafka)).toEqual(batch.filter((_, i) => i !== 2));
  });

  it('leaves all other errors to be retried', async () => {
    kafka.failure = () => Promise.reject(new KafkaJSConnectionError('Connection error'));
    await expect(write(exposures(2))).rejects.toMatchObject({ permanent: false });
  });

  it.each([
    [{ topic }],
    [{ producer: {}, topic }],
    [{ producer: new FakeKafka().producer }],
    [{ producer: new FakeKafka().producer, topic: 'a b' }],
    [{ producer: new FakeKafka().producer, topic: 'x'.repeat(250) }],
    [{ producer: new FakeKafka().producer, topic, acks: 1 }],
  ])('rejects %p', (options) => {
    expect(() => kafkaSink(options as unknown as KafkaSinkOptions)).toThrow(
      expect.objectContaining({ code: 'option' }),
    );
  });
});
