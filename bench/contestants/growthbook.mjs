import { GrowthBookClient } from '@growthbook/growthbook';

/** GrowthBook's client for servers: it interprets MongoDB-like conditions in JSON and hashes FNV-1a twice. */
export function start(configuration) {
  const client = createClient(configuration);
  return (user, name) => client.getFeatureValue(name, '', { attributes: attributesOf(user) });
}

/** Reads all features of a user one by one, because no single call does. Returns their number. */
export function startAll(configuration) {
  const client = createClient(configuration);
  const names = Object.keys(client.getFeatures());
  return (user) => {
    const context = { attributes: attributesOf(user) };
    const values = names.map((name) => [name, client.getFeatureValue(name, '', context)]);
    return Object.keys(Object.fromEntries(values)).length;
  };
}

/** Also for the Express suite. */
export function createClient(configuration) {
  return new GrowthBookClient().initSync({ payload: JSON.parse(configuration) });
}

/** Also for the Express suite. */
export function attributesOf({ id, plan, locale }) {
  return { id, locale, user: { plan } };
}

export function configuration(experiments) {
  return JSON.stringify({ features: Object.fromEntries(experiments.map(feature)) });
}

function feature({ name, plans }) {
  const definition = {
    defaultValue: 'inactive',
    rules: [
      {
        key: name,
        condition: { locale: 'en-US', 'user.plan': { $in: plans } },
        hashAttribute: 'id',
        hashVersion: 2,
        variations: ['active', 'inactive', 'control'],
        weights: [0.1, 0.8, 0.1],
      },
    ],
  };
  return [name, definition];
}
