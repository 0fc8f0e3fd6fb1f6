import { cpuTimePerOperation } from '../harness/clock.mjs';
import { applications, DECIDING } from '../work/applications.mjs';
import { PROOF_USERS, prove } from '../work/proof.mjs';
import { Requests } from '../work/requests.mjs';
import { createUsers } from '../work/users.mjs';

const CPU = 'CPU';
const NS_PER_US = 1000;

/** The duration of a measurement: long, because the differences are a few percent of the figures. */
const MEASURE_MS = 3000;

/** The number of requests between two readings of the clock. */
const BATCH = 100;

const difference = (contestant, base) => (at) => at(contestant, CPU) - at(base, CPU);

export const suite = {
  name: 'express',
  title: 'A request in Express 5, µs of CPU',
  contestants: Object.keys(applications),
  ours: ['evenhand, asked nothing', 'evenhand'],
  rounds: 9,
  tasks: { [CPU]: async (contestant) => ({ [CPU]: await time(contestant) }) },
  ratiosTo: ['hello-world'],
  targets: [
    {
      what: 'evenhand - hello-world, µs',
      figure: difference('evenhand', 'hello-world'),
      atMost: 4,
    },
    {
      what: 'throughput, evenhand : hello-world',
      figure: (at) => at('hello-world', CPU) / at('evenhand', CPU),
      atLeast: 0.94,
    },
    {
      what: 'throughput, evenhand with a closed toolbar : evenhand',
      figure: (at) => at('evenhand', CPU) / at('evenhand + closed toolbar', CPU),
      atLeast: 0.98,
    },
    {
      what: 'evenhand, asked nothing - empty-middleware, µs',
      figure: difference('evenhand, asked nothing', 'empty-middleware'),
      atMost: 0.5,
    },
  ],
};

async function time(contestant) {
  const app = await applications[contestant]();
  const users = createUsers(PROOF_USERS);
  const requests = new Requests();
  if (DECIDING.includes(contestant)) {
    await prove(contestant, (user) => requests.bodyOf(app, user), users);
  }
  let at = 0;
  const run = async () => {
    for (let i = 0; i < BATCH; i++) await requests.handle(app, users[at++ % users.length]);
  };
  return (await cpuTimePerOperation(run, BATCH, MEASURE_MS)) / NS_PER_US;
}
