import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { closing } from '../../closing.ts';
import { inFolderOf } from '../../docs/docs-folder.ts';
import { blocksOf } from '../../docs/readme-blocks.ts';
import { describeWithRecentNode, recentNode } from '../../processes/recent-node.ts';
import { ROOT } from '../../processes/repository.ts';
import { describeWithKafka, KafkaServer } from '../../servers/kafka/kafka.ts';
import { type Arrived, createTopic, readTopic } from './topics.ts';

/** The guide, which has the specification, and the reference, which has the programs. */
const blocks = ['docs/exposures.md', 'docs/exposures-reference.md'].flatMap((path) =>
  blocksOf(fs.readFileSync(join(ROOT, path), 'utf8')),
);

describeWithKafka('the programs of docs/exposures-reference.md with Kafka', () => {
  const folder = inFolderOf(blocks);
  let server: KafkaServer;

  beforeAll(async () => {
    // Where programs of this folder find the packages that they import.
    const packages = join(folder(), 'node_modules');
    fs.mkdirSync(packages);
    fs.symlinkSync(ROOT, join(packages, 'evenhand'));
    for (const name of ['@platformatic', 'kafkajs']) {
      fs.symlinkSync(join(ROOT, 'node_modules', name), join(packages, name));
    }
    server = new KafkaServer();
    await server.start();
  });

  /** The record that the programs send. */
  const sent = { key: '6', record: { event: 'exposure', experiment: 'button_color', unit: '6' } };

  /** Runs the only program of a part, and returns what it has sent. */
  async function sentBy(part: string, node = process.execPath): Promise<Arrived[]> {
    const [block, ...others] = blocks.filter((one) => one.part === part);
    if (block === undefined || others.length > 0) throw new Error(`${part}: not one block`);
    const topic = await createTopic(server, { partitions: 3 });
    const program = block.text
      .replace("'localhost:9092'", JSON.stringify(server.address))
      .replace("topic: 'exposures'", `topic: ${JSON.stringify(topic)}`);
    fs.writeFileSync(`${part}.mjs`, program);
    const run = promisify(execFile)(node, [`${part}.mjs`]);
    closing(run.child);
    await run;
    return readTopic(server, topic);
  }

  it('sends a record with kafkajs', async () => {
    expect(await sentBy('kafkajs')).toMatchObject([sent]);
  });

  describeWithRecentNode('with Node 22.22 or newer', () => {
    it('sends a record with @platformatic/kafka', async () => {
      expect(await sentBy('kafka', recentNode)).toMatchObject([sent]);
    });
  });
});
