import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Amounts } from './measure.ts';
import { nameOf, type Task } from './tasks.ts';

/**
 * Runs tasks, each in its own thread, several at a time.
 *
 * @param tell is called for each finished task, with its duration in seconds
 * @returns each task with its result, in the given order
 */
export async function runOnThreads(
  tasks: readonly Task[],
  amounts: Amounts,
  threads: number,
  tell: (text: string) => void,
): Promise<(readonly [Task, unknown])[]> {
  const results = new Map<Task, unknown>();
  const waiting = [...tasks];
  const work = async (): Promise<void> => {
    for (let task = waiting.shift(); task !== undefined; task = waiting.shift()) {
      const start = performance.now();
      const worker = new Worker(new URL('worker.mjs', import.meta.url), {
        workerData: { task, amounts },
      });
      // Rethrows an error of the thread.
      const [result] = (await once(worker, 'message')) as [unknown];
      results.set(task, result);
      const seconds = (performance.now() - start) / 1000;
      tell(`${results.size}/${tasks.length} ${nameOf(task)}: ${seconds.toFixed(1)} s`);
    }
  };
  await Promise.all(Array.from({ length: threads }, work));
  return tasks.map((task) => [task, results.get(task)] as const);
}
