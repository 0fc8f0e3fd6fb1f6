import { createClient } from '../../src/client/client.ts';
import { recordingSink } from '../../src/testing/recording-sink.ts';

const namespace = {
  name: 'checkout',
  unit: 'user.id',
  segments: 2,
  inputs: { id: 'user.id' },
  defaults: { text: 'OK', color: 'gray' },
  experiments: [
    {
      name: 'words',
      variants: [
        { name: 'buy', values: { text: 'Buy' } },
        { name: 'order', values: {} },
      ],
    },
    { name: 'script', script: 'size = uniformChoice(choices=[1, 2], unit=id); text = "Go";' },
    { name: 'nobody', script: 'text = "X"; return false;' },
    { name: 'long', script: `text = "${'x'.repeat(600)}";` },
  ],
};

function setUp(added: string, parts: object = {}) {
  const sink = recordingSink();
  const history = added === '' ? [] : [{ add: `${added}_1`, segments: 2, experiment: added }];
  const client = createClient({
    source: { experiments: [], namespaces: [{ ...namespace, history, ...parts }] },
    exposures: { sink },
    logger: false,
  });
  const of = (id: unknown) => client.participant({ user: { id } }).namespace('checkout');
  const recorded = async () => {
    await client.exposures?.flush();
    return sink.exposures();
  };
  return { of, recorded, client, sink };
}

describe('a parameter of a namespace', () => {
  it("is an exposure to the unit's experiment if one of its variants sets the parameter", async () => {
    const { of, recorded } = setUp('words');
    const variants = [1, 2, 3, 4].map((id) => {
      of(id).get('text');
      return of(id).peek('variant');
    });
    const records = await recorded();
    expect(records.map(({ variant, unit }) => [variant, unit])).toEqual(
      variants.map((variant, i) => [variant, String(i + 1)]),
    );
    expect(new Set(variants)).toEqual(new Set(['buy', 'order']));
    expect(records[0]).toEqual({
      version: 1,
      id: expect.any(String),
      time: expect.any(String),
      event: 'exposure',
      experiment: 'checkout.words_1',
      seed: 'checkout.words_1',
      checksum: expect.stringMatching(/^[0-9a-f]{16}$/),
      variant: variants[0],
      identity: 'user.id',
      unit: '1',
      overridden: false,
    });
  });

  describe('of two experiments', () => {
    const two = {
      segments: 6,
      experiments: [
        {
          name: 'words',
          variants: [
            { name: 'control', values: {} },
            { name: 'buy', values: { text: 'Buy' } },
          ],
        },
        { name: 'sizes', script: 'if (id > 1000) { size = 2; hint = 1; } else { size = 1; }' },
      ],
      history: [
        { add: 'words', segments: 3 },
        { add: 'sizes', segments: 3 },
      ],
    };
    const ids = Array.from({ length: 20 }, (_, id) => id);

    it.each([
      ['text', ['words']],
      ['variant', ['words']],
      ['size', ['sizes']],
      ['hint', ['sizes']],
      ['color', []],
      ['unknown', []],
      ['id', []],
    ])('is an exposure only for units whose experiment can set %s: %j', async (name, exposed) => {
      const { of, recorded } = setUp('', two);
      for (const id of ids) of(id).get(name);
      const inThem = ids.filter((id) => exposed.includes(of(id).experiment ?? ''));
      expect((await recorded()).map(({ unit }) => Number(unit))).toEqual(inThem);
      expect(inThem.length > 0).toBe(exposed.length > 0);
    });

    it('is an exposure for every unit that is in one, by getParams() or expose()', async () => {
      for (const exposure of ['auto', 'manual']) {
        const { of, recorded } = setUp('', { ...two, exposure });
        for (const id of ids) of(id).getParams();
        expect(await recorded()).toHaveLength(exposure === 'auto' ? ids.length : 0);
        for (const id of ids) of(id).expose();
        expect(await recorded()).toHaveLength(ids.length);
      }
    });

    it('is recorded alike for all variants, also for a control without values', async () => {
      const { of, recorded } = setUp('words');
      for (const id of ids) of(id).get('text');
      const variants = (await recorded()).map(({ variant }) => variant);
      expect(new Set(variants)).toEqual(new Set(['buy', 'order']));
      expect(variants).toHaveLength(ids.length);
    });
  });

  it('is recorded once by getParams() too', async () => {
    const { of, recorded } = setUp('words');
    of(1).getParams();
    of(1).get('text');
    expect(await recorded()).toHaveLength(1);
  });

  it('is not recorded by peek(), explain(), segment, experiment and inExperiment', async () => {
    const { of, recorded } = setUp('words');
    const checkout = of(1);
    expect(checkout.peek('nothing', 'fallback')).toBe('fallback');
    const { segment, experiment, inExperiment } = checkout;
    expect([segment, experiment, inExperiment, checkout.explain().inExperiment]).toEqual([
      expect.any(Number),
      'words_1',
      true,
      true,
    ]);
    expect(await recorded()).toEqual([]);
    checkout.get('text');
    checkout.get('text');
    expect(await recorded()).toHaveLength(1);
  });

  it('has the parameters as its variant if a script sets them', async () => {
    const { of, recorded } = setUp('script');
    for (const id of [1, 2, 3, 4, 5, 6]) of(id).get('size');
    const variants = (await recorded()).map(({ variant }) => variant);
    expect(new Set(variants)).toEqual(
      new Set(['{"size":1,"text":"Go"}', '{"size":2,"text":"Go"}']),
    );
    expect(variants).toHaveLength(6);
  });

  it('has a hash as its variant if the parameters are long', async () => {
    const { of, recorded } = setUp('long');
    of(1).get('text');
    expect((await recorded())[0]?.variant).toMatch(/^sha256:[0-9a-f]{16}$/);
  });

  it('records no exposure if the script excludes the unit or there is no experiment', async () => {
    const out = setUp('nobody');
    out.of(1).get('text');
    out.of(2).getParams();
    out.of(3).expose();
    const manual = setUp('nobody', { exposure: 'manual' });
    manual.of(1).expose();
    expect(await manual.recorded()).toEqual([]);
    const none = setUp('');
    none.of(1).get('text');
    none.client.participant({}).namespace('unknown').get('x');
    none.client.participant({}).namespace('unknown').expose();
    expect([await out.recorded(), await none.recorded()]).toEqual([[], []]);
  });

  it('is recorded only by expose() with "manual", and never with "off"', async () => {
    const manual = setUp('words', { exposure: 'manual' });
    manual.of(1).get('text');
    expect(await manual.recorded()).toEqual([]);
    manual.of(1).expose();
    expect(await manual.recorded()).toHaveLength(1);
    const off = setUp('words', { exposure: 'off' });
    off.of(1).get('text');
    off.of(1).expose();
    expect(await off.recorded()).toEqual([]);
  });

  it('has the unit of several paths, like outcomes', async () => {
    const { client, recorded, sink } = setUp('words', { unit: ['user.id', 'page'] });
    const who = client.participant({ user: { id: 1 }, page: 'home' });
    who.namespace('checkout').get('text');
    who.track('purchase');
    client.participant({ user: { id: 1 } }).track('purchase');
    const [exposure] = await recorded();
    expect(exposure).toMatchObject({ identity: 'user.id,page', unit: "(1, 'home')" });
    expect(sink.outcomes().map(({ units }) => units)).toEqual([
      { 'user.id,page': exposure?.unit },
      {},
    ]);
  });
});
