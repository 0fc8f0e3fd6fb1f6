import { parentPort, workerData } from 'node:worker_threads';
import { thrownMessage } from '../../errors/thrown.ts';
import { type Job, type JobPart, prepareJob } from './job.ts';
import type { Tally } from './count/tally.ts';

/** The input of a thread. */
export interface WorkerTask extends JobPart {
  readonly evenhand: 'simulate';
  readonly job: Job;
  /** Shared by all threads: the stop flag, and the progress of each thread. */
  readonly shared: SharedArrayBuffer;
}

/** The only message that a thread sends. */
export type WorkerAnswer = { readonly tally: Tally } | { readonly message: string };

/** The index of the stop flag in the shared memory, in 32-bit words. */
export const STOP = 0;

/** The index of the first thread's progress; each thread has one word. */
export const FIRST_DONE = 1;

/** The units or bytes that a word of progress counts by, so that it can count past 4 GB. */
export const PROGRESS_UNIT = 1024;

/** Runs this thread's part of a simulation; does nothing outside a simulation's thread. */
export async function runWorkerThread(): Promise<void> {
  const port = parentPort;
  if (port === null || !isTask(workerData)) return;
  const { job, part, of, shared } = workerData;
  const words = new Int32Array(shared);
  let done = 0;
  const answer = await prepareJob(job)
    .run(
      { part, of },
      {
        stopped: () => Atomics.load(words, STOP) !== 0,
        report(more) {
          done += more;
          Atomics.store(words, FIRST_DONE + part, Math.floor(done / PROGRESS_UNIT));
        },
      },
    )
    .then(
      (tally): WorkerAnswer => ({ tally }),
      (error: unknown): WorkerAnswer => ({ message: thrownMessage(error) }),
    );
  port.postMessage(answer);
}

function isTask(value: unknown): value is WorkerTask {
  return (
    typeof value === 'object' &&
    value !== null &&
    'evenhand' in value &&
    value.evenhand === 'simulate'
  );
}
