import {
  createClient,
  type MadeDecision,
  parseExperiments,
  type Snapshot,
  type StickyAssignment,
} from 'evenhand';
import { recordingSink } from 'evenhand/testing';
import { bucketOfText } from '../../../src/hash/bucket.ts';

const names = (...list: string[]) => list.map((name) => ({ name }));

const half = (one: string, other: string) => ({
  allocations: [
    { variant: one, percent: 50 },
    { variant: other, percent: 50 },
  ],
});

const all = (variant: string) => ({ allocations: [{ variant, percent: 100 }] });

const search = {
  name: 'search',
  identity: 'user.id',
  variants: names('fast', 'control'),
  audiences: [half('fast', 'control')],
};

const winter = { name: 'winter', identity: 'user.id', percent: 5, experiments: ['search', 'chat'] };

const spec = (holdout: object = {}, ...others: object[]) => ({
  experiments: [search, 'chat:on'],
  holdouts: [{ ...winter, ...holdout }, ...others],
});

const load = (config: object): Snapshot => parseExperiments(config, { logger: false });

const user = (id: unknown) => ({ user: { id } });

/** The first user that a holdout of `percent` and `seed` holds out, or includes. */
function userBy(isHeldOut: boolean, percent = 5, seed = 'winter'): number {
  for (let id = 1; ; id++) if (bucketOfText(String(id), seed) < percent === isHeldOut) return id;
}

const HELD = userBy(true);
const INCLUDED = userBy(false);

describe('a participant who is held out', () => {
  it('gets the control of each listed experiment', () => {
    const participant = load(spec()).participant(user(HELD));
    expect(participant.variant('search')).toBe('control');
    expect(participant.isOff('chat')).toBe(true);
    expect(participant.variants()).toEqual({ search: 'control', chat: 'off' });
  });

  it.each([
    [['a', 'off', 'control'], 'control'],
    [['a', 'off'], 'off'],
    [['on', 'off'], 'off'],
    [['a', 'b'], 'a'],
  ])('gets of the variants %j the variant %s', (variants, control) => {
    const experiment = {
      ...search,
      variants: names(...variants),
      audiences: [all(variants[0] ?? '')],
    };
    const data = { experiments: [experiment], holdouts: [{ ...winter, experiments: ['search'] }] };
    expect(load(data).participant(user(HELD)).variant('search')).toBe(control);
  });

  it('gets the value of the control', () => {
    const valued = {
      ...search,
      variants: [
        { name: 'fast', value: 1 },
        { name: 'control', value: 2 },
      ],
    };
    const data = { experiments: [valued], holdouts: [{ ...winter, experiments: ['search'] }] };
    expect(load(data).participant(user(HELD)).value('search')).toBe(2);
  });

  it('is not asked for the rules of the experiment', () => {
    const ruled = { ...search, audiences: [{ rule: 'missing == 1', ...all('fast') }, all('fast')] };
    const data = { experiments: [ruled], holdouts: [{ ...winter, experiments: ['search'] }] };
    expect(load(data).participant(user(HELD)).variant('search')).toBe('control');
    expect(() => load(data).participant(user(INCLUDED)).variant('search')).toThrow('missing');
  });

  it('gets a variant that is forced', () => {
    const snapshot = load(spec());
    const overrides = { search: 'fast' };
    expect(snapshot.participant(user(HELD), { overrides }).variant('search')).toBe('fast');
  });

  it('takes part in experiments that the holdout does not list', () => {
    const other = { ...search, name: 'other', audiences: [all('fast')] };
    const data = { ...spec(), experiments: [search, 'chat:on', other] };
    expect(load(data).participant(user(HELD)).variant('other')).toBe('fast');
  });

  it('is explained with the holdout, which has an explanation of its own', () => {
    const participant = load(spec()).participant(user(HELD));
    expect(participant.explain('search')).toEqual({
      experiment: 'search',
      variant: 'control',
      reason: 'holdout',
      holdout: 'winter',
      overridden: false,
      audiences: [],
    });
    expect(participant.explain('winter')).toMatchObject({
      experiment: 'winter',
      variant: 'held_out',
      reason: 'allocation',
      seed: 'winter',
      identity: { path: 'user.id', text: String(HELD) },
      bucket: bucketOfText(String(HELD), 'winter'),
      allocation: { variant: 'held_out', from: 0, to: 4 },
    });
  });

  it('can be forced, and forced to take part', () => {
    const snapshot = load(spec());
    const held = snapshot.participant(user(INCLUDED), { overrides: { winter: 'held_out' } });
    expect(held.variant('search')).toBe('control');
    expect(held.explain('winter')).toMatchObject({ variant: 'held_out', reason: 'override' });
    const included = snapshot.participant(user(HELD), { overrides: { winter: 'included' } });
    expect(included.isOn('chat')).toBe(true);
  });

  it('keeps a sticky variant for the time after the holdout', () => {
    const sticky = { ...search, sticky: true };
    const [before, during] = [
      load({ experiments: [sticky] }),
      load({ experiments: [sticky], holdouts: [{ ...winter, experiments: ['search'] }] }),
    ];
    const fast =
      [1, 2, 3, 4, 5, 6, 7, 8, 9]
        .map((n) => ({ user: { id: `${n}` } }))
        .find((context) => before.participant(context).variant('search') === 'fast') ?? user(0);
    const first = before.participant(fast);
    first.variant('search');
    const assignments: readonly StickyAssignment[] = first.assignments();
    const overrides = { winter: 'held_out' };
    const held = during.participant(fast, { assignments, overrides });
    expect(held.variant('search')).toBe('control');
    const kept = held.assignments();
    // With another split, only the kept variant gives this participant `fast`.
    const after = load({
      experiments: [
        {
          ...sticky,
          audiences: [
            {
              allocations: [
                { variant: 'control', percent: 99 },
                { variant: 'fast', percent: 1 },
              ],
            },
          ],
        },
      ],
    });
    expect(after.participant(fast, { assignments: kept }).variant('search')).toBe('fast');
  });
});

