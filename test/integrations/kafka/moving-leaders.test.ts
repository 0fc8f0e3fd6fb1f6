import { kafkaSink } from '../../../src/integrations/kafka/kafka-sink.ts';
import { exposures, unaborted } from '../../exposures/sinks/records.ts';
import { MovingLeaders } from './moving-leaders.ts';

const topic = 'exposures';

/** Spreads records like an application of which kafkajs knows nothing. */
const ownPartitioner = () => {
  let next = 0;
  return () => next++ % 3;
};

describe('kafkaSink with kafkajs, while leaders change', () => {
  it.each([
    ['its own partitioner', undefined],
    ["the application's partitioner", ownPartitioner],
  ])('does not count a record as written that kafkajs has left out, with %s', async (_, own) => {
    const cluster = new MovingLeaders([0, 0, 1]);
    const producer = await cluster.producer(own);
    const sink = kafkaSink({ producer, topic });
    const batch = exposures(30);
    const ids = batch.map(({ id }) => id);
    cluster.move(2, 0);
    // The first broker has confirmed two partitions. So kafkajs does not ask it again for the third.
    await expect(sink.write(batch, unaborted())).rejects.toMatchObject({
      name: 'SinkError',
      permanent: false,
      message:
        'the topic "exposures": kafkajs had to repeat requests, and may then leave out a partition with a new leader; the batch is sent again',
    });
    expect(new Set(cluster.arrived).size).toBeLessThan(ids.length);
    await sink.write(batch, unaborted());
    expect(new Set(cluster.arrived)).toEqual(new Set(ids));
  });

  it('writes a batch once while no leader changes', async () => {
    const cluster = new MovingLeaders([0, 1, 0]);
    const sink = kafkaSink({ producer: await cluster.producer(), topic });
    const batch = exposures(30);
    await sink.write(batch, unaborted());
    await sink.write(exposures(30), unaborted());
    expect(cluster.arrived).toHaveLength(60);
    expect(new Set(cluster.arrived.slice(0, 30))).toEqual(new Set(batch.map(({ id }) => id)));
    expect(cluster.requests).toBe(4);
  });

  it('leaves a single record to the retries of kafkajs, which can not leave it out', async () => {
    const cluster = new MovingLeaders([0]);
    const sink = kafkaSink({ producer: await cluster.producer(), topic });
    const batch = exposures(1);
    cluster.move(0, 1);
    await sink.write(batch, unaborted());
    expect(cluster.arrived).toEqual(batch.map(({ id }) => id));
    expect(cluster.requests).toBe(2);
  });
});
