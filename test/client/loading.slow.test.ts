import {
  type Client,
  createClient,
  type RawSpecification,
  type RawText,
  type Source,
} from 'evenhand';

const COUNT = 3000;

/** Returns thousands of experiments whose rules differ for each version. */
function manyExperiments(version: string): object[] {
  return Array.from({ length: COUNT }, (_, i) => ({
    name: `experiment_${i}`,
    identity: 'user.id',
    variants: [{ name: 'a' }, { name: 'b' }],
    audiences: [
      {
        rule: `version == "${version}" and plan in ["pro", "plan_${i}"]`,
        allocations: [{ variant: 'a', percent: 100 }],
      },
      { allocations: [{ variant: 'b', percent: 100 }] },
    ],
  }));
}

const textOf = (version: string): RawText => ({
  origin: 'many',
  revision: version,
  text: JSON.stringify(manyExperiments(version)),
});

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

/**
 * Makes a client whose source delivers what the test passes to `deliver()`.
 *
 * @param delivered called in the turn of the event loop after each delivery
 */
async function deliverTo(first: RawSpecification, delivered = (): void => {}) {
  let tell = (): void => {};
  let delivery = first;
  const source: Source = {
    name: 'many',
    intervalMs: 86_400_000,
    load: async () => {
      setImmediate(delivered);
      return delivery;
    },
    watch: (changed, { signal }) =>
      new Promise((resolve) => {
        tell = changed;
        signal.addEventListener('abort', () => resolve());
      }),
  };
  const client = createClient({ source, logger: false });
  clients.push(client);
  await client.ready();
  const deliver = (next: RawSpecification) => {
    delivery = next;
    tell();
  };
  return { client, deliver };
}

const clients: Client[] = [];
afterEach(async () => {
  jest.restoreAllMocks();
  await Promise.all(clients.splice(0).map((client) => client.close()));
});

const context = { version: 'v2', plan: 'pro', user: { id: 1 } };
const variantsIn = (client: Client) => [
  client.participant(context).variant('experiment_0'),
  client.participant(context).variant(`experiment_${COUNT - 1}`),
];

/** Calls something in each turn of the event loop until the client has this revision. */
async function eachTurnUntil(client: Client, revision: string, look = (): void => {}) {
  for (;;) {
    const { revision: current, problem } = client.status();
    if (problem !== undefined) throw problem;
    if (current === revision) return;
    look();
    await nextTurn();
  }
}

describe('thousands of experiments', () => {
  it('are prepared while the previous ones decide, and then come into force together', async () => {
    const { client, deliver } = await deliverTo(textOf('v1'));
    deliver(textOf('v2'));
    await eachTurnUntil(client, 'v2', () => {
      expect(variantsIn(client)).toEqual(['b', 'b']);
    });
    expect(variantsIn(client)).toEqual(['a', 'a']);
  });

  it.each([
    ['a text', textOf('v2')],
    ['texts', { origin: 'many', revision: 'v2', texts: [textOf('v2')] }],
    ['final data', { origin: 'many', revision: 'v2', data: manyExperiments('v2'), final: true }],
  ])('delivered as %s let other work run while they are prepared', async (_what, many) => {
    let turns = 0;
    let isDelivered = false;
    const { client, deliver } = await deliverTo(textOf('v1'), () => (isDelivered = true));
    isDelivered = false;
    deliver(many);
    await eachTurnUntil(client, 'v2', () => {
      if (isDelivered) turns++;
    });
    // Ten milliseconds' work at the very least, in slices of half a millisecond.
    expect(turns).toBeGreaterThan(10);
  });

  it.each([
    ['a text', textOf],
    ['texts', (revision: string) => ({ origin: 'many', revision, texts: [textOf(revision)] })],
    [
      'final data',
      (revision: string) => ({
        origin: 'many',
        revision,
        data: manyExperiments(revision),
        final: true,
      }),
    ],
  ])('delivered as %s are in force after few turns of a busy event loop', async (_what, many) => {
    // The test's own clock: each look at it, after a step, takes as long as a step of 10,000 experiments.
    let clock = 0;
    jest.spyOn(performance, 'now').mockImplementation(() => (clock += 0.25));
    let revision = 'v1';
    const load = async () => many(revision);
    const client = createClient({ source: { name: 'many', load }, logger: false });
    clients.push(client);
    const turnsOf40Ms: number[] = [];
    for (revision of ['v1', 'v2']) {
      if (revision === 'v2') void client.reload();
      let turns = 0;
      await eachTurnUntil(client, revision, () => {
        clock += 40;
        turns++;
      });
      turnsOf40Ms.push(turns);
    }
    expect(variantsIn(client)).toEqual(['a', 'a']);
    // Two seconds at most.
    for (const turns of turnsOf40Ms) expect(turns).toBeLessThan(50);
  });

  it("don't change when the delivered data is changed afterwards", async () => {
    const data: object[] = [];
    const { client, deliver } = await deliverTo(textOf('v1'), () => {
      for (const one of data) Object.assign(one, { variants: 7, audiences: [] });
    });
    data.push(...manyExperiments('v2'));
    deliver({ origin: 'many', revision: 'v2', data });
    await eachTurnUntil(client, 'v2');
    await nextTurn();
    expect(data[0]).toMatchObject({ variants: 7 });
    expect(variantsIn(client)).toEqual(['a', 'a']);
  });

  it('are not used if the client is closed meanwhile', async () => {
    let delivered = (): void => {};
    const { client, deliver } = await deliverTo(textOf('v1'), () => delivered());
    const isDelivered = new Promise<void>((resolve) => (delivered = resolve));
    deliver(textOf('v2'));
    await isDelivered;
    expect(client.status().revision).toBe('v1');
    await client.close();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(client.status().revision).toBe('v1');
    expect(variantsIn(client)).toEqual(['b', 'b']);
  });

  it('report an invalid one and leave the previous ones in force', async () => {
    const { client, deliver } = await deliverTo(textOf('v1'));
    const data = manyExperiments('v2');
    Object.assign(data[COUNT - 1] ?? {}, { identity: '' });
    const failed = new Promise<Error>((resolve) => void client.on('error', resolve));
    deliver({ origin: 'many', revision: 'v2', text: JSON.stringify(data) });
    const { message } = await failed;
    expect(message).toContain(`/${COUNT - 1}/identity`);
    expect(client.status()).toMatchObject({ revision: 'v1', state: 'ready' });
    expect(variantsIn(client)).toEqual(['b', 'b']);
  });
});
