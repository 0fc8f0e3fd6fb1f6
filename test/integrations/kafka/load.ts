import { type Client, createClient } from 'evenhand';
import type { EventRecord, OutcomeRecord } from '../../../src/exposures/records/record.ts';
import type { Sink } from '../../../src/exposures/delivery/sink.ts';
import { closing } from '../../closing.ts';
import type { KafkaServer } from '../../servers/kafka/kafka.ts';
import { until } from '../../sources/until.ts';
import { mergeById, readTopic } from './topics.ts';

/** The number of users. */
const USERS = 50;

/** The steps that are recorded at once, and the pause after them in milliseconds. */
const STEPS = 20;
const PAUSE_MS = 5;

/** The fewest records of a test. */
const LEAST = 3000;

/** An application under load, with a sink: users who see a variant, and then take numbered steps. */
export class Load {
  private readonly client: Client;
  private steps = 0;
  private pump: NodeJS.Timeout | undefined;

  constructor(sink: Sink) {
    // A failing test must not go on recording.
    closing({ stop: () => this.stop() });
    this.client = closing(
      createClient({
        source: [
          {
            name: 'button',
            identity: 'user.id',
            variants: [{ name: 'bold' }, { name: 'plain' }],
            audiences: [
              {
                allocations: [
                  { variant: 'bold', percent: 50 },
                  { variant: 'plain', percent: 50 },
                ],
              },
            ],
          },
        ],
        logger: false,
        exposures: {
          sink,
          batch: { maxRecords: 100, maxWaitMs: 20 },
          retry: { minDelayMs: 20, maxDelayMs: 500 },
          writeTimeoutMs: 5000,
        },
      }),
    );
  }

  /** Starts to record without a break. */
  start(): void {
    this.pump ??= setInterval(() => this.record(STEPS), PAUSE_MS);
  }

  /** Stops recording. */
  stop(): void {
    clearInterval(this.pump);
    this.pump = undefined;
  }

  /** Waits until that many more records are written. */
  async untilWritten(more: number): Promise<void> {
    const wanted = this.count('sink.written') + more;
    await until(`${wanted} records are written`, () => this.count('sink.written') >= wanted);
  }

  /** Waits until that many more records are made, whatever becomes of them. */
  async untilRecorded(more: number): Promise<void> {
    const wanted = this.count('exposures.recorded') + more;
    await until(`${wanted} are recorded`, () => this.count('exposures.recorded') >= wanted);
  }

  /** Waits until one more write has failed. */
  async untilFailed(): Promise<void> {
    const before = this.count('sink.retried');
    await until('a write fails', () => this.count('sink.retried') > before);
  }

  /**
   * Stops recording, and waits until nothing is left to write. Every record must then be written, and
   * have arrived once after merging by id. The records of a user must be in one partition, in order.
   * Some write must have failed, otherwise nothing was tested.
   *
   * @returns what is wrong
   */
  async problemsIn(server: KafkaServer, topic: string): Promise<string[]> {
    this.stop();
    this.record(Math.max(0, LEAST - this.steps));
    await until('nothing waits', () => this.count('sink.queue.length') === 0);
    const arrived = await readTopic(server, topic);
    const merged = mergeById(arrived);
    const problems: string[] = [];
    const check = (what: string, isRight: boolean) => {
      if (!isRight) problems.push(what);
    };
    const recorded = this.count('exposures.recorded');
    const [written, dropped] = [this.count('sink.written'), this.count('sink.dropped')];
    check(`${recorded} recorded, ${written} written`, written === recorded);
    check(`${dropped} dropped`, dropped === 0);
    check('no write has failed', this.count('sink.retried') > 0);
    check(`${written} written, ${merged.length} arrived`, merged.length === written);
    const isNamed = arrived.every(({ id, record }) => id === record.id);
    check('a header has another id than its record', isNamed);
    for (let user = 0; user < USERS; user++) {
      const own = merged.filter(({ record }) => userOf(record) === String(user));
      const who = `user ${user}`;
      check(`${who} has another key`, new Set(own.map(({ key }) => key)).size === 1);
      check(`${who} is in two partitions`, new Set(own.map((one) => one.partition)).size === 1);
      const [exposure, ...outcomes] = own.map(({ record }) => record);
      check(`${who}: the first record is not the exposure`, exposure?.event === 'exposure');
      const steps = outcomes.map((record) => (record as OutcomeRecord).properties?.['step']);
      const isInOrder = steps.every((step, i) => step === i);
      check(`${who}: the steps are ${steps.join()}`, isInOrder && steps.length > 0);
    }
    return problems;
  }

  /** Records that many steps, of one user after the other. */
  private record(count: number): void {
    for (let i = 0; i < count; i++, this.steps++) {
      const participant = this.client.participant({ user: { id: this.steps % USERS } });
      if (this.steps < USERS) participant.variant('button');
      participant.track('step', { step: Math.floor(this.steps / USERS) });
    }
  }

  private count(metric: string): number {
    const found = this.client.metrics().find(({ name }) => name === `evenhand.${metric}`);
    const value = found?.samples[0]?.value;
    if (value === undefined) throw new Error(`there is no metric ${metric}`);
    return value;
  }
}

function userOf(record: EventRecord): string | undefined {
  return record.event === 'exposure' ? record.unit : record.units['user.id'];
}
