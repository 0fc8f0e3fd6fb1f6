import { closing } from '../../closing.ts';
import { describeWithKafka, KafkaServer } from '../../servers/kafka/kafka.ts';
import { describeEachClient } from './clients.ts';
import { Load } from './load.ts';
import { createTopic, untilPartitions } from './topics.ts';

/** The ids of the nodes. */
const [FIRST, SECOND] = [1, 2];

describeWithKafka('kafkaSink with two brokers under load', () => {
  let first: KafkaServer;
  let second: KafkaServer;

  beforeAll(async () => {
    first = new KafkaServer();
    await first.start();
    second = new KafkaServer(first);
    await second.start();
  });

  describeEachClient((open) => {
    /** Starts a load on a topic that the second broker leads. */
    const startLoad = async (minInSync: number) => {
      const topic = await createTopic(second, {
        partitions: 3,
        replicas: [SECOND, FIRST],
        config: { 'min.insync.replicas': String(minInSync) },
      });
      const { sink, close } = await open([first.address, second.address], topic);
      closing({ close });
      const load = new Load(sink);
      load.start();
      await load.untilWritten(300);
      return { load, topic };
    };

    const untilLeader = (topic: string, id: number) =>
      untilPartitions(first, topic, ({ leader, isr }) => leader === id && isr.includes(id));

    it('follows the leader when it is killed, and when it comes back', async () => {
      const { load, topic } = await startLoad(1);
      await second.kill();
      await untilLeader(topic, FIRST);
      await load.untilWritten(300);
      load.stop();
      await second.start();
      load.start();
      // Kafka moves the partitions back to their preferred leader.
      await untilLeader(topic, SECOND);
      await load.untilWritten(300);
      expect(await load.problemsIn(first, topic)).toEqual([]);
    });

    it('waits until enough replicas are in sync', async () => {
      const { load, topic } = await startLoad(2);
      await second.kill();
      await untilLeader(topic, FIRST);
      await load.untilFailed();
      load.stop();
      await second.start();
      expect(await load.problemsIn(first, topic)).toEqual([]);
    });
  });
});
