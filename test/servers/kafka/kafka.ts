import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Admin, Kafka, logLevel } from 'kafkajs';
import { TESTS_EVERYTHING } from '../../runs.ts';
import { ChildServer } from '../child-server.ts';
import { describeWith, findProgram } from '../find-program.ts';
import { freePort } from '../free-port.ts';
import { type Installed, installKafka } from './install.ts';

const java = findProgram('java');

const { classpath, problem }: Installed = TESTS_EVERYTHING
  ? installKafka()
  : { classpath: undefined, problem: 'only npm run test:all installs Kafka' };

const install = 'sudo apt-get install default-jre-headless maven, and access to Maven Central';
const needed = {
  name: 'Kafka',
  program: classpath === undefined ? undefined : java,
  install,
  variable: 'EVENHAND_REQUIRE_KAFKA',
};

/** A `describe` for tests that need a Kafka broker. */
export function describeWithKafka(title: string, tests: () => void): void {
  describeWith(needed, title, tests);
}

/** A quick start matters more than speed later. */
const JAVA_OPTIONS = [
  '-Xmx256m',
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
];

/** The id of the cluster: 16 bytes in Base64. */
const CLUSTER = 'AAAAAAAAAAAAAAAAAAAAAA';

/**
 * Settings for one broker with little load. A broker that has ended is known to be down after five
 * seconds; Kafka's default is nine. Topics are made by the tests.
 */
const SETTINGS = {
  'auto.create.topics.enable': 'false',
  'broker.heartbeat.interval.ms': '500',
  'broker.session.timeout.ms': '5000',
  'controller.listener.names': 'CONTROLLER',
  'group.initial.rebalance.delay.ms': '0',
  'leader.imbalance.check.interval.seconds': '1',
  'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
  'offsets.topic.num.partitions': '1',
  'offsets.topic.replication.factor': '1',
  'transaction.state.log.min.isr': '1',
  'transaction.state.log.num.partitions': '1',
  'transaction.state.log.replication.factor': '1',
};

/** A node of Kafka on free ports of this machine, without ZooKeeper. It keeps its data when it is killed. */
export class KafkaServer extends ChildServer {
  private readonly id: number;
  private readonly leader: KafkaServer | undefined;
  private port = 0;
  private controllerPort = 0;

  /**
   * @param leader the first node of the cluster, which is its only controller and must not be killed
   *   while another node changes; undefined for the first node
   */
  constructor(leader?: KafkaServer) {
    super('kafka');
    this.leader = leader;
    this.id = leader === undefined ? 1 : 2;
  }

  /** Its address, after it has been started. */
  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** @param retries the number of repeated attempts; a client may ask a node that was just killed */
  client(retries = 20): Kafka {
    return new Kafka({
      brokers: [this.address],
      logLevel: logLevel.NOTHING,
      connectionTimeout: 1000,
      retry: { retries, initialRetryTime: 50, maxRetryTime: 1000 },
    });
  }

  /** Runs a function with an administration client. */
  async administer<T>(run: (admin: Admin) => Promise<T>, retries?: number): Promise<T> {
    const admin = this.client(retries).admin();
    try {
      await admin.connect();
      return await run(admin);
    } finally {
      await admin.disconnect();
    }
  }

  /** Starts or restarts the node on the same ports; at the first start, other ports if they were taken. */
  override async start(): Promise<void> {
    const isFirst = this.port === 0;
    for (let attempt = 1; ; attempt++) {
      if (isFirst) await this.choosePorts();
      try {
        await super.start();
        return;
      } catch (error) {
        await this.kill();
        if (attempt === 3) throw error;
      }
    }
  }

  private async choosePorts(): Promise<void> {
    [this.port, this.controllerPort] = await Promise.all([freePort(), freePort()]);
    const own = { PLAINTEXT: this.port, CONTROLLER: this.controllerPort };
    const listeners = Object.entries(own)
      .filter(([name]) => this.leader === undefined || name === 'PLAINTEXT')
      .map(([name, port]) => `${name}://127.0.0.1:${port}`);
    const controller = (this.leader ?? this).controllerPort;
    const settings = {
      ...SETTINGS,
      'process.roles': this.leader === undefined ? 'broker,controller' : 'broker',
      'node.id': this.id,
      'controller.quorum.voters': `1@127.0.0.1:${controller}`,
      listeners: listeners.join(','),
      'log.dirs': join(this.folder, 'data'),
    };
    const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
    writeFileSync(this.settings, lines.join(''));
    const [program, ...args] = this.java('kafka.tools.StorageTool', 'format', '--ignore-formatted');
    const { status, stdout, stderr } = spawnSync(
      program,
      [...args, '-t', CLUSTER, '-c', this.settings],
      { encoding: 'utf8' },
    );
    if (status !== 0) throw new Error(`Kafka can't format its folder\n${stdout}${stderr}`);
  }

  private get settings(): string {
    return join(this.folder, 'server.properties');
  }

  private java(...args: readonly string[]): [string, ...string[]] {
    if (java === undefined || classpath === undefined) {
      throw new Error(`there is no Kafka: ${install}\n${problem}`);
    }
    return [java, ...JAVA_OPTIONS, '-cp', classpath, ...args];
  }

  protected override command(): readonly [string, ...string[]] {
    return this.java('kafka.Kafka', this.settings);
  }

  protected override async answers(): Promise<boolean> {
    try {
      const { brokers } = await this.administer((admin) => admin.describeCluster(), 0);
      return brokers.some(({ nodeId }) => nodeId === this.id);
    } catch {
      return false;
    }
  }
}
