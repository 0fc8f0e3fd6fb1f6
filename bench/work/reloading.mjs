import { importEvenhand } from '../harness/build.mjs';
import { median } from '../harness/summary.mjs';

const RELOADS = 9;
const DAY_MS = 86_400_000;

/**
 * The longest time for which a process answers no requests while its client takes other experiments: the
 * longest turn of the event loop from the news to when they are in force.
 *
 * Of the CPU's time and the wall's the lesser counts: the one has V8's other threads in it, the other has
 * other processes.
 *
 * @param texts two specifications that are delivered in turn
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
