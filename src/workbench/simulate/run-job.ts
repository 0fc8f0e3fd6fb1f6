import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import { SourceError } from '../../errors/store-errors.ts';
import { endAtAbort } from './end-at-abort.ts';
import type { Job, PreparedJob } from './job.ts';
import { mergeTallies, type Tally } from './count/tally.ts';
import {
  FIRST_DONE,
  PROGRESS_UNIT,
  STOP,
  type WorkerAnswer,
  type WorkerTask,
} from './worker-thread.ts';

/** The options of `runJob`. */
export interface RunOptions {
  /** The number of threads; with 1, the job runs in the current thread. */
  readonly workers: number;
  /** Abort it to end with a partial result. */
  readonly signal: AbortSignal;
  /** Gets the total progress now and then: units, or bytes read by all threads. */
  readonly onProgress: (done: number) => void;
  /** Starts a thread that calls `runWorkerThread`. */
  readonly startWorker: (task: WorkerTask) => Worker;
  /** Standard input, which is read if the job has no file. */
  readonly stdin: AsyncIterable<Uint8Array | string>;
}

/** The decisions that make another thread worthwhile; for fewer, starting it takes longer. */
const DECISIONS_PER_WORKER = 10_000_000;

/** The most threads; more gain little. */
export const MAX_WORKERS = 64;

/** The time between two progress reports from threads, in milliseconds. */
const POLL_MS = 100;

/** Returns the best number of threads for a job: one for small jobs, at most one per processor. */
export function suitableWorkers(decisions: number, processors = availableParallelism()): number {
  const useful = Math.floor(decisions / DECISIONS_PER_WORKER);
  return Math.max(1, Math.min(useful, processors, MAX_WORKERS));
}

/**
 * Runs a job; the result does not depend on the number of threads.
 *
 * @throws SourceError (`source`) if a file can't be read
 */
export async function runJob(job: Job, prepared: PreparedJob, options: RunOptions): Promise<Tally> {
  return options.workers > 1 ? inThreads(job, options) : inThisThread(prepared, options);
}

async function inThisThread(prepared: PreparedJob, options: RunOptions): Promise<Tally> {
  let done = 0;
  const control = {
    stopped: () => options.signal.aborted,
    report(more: number) {
      done += more;
      options.onProgress(done);
    },
  };
  const stdin = endAtAbort(options.stdin, options.signal);
  const tally = await prepared.run({ part: 0, of: 1 }, control, stdin);
  return mergeTallies([tally]);
}

async function inThreads(job: Job, options: RunOptions): Promise<Tally> {
  const { workers: of, signal, onProgress, startWorker } = options;
  const shared = new SharedArrayBuffer((FIRST_DONE + of) * Int32Array.BYTES_PER_ELEMENT);
  const words = new Int32Array(shared);
  const stop = (): void => {
    Atomics.store(words, STOP, 1);
  };
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  const timer = setInterval(() => {
    const done = words.subarray(FIRST_DONE).reduce((sum, one) => sum + one, 0);
    onProgress(done * PROGRESS_UNIT);
  }, POLL_MS);
  const threads: Worker[] = [];
  try {
    for (let part = 0; part < of; part++) {
      threads.push(startWorker({ evenhand: 'simulate', job, part, of, shared }));
    }
    return mergeTallies(await Promise.all(threads.map(answerOf)));
  } finally {
    clearInterval(timer);
    signal.removeEventListener('abort', stop);
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
}

/** Waits for a thread's counts; rejects if the thread fails. */
async function answerOf(thread: Worker): Promise<Tally> {
  const ended = once(thread, 'exit').then(() => {
    throw new SourceError('a simulation thread ended without a result; try --workers 1');
  });
  const answered = once(thread, 'message').then(([answer]: WorkerAnswer[]) => answer);
  const answer = await Promise.race([answered, ended]);
  if (answer !== undefined && 'tally' in answer) return answer.tally;
  throw new SourceError(
    answer?.message ?? 'a simulation thread returned no result; try --workers 1',
  );
}
