import { init } from '@eppo/node-server-sdk';

const SHARDS = 10_000;

/** Eppo's SDK (MD5) without logging. A replaced `fetch` returns the configuration. */
export async function start(configuration) {
  globalThis.fetch = async () => new Response(configuration);
  const client = await init({ apiKey: 'bench', assignmentLogger: { logAssignment() {} } });
  return ({ id, plan, locale }, name) => client.getStringAssignment(name, id, { locale, plan }, '');
}

export function configuration(experiments) {
  return JSON.stringify({
    createdAt: '2025-01-01T00:00:00.000Z',
    format: 'SERVER',
    environment: { name: 'bench' },
    flags: Object.fromEntries(experiments.map((experiment) => [experiment.name, flag(experiment)])),
    bandits: {},
    banditReferences: {},
  });
}

function flag({ name: key, plans }) {
  const split = (variationKey, start, end) => ({
    variationKey,
    shards: [{ salt: key, ranges: [{ start: start * SHARDS, end: end * SHARDS }] }],
  });
  const variations = ['active', 'inactive', 'control'].map((name) => [
    name,
    { key: name, value: name },
  ]);
  return {
    key,
    enabled: true,
    variationType: 'STRING',
    variations: Object.fromEntries(variations),
    totalShards: SHARDS,
    allocations: [
      {
        key: 'matching',
        rules: [
          {
            conditions: [
              { attribute: 'locale', operator: 'ONE_OF', value: ['en-US'] },
              { attribute: 'plan', operator: 'ONE_OF', value: plans },
            ],
          },
        ],
        splits: [split('active', 0, 0.1), split('inactive', 0.1, 0.9), split('control', 0.9, 1)],
        doLog: false,
      },
      { key: 'others', splits: [{ variationKey: 'inactive', shards: [] }], doLog: false },
    ],
  };
}
