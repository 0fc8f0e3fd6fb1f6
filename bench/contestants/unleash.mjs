import { InMemStorageProvider, startUnleash } from 'unleash-client';

/** Unleash's SDK on bootstrap data, without fetching or metrics: MurmurHash3 twice. */
export async function start(configuration) {
  const unleash = await createUnleash(configuration);
  return (user, name) => unleash.getVariant(name, contextOf(user)).name;
}

/** Also for the Express suite. */
export function contextOf({ id, plan, locale }) {
  return { userId: id, properties: { locale, plan } };
}

/** Also for the Express suite. */
export function createUnleash(configuration) {
  return startUnleash({
    appName: 'bench',
    // The SDK requires an address, but with an interval of 0 it never fetches.
    url: 'http://localhost/',
    refreshInterval: 0,
    disableMetrics: true,
    storageProvider: new InMemStorageProvider(),
    bootstrap: { data: JSON.parse(configuration) },
  });
}

export function configuration(experiments) {
  return JSON.stringify(experiments.map(feature));
}

function feature({ name, plans }) {
  const oneOf = (contextName, values) => ({ contextName, operator: 'IN', values, inverted: false });
  const variant = (name, weight) => ({ name, weight, stickiness: 'userId', weightType: 'fix' });
  const rollout = (constraints, variants) => ({
    name: 'flexibleRollout',
    parameters: { rollout: '100', stickiness: 'userId', groupId: name },
    constraints,
    variants,
  });
  return {
    name,
    type: 'experiment',
    enabled: true,
    impressionData: false,
    variants: [],
    strategies: [
      rollout(
        [oneOf('locale', ['en-US']), oneOf('plan', plans)],
        [variant('active', 100), variant('inactive', 800), variant('control', 100)],
      ),
      rollout([], [variant('inactive', 1000)]),
    ],
  };
}
