import { createHmac } from 'node:crypto';
import type { Participant } from '../../src/assignment/participant.ts';
import { createClient } from '../../src/client/client.ts';
import type { ClientOptions } from '../../src/client/options.ts';
import { createExposures } from '../../src/exposures/exposures.ts';
import type { ExposuresOptions } from '../../src/exposures/options.ts';
import type { ExposureRecord } from '../../src/exposures/records/record.ts';
import { version } from '../../src/rules/typed-text/version.ts';
import { recordingSink } from '../../src/testing/recording-sink.ts';
import { audience, experiment, recordingLogger } from '../assignment/build.ts';
import { closing } from '../closing.ts';
import { runs } from '../runs.ts';

const half = [audience({ a: 50, b: 50 })];

const experiments = [
  experiment({ name: 'auto' }),
  { ...experiment({ name: 'manual' }), exposure: 'manual' },
  { ...experiment({ name: 'off' }), exposure: 'off' },
  experiment({ name: 'switch', audiences: [audience({ on: 50, off: 50 })] }),
  {
    ...experiment({ name: 'rollout', audiences: [audience({ on: 50, off: 50 })] }),
    exposure: 'auto',
  },
  experiment({ name: 'undealt', audiences: [audience({ a: 100 }, 'user.id == 1'), ...half] }),
  experiment({ name: 'drawn', identity: 'random' }),
  'plain:on',
];

function setUp(options: Partial<ExposuresOptions> = {}, clientOptions: ClientOptions = {}) {
  const sink = recordingSink();
  const logger = recordingLogger();
  const exposures = closing(createExposures({ sink, logger, ...options }));
  const client = closing(
    createClient({ source: experiments, exposures, logger, ...clientOptions }),
  );
  const recorded = async (): Promise<ExposureRecord[]> => {
    await exposures.flush();
    return sink.exposures();
  };
  const names = async (): Promise<string[]> =>
    (await recorded()).map(({ experiment: name }) => name);
  return { sink, logger, exposures, client, recorded, names };
}

const user = { id: 7, plan: 'pro' };

