import * as fc from 'fast-check';
import type { EventRecord } from '../../../src/exposures/records/record.ts';
import { SinkQueue } from '../../../src/exposures/delivery/sink-queue.ts';
import { numbersOf, record, settled } from '../test-sinks.ts';
import { runs } from '../../runs.ts';

/**
 * The behaviour of a sink for a batch: it writes the batch, or fails before, during or after
 * writing.
 */
type Answer = 'takes' | 'fails' | 'keeps some and fails' | 'keeps all and fails' | 'refuses';

const answers = fc.constantFrom<Answer>(
  'takes',
  'takes',
  'takes',
  'fails',
  'keeps some and fails',
  'keeps all and fails',
  'refuses',
);

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

describe('SinkQueue under random failures', () => {
  it('counts every lost record, keeps the order, and repeats only failed batches', async () => {
    const step = fc.record({ pushed: fc.nat(12), ms: fc.nat(400), answer: answers });
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 40 }),
        fc.integer({ min: 3, max: 40 }),
        async (steps, maxRecords) => {
          const kept: number[] = [];
          const repeats: number[] = [];
          const broken: string[] = [];
          const dropped: number[] = [];
          let failed: readonly number[] = [];
          let answer: Answer = 'takes';
          let running = 0;
          const write = async (batch: readonly EventRecord[]): Promise<void> => {
            const numbers = numbersOf(batch);
            if (++running > 1) broken.push('written to while writing');
            // A failed batch is repeated unchanged before any other.
            if (failed.length > 0 && String(numbers) !== String(failed))
              broken.push('not the same');
            const chosen = answer;
            await Promise.resolve();
            running--;
            if (chosen === 'keeps some and fails') keep(numbers.slice(0, 2));
            if (chosen === 'keeps all and fails' || chosen === 'takes') keep(numbers);
            failed = chosen === 'takes' || chosen === 'refuses' ? [] : numbers;
            if (chosen === 'refuses') throw Object.assign(new Error('no'), { permanent: true });
            if (chosen !== 'takes') throw new Error('down');
          };
          const keep = (numbers: readonly number[]): void => {
            for (const number of numbers) (kept.includes(number) ? repeats : kept).push(number);
          };
          const queue = new SinkQueue(
            { name: 'random', write },
            {
              maxRecords,
              maxBytes: 1_000_000,
              batchRecords: 3,
              batchBytes: 1_000_000,
              batchWaitMs: 50,
              writeTimeoutMs: 5000,
              retry: { minDelayMs: 10, maxDelayMs: 100 },
              onDrop: ({ records }) => void dropped.push(...numbersOf(records)),
              logger: { warn() {}, error() {} },
              outside: (run) => run(),
              now: () => performance.now(),
              random: () => 0.5,
            },
          );
          let pushed = 0;
          for (const one of steps) {
            answer = one.answer;
            for (let i = 0; i < one.pushed; i++) queue.push(record(pushed++), 10);
            await jest.advanceTimersByTimeAsync(one.ms);
          }
          answer = 'takes';
          const flushed = queue.flush();
          await jest.advanceTimersByTimeAsync(10_000);
          await flushed;
          await settled();
          const { written, dropped: droppedCount, queueLength } = queue.stats();
          expect(broken).toEqual([]);
          expect(kept).toEqual([...kept].sort((a, b) => a - b));
          const all = new Set([...kept, ...dropped]);
          expect(all.size).toBe(pushed);
          expect([written + droppedCount, queueLength]).toEqual([pushed, 0]);
          expect(droppedCount).toBe(dropped.length);
        },
      ),
      { numRuns: runs(60) },
    );
  });
});
