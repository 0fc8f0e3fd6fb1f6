import { parentPort, workerData } from 'node:worker_threads';
import { thrownMessage } from '../../errors/thrown.ts';
import { type Job, type JobPart, prepareJob } from './job.ts';
import type { Tally } from './count/tally.ts';

/** What a thread is started with. */
export interface WorkerTask extends JobPart {
  readonly evenhand: 'simulate';
  readonly job: Job;
  /** Shared by all threads: whether to stop, and what each has done. */
  readonly shared: SharedArrayBuffer;
}

/** What a thread answers, once. */
export type WorkerAnswer = { readonly tally: Tally } | { readonly message: string };

/** Where in the shared memory, as 32-bit words, a thread looks whether to stop. */
export const STOP = 0;

/** Where the threads say what they have done, in thousands: one word for each. */
export const FIRST_DONE = 1;

/** What a word of progress counts: more than four billion bytes must fit. */
export const PROGRESS_UNIT = 1024;

/** Does this thread's part of a simulation; for the command line's file when it is started as a thread. */
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