describe('an exposure', () => {
  it('is recorded with everything that an analysis needs', async () => {
    const { client, recorded } = setUp();
    const participant = client.participant({ user });
    const variant = participant.variant('auto');
    const { bucket } = participant.explain('auto');
    const [record, ...others] = await recorded();
    expect(others).toEqual([]);
    expect(record).toEqual({
      version: 1,
      id: expect.stringMatching(
        /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      ),
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      event: 'exposure',
      experiment: 'auto',
      seed: 'auto',
      checksum: expect.stringMatching(/^[0-9a-f]{16}$/),
      variant,
      identity: 'user.id',
      unit: '7',
      audience: 0,
      bucket,
      overridden: false,
    });
    expect(Math.abs(Date.parse(record?.time ?? '') - Date.now())).toBeLessThan(60_000);
  });

  const reads: readonly [name: string, read: (who: Participant) => unknown][] = [
    ['isVariant', (who) => who.isVariant('auto', 'a')],
    ['isVariant of several', (who) => who.isVariant('auto', ['a', 'b'])],
    ['variant', (who) => who.variant('auto')],
    ['value', (who) => who.value('auto')],
    ['expose', (who) => who.expose('auto')],
  ];

  it.each(reads)('is recorded when %s() reads a decision', async (_name, read) => {
    const { client, names } = setUp();
    read(client.participant({ user }));
    expect(await names()).toEqual(['auto']);
  });

  it('is recorded by isOn() and isOff() only when they return true', async () => {
    const { client, names } = setUp();
    const who = client.participant({ user });
    who.isOn('rollout');
    who.isOn('switch');
    who.isOff('switch');
    who.isOn('plain');
    expect(await names()).toEqual(['rollout']);
  });

  it('is not recorded by variants(), peek() and explain(), nor for an unknown experiment', async () => {
    const { client, names } = setUp();
    const who = client.participant({ user });
    who.variants();
    who.explain('auto');
    expect(who.peek('auto')).toBe(who.variants().auto);
    who.variant('unknown');
    who.expose('unknown');
    expect(await names()).toEqual([]);
  });

  it('is recorded when a decision made by variants() is read', async () => {
    const { client, names } = setUp();
    const who = client.participant({ user });
    who.variants();
    who.isVariant('rollout', 'on');
    who.variant('auto');
    expect(await names()).toEqual(['rollout', 'auto']);
  });

  it('has the unit of the decision although the user has changed', async () => {
    const { client, recorded } = setUp();
    const context = { user: { id: 'ada' } };
    const who = client.participant(context);
    who.peek('auto');
    context.user = { id: 'bob' };
    who.variant('auto');
    expect((await recorded())[0]?.unit).toBe('ada');
  });

  it('is recorded by expose() with "manual", and never with "off"', async () => {
    const { client, names } = setUp();
    const who = client.participant({ user });
    who.variant('manual');
    who.variant('off');
    expect(await names()).toEqual([]);
    who.expose('manual');
    who.expose('manual');
    who.expose('off');
    expect(await names()).toEqual(['manual']);
  });

  it('is not recorded for an audience with a single variant, because nothing is split', async () => {
    const { client, names, exposures } = setUp();
    client.participant({ user: { id: 1 } }).variant('undealt');
    client.participant({ user: { id: 2 } }).variant('undealt');
    expect(await names()).toEqual(['undealt']);
    expect(exposures.stats()).toMatchObject({ recorded: 1, deduplicated: 0 });
  });

  it('is recorded for each random draw, without a unit', async () => {
    const { client, recorded } = setUp();
    for (let i = 0; i < 3; i++) {
      const who = client.participant({ user });
      who.variant('drawn');
      who.variant('drawn');
    }
    const records = await recorded();
    expect(records).toHaveLength(3);
    expect(records[0]).toMatchObject({ identity: 'random', bucket: expect.any(Number) });
    expect(records[0]).not.toHaveProperty('unit');
  });

  it('is marked as overridden, with the unit if there is one', async () => {
    const { client, recorded } = setUp();
    const overrides = { auto: 'b' };
    client.participant({ user }, { overrides }).variant('auto');
    client.participant({}, { overrides }).variant('auto');
    client.participant({ user: { id: null } }, { overrides }).variant('auto');
    const [known, unknown, ...others] = await recorded();
    expect(others).toEqual([]);
    expect(known).toMatchObject({ variant: 'b', unit: '7', overridden: true });
    expect(unknown).toMatchObject({ variant: 'b', overridden: true });
    for (const name of ['audience', 'bucket']) expect(known).not.toHaveProperty(name);
    expect(unknown).not.toHaveProperty('unit');
  });

  it('is recorded without an override even if it was recorded with one before', async () => {
    const { client, recorded } = setUp();
    const variant = client.participant({ user }).peek('auto') ?? '';
    for (const forced of [true, true, false, false]) {
      const options = forced ? { overrides: { auto: variant } } : {};
      client.participant({ user }, options).variant('auto');
    }
    expect((await recorded()).map(({ overridden }) => overridden)).toEqual([true, false]);
  });

  it('is recorded for the decision of the fallback audience after an error', async () => {
    const audiences = [audience({ a: 100 }, 'user.age > 18'), ...half];
    const source = [experiment({ name: 'auto', audiences })];
    const { client, recorded } = setUp({}, { source, onError: 'fallback' });
    client.participant({ user }).variant('auto');
    client.participant({}).variant('auto');
    expect(await recorded()).toMatchObject([{ audience: 1, unit: '7' }]);
  });

  it('is not recorded for a failed decision', async () => {
    const { client, names } = setUp();
    expect(() => client.participant({}).variant('auto')).toThrow('user');
    expect(await names()).toEqual([]);
  });
});

