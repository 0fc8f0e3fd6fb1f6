import * as fc from 'fast-check';
import { RecordBuffer } from '../../../src/exposures/delivery/record-buffer.ts';
import type { EventRecord } from '../../../src/exposures/records/record.ts';
import { numbersOf, record } from '../test-sinks.ts';

/** A simple reference implementation with a list. */
class Model {
  private readonly waiting: { record: EventRecord; bytes: number; now: number }[] = [];
  private gone = 0;

  push(record: EventRecord, bytes: number, now: number): void {
    this.waiting.push({ record, bytes, now });
  }

  shift(): EventRecord | undefined {
    this.gone += Math.min(1, this.waiting.length);
    return this.waiting.shift()?.record;
  }

  take(maxRecords: number, maxBytes: number) {
    const { gone: first, since = 0, bytes: before } = this;
    const records: EventRecord[] = [];
    for (;;) {
      const [next] = this.waiting;
      const bytes = before - this.bytes;
      const isTooMuch = records.length > 0 && bytes + (next?.bytes ?? 0) > maxBytes;
      if (next === undefined || records.length === maxRecords || isTooMuch) {
        return { records, bytes, first, since };
      }
      records.push(next.record);
      this.shift();
    }
  }

  get length(): number {
    return this.waiting.length;
  }

  get bytes(): number {
    return this.waiting.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  get since(): number | undefined {
    return this.waiting[0]?.now;
  }
}

type Step = { put: number; bytes: number } | { take: number; maxBytes: number } | 'shift';

/** The results and the state of a buffer after each step. */
function run(buffer: RecordBuffer | Model, steps: readonly Step[]): unknown[] {
  let next = 0;
  return steps.map((step) => {
    let given: unknown;
    if (step === 'shift') {
      given = buffer.shift()?.id;
    } else if ('put' in step) {
      for (let i = 0; i < step.put; i++) buffer.push(record(next), step.bytes, next++);
    } else {
      const { records, ...figures } = buffer.take(step.take, step.maxBytes);
      given = { numbers: numbersOf(records), ...figures };
    }
    return [given, buffer.length, buffer.bytes, buffer.since];
  });
}

describe('RecordBuffer', () => {
  it('returns records in order and within the limits, after any sequence of operations', () => {
    const step = fc.oneof(
      fc.record({ put: fc.nat(90), bytes: fc.nat(50) }),
      fc.record({ take: fc.nat(60), maxBytes: fc.nat(2000) }),
      fc.constant('shift' as const),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        expect(run(new RecordBuffer(), steps)).toEqual(run(new Model(), steps));
      }),
    );
  });

  it('returns a record that is larger than a batch alone', () => {
    const buffer = new RecordBuffer();
    for (let i = 0; i < 3; i++) buffer.push(record(i), 100, 0);
    expect(numbersOf(buffer.take(10, 50).records)).toEqual([0]);
  });
});
