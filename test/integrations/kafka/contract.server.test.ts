import { describeSinkContract } from '../../contract/sink-contract.ts';
import { describeWithKafka, KafkaServer } from '../../servers/kafka/kafka.ts';
import { describeEachClient } from './clients.ts';
import { createTopic, readTopic } from './topics.ts';

describeWithKafka('kafkaSink', () => {
  let server: KafkaServer;

  beforeAll(async () => {
    server = new KafkaServer();
    await server.start();
  });

  describeEachClient((open) => {
    describeSinkContract('kafkaSink()', async () => {
      // One partition, because order is kept only within a partition.
      const topic = await createTopic(server);
      const { sink, close } = await open([server.address], topic);
      let state: 'well' | 'killed' | 'frozen' = 'well';
      return {
        sink,
        received: async () => (await readTopic(server, topic)).map(({ record }) => record),
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
        },
        dispose: close,
      };
    });
  });
});
