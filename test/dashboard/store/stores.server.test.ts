import { rampChange } from '../../../src/dashboard/change/requests.ts';
import { saveChange } from '../../../src/dashboard/change/save.ts';
import { versionOf } from '../../../src/dashboard/change/parts.ts';
import { documentWorkspace } from '../../../src/dashboard/store/document-workspace.ts';
import { parseExperiments } from '../../../src/index.ts';
import { createRedisStore } from '../../../src/integrations/redis/redis-store.ts';
import { PACKAGES } from '../../integrations/redis/clients.ts';
import { describeWithRedis, RedisServer } from '../../servers/redis.ts';
import { visitOf } from '../fixtures/visit.ts';

/** The editors, each with an experiment of its own. */
const EDITORS = 50;

const experiment = (name: string) => ({
  name,
  identity: 'user.id',
  variants: [{ name: 'on' }, { name: 'off' }],
  audiences: [
    {
      allocations: [
        { variant: 'on', percent: 10 },
        { variant: 'off', percent: 90 },
      ],
    },
  ],
});

const NAMES = Array.from({ length: EDITORS }, (_, i) => `experiment_${i}`);
const SPECIFICATION = NAMES.map(experiment);

describeWithRedis('a dashboard over Redis', () => {
  let server: RedisServer;

  beforeAll(async () => {
    server = new RedisServer();
    await server.start();
  });

  afterAll(() => server.dispose());

  it.each(PACKAGES)('loses no change of 50 editors at once: %s', async (_, open) => {
    const redis = await open({ socket: server.socket });
    await redis.command('FLUSHALL');
    const store = createRedisStore({ client: redis.client });
    await store.put(SPECIFICATION);
    const before = parseExperiments(SPECIFICATION);
    const edit = async (name: string): Promise<void> => {
      const visit = visitOf({
        specification: SPECIFICATION,
        workspace: workspaceOf(),
        board: here,
      });
      const ramp = { variant: 'on', to: 60, audience: undefined, from: [] };
      const version = versionOf(before.specification, { kind: 'experiment', name }, visit.now);
      const form = { version, reason: name, acceptsHarm: false };
      let outcome = await saveChange(visit, rampChange(name, ramp), form);
      // With so many editors, a change can lose all of its turns. Then the visitor tries again.
      while (outcome.kind === 'failed')
        outcome = await saveChange(visit, rampChange(name, ramp), form);
      expect(outcome.kind).toBe('saved');
    };
    const workspaceOf = () => documentWorkspace(store, () => Date.now());
    const after = parseExperiments(SPECIFICATION.map((one) => ({ ...one, audiences: ramped })));
    const here = { inForce: () => after };
    await Promise.all(NAMES.map(edit));
    const stored = JSON.parse((await store.read())?.text ?? '[]') as typeof SPECIFICATION;
    expect(stored.map(({ audiences }) => audiences)).toEqual(NAMES.map(() => ramped));
    redis.close();
  });
});

const ramped = [
  {
    allocations: [
      { variant: 'on', percent: 60 },
      { variant: 'off', percent: 40 },
    ],
  },
];
