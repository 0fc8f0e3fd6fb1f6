import type { EventRecord } from '../records/record.ts';

const FIRST_SLOTS = 64;

/** A batch of records on its way to a sink. */
export interface Batch {
  readonly records: readonly EventRecord[];
  readonly bytes: number;
  /** The number of records that preceded the first one. */
  readonly first: number;
  /** The time at which the oldest record was added, by the monotonic clock. */
  readonly since: number;
}

/** Waiting records, first in, first out, in a ring buffer that grows when it is full. */
export class RecordBuffer {
  private records: (EventRecord | undefined)[] = Array.from({ length: FIRST_SLOTS });
  private sizes = new Float64Array(FIRST_SLOTS);
  private times = new Float64Array(FIRST_SLOTS);
  private head = 0;
  private count = 0;
  private total = 0;
  /** The number of records taken out so far. */
  private gone = 0;

  get length(): number {
    return this.count;
  }

  /** The approximate size of the records as JSON, in bytes. */
  get bytes(): number {
    return this.total;
  }

  /** The time at which the oldest record was added; undefined if the buffer is empty. */
  get since(): number | undefined {
    return this.count === 0 ? undefined : this.times[this.head];
  }

  push(record: EventRecord, bytes: number, now: number): void {
    if (this.count === this.records.length) this.grow();
    const slot = (this.head + this.count) & (this.records.length - 1);
    this.records[slot] = record;
    this.sizes[slot] = bytes;
    this.times[slot] = now;
    this.count++;
    this.total += bytes;
  }

  /** Removes and returns the oldest record. */
  shift(): EventRecord | undefined {
    if (this.count === 0) return undefined;
    const { head } = this;
    const record = this.records[head];
    this.records[head] = undefined;
    this.total -= this.sizes[head] ?? 0;
    this.head = (head + 1) & (this.records.length - 1);
    this.count--;
    this.gone++;
    return record;
  }

  /** Removes and returns the oldest records up to both limits, but at least one. */
  take(maxRecords: number, maxBytes: number): Batch {
    const { gone: first, since = 0 } = this;
    const before = this.total;
    const records: EventRecord[] = [];
    while (this.count > 0 && records.length < maxRecords) {
      const taken = before - this.total;
      if (records.length > 0 && taken + (this.sizes[this.head] ?? 0) > maxBytes) break;
      const record = this.shift();
      if (record !== undefined) records.push(record);
    }
    return { records, bytes: before - this.total, first, since };
  }

  private grow(): void {
    const { records, sizes, times, head, count } = this;
    const length = records.length * 2;
    const mask = records.length - 1;
    this.records = Array.from({ length });
    this.sizes = new Float64Array(length);
    this.times = new Float64Array(length);
    for (let i = 0; i < count; i++) {
      const slot = (head + i) & mask;
      this.records[i] = records[slot];
      this.sizes[i] = sizes[slot] ?? 0;
      this.times[i] = times[slot] ?? 0;
    }
    this.head = 0;
  }
}
