import { Kafka, logLevel } from 'kafkajs';
import { kafkaSink, type KafkaSinkOptions } from '../../../src/integrations/kafka/kafka-sink.ts';
import { exposures, unaborted } from '../../exposures/sinks/records.ts';

const topic = 'exposures';

/** A producer of `kafkajs` that is not connected. */
const producer = new Kafka({ brokers: ['localhost:1'], logLevel: logLevel.NOTHING }).producer();

describe('kafkaSink', () => {
  it('reports that the producer of kafkajs is not connected, and does not give up', async () => {
    const written = kafkaSink({ producer, topic }).write(exposures(1), unaborted());
    await expect(written).rejects.toMatchObject({
      name: 'SinkError',
      message: 'the topic "exposures": The producer is disconnected',
      permanent: false,
    });
  });

  it.each([
    [{ topic }],
    [{ producer: {}, topic }],
    [{ producer }],
    [{ producer, topic: 'a b' }],
    [{ producer, topic: 'x'.repeat(250) }],
    [{ producer, topic, acks: 1 }],
  ])('rejects %p', (options) => {
    expect(() => kafkaSink(options as unknown as KafkaSinkOptions)).toThrow(
      expect.objectContaining({ code: 'option' }),
    );
  });
});
