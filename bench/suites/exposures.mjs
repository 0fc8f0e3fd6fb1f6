import { setImmediate } from 'node:timers/promises';
import { cpuTimePerOperation } from '../harness/clock.mjs';
import { usedHeap } from '../harness/heap.mjs';
import { beginApplication, beginClient, EXPOSING, userOf } from '../work/exposing.mjs';
import { load } from '../work/load.mjs';
import { Requests } from '../work/requests.mjs';

const DECISION = 'decision, ns';
const CPU = 'request, µs of CPU';
const LOOPBACK = 'loopback, requests/s';
const LOOPBACK_SHARE = 'of those when off';
const HEAP = 'heap after 1,000,000 units, MB';
const GROWTH = 'and with 10,000,000, MB more';

const MEASURE_MS = 3000;
const NS_PER_US = 1000;
const MB = 1_000_000;

/** The number of decisions between two turns of the event loop, in which the sink gets its records. */
const BATCH = 200;

const MILLION = 1_000_000;
const UNITS = 10 * MILLION;

/** The allowed growth: V8 still compiles a little, and batches are in flight. */
const SETTLED_MB = 2;

/** The contestant whose memory is measured. With a file, waiting records would count too. */
const MANY_UNITS = 'new users';

const difference = (contestant) => (at) => at(contestant, DECISION) - at('off', DECISION);

export const suite = {
  name: 'exposures',
  title: 'Recording exposures',
  contestants: EXPOSING,
  ours: EXPOSING,
  tasks: { decisions, requests, loopback, memory },
  ratiosTo: ['off'],
  plainColumns: [LOOPBACK, LOOPBACK_SHARE, HEAP, GROWTH],
  targets: [
    {
      what: 'a deduplicated exposure, ns',
      figure: difference('returning users'),
      atMost: 300,
    },
    { what: 'a new exposure, ns', figure: difference('new users'), atMost: 2000 },
    ...['returning users to file', 'new users to file'].map((contestant) => ({
      what: `loopback, ${contestant} : off`,
      figure: (at) => at(contestant, LOOPBACK_SHARE),
      atLeast: 0.95,
    })),
    {
      what: `heap, ${GROWTH}`,
      figure: (at) => at(MANY_UNITS, GROWTH),
      atMost: SETTLED_MB,
    },
  ],
};

/** The contestants without files. A file is slower than decisions alone, so records would be dropped. */
async function decisions(contestant) {
  if (contestant.endsWith('to file')) return {};
  const { decide, finish } = await beginClient(contestant);
  let n = 0;
  const run = () => {
    for (let i = 0; i < BATCH; i++) decide(userOf(contestant, n++));
    return setImmediate();
  };
  const ns = await cpuTimePerOperation(run, BATCH, MEASURE_MS);
  await finish();
  return { [DECISION]: ns };
}

async function requests(contestant) {
  const { app, finish } = await beginApplication(contestant);
  const requests = new Requests();
  let n = 0;
  const run = async () => {
    for (let i = 0; i < BATCH; i++) await requests.handle(app, userOf(contestant, n++));
    await setImmediate();
  };
  const us = (await cpuTimePerOperation(run, BATCH, MEASURE_MS)) / NS_PER_US;
  await finish();
  return { [CPU]: us };
}

/** Compares recording with not recording, in turn in one process. */
async function loopback(contestant) {
  const [off, on] = await Promise.all([beginApplication('off'), beginApplication(contestant)]);
  const [whenOff, whenOn] = await load([off.app, on.app]);
  await on.finish();
  return { [LOOPBACK]: whenOn, [LOOPBACK_SHARE]: whenOn / whenOff };
}

async function memory(contestant) {
  if (contestant !== MANY_UNITS) return {};
  const { decide, finish } = await beginClient(contestant);
  const repeat = async (from, to) => {
    for (let n = from; n < to; n++) {
      decide(userOf(contestant, n));
      if (n % BATCH === 0) await setImmediate();
    }
    await finish();
    return usedHeap();
  };
  const before = usedHeap();
  const first = await repeat(0, MILLION);
  const all = await repeat(MILLION, UNITS);
  return { [HEAP]: (first - before) / MB, [GROWTH]: (all - first) / MB };
}
