import { cpuTimePerOperation, WARM_UP_MS } from '../harness/clock.mjs';
import { importEvenhand } from '../harness/build.mjs';
import { usedHeap } from '../harness/heap.mjs';
import { decideMany } from '../work/decide-many.mjs';
import { createAlikeExperiments, createExperiments, EXPERIMENT } from '../work/experiments.mjs';
import { PROOF_USERS, prove } from '../work/proof.mjs';
import { longestTurnWhileReloading } from '../work/reloading.mjs';
import { createUsers } from '../work/users.mjs';

const MANY = 10_000;
const ALL = 500;
const BYTES_PER_MB = 1e6;
const NS_PER_US = 1000;

const ONE_OF = (count) => `one of ${count.toLocaleString('en-US')}, ns`;
const ROTATING = 'another each time, ns';
const VARIANTS = `all ${ALL} of one user, µs`;
const LOAD_MS = (rules) => `load 10,000 with ${rules}, ms`;
const LOAD_MB = (rules) => `load 10,000 with ${rules}, MB`;
/** Experiments that share one rule, because flags are often copied. */
const ONE_RULE = 'one rule';
const AS_MANY_RULES = 'as many rules';
const SWAPS = 20;
/** The number of decisions to watch after each swap. */
const WATCHED = 100;
const SWAP = 'slowest decision at a swap, ms';
const RELOAD = 'longest wait while 10,000 are made ready, ms';

export const suite = {
  name: 'growth',
  title: 'Many experiments',
  contestants: ['evenhand', 'flagd-core', 'growthbook', 'launchdarkly'],
  ours: ['evenhand'],
  tasks: {
    one: (contestant) => decideOneOf(contestant, 1),
    hundred: (contestant) => decideOneOf(contestant, 100),
    many: (contestant) => decideOneOf(contestant, MANY),
    rotating: async (contestant) => {
      const names = askedNames(MANY);
      return { [ROTATING]: await timeDecisions(contestant, MANY, names) };
    },
    variants,
    loadAlike: (contestant) => load(contestant, createAlikeExperiments(MANY), ONE_RULE),
    loadDifferent: (contestant) => load(contestant, createExperiments(MANY), AS_MANY_RULES),
    swap,
    reload,
  },
  ratiosTo: ['evenhand'],
  upright: true,
  plainColumns: [SWAP, RELOAD],
  targets: [
    {
      what: 'evenhand, one of 100 : of 1',
      figure: (at) => at('evenhand', ONE_OF(100)) / at('evenhand', ONE_OF(1)),
      atMost: 1.15,
    },
    {
      what: 'evenhand, one of 10,000 : of 1',
      figure: (at) => at('evenhand', ONE_OF(MANY)) / at('evenhand', ONE_OF(1)),
      atMost: 1.15,
    },
    {
      what: 'evenhand, another each time : one of 1',
      figure: (at) => at('evenhand', ROTATING) / at('evenhand', ONE_OF(1)),
      atMost: 2,
    },
    { what: `evenhand, ${VARIANTS}`, figure: (at) => at('evenhand', VARIANTS), atMost: 60 },
    ...[ONE_RULE, AS_MANY_RULES].flatMap((rules) => [
      {
        what: `evenhand, ${LOAD_MS(rules)}`,
        figure: (at) => at('evenhand', LOAD_MS(rules)),
        atMost: 300,
      },
      {
        what: `evenhand, ${LOAD_MB(rules)}`,
        figure: (at) => at('evenhand', LOAD_MB(rules)),
        atMost: 20,
      },
    ]),
    { what: `evenhand, ${SWAP}`, figure: (at) => at('evenhand', SWAP), atMost: 1 },
  ],
};

async function decideOneOf(contestant, count) {
  return { [ONE_OF(count)]: await timeDecisions(contestant, count, [EXPERIMENT]) };
}

async function timeDecisions(contestant, count, names) {
  const { configuration, start } = await import(`../contestants/${contestant}.mjs`);
  const decide = await start(configuration(createExperiments(count)));
  const users = createUsers(PROOF_USERS);
  for (const name of [names[0], names.at(-1)]) {
    await prove(contestant, (user) => decide(user, name), users);
  }
  const { run, operations } = decideMany(decide, users, names);
  return cpuTimePerOperation(run, operations);
}

