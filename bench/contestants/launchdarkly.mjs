import { init } from '@launchdarkly/node-server-sdk';
import { TestData } from '@launchdarkly/node-server-sdk/integrations';

/** LaunchDarkly's SDK on its own test data, without events: SHA-1, a promise for each evaluation. */
export async function start(configuration) {
  const client = await createClient(configuration);
  return (user, name) => client.variation(name, contextOf(user), '');
}

/** Reads all flags of a user. Returns their number. */
export async function startAll(configuration) {
  const client = await createClient(configuration);
  return async (user) =>
    Object.keys((await client.allFlagsState(contextOf(user))).allValues()).length;
}

async function createClient(configuration) {
  const data = new TestData();
  for (const flag of JSON.parse(configuration)) await data.usePreconfiguredFlag(flag);
  const client = init('sdk-bench', {
    updateProcessor: data.getFactory(),
    sendEvents: false,
    diagnosticOptOut: true,
    logger: { debug() {}, info() {}, warn: console.error, error: console.error },
  });
  await client.waitForInitialization({ timeout: 5 });
  return client;
}

function contextOf({ id, plan, locale }) {
  return { kind: 'user', key: id, locale, plan };
}

export function configuration(experiments) {
  return JSON.stringify(experiments.map(flag));
}

function flag({ name: key, plans }) {
  const clause = (attribute, values) => ({
    contextKind: 'user',
    attribute,
    op: 'in',
    values,
    negate: false,
  });
  return {
    key,
    on: true,
    salt: key,
    variations: ['active', 'inactive', 'control'],
    offVariation: 1,
    fallthrough: { variation: 1 },
    rules: [
      {
        id: 'rule',
        clauses: [clause('locale', ['en-US']), clause('plan', plans)],
        rollout: {
          contextKind: 'user',
          variations: [
            { variation: 0, weight: 10_000 },
            { variation: 1, weight: 80_000 },
            { variation: 2, weight: 10_000 },
          ],
        },
      },
    ],
  };
}
