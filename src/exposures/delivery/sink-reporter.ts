import type { Logger } from '../../runtime/logger.ts';
import { quote } from '../../errors/show-value.ts';

/** A message of one kind about one sink comes no more often than this. */
const MESSAGE_INTERVAL_MS = 60_000;

/** Tells the log what becomes of a sink's records, so that nothing is lost in silence. */
export class SinkReporter {
  private readonly sink: string;
  private readonly logger: Logger;
  private readonly now: () => number;
  /** When a message of each kind was last written. */
  private readonly said = new Map<string, number>();
  private dropped = 0;

  /**
   * @param sink the sink's name
   * @param now a clock that never goes back, in milliseconds
   */
  constructor(sink: string, logger: Logger, now: () => number) {
    this.sink = sink;
    this.logger = logger;
    this.now = now;
  }

  /** An attempt has failed, and there will be another. */
  fails(reason: string): void {
    this.say('fails', 'error', `fails and will be tried again: ${reason}`);
  }

  /** A batch was refused for good. */
  refuses(reason: string): void {
    this.say('refuses', 'error', `refuses records for good: ${reason}`);
  }

  /** A write takes longer than it may. */
  hangs(timeoutMs: number): void {
    this.say('hangs', 'error', `has not taken a batch within ${timeoutMs} ms`);
  }

  /** A batch was written after failures. */
  works(attempts: number): void {
    this.say('works', 'warn', `takes records again, at attempt ${attempts}`);
  }

  /** The sink's own `close()` failed. */
  staysOpen(reason: string): void {
    this.say('closes', 'warn', `could not be closed: ${reason}`);
  }

  /** The application's `onDrop` failed. */
  blames(reason: string): void {
    this.say('onDrop', 'error', `has lost records, and "onDrop" failed: ${reason}`);
  }

  /** Records were dropped; they are added up until it is time for a message. */
  drops(count: number): void {
    this.dropped += count;
    this.tellDrops();
  }

  /** Says what has not been said about drops, as nothing else is coming. */
  end(): void {
    this.said.delete('drops');
    this.tellDrops();
  }

  private tellDrops(): void {
    const { dropped } = this;
    if (dropped === 0) return;
    const records = dropped === 1 ? '1 record, which is' : `${dropped} records, which are`;
    if (this.say('drops', 'error', `did not get ${records} lost`)) this.dropped = 0;
  }

  private say(kind: string, level: keyof Logger, message: string): boolean {
    const now = this.now();
    const last = this.said.get(kind);
    if (last !== undefined && now - last < MESSAGE_INTERVAL_MS) return false;
    this.said.set(kind, now);
    this.logger[level](`evenhand: the sink ${quote(this.sink)} ${message}`);
    return true;
  }
}
