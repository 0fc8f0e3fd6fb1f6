import { importEvenhand } from '../harness/build.mjs';
import { median } from '../harness/summary.mjs';

const RELOADS = 9;
const DAY_MS = 86_400_000;

/**
 * Measures the longest time a process can't answer requests while its client loads other experiments: the
 * longest turn of the event loop from the notification until the experiments are used.
 *
 * The smaller of CPU time and wall-clock time counts, because CPU time includes V8's other threads and
 * wall-clock time includes other processes.
 *
 * @param texts two specifications, delivered in turn
 * @returns the median over several changes, in milliseconds
 */
export async function longestTurnWhileReloading(texts) {
  const { createClient } = await importEvenhand();
  let version = 0;
  let tell;
  const client = createClient({
    source: {
      name: 'benchmark',
      intervalMs: DAY_MS,
      load: async () => ({
        origin: 'benchmark',
        revision: version,
        text: texts[version % texts.length],
      }),
      watch: (changed, { signal }) =>
        new Promise((resolve) => {
          tell = changed;
          signal.addEventListener('abort', () => resolve());
        }),
    },
  });
  await client.ready();
  const longest = [];
  for (let i = 0; i < RELOADS; i++) {
    version++;
    tell();
    longest.push(await longestTurn(() => client.status().revision === version));
  }
  await client.close();
  return median(longest);
}

async function longestTurn(isOver) {
  let longest = 0;
  while (!isOver()) {
    const begin = performance.now();
    const before = process.cpuUsage();
    await new Promise((resolve) => setImmediate(resolve));
    const { user, system } = process.cpuUsage(before);
    longest = Math.max(longest, Math.min((user + system) / 1000, performance.now() - begin));
  }
  return longest;
}