describe('deduplication', () => {
  it('records a unit and its variant once', async () => {
    const { client, names, exposures } = setUp();
    for (let i = 0; i < 5; i++) client.participant({ user }).variant('auto');
    client.participant({ user: { id: 8 } }).variant('auto');
    expect(await names()).toEqual(['auto', 'auto']);
    expect(exposures.stats()).toMatchObject({ recorded: 2, deduplicated: 4, remembered: 2 });
  });

  it('looks up a decision once for each participant', async () => {
    const { client, exposures } = setUp();
    const who = client.participant({ user });
    for (let i = 0; i < 5; i++) who.variant('auto');
    expect(exposures.stats()).toMatchObject({ recorded: 1, deduplicated: 0 });
  });

  it('records another variant that an override gives', async () => {
    const { client, recorded } = setUp();
    const variant = client.participant({ user }).variant('auto');
    const other = variant === 'a' ? 'b' : 'a';
    client.participant({ user }, { overrides: { auto: other } }).variant('auto');
    expect((await recorded()).map((record) => record.variant)).toEqual([variant, other]);
  });

  it('continues across clients and reloads as long as the assignments stay the same', async () => {
    const { client, names, exposures } = setUp();
    client.participant({ user }).variant('auto');
    closing(createClient({ source: experiments, exposures }))
      .participant({ user })
      .variant('auto');
    expect(await names()).toEqual(['auto']);
    const source = [experiment({ name: 'auto', audiences: [audience({ a: 49, b: 51 })] })];
    closing(createClient({ source, exposures })).participant({ user }).variant('auto');
    expect(await names()).toEqual(['auto', 'auto']);
  });

  it('forgets units after a time, and the least recently seen ones when there are too many', async () => {
    jest.useFakeTimers();
    try {
      const { client, exposures } = setUp({ once: { maxEntries: 2, ttlMs: 1000 } });
      const meet = (id: number): void => void client.participant({ user: { id } }).variant('auto');
      meet(1);
      jest.advanceTimersByTime(999);
      meet(1);
      expect(exposures.stats()).toMatchObject({ recorded: 1, deduplicated: 1 });
      jest.advanceTimersByTime(1);
      meet(1);
      expect(exposures.stats()).toMatchObject({ recorded: 2, deduplicated: 1 });
      meet(2);
      meet(3);
      meet(1);
      expect(exposures.stats()).toMatchObject({ recorded: 5, remembered: 2 });
    } finally {
      jest.useRealTimers();
    }
  });

  it('keeps many units within its limits', () => {
    const sink = { name: 'null', write: async () => {} };
    const { client, exposures } = setUp({
      sink,
      once: { maxEntries: 1000 },
      queue: { maxRecords: 1000 },
    });
    const count = runs(50_000);
    for (let id = 0; id < count; id++) client.participant({ user: { id } }).variant('auto');
    expect(exposures.stats()).toMatchObject({
      recorded: count,
      remembered: 1000,
      queueLength: 1000,
      dropped: count - 1000,
    });
  });
});

