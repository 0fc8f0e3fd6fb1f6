import { cpuTimePerOperation } from '../harness/clock.mjs';
import { createExperiments, EXPERIMENT } from '../work/experiments.mjs';
import { PROOF_USERS, prove } from '../work/proof.mjs';
import { createUsers } from '../work/users.mjs';
import { decideMany } from '../work/decide-many.mjs';

const FEW = '10,000 users';
/** The number of users, too many for a cache by user to help. */
const MANY = '300,000 users';
const MANY_USERS = 300_000;

const PEERS_TO_BEAT = { 'flagd-core': 4, growthbook: 12 };
const FLOOR = 'by-hand-fnv1a';
const MOST_OF_FLOOR = 1.7;

export const suite = {
  name: 'decision',
  title: 'One decision with a fresh participant, ns',
  contestants: [
    FLOOR,
    'by-hand-sha1',
    'evenhand',
    'flagd-core',
    'growthbook',
    'launchdarkly',
    'eppo',
    'unleash',
    'planout',
    'vercel-flags',
    'flagsmith',
  ],
  ours: ['evenhand'],
  tasks: {
    few: async (contestant) => ({ [FEW]: await time(contestant, PROOF_USERS) }),
    many: async (contestant) => ({ [MANY]: await time(contestant, MANY_USERS) }),
  },
  ratiosTo: ['evenhand', FLOOR],
  targets: [FEW, MANY].flatMap((users) => [
    ...Object.entries(PEERS_TO_BEAT).map(([peer, times]) => ({
      what: `${peer} : evenhand, ${users}`,
      figure: (at) => at(peer, users) / at('evenhand', users),
      atLeast: times,
    })),
    {
      what: `evenhand : ${FLOOR}, ${users}`,
      figure: (at) => at('evenhand', users) / at(FLOOR, users),
      atMost: MOST_OF_FLOOR,
    },
  ]),
};

async function time(contestant, userCount) {
  const { configuration, start } = await import(`../contestants/${contestant}.mjs`);
  const decide = await start(configuration(createExperiments(1)));
  const users = createUsers(userCount);
  await prove(contestant, (user) => decide(user, EXPERIMENT), users);
  const { run, operations } = decideMany(decide, users, [EXPERIMENT]);
  return cpuTimePerOperation(run, operations);
}
