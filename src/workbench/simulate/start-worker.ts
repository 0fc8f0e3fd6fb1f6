import { isMainThread, Worker } from 'node:worker_threads';
import { runWorkerThread, type WorkerTask } from './worker-thread.ts';

/**
 * Starts a thread for a part of a simulation. It runs the file that this function is in, which in the
 * package is the whole command line: `main.ts` does nothing in a thread, and this file does the part.
 */
export function startWorker(task: WorkerTask): Worker {
  return new Worker(new URL(import.meta.url), { workerData: task });
}

if (!isMainThread) void runWorkerThread();
