import type { EventRecord, OutcomeRecord } from '../../src/exposures/records/record.ts';
import type { Sink } from '../../src/exposures/delivery/sink.ts';

/** Returns a record that is identified by a number. */
export function record(number: number): OutcomeRecord {
  return {
    version: 1,
    id: String(number),
    time: '2027-01-31T12:00:00.000Z',
    event: 'outcome',
    name: 'test',
    units: {},
  };
}

/** Returns the numbers of records. */
export function numbersOf(records: readonly EventRecord[]): number[] {
  return records.map(({ id }) => Number(id));
}

/** A sink whose writes wait until the test settles them. */
export class HeldSink implements Sink {
  readonly name = 'held';
  /** The numbers of the records in each batch, one list for each write. */
  readonly batches: number[][] = [];
  readonly signals: AbortSignal[] = [];
  closed = 0;
  private resolve: () => void = () => {};
  private reject: (reason: unknown) => void = () => {};

  write(batch: readonly EventRecord[], { signal }: { signal: AbortSignal }): Promise<void> {
    this.batches.push(numbersOf(batch));
    this.signals.push(signal);
    return new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }

  async close(): Promise<void> {
    this.closed++;
  }

  async take(): Promise<void> {
    this.resolve();
    await settled();
  }

  async fail(reason: unknown = new Error('down')): Promise<void> {
    this.reject(reason);
    await settled();
  }
}

/** Waits until settled promises have run their callbacks. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 10; i++) await Promise.resolve();
}