describe('a participant who is not held out', () => {
  it('gets the variant that the experiment gives without a holdout', () => {
    const [plain, held] = [load({ experiments: [search] }), load(spec())];
    for (let id = 0; id < 300; id++) {
      if (bucketOfText(String(id), 'winter') < 5) continue;
      const variant = plain.participant(user(id)).variant('search');
      expect(held.participant(user(id)).variant('search')).toBe(variant);
    }
  });

  it.each([
    ['no identity', {}],
    ['an identity that is None', { user: { id: null } }],
    ['an undefined identity', { user: { id: undefined } }],
  ])('includes a participant with %s, without an error', (_, context) => {
    const data = {
      experiments: ['chat:on'],
      holdouts: [{ ...winter, percent: 100, experiments: ['chat'] }],
    };
    const participant = load(data).participant(context);
    expect(participant.isOn('chat')).toBe(true);
    expect(participant.explain('winter')).toMatchObject({
      variant: 'included',
      reason: 'allocation',
    });
  });

  it('reports an identity that has no text, as an experiment does', () => {
    const data = { experiments: ['chat:on'], holdouts: [{ ...winter, experiments: ['chat'] }] };
    expect(() =>
      load(data)
        .participant(user(['x']))
        .isOn('chat'),
    ).toThrow('"user.id" is a list');
    const lenient = parseExperiments(data, { logger: false, onError: 'fallback' });
    expect(lenient.participant(user(['x'])).isOn('chat')).toBe(true);
  });
});