/** Internalized names, as in source code. V8 stores each once and finds it fast. */
function askedNames(count) {
  return Object.keys(Object.fromEntries(createExperiments(count).map(({ name }) => [name, true])));
}

async function variants(contestant) {
  const { configuration, startAll } = await import(`../contestants/${contestant}.mjs`);
  const count = await startAll(configuration(createExperiments(ALL)));
  const users = createUsers(PROOF_USERS);
  let at = 0;
  const run = async () => {
    const counted = await count(users[at++ % users.length]);
    if (counted !== ALL) throw new Error(`${contestant} returns ${counted} variants`);
  };
  return { [VARIANTS]: (await cpuTimePerOperation(run, 1)) / NS_PER_US };
}

/**
 * Parses, validates and compiles as after a start, when V8 has compiled nothing. The smaller of CPU time
 * and wall-clock time counts; see {@link swap}.
 */
async function load(contestant, experiments, rules) {
  const { configuration, start } = await import(`../contestants/${contestant}.mjs`);
  const text = configuration(experiments);
  const before = usedHeap();
  const begin = performance.now();
  const { user, system } = process.cpuUsage();
  const decide = await start(text);
  const used = process.cpuUsage({ user, system });
  const elapsedMs = performance.now() - begin;
  const bytes = usedHeap() - before;
  await prove(contestant, (user) => decide(user, EXPERIMENT), createUsers(PROOF_USERS));
  return {
    [LOAD_MS(rules)]: Math.min((used.user + used.system) / 1000, elapsedMs),
    [LOAD_MB(rules)]: bytes / BYTES_PER_MB,
  };
}

/**
 * Measures the slowest decision right after a swap, while decisions of all experiments take turns and
 * prepared sets of experiments replace each other. The figure excludes the preparation, which takes as
 * long as loading, and its garbage. It includes the cost of the first swap, when V8 has compiled code for
 * the first set only.
 *
 * The smaller of CPU time and wall-clock time counts, because CPU time includes V8's other threads and
 * wall-clock time includes other processes.
 */
async function swap(contestant) {
  if (contestant !== 'evenhand') return undefined;
  const { parseExperiments } = await importEvenhand();
  const { configuration } = await import('../contestants/evenhand.mjs');
  const text = configuration(createExperiments(MANY));
  const sets = [0, 1].map(() => parseExperiments(JSON.parse(text)));
  const users = createUsers(PROOF_USERS);
  const names = askedNames(MANY);
  let next = 0;
  const decide = ({ id, plan, locale }, set) =>
    set.participant({ locale, user: { id, plan } }).variant(names[next++ % names.length]);
  const warmUntil = performance.now() + WARM_UP_MS;
  while (performance.now() < warmUntil) for (const user of users) decide(user, sets[0]);
  globalThis.gc?.();
  let slowest = 0;
  for (let i = 0; i < SWAPS; i++) {
    for (const user of users) decide(user, sets[0]);
    sets.reverse();
    for (const user of users.slice(0, WATCHED)) {
      const begin = performance.now();
      const before = process.cpuUsage();
      decide(user, sets[0]);
      const { user: inUserMode, system } = process.cpuUsage(before);
      const cpuMs = (inUserMode + system) / 1000;
      slowest = Math.max(slowest, Math.min(cpuMs, performance.now() - begin));
    }
  }
  return { [SWAP]: slowest };
}

/** Measures the part that a swap excludes: requests during the preparation of the next set. */
async function reload(contestant) {
  if (contestant !== 'evenhand') return undefined;
  const { configuration } = await import('../contestants/evenhand.mjs');
  // Each set has different rules.
  const experiments = createExperiments(2 * MANY);
  const texts = [experiments.slice(0, MANY), experiments.slice(MANY)].map((one) =>
    configuration(one),
  );
  return { [RELOAD]: await longestTurnWhileReloading(texts) };
}
