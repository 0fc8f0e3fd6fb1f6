import { createHash } from 'node:crypto';
import { builtFile, importEvenhand } from '../harness/build.mjs';
import { cpuTimePerOperation } from '../harness/clock.mjs';
import { startDraw, startGet } from '../contestants/planout-draws.mjs';

const USERS = 10_000;
const CHOICES = ['OK', 'Share', 'Share with friends'];
const PARAMETER = 'button_text';
const SALT = 'sharing';
const NONE = 'none';

/** A namespace with few segments. PlanOut.js allocates them again for each user, which is not timed. */
const NAMESPACE = {
  name: 'checkout',
  segments: 10,
  taken: 5,
  experiment: 'buttons',
  parameter: PARAMETER,
  choices: CHOICES,
};
const TAKEN_SHARE = NAMESPACE.taken / NAMESPACE.segments;

/** About five standard deviations for 10,000 users. */
const TOLERANCE = 0.025;

const DRAW = 'uniformChoice';
const GET = 'namespace get';

const TIMES_COMPATIBLE = 5;

const OURS = 'evenhand';
const OURS_IN_FILE = 'evenhand, in the file';
const COMPATIBLE = 'planout, compatible';
const INCOMPATIBLE = 'planout, incompatible';

const importPlanout = () => import(builtFile('dist/esm/planout/index.js'));

/** The differences between contestants: draws, reads, and the salts of namespaces. */
const contestants = {
  [OURS]: {
    async draw() {
      const { Assignment, uniformChoice } = await importPlanout();
      return (unit) => {
        const assignment = new Assignment(SALT);
        assignment.set(PARAMETER, uniformChoice({ choices: CHOICES, unit }));
        return assignment.get(PARAMETER);
      };
    },
    get: async () => {
      const namespace = await ourNamespace();
      return (userid) => namespace.participant({ userid }).get(PARAMETER, NONE);
    },
    isPlanout: true,
    salt: 'checkout.buttons',
  },
  [OURS_IN_FILE]: {
    async get() {
      const { parseExperiments } = await importEvenhand();
      const { name, segments, taken, experiment } = NAMESPACE;
      const choices = CHOICES.map((text) => `'${text}'`).join(', ');
      const script = `${PARAMETER} = uniformChoice(choices=[${choices}], unit=userid);`;
      const history = [{ add: experiment, segments: taken }];
      const experiments = [{ name: experiment, script }];
      const snapshot = parseExperiments({
        experiments: [],
        namespaces: [{ name, unit: 'userid', segments, experiments, history }],
      });
      return (userid) => snapshot.participant({ userid }).namespace(name).get(PARAMETER, NONE);
    },
    isPlanout: true,
    salt: 'checkout.buttons',
  },
  [COMPATIBLE]: peer('planout_core_compatible.js', true),
  [INCOMPATIBLE]: peer('planout.js', false),
};

export const suite = {
  name: 'planout',
  title: "PlanOut's draws, ns",
  contestants: Object.keys(contestants),
  ours: [OURS, OURS_IN_FILE],
  tasks: {
    draw: async (name) => measureDraw(name),
    get: async (name) => measureGet(name),
  },
  ratiosTo: [OURS],
  targets: [DRAW, GET].flatMap((what) => [
    {
      what: `${COMPATIBLE} : ${OURS}, ${what}`,
      figure: (at) => at(COMPATIBLE, what) / at(OURS, what),
      atLeast: TIMES_COMPATIBLE,
    },
    {
      what: `${INCOMPATIBLE} : ${OURS}, ${what}`,
      figure: (at) => at(INCOMPATIBLE, what) / at(OURS, what),
      atLeast: 1,
    },
  ]),
};

function peer(file, isPlanout) {
  const load = async () => (await import(`planout/dist/${file}`)).default;
  return {
    draw: async () => startDraw(await load(), SALT, PARAMETER, CHOICES),
    get: async () => startGet(await load(), NAMESPACE, NONE),
    isPlanout,
    // Its namespaces use a hyphen in the salt instead of the reference's dot.
    salt: 'checkout-buttons',
  };
}

async function ourNamespace() {
  const { defineExperiment, SimpleNamespace, uniformChoice } = await importPlanout();
  const { name, segments, taken, experiment } = NAMESPACE;
  const buttons = defineExperiment({
    name: experiment,
    assign(params, { userid }) {
      params[PARAMETER] = uniformChoice({ choices: CHOICES, unit: userid });
    },
  });
  return new SimpleNamespace({
    name,
    unit: 'userid',
    segments,
    setup: (namespace) => namespace.addExperiment(experiment, buttons, taken),
  });
}

async function measureDraw(name) {
  const { draw: start, isPlanout } = contestants[name];
  if (start === undefined) return undefined;
  const draw = await start();
  const users = createUsers();
  const drawn = users.map(draw);
  expectEven(name, drawn);
  if (isPlanout) expectSame(name, users, drawn, (user) => definedChoice(SALT, user));
  return { [DRAW]: await time(draw, users) };
}

async function measureGet(name) {
  const { get: start, isPlanout, salt } = contestants[name];
  const get = await start();
  const users = createUsers();
  const got = users.map(get);
  expectShare(
    name,
    'in the experiment',
    got.filter((text) => text !== NONE).length / USERS,
    TAKEN_SHARE,
  );
  expectEven(
    name,
    got.filter((text) => text !== NONE),
  );
  if (isPlanout) {
    const ours = await ourNamespace();
    const isIn = (userid) => ours.participant({ userid }).experiment !== undefined;
    expectSame(name, users, got, (user) => (isIn(user) ? definedChoice(salt, user) : NONE));
  }
  return { [GET]: await time(get, users) };
}

function time(ask, users) {
  return cpuTimePerOperation(() => {
    let length = 0;
    for (const user of users) length += ask(user).length;
    if (length === 0) throw new Error('nothing was drawn');
  }, USERS);
}

/** Returns flat strings, as from a database. V8 stores a concatenation as a tree. */
function createUsers() {
  return Array.from({ length: USERS }, (_, i) => Buffer.from(`user-${i}`).toString());
}

/** Computes the result of PlanOut's reference in the plainest way. */
function definedChoice(salt, user) {
  const digits = createHash('sha1').update(`${salt}.${PARAMETER}.${user}`).digest('hex');
  return CHOICES[Number(BigInt(`0x${digits.slice(0, 15)}`) % BigInt(CHOICES.length))];
}

function expectSame(name, users, answers, define) {
  const wrong = users.findIndex((user, i) => answers[i] !== define(user));
  if (wrong !== -1) throw new Error(`${name} draws ${answers[wrong]} for ${users[wrong]}`);
}

function expectEven(name, answers) {
  for (const choice of CHOICES) {
    const share = answers.filter((answer) => answer === choice).length / answers.length;
    expectShare(name, choice, share, 1 / CHOICES.length);
  }
}

function expectShare(name, what, share, expected) {
  if (!(Math.abs(share - expected) <= TOLERANCE)) {
    throw new Error(`${name}: a share of ${share} ${what}, not ${expected}`);
  }
}