describe('a holdout', () => {
  it('of 0 percent holds no one out, and of 100 percent everyone', () => {
    const [none, everyone] = [load(spec({ percent: 0 })), load(spec({ percent: 100 }))];
    for (let id = 0; id < 50; id++) {
      expect(none.participant(user(id)).isOn('chat')).toBe(true);
      expect(everyone.participant(user(id)).isOff('chat')).toBe(true);
    }
  });

  it('reads its identity once for all its experiments', () => {
    let reads = 0;
    const context = {
      user: {
        get id() {
          reads++;
          return HELD;
        },
      },
    };
    const participant = load(spec()).participant(context);
    participant.variant('search');
    const once = reads;
    participant.variant('chat');
    participant.variants();
    expect(once).toBeGreaterThan(0);
    expect(reads).toBe(once);
  });

  it('comes in the order of the specification if several list an experiment', () => {
    const second = { ...winter, name: 'spring', seed: 'other', percent: 50 };
    const snapshot = load(spec({}, second));
    const both = Array.from({ length: 500 }, (_, id) => id).filter(
      (id) => bucketOfText(String(id), 'winter') < 5 && bucketOfText(String(id), 'other') < 50,
    );
    expect(both.length).toBeGreaterThan(3);
    for (const id of both) {
      expect(snapshot.participant(user(id)).explain('chat')).toMatchObject({ holdout: 'winter' });
    }
    const later = userBy(true, 50, 'other');
    const decision = snapshot.participant(user(later)).explain('chat');
    expect(decision.holdout).toBe(bucketOfText(String(later), 'winter') < 5 ? 'winter' : 'spring');
  });

  it('has 10,000 buckets for percents with two decimals', () => {
    const fine = load(spec({ percent: 5.25, buckets: 10_000 }));
    const coarse = load(spec());
    let [more, fewer, held] = [0, 0, 0];
    for (let id = 0; id < 20_000; id++) {
      const isHeld = fine.participant(user(id)).isOff('chat');
      const wasHeld = coarse.participant(user(id)).isOff('chat');
      if (isHeld) held++;
      if (isHeld && !wasHeld) more++;
      if (!isHeld && wasHeld) fewer++;
    }
    expect(held / 20_000).toBeCloseTo(0.0525, 2);
    expect(fewer).toBe(0);
    expect(more).toBeGreaterThan(20);
    expect(more).toBeLessThan(90);
  });

  it('takes the first available identity of a list', () => {
    const snapshot = load(spec({ identity: ['user.id', 'anonymous'] }));
    const byKey = (key: number) => ({ user: { id: null }, anonymous: String(key) });
    expect(snapshot.participant({ user: { id: HELD }, anonymous: 'k' }).isOff('chat')).toBe(true);
    expect(snapshot.participant(byKey(HELD)).isOff('chat')).toBe(true);
    expect(snapshot.participant(byKey(INCLUDED)).isOn('chat')).toBe(true);
    expect(snapshot.participant({ user: { id: null } }).isOn('chat')).toBe(true);
    expect(snapshot.participant(byKey(HELD)).explain('winter')).toMatchObject({
      variant: 'held_out',
      identity: { path: 'anonymous', text: String(HELD) },
    });
  });

  it('is not an experiment of the snapshot', () => {
    const snapshot = load(spec());
    expect(snapshot.has('winter')).toBe(false);
    expect(snapshot.experiments.map(({ name }) => name)).toEqual(['search', 'chat']);
    expect(snapshot.participant(user(HELD)).variant('winter')).toBeUndefined();
  });

  it('decides for other experiments that ask for a listed one', () => {
    const asking = {
      name: 'asking',
      identity: 'user.id',
      variants: names('yes', 'no'),
      audiences: [{ rule: 'experiments.chat == "on"', ...all('yes') }, all('no')],
    };
    const snapshot = load({ ...spec(), experiments: [search, 'chat:on', asking] });
    expect(snapshot.participant(user(HELD)).variant('asking')).toBe('no');
    expect(snapshot.participant(user(INCLUDED)).variant('asking')).toBe('yes');
  });
});

