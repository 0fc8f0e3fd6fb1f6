// Runs one task of threads.ts and sends the result.
import { parentPort, workerData } from 'node:worker_threads';
import { tsImport } from 'tsx/esm/api';

const { runTask } = await tsImport('./tasks.ts', import.meta.url);
parentPort.postMessage(runTask(workerData.task, workerData.amounts), []);
