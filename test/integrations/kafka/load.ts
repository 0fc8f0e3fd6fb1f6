import { type Client, createClient } from 'evenhand';
import type { OutcomeRecord } from '../../../src/exposures/records/record.ts';
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

  /** Waits until one more write has failed. */
  async untilFailed(): Promise<void> {
    const before = this.count('sink.retried');
    await until('a write fails', () => this.count('sink.retried') > before);
  }

  /**
   * Stops recording, and expects that every record was written, and arrived once after merging by id;
   * that the records of a user are in one partition, in order; and that keys and headers are right.
   */
  async expectEverythingIn(server: KafkaServer, topic: string): Promise<void> {
    this.stop();
    this.record(Math.max(0, LEAST - this.steps));
    await until('nothing waits', () => this.count('sink.queue.length') === 0);
    const recorded = this.count('exposures.recorded');
    const written = this.count('sink.written');
    expect({ written, dropped: this.count('sink.dropped') }).toEqual({
      written: recorded,
      dropped: 0,
    });
    const arrived = await readTopic(server, topic);
    expect(arrived.filter(({ id, record }) => id !== record.id)).toEqual([]);
    const merged = mergeById(arrived);
    expect(merged).toHaveLength(written);
    for (let user = 0; user < USERS; user++) {
      const own = merged.filter(({ key }) => key === String(user));
      expect(new Set(own.map(({ partition }) => partition)).size).toBe(1);
      const [exposure, ...outcomes] = own.map(({ record }) => record);
      expect(exposure).toMatchObject({ event: 'exposure', unit: String(user) });
      const steps = outcomes.map((record) => (record as OutcomeRecord).properties?.['step']);
      expect(steps).toEqual(Array.from(steps, (_, i) => i));
    }
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