describe('the exposures of a holdout', () => {
  function recorded(config: object) {
    const sink = recordingSink();
    const decisions: MadeDecision[] = [];
    const client = createClient({
      source: config,
      exposures: { sink },
      logger: false,
      hooks: { decision: (decision) => decisions.push(decision) },
    });
    return { sink, client, decisions };
  }

  /** The exposures as texts: `search=fast`. */
  async function exposuresOf({
    sink,
    client,
  }: ReturnType<typeof recorded>): Promise<readonly string[]> {
    await client.exposures?.flush();
    return sink.exposures().map(({ experiment, variant }) => `${experiment}=${variant}`);
  }

  it('are one for a participant who is held out, and none of the experiment', async () => {
    const test = recorded(spec());
    const participant = test.client.participant(user(HELD));
    participant.variant('search');
    participant.variant('search');
    expect(await exposuresOf(test)).toEqual(['winter=held_out']);
    expect(test.sink.exposures()[0]).toMatchObject({
      experiment: 'winter',
      seed: 'winter',
      identity: 'user.id',
      unit: String(HELD),
      audience: 0,
      bucket: bucketOfText(String(HELD), 'winter'),
      overridden: false,
      checksum: expect.stringMatching(/^[0-9a-f]{16}$/),
    });
    await test.client.close();
  });

  it('are recorded of participants who are included too, once for all participants of one unit', async () => {
    const test = recorded({
      experiments: [search, { ...search, name: 'layout' }],
      holdouts: [{ ...winter, experiments: ['search', 'layout'] }],
    });
    for (let visit = 0; visit < 3; visit++) {
      const participant = test.client.participant(user(INCLUDED));
      participant.variant('search');
      participant.variant('layout');
    }
    expect((await exposuresOf(test)).toSorted()).toEqual([
      expect.stringMatching(/^layout=/),
      expect.stringMatching(/^search=/),
      'winter=included',
    ]);
    await test.client.close();
  });

  it('wait for the first experiment that is exposed', async () => {
    const manual = { ...search, exposure: 'manual' };
    const test = recorded({ ...spec(), experiments: [manual, 'chat:on'] });
    const participant = test.client.participant(user(HELD));
    participant.peek('search');
    participant.variant('search');
    participant.isOn('chat');
    participant.variants();
    expect(await exposuresOf(test)).toEqual([]);
    participant.expose('chat');
    expect(await exposuresOf(test)).toEqual([]);
    participant.expose('search');
    expect(await exposuresOf(test)).toEqual(['winter=held_out']);
    await test.client.close();
  });

  it('are recorded for each holdout that lists the experiment', async () => {
    const spring = { ...winter, name: 'spring', percent: 50 };
    const test = recorded(spec({}, spring));
    test.client.participant(user(HELD)).variant('search');
    const second = bucketOfText(String(HELD), 'spring') < 50 ? 'held_out' : 'included';
    expect(await exposuresOf(test)).toEqual(['winter=held_out', `spring=${second}`]);
    await test.client.close();
  });

  it('are not recorded without the identity', async () => {
    const byTenant = { ...search, identity: 'tenant.id' };
    const test = recorded({ ...spec(), experiments: [byTenant, 'chat:on'] });
    test.client.participant({ tenant: { id: 1 } }).variant('search');
    expect(await exposuresOf(test)).toEqual([expect.stringMatching(/^search=/)]);
    await test.client.close();
  });

  it('are not recorded if the experiment is forced, and are marked if the holdout is', async () => {
    const test = recorded(spec());
    const { setup } = test.client.experiments();
    const snapshot = test.client.experiments();
    snapshot.participant(user(HELD), { overrides: { search: 'fast' } }).variant('search');
    expect(await exposuresOf(test)).toEqual(['search=fast']);
    test.sink.clear();
    snapshot.participant(user(INCLUDED), { overrides: { winter: 'held_out' } }).variant('search');
    await test.client.exposures?.flush();
    expect(test.sink.exposures()).toMatchObject([
      { experiment: 'winter', variant: 'held_out', unit: String(INCLUDED), overridden: true },
    ]);
    expect(setup.policy.counts.heldOut).toBe(1);
    await test.client.close();
  });

  it('have the identity of a list that decided', async () => {
    const test = recorded(spec({ identity: ['user.id', 'anonymous'] }));
    const byKey = { user: { id: HELD }, anonymous: 'k' };
    test.client.participant(byKey).variant('search');
    await test.client.close();
    expect(test.sink.exposures()).toMatchObject([{ identity: 'user.id', unit: String(HELD) }]);
  });

  it('leave the checksum of the experiment as it is', async () => {
    const [plain, held] = [recorded({ experiments: [search] }), recorded(spec())];
    for (const { client } of [plain, held]) client.participant(user(INCLUDED)).variant('search');
    await Promise.all([plain, held].map(exposuresOf));
    expect(held.sink.exposures('search')[0]?.checksum).toBe(
      plain.sink.exposures('search')[0]?.checksum,
    );
    await Promise.all([plain, held].map(({ client }) => client.close()));
  });

  it('get another checksum with another percent', async () => {
    const checksums = [5, 10].map(async (percent) => {
      const test = recorded(spec({ percent }));
      test.client.participant(user(HELD)).variant('search');
      await test.client.close();
      return test.sink.exposures('winter')[0]?.checksum;
    });
    const [one, other] = await Promise.all(checksums);
    expect(one).not.toBe(other);
  });

  it('can be joined with outcomes, which have the identity of the holdout', async () => {
    const byTenant = { ...search, identity: 'tenant.id' };
    const test = recorded({ ...spec(), experiments: [byTenant, 'chat:on'] });
    test.client.participant({ tenant: { id: 1 }, user: { id: 7 } }).track('purchase');
    await test.client.close();
    expect(test.sink.outcomes('purchase')[0]?.units).toEqual({ 'tenant.id': '1', 'user.id': '7' });
  });

  it('are watched for their split', async () => {
    const test = recorded(spec());
    for (let id = 0; id < 40; id++) test.client.participant(user(id)).variant('search');
    const split = test.client.exposures?.stats().splits.find((one) => one.experiment === 'winter');
    expect(split).toMatchObject({ units: 40, audience: 0 });
    expect(split?.variants.map(({ variant, percent }) => [variant, percent])).toEqual([
      ['held_out', 5],
      ['included', 95],
    ]);
    await test.client.close();
  });

  it('come with a decision of the experiment whose reason is the holdout', async () => {
    const test = recorded(spec());
    test.client.participant(user(HELD)).variant('search');
    expect(test.decisions).toMatchObject([
      { experiment: 'winter', variant: 'held_out', reason: 'allocation' },
      { experiment: 'search', variant: 'control', reason: 'holdout', holdout: 'winter' },
    ]);
    const metric = test.client.metrics().find(({ name }) => name === 'evenhand.decision.held_out');
    expect(metric?.samples).toEqual([{ labels: {}, value: 1 }]);
    await test.client.close();
  });
});
