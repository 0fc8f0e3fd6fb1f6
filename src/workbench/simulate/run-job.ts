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

/** How a job is run. */
export interface RunOptions {
  /** How many threads; 1 is this one. */
  readonly workers: number;
  /** Aborted to end with what there is. */
  readonly signal: AbortSignal;
  /** Told now and then how much has been done in all: units, or bytes read by all threads. */
  readonly onProgress: (done: number) => void;
  /** Starts a thread that calls `runWorkerThread`. */
  readonly startWorker: (task: WorkerTask) => Worker;
  /** Read where the job's file is standard input. */
  readonly stdin: AsyncIterable<Uint8Array | string>;
}

/** Threads help from so many decisions on: before, starting them takes longer. */
const DECISIONS_PER_WORKER = 10_000_000;

/** More threads than that gain little. */
export const MAX_WORKERS = 64;

/** How often the bar is moved while threads work. */
const POLL_MS = 100;

/** How many threads a job is best run with: one for small jobs, at most one for each processor. */
export function suitableWorkers(decisions: number, processors = availableParallelism()): number {
  const useful = Math.floor(decisions / DECISIONS_PER_WORKER);
  return Math.max(1, Math.min(useful, processors, MAX_WORKERS));
}

/**
 * Runs a job; what it gives is the same for any number of threads.
 *
 * @throws SourceError (`source`) where a file can't be read
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

/** What a thread counted. An error in it that nobody caught rejects here. */
async function answerOf(thread: Worker): Promise<Tally> {
  const ended = once(thread, 'exit').then(() => {
    throw new SourceError('a thread of the simulation ended without an answer; try --workers 1');
  });
  const answered = once(thread, 'message').then(([answer]: WorkerAnswer[]) => answer);
  const answer = await Promise.race([answered, ended]);
  if (answer !== undefined && 'tally' in answer) return answer.tally;
  throw new SourceError(answer?.message ?? 'a thread of the simulation gave no answer');
}
