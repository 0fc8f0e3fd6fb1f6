import { usedHeap } from '../harness/heap.mjs';
import { applications } from '../work/applications.mjs';
import { createExperiments, EXPERIMENT } from '../work/experiments.mjs';
import { PROOF_USERS } from '../work/proof.mjs';
import { Requests } from '../work/requests.mjs';
import { createUsers } from '../work/users.mjs';

const UNASKED = 'participant until asked, bytes';
const ASKED = 'once asked, bytes';
const AFTER_DECISIONS = 'kept after 1,000,000 decisions, kB';
const AFTER_REQUESTS = 'kept after 1,000,000 requests, kB';

const PARTICIPANTS = 100_000;
const MILLION = 1_000_000;
/** The number of warm-up runs, in which V8 compiles hot code and the heap settles. */
const SETTLING = 100_000;
/** The allowed growth of the heap, because V8 still compiles a little. */
const SETTLED_KB = 100;

export const suite = {
  name: 'memory',
  title: 'Memory',
  contestants: ['evenhand', 'growthbook'],
  ours: ['evenhand'],
  rounds: 1,
  tasks: { participants, decisions, requests },
  ratiosTo: [],
  targets: [
    { what: `evenhand, ${UNASKED}`, figure: (at) => at('evenhand', UNASKED), atMost: 300 },
    ...[AFTER_DECISIONS, AFTER_REQUESTS].map((what) => ({
      what: `evenhand, ${what}`,
      figure: (at) => at('evenhand', what),
      atMost: SETTLED_KB,
    })),
  ],
};

/** The measured calls on a participant. */
const participantOf = {
  async evenhand() {
    const [{ importEvenhand }, { configuration }] = await Promise.all([
      import('../harness/build.mjs'),
      import('../contestants/evenhand.mjs'),
    ]);
    const { parseExperiments } = await importEvenhand();
    const snapshot = parseExperiments(JSON.parse(configuration(createExperiments(1))));
    return {
      create: (context) => snapshot.participant(context),
      ask: (participant) => participant.variant(EXPERIMENT),
    };
  },
  async growthbook() {
    const { configuration, createClient } = await import('../contestants/growthbook.mjs');
    const client = createClient(configuration(createExperiments(1)));
    return {
      create: (attributes) => client.createScopedInstance({ attributes }),
      ask: (instance) => instance.getFeatureValue(EXPERIMENT, ''),
    };
  },
};

/** Measures the bytes of a participant without its context. */
async function participants(contestant) {
  const { create, ask } = await participantOf[contestant]();
  const contexts = createUsers(PARTICIPANTS).map(({ id, plan, locale }) => ({
    id,
    locale,
    user: { id, plan },
  }));
  for (let i = 0; i < SETTLING; i++) ask(create(contexts[i % contexts.length]));
  const kept = contexts.map(() => undefined);
  const before = usedHeap();
  for (const [i, context] of contexts.entries()) kept[i] = create(context);
  const unasked = usedHeap();
  for (const participant of kept) ask(participant);
  const asked = usedHeap();
  // Uses the participants once more, or V8 could free them before the measurement.
  if (kept.length !== PARTICIPANTS) throw new Error('participants are missing');
  return {
    [UNASKED]: (unasked - before) / PARTICIPANTS,
    [ASKED]: (asked - before) / PARTICIPANTS,
  };
}

async function decisions(contestant) {
  const { configuration, start } = await import(`../contestants/${contestant}.mjs`);
  const decide = await start(configuration(createExperiments(1)));
  return { [AFTER_DECISIONS]: await growth((user) => decide(user, EXPERIMENT)) };
}

async function requests(contestant) {
  const app = await applications[contestant]();
  const requests = new Requests();
  return { [AFTER_REQUESTS]: await growth((user) => requests.handle(app, user)) };
}

/** Measures the growth of the heap over a million calls, in kB. */
async function growth(once) {
  const users = createUsers(PROOF_USERS);
  const repeat = async (times) => {
    for (let i = 0; i < times; i++) await once(users[i % users.length]);
  };
  await repeat(SETTLING);
  const before = usedHeap();
  await repeat(MILLION);
  return (usedHeap() - before) / 1000;
}
