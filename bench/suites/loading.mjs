import { createExperiments } from '../work/experiments.mjs';
import { changesWhileBusy } from '../work/reloading.mjs';

/** The work of each turn of a busy event loop, in milliseconds. */
const BUSY_MS = 40;
const CHANGES = 3;
const COUNTS = [2000, 10_000];

const IN_FORCE = (count, busyMs) => `${label(count, busyMs)}, in force after ms`;
const PAUSE = (count, busyMs) => `${label(count, busyMs)}, longest pause, ms`;

export const suite = {
  name: 'loading',
  title: 'A change while the event loop is quiet, and while each turn takes 40 ms',
  contestants: ['evenhand'],
  ours: ['evenhand'],
  rounds: 3,
  tasks: Object.fromEntries(
    [0, BUSY_MS].flatMap((busyMs) =>
      COUNTS.map((count) => [`${count} at ${busyMs} ms`, () => change(count, busyMs)]),
    ),
  ),
  ratiosTo: ['evenhand'],
  upright: true,
  plainColumns: [0, BUSY_MS].flatMap((busyMs) =>
    COUNTS.flatMap((count) => [IN_FORCE(count, busyMs), PAUSE(count, busyMs)]),
  ),
  targets: COUNTS.flatMap((count) => [
    {
      what: `evenhand, ${IN_FORCE(count, BUSY_MS)}`,
      figure: (at) => at('evenhand', IN_FORCE(count, BUSY_MS)),
      atMost: 2000,
    },
    {
      what: `evenhand, ${PAUSE(count, BUSY_MS)}`,
      figure: (at) => at('evenhand', PAUSE(count, BUSY_MS)),
      atMost: 25,
    },
  ]),
};

function label(count, busyMs) {
  return `${count.toLocaleString('en-US')} experiments, ${busyMs === 0 ? 'quiet' : 'busy'}`;
}

/** Each set of experiments has different rules. */
async function change(count, busyMs) {
  const { configuration } = await import('../contestants/evenhand.mjs');
  const experiments = createExperiments(2 * count);
  const texts = [experiments.slice(0, count), experiments.slice(count)].map((one) =>
    configuration(one),
  );
  const { inForceMs, pauseMs } = await changesWhileBusy(texts, { busyMs, changes: CHANGES });
  return { [IN_FORCE(count, busyMs)]: inForceMs, [PAUSE(count, busyMs)]: pauseMs };
}
