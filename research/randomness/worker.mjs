// Does one task of threads.ts, whose result it sends.
import { parentPort, workerData } from 'node:worker_threads';
import { tsImport } from 'tsx/esm/api';

const { runTask } = await tsImport('./tasks.ts', import.meta.url);
parentPort.postMessage(runTask(workerData.task, workerData.amounts), []);
