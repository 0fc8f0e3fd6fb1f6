import { closing } from '../../closing.ts';
import { describeWithKafka, KafkaServer } from '../../servers/kafka/kafka.ts';
import { describeEachClient } from './clients.ts';
import { Load } from './load.ts';
import { createTopic } from './topics.ts';

describeWithKafka('kafkaSink with one broker under load', () => {
  let server: KafkaServer;

  beforeAll(async () => {
    server = new KafkaServer();
    await server.start();
  });

  describeEachClient((open) => {
    const startLoad = async (topic: string) => {
      const { sink, close } = await open([server.address], topic);
      closing({ close });
      const load = new Load(sink);
      load.start();
      return load;
    };

    it('delivers every record, in order, although the broker is killed twice', async () => {
      const topic = await createTopic(server, { partitions: 3 });
      const load = await startLoad(topic);
      for (let kill = 0; kill < 2; kill++) {
        load.start();
        await load.untilWritten(300);
        await server.kill();
        await load.untilRecorded(1000);
        load.stop();
        await server.start();
      }
      expect(await load.problemsIn(server, topic)).toEqual([]);
    });

    it('delivers every record, in order, although the broker hangs', async () => {
      const topic = await createTopic(server, { partitions: 3 });
      const load = await startLoad(topic);
      await load.untilWritten(300);
      server.freeze();
      await load.untilFailed();
      load.stop();
      server.thaw();
      expect(await load.problemsIn(server, topic)).toEqual([]);
    });
  });
});
