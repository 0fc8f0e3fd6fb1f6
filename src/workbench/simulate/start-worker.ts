import { isMainThread, Worker } from 'node:worker_threads';
import { runWorkerThread, type WorkerTask } from './worker-thread.ts';

/**
 * Starts a thread for a part of a simulation. The thread runs the file that contains this function: in
 * the package, that is the bundled command line. There, `main.ts` does nothing in a thread, and the last
 * line of this file does the work.
 */
export function startWorker(task: WorkerTask): Worker {
  return new Worker(new URL(import.meta.url), { workerData: task });
}

if (!isMainThread) void runWorkerThread();
