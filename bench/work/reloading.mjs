import { importEvenhand } from '../harness/build.mjs';
import { median } from '../harness/summary.mjs';

const RELOADS = 9;
const DAY_MS = 86_400_000;

/**
 * Measures the longest time a process can't answer requests while its client loads other experiments: the
 * longest turn of the event loop from the notification until the experiments are used.
 *
 * @param texts two specifications, delivered in turn
 * @returns the median over several changes, in milliseconds
 */
export async function longestTurnWhileReloading(texts) {
  const { pauseMs } = await changesWhileBusy(texts, { busyMs: 0, changes: RELOADS });
  return pauseMs;
}

/**
 * Measures changes of the experiments in a process whose event loop is busy in each turn.
 *
 * @param texts two specifications, delivered in turn
 * @param options `busyMs`: the other work of each turn; `changes`: their number
 * @returns medians over the changes, in milliseconds: `inForceMs` from the notification until the
 *   experiments are used, and `pauseMs`, the longest time that loading adds to a turn
 */
export async function changesWhileBusy(texts, { busyMs, changes }) {
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
  const inForce = [];
  const pauses = [];
  for (let i = 0; i < changes; i++) {
    version++;
    const begin = performance.now();
    tell();
    pauses.push(await longestPause(() => client.status().revision === version, busyMs));
    inForce.push(performance.now() - begin);
  }
  await client.close();
  return { inForceMs: median(inForce), pauseMs: median(pauses) };
}

/**
 * Keeps the event loop busy until a condition holds. Returns the longest time in which other work kept it
 * from turning, in milliseconds.
 *
 * The smaller of CPU time and wall-clock time counts, because CPU time includes V8's other threads and
 * wall-clock time includes other processes.
 */
async function longestPause(isOver, busyMs) {
  let longest = 0;
  while (!isOver()) {
    const begin = performance.now();
    const before = process.cpuUsage();
    await new Promise((resolve) => setImmediate(resolve));
    const { user, system } = process.cpuUsage(before);
    longest = Math.max(longest, Math.min((user + system) / 1000, performance.now() - begin));
    work(busyMs);
  }
  return longest;
}

function work(ms) {
  const end = performance.now() + ms;
  while (performance.now() < end);
}