describe('an attribute of a record', () => {
  it('has the service, the session and the allowed attributes, if they exist', async () => {
    const { client, recorded, sink } = setUp({
      service: 'shop',
      session: 'visit.id',
      context: ['user.plan', 'country', 'tags', 'constructor'],
    });
    const context = { user, visit: { id: 12 }, country: 'DE', tags: ['a', 'b'], secret: 's' };
    client.participant(context).variant('auto');
    client.participant({ user: { id: 8 } }).variant('auto');
    client.participant(context).track('purchase');
    const [full, bare] = await recorded();
    const beside = {
      service: 'shop',
      session: '12',
      context: { 'user.plan': 'pro', country: 'DE', tags: ['a', 'b'] },
    };
    expect(full).toMatchObject(beside);
    expect(sink.outcomes()[0]).toMatchObject(beside);
    expect(JSON.stringify(sink.records)).not.toContain('secret');
    expect(bare).toMatchObject({ service: 'shop' });
    expect(bare).not.toHaveProperty('session');
    expect(bare).not.toHaveProperty('context');
  });

  it('leaves out an attribute that is not JSON, is too large, or throws', async () => {
    const { client, recorded } = setUp({ context: ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'] });
    const cycle: { self?: object } = {};
    cycle.self = cycle;
    const context = {
      user,
      a: 'x'.repeat(5000),
      b: cycle,
      get c(): never {
        throw new Error('mine');
      },
      d: () => 1,
      e: new Date(0),
      f: ['x'.repeat(2000)],
      g: 5n,
      h: version('v1.10'),
      i: new Date(NaN),
    };
    client.participant(context).variant('auto');
    expect((await recorded())[0]?.context).toEqual({
      a: 'x'.repeat(1000),
      e: '1970-01-01T00:00:00.000Z',
      g: '5',
      h: 'v1.10',
    });
  });

  it('keeps its attributes when the application changes them', async () => {
    const { client, recorded } = setUp({ context: ['tags'] });
    const tags = ['a'];
    client.participant({ user, tags }).variant('auto');
    tags.push('b');
    expect((await recorded())[0]?.context).toEqual({ tags: ['a'] });
  });

  it('has the hash of the unit with privacy: "hash"', async () => {
    const secret = 'sixteen characters and more';
    const { client, recorded, sink } = setUp({ privacy: 'hash', secret });
    const who = client.participant({ user: { id: 'ada' } });
    who.variant('auto');
    client.participant({ user: { id: 'ada' } }).variant('auto');
    who.track('purchase');
    const unit = createHmac('sha256', secret).update('ada').digest('hex');
    expect((await recorded()).map((record) => record.unit)).toEqual([unit]);
    expect(sink.outcomes()[0]?.units).toEqual({ 'user.id': unit });
    expect(JSON.stringify(sink.records)).not.toContain('ada');
  });

  it('shortens a long unit, and still distinguishes such units', async () => {
    const { client, recorded } = setUp();
    const long = 'x'.repeat(20_000);
    for (const id of [long, long, `${long}y`]) client.participant({ user: { id } }).variant('auto');
    const records = await recorded();
    expect(records).toHaveLength(2);
    expect(records[0]).toMatchObject({ unit: 'x'.repeat(1000), unitCut: true });
  });

  it("has ascending ids and the clock's time, even if the clock is set back", async () => {
    const now = jest.spyOn(Date, 'now');
    const { client, recorded } = setUp();
    const clock = [5_000_000, 5_000_001, 1_000_000, 1_000_001];
    for (const [id, time] of clock.entries()) {
      now.mockReturnValue(time);
      client.participant({ user: { id } }).variant('auto');
    }
    now.mockRestore();
    const records = await recorded();
    const ids = records.map(({ id }) => id);
    expect(ids).toEqual([...ids].sort((a, b) => (a < b ? -1 : 1)));
    expect(new Set(ids).size).toBe(4);
    expect(records.map(({ time }) => Date.parse(time))).toEqual(clock);
  });
});

describe('track', () => {
  it('records an outcome with the units for joining', async () => {
    const source = [
      ...experiments,
      experiment({ name: 'tenants', identity: 'tenant.id' }),
      { ...experiment({ name: 'hidden', identity: 'user.email' }), exposure: 'off' },
    ];
    const { client, sink, exposures } = setUp({}, { source });
    const context = { user: { ...user, email: 'a@b.c' }, tenant: { id: true } };
    const properties = { value: 12.5, items: ['x'] };
    client.participant(context).track('purchase', properties);
    properties.items.push('y');
    client.participant({ tenant: null }).track('visit');
    await exposures.flush();
    expect(sink.records).toEqual([
      {
        version: 1,
        id: expect.any(String),
        time: expect.any(String),
        event: 'outcome',
        name: 'purchase',
        units: { 'user.id': '7', 'tenant.id': 'True' },
        properties: { value: 12.5, items: ['x'] },
      },
      expect.objectContaining({ event: 'outcome', name: 'visit', units: {} }),
    ]);
  });

  it('uses the same units as exposures', async () => {
    const { client, sink, exposures } = setUp();
    const who = client.participant({ user: { id: 7.5 } });
    who.variant('auto');
    who.track('purchase');
    await exposures.flush();
    const [exposure] = sink.exposures();
    expect(sink.outcomes('purchase')[0]?.units[exposure?.identity ?? '']).toBe(exposure?.unit);
  });

  it('is not deduplicated', async () => {
    const { client, sink, exposures } = setUp();
    const who = client.participant({ user });
    who.track('click');
    who.track('click');
    await exposures.flush();
    expect(sink.outcomes('click')).toHaveLength(2);
  });

  it.each([
    ['no name', '', undefined, 'the name must be a string of 1–200 characters'],
    ['a name that is not a string', 7, undefined, 'the name must be a string'],
    ['a name that is too long', 'x'.repeat(201), undefined, 'the name must be a string'],
    ['properties that are a list', 'a', [1], 'the properties must be an object'],
    [
      'properties that are no JSON',
      'a',
      { value: Number.NaN },
      'property /value: value must be JSON',
    ],
    ['properties that are too large', 'a', { value: 'x'.repeat(17_000) }, 'characters of JSON'],
    [
      'properties that throw',
      'a',
      {
        get value(): never {
          throw new Error('mine');
        },
      },
      "can't be read: mine",
    ],
  ])('records nothing with %s, and logs the reason once', async (_what, name, properties, why) => {
    const { client, logger, sink, exposures } = setUp();
    const who = client.participant({ user });
    const event = [name, properties] as Parameters<Participant['track']>;
    who.track(...event);
    who.track(...event);
    await exposures.flush();
    expect(sink.records).toEqual([]);
    expect(logger.warnings).toEqual([expect.stringContaining(why)]);
    expect(logger.warnings[0]).toMatch(/^evenhand: track\(\): .*; nothing is recorded$/);
  });
});

describe('without exposures', () => {
  it('records nothing', () => {
    const client = closing(createClient({ source: experiments }));
    const who = client.participant({});
    who.track('purchase', { value: 1 });
    who.expose('auto');
    expect(client.exposures).toBeUndefined();
    expect(client.metrics().map(({ name }) => name)).not.toContain('evenhand.exposures.recorded');
    expect(() => who.peek('auto')).toThrow('user');
  });
});

describe('the exposures of a client', () => {
  it('are closed with the client that created them', async () => {
    const sink = { ...recordingSink(), close: jest.fn(async () => {}) };
    const client = closing(createClient({ source: experiments, exposures: { sinks: [sink] } }));
    client.participant({ user }).variant('auto');
    await client.close();
    expect(sink.records).toHaveLength(1);
    expect(sink.close).toHaveBeenCalledTimes(1);
  });

  it('are flushed with the client, and stay open if they are shared', async () => {
    const sink = { ...recordingSink(), close: jest.fn(async () => {}) };
    const exposures = closing(createExposures({ sink }));
    const clients = [1, 2].map(() => closing(createClient({ source: experiments, exposures })));
    for (const client of clients) client.participant({ user }).variant('auto');
    await clients[0]?.close();
    expect(sink.records).toHaveLength(1);
    expect(sink.close).not.toHaveBeenCalled();
    clients[1]?.participant({ user: { id: 8 } }).variant('auto');
    await exposures[Symbol.asyncDispose]();
    await exposures.close();
    expect(sink.records).toHaveLength(2);
    expect(sink.close).toHaveBeenCalledTimes(1);
  });

  it('go to each sink, in its own queue', async () => {
    const [good, bad] = [recordingSink('good'), recordingSink('bad')];
    bad.write = () => Promise.reject(new Error('down'));
    const logger = recordingLogger();
    const client = closing(
      createClient({ source: experiments, logger, exposures: { sinks: [good, bad] } }),
    );
    client.participant({ user }).variant('auto');
    await client.exposures?.close({ timeoutMs: 50 });
    expect(good.records).toHaveLength(1);
    expect(client.exposures?.stats()).toMatchObject({
      written: 1,
      dropped: 1,
      sinks: [
        { name: 'good', written: 1, dropped: 0, retried: 0 },
        { name: 'bad', written: 0, dropped: 1, retried: expect.any(Number) },
      ],
    });
    expect(logger.errors.join('\n')).toContain(
      '"bad" has lost 1 record, which will not be delivered',
    );
  });

  it('accept many in one tick, and write all of them', async () => {
    const { client, sink, exposures } = setUp();
    const count = runs(100_000);
    for (let id = 0; id < count; id++) client.participant({ user: { id } }).variant('auto');
    expect(sink.records).toEqual([]);
    await exposures.flush();
    expect(exposures.stats()).toMatchObject({ written: count, dropped: 0, queueLength: 0 });
    const ids = sink.records.map(({ id }) => id);
    expect(ids.every((id, i) => i === 0 || id > (ids[i - 1] ?? ''))).toBe(true);
  });

  it('are counted by audience and variant', async () => {
    const { client, exposures } = setUp();
    for (let id = 0; id < 50; id++) client.participant({ user: { id } }).variant('auto');
    const [split] = exposures.stats().splits;
    expect(split).toMatchObject({ experiment: 'auto', audience: 0, units: 50, alarm: false });
    expect(exposures.metrics().length).toBeGreaterThan(5);
  });
});

describe('createExposures', () => {
  const sink = recordingSink();

  it.each([
    [{}, 'there is no sink to write records to; set "sink" or "sinks"'],
    [{ sink: {} }, 'option "sink" must be a sink'],
    [{ sink, sinks: [sink] }, 'the same sink is listed twice'],
    [{ sink, privacy: 'hash' }, 'privacy "hash" and "secret" belong together'],
    [{ sink, secret: 'sixteen characters' }, 'privacy "hash" and "secret" belong together'],
    [
      { sink, privacy: 'hash', secret: 'short' },
      'option "secret" must be a string of at least 16 characters',
    ],
    [{ sink, context: ['user..id'] }, 'option "context" must be a list of up to 50 context paths'],
    [{ sink, session: 'a b' }, 'option "session" must be a context path'],
    [
      { sink, once: { maxEntries: 0 } },
      'option "once": option "maxEntries" must be a whole number',
    ],
    [{ sink, queue: { maxRecord: 5 } }, 'unknown option "maxRecord"; did you mean "maxRecords"?'],
    [{ sink, batch: { maxWaitMs: -1 } }, 'a whole number from 0 to 3600000'],
    [{ sink, closeTimeoutMs: 0 }, 'a whole number from 1 to 3600000'],
  ])('rejects %j', (options, message) => {
    expect(() => createExposures(options as ExposuresOptions)).toThrow(message);
    expect(() =>
      closing(createClient({ source: [], exposures: options as ExposuresOptions })),
    ).toThrow(message);
  });
});
