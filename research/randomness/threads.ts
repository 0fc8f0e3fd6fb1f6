import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Amounts } from './measure.ts';
import { nameOf, type Task } from './tasks.ts';

/**
 * Does tasks, each in a thread of its own, some at a time.
 *
 * @param tell is told what is done, and how long it took in seconds
 * @returns each task with its result, in the order given
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
      // An error of the thread is thrown here.
      const [result] = (await once(worker, 'message')) as [unknown];
      results.set(task, result);
      const seconds = (performance.now() - start) / 1000;
      tell(`${results.size}/${tasks.length} ${nameOf(task)}: ${seconds.toFixed(1)} s`);
    }
  };
  await Promise.all(Array.from({ length: threads }, work));
  return tasks.map((task) => [task, results.get(task)] as const);
}
