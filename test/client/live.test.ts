import fs, { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ChangedEvent,
  type Client,
  type ClientOptions,
  createClient,
  type Delivery,
  type EvenhandError,
  settingsSource,
} from 'evenhand';
import { FakeSource, on } from '../sources/fake-source.ts';

const clients: Client[] = [];
let errors: string[];
let warnings: string[];

function make(source: object, options: ClientOptions = {}): Client {
  const logger = {
    warn: (line: string) => void warnings.push(line),
    error: (line: string) => void errors.push(line),
  };
  const client = createClient({ source, logger, ...options });
  clients.push(client);
  return client;
}

/** A source whose answers the test settles. */
function deferred(times: Partial<FakeSource> = {}) {
  const settles: ((delivery: Delivery) => void)[] = [];
  const source = new FakeSource(() => new Promise((resolve) => settles.push(resolve)), times);
  return { source, settle: (delivery: Delivery) => settles.at(-1)?.(delivery) };
}

const down = new Error('no route to host');
const failing = (times: Partial<FakeSource> = {}) =>
  new FakeSource(() => Promise.reject(down), times);

const outcome = async (promise: Promise<unknown>) =>
  promise.then(
    () => 'resolved',
    (error: EvenhandError) => error.message,
  );

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
  jest.spyOn(Math, 'random').mockReturnValue(0.5);
  errors = [];
  warnings = [];
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  jest.useRealTimers();
  jest.restoreAllMocks();
});

describe('ready', () => {
  it('rejects after the first load failed, and resolves after a later one succeeded', async () => {
    const source = failing();
    const client = make(source);
    expect(await outcome(client.ready())).toMatch(/"fake" can't deliver: no route to host/);
    expect(await outcome(client.ready())).toMatch(/no route to host/);
    source.answer = () => Promise.resolve(on('a'));
    await jest.advanceTimersByTimeAsync(2000);
    expect(await outcome(client.ready())).toBe('resolved');
    expect(client.participant().isOn('a')).toBe(true);
  });

  it('keeps waiting after failed loads when it has a timeout', async () => {
    const source = failing();
    const client = make(source);
    const waiting = outcome(client.ready({ timeoutMs: 10_000 }));
    await jest.advanceTimersByTimeAsync(5000);
    source.answer = () => Promise.resolve(on('a'));
    await jest.advanceTimersByTimeAsync(4000);
    expect(await waiting).toBe('resolved');
  });

  it('rejects at its timeout and says why', async () => {
    const waiting = outcome(make(failing()).ready({ timeoutMs: 3000 }));
    const hanging = outcome(make(deferred().source).ready({ timeoutMs: 3000 }));
    await jest.advanceTimersByTimeAsync(3000);
    expect(await waiting).toMatch(/"fake" has not delivered within 3000 ms: .*no route to host/);
    expect(await hanging).toMatch(/"fake" has not delivered within 3000 ms$/);
  });

  it.each([{ timeoutMs: -1 }, { timeoutMs: '5s' }, { timeout: 5 }])(
    'refuses %j',
    async (options) => {
      await expect(make(['a:on']).ready(options as object)).rejects.toMatchObject({
        code: 'option',
      });
    },
  );

  it('rejects when the client is closed before its first experiments', async () => {
    const client = make(deferred().source);
    const waiting = [client.ready(), client.ready({ timeoutMs: 1000 })].map(outcome);
    await client.close();
    for (const one of waiting) expect(await one).toMatch(/"fake" was closed/);
    await jest.advanceTimersByTimeAsync(1e5);
    expect([errors, warnings]).toEqual([[], []]);
  });
});

describe('events', () => {
  it('emit "ready" once, also for a synchronous source', async () => {
    for (const source of [new FakeSource(() => on('a')), new FakeSource(async () => on('a'))]) {
      const ready = jest.fn();
      make(source).on('ready', ready);
      expect(ready).not.toHaveBeenCalled();
      await jest.advanceTimersByTimeAsync(1e6);
      expect(ready.mock.calls).toEqual([
        [{ origin: 'fake', provider: 'source', revision: expect.any(String) }],
      ]);
    }
  });

  it('emit "changed" with the names of changed experiments', async () => {
    const namespace = (segments: number) => ({
      name: 'n',
      unit: 'user.id',
      segments: 100,
      experiments: [{ name: 'e', script: 'x = 1;' }],
      history: [{ add: 'e', segments }],
    });
    const deliver = (experiments: unknown[], namespaces: unknown[]) => () => ({
      origin: 'fake',
      data: { experiments, namespaces },
    });
    const source = new FakeSource(deliver(['a:on', 'b:on', 'c:on'], [namespace(1)]), {
      intervalMs: 1000,
    });
    const changes: ChangedEvent[] = [];
    make(source).on('changed', (event) => void changes.push(event));
    const none = { added: [], removed: [], changed: [] };
    for (const answer of [
      deliver(['c:on', 'b:off', 'd:on'], [namespace(1)]),
      // Another order makes another revision, but changes no experiment.
      deliver(['d:on', 'c:on', 'b:off'], [namespace(1)]),
      deliver(['d:on', 'c:on', 'b:off'], [namespace(2)]),
      deliver(['d:on', 'c:on', 'b:off'], []),
    ]) {
      source.answer = answer;
      await jest.advanceTimersByTimeAsync(1000);
    }
    expect(changes).toMatchObject([
      { added: ['d'], removed: ['a'], changed: ['b'], namespaces: none, provider: 'source' },
      { ...none, namespaces: { ...none, changed: ['n'] } },
      { ...none, namespaces: { ...none, removed: ['n'] } },
    ]);
  });

  it('emit "error" once for each problem until it is over, with or without a listener', async () => {
    const source = new FakeSource(() => on('a'), { intervalMs: 1000 });
    const client = make(source);
    const problems: EvenhandError[] = [];
    const stop = client.on('error', (problem) => void problems.push(problem));
    for (let i = 0; i < 2; i++) {
      source.answer = () => ({ origin: 'fake', data: ['a:maybe'] });
      await jest.advanceTimersByTimeAsync(5000);
      source.answer = () => ({ origin: 'fake', data: ['b:maybe'] });
      await jest.advanceTimersByTimeAsync(5000);
      source.answer = () => on('a');
      await jest.advanceTimersByTimeAsync(5000);
    }
    expect(problems.map(({ code }) => code)).toEqual(['spec', 'spec', 'spec', 'spec']);
    expect(errors).toHaveLength(4);
    expect(errors[0]).toMatch(
      /^evenhand: fake: 1 problem\n[^]*the previous experiments stay in force$/,
    );
    expect(warnings).toEqual([
      'evenhand: the source "fake" works again',
      'evenhand: the source "fake" works again',
    ]);
    stop();
    source.answer = () => down;
    await jest.advanceTimersByTimeAsync(5000);
    expect([problems.length, errors.length]).toEqual([4, 5]);
  });

  it('emit "stale" when the source has not confirmed the experiments for too long', async () => {
    const source = new FakeSource(() => on('a'), { intervalMs: 1000 });
    const client = make(source, { staleAfterMs: 5000 });
    const stale = jest.fn();
    client.on('stale', stale);
    source.answer = () => down;
    await jest.advanceTimersByTimeAsync(20_000);
    expect(stale.mock.calls).toEqual([[{ revision: expect.any(String), ageMs: 5000 }]]);
    expect(client.status()).toMatchObject({ state: 'stale', ready: true });
    expect(warnings.join()).toMatch(/"fake" has not responded for 5 s; still using revision/);
    expect(client.participant().isOn('a')).toBe(true);
  });

  it('reach all listeners even if one throws', async () => {
    const source = new FakeSource(() => on('a'), { intervalMs: 1000 });
    const client = make(source);
    const heard: string[] = [];
    client.on('changed', () => {
      throw new Error('broken');
    });
    client.on('changed', () => Promise.reject(new Error('broken later')));
    const stop = client.on('changed', ({ added }) => {
      heard.push(...added);
      stop();
      client.on('changed', () => heard.push('second'));
    });
    for (const name of ['b', 'c']) {
      source.answer = () => on(name);
      await jest.advanceTimersByTimeAsync(1000);
    }
    expect(heard).toEqual(['b', 'second']);
    expect(
      errors.filter((line) => line.includes('a listener of "changed" threw: broken')),
    ).toHaveLength(4);
    expect(client.participant().isOn('c')).toBe(true);
  });
});

describe('status', () => {
  it('follows the client from its start to its end', async () => {
    const { source, settle } = deferred({ intervalMs: 1000 });
    jest.setSystemTime(Date.parse('2027-01-31T12:00:00Z'));
    const client = make(source);
    expect(client.status()).toEqual({
      state: 'starting',
      ready: false,
      source: 'fake',
      experiments: 0,
      namespaces: 0,
      provider: undefined,
      origin: undefined,
      revision: undefined,
      inForceSince: undefined,
      ageMs: undefined,
      watching: false,
      problem: undefined,
      problemSince: undefined,
      failing: [],
    });
    await jest.advanceTimersByTimeAsync(500);
    settle({ ...on('a'), revision: 7 });
    await jest.advanceTimersByTimeAsync(250);
    const inForce = {
      state: 'ready',
      ready: true,
      provider: 'source',
      origin: 'fake',
      revision: 7,
      inForceSince: '2027-01-31T12:00:00.500Z',
    };
    expect(client.status()).toMatchObject({ ...inForce, ageMs: 250, problem: undefined });
    source.answer = () => down;
    await jest.advanceTimersByTimeAsync(5000);
    expect(client.status()).toMatchObject({
      ...inForce,
      ageMs: 5250,
      problem: { code: 'source', cause: down },
      problemSince: '2027-01-31T12:00:01.500Z',
    });
  });

  it('is "failed" after a load failed and before the first delivery', async () => {
    const client = make(failing());
    await jest.advanceTimersByTimeAsync(0);
    expect(client.status()).toMatchObject({ state: 'failed', ready: false, provider: undefined });
  });
});

describe('a change', () => {
  it('does not affect participants that exist already', async () => {
    const source = new FakeSource(() => on('a', 'x'), { intervalMs: 1000 });
    const client = make(source);
    const before = client.participant();
    expect(before.isOn('x')).toBe(true);
    source.answer = () => on('b');
    await jest.advanceTimersByTimeAsync(1000);
    expect([before.isOn('a'), before.isOn('b')]).toEqual([true, false]);
    const after = client.participant();
    expect([after.isOn('a'), after.isOn('b')]).toEqual([false, true]);
  });

  it('is ignored by a closed client', async () => {
    const { source, settle } = deferred({ intervalMs: 1000 });
    const client = make(source);
    settle(on('a'));
    await jest.advanceTimersByTimeAsync(1000);
    // The delivery has arrived but has not been read yet.
    settle(on('b'));
    await client.close();
    await jest.advanceTimersByTimeAsync(1e5);
    expect(client.participant().isOn('a')).toBe(true);
    expect([source.closed, source.loads.length, errors]).toEqual([1, 2, []]);
    expect(jest.getTimerCount()).toBe(0);
  });
});

describe('duplicate keys in a text', () => {
  const text = '{"experiments":["a:on"],\n "owner":"x", "owner":"y"}';
  const warning = (origin: string) =>
    `evenhand: ${origin}:2:15 the key "owner" is already in line 2, and that one is ignored; remove one of the two`;

  it('are reported at the start and after a change, once for each revision', async () => {
    const deliver = (end: string) => () => ({ origin: 'fake', text: text + end });
    const source = new FakeSource(deliver(''), { intervalMs: 1000 });
    const client = make(source);
    await jest.advanceTimersByTimeAsync(5000);
    expect(warnings).toEqual([warning('fake')]);
    source.answer = deliver('\n');
    await client.reload();
    expect(warnings).toEqual([warning('fake'), warning('fake')]);
    expect(client.participant().isOn('a')).toBe(true);
    source.answer = () => ({ origin: 'fake', text: '["a:on"]' });
    await client.reload();
    expect(warnings).toHaveLength(2);
  });

  it('are reported with the file of several that has them, and counted if there are many', () => {
    const many = `{"experiments":[],"description":"0"${',"description":"x"'.repeat(13)}}`;
    const texts = [
      { origin: 'one.json', text },
      { origin: 'two.json', text: many },
    ];
    make(new FakeSource(() => ({ origin: 'files', texts })));
    const lines = warnings.join().split('\n');
    expect(lines[0]).toBe(warning('one.json'));
    expect(lines[1]).toMatch(/^ {2}two\.json:1:37 the key "description" is already in line 1/);
    expect(lines[11]).toBe('  two.json has 3 more duplicate keys');
  });
});

describe('an identity above 2^53', () => {
  const experiment = (name: string, identity: string) => ({
    name,
    identity,
    variants: [{ name: 'on' }, { name: 'off' }],
    audiences: [
      {
        allocations: [
          { variant: 'on', percent: 50 },
          { variant: 'off', percent: 50 },
        ],
      },
    ],
  });
  const namespace = {
    name: 'n',
    unit: 'user.id',
    segments: 10,
    experiments: [{ name: 'e', script: 'x = 1;' }],
    history: [{ add: 'e', segments: 10 }],
  };
  const id = 1234567890123456789n;

  it('logs one warning for each client, also after a change', async () => {
    const deliver = (...names: string[]) => ({
      experiments: names.map((name) => experiment(name, 'user.id')),
      namespaces: [namespace],
    });
    const source = new FakeSource(() => ({ origin: 'fake', data: deliver('a', 'b') }));
    const client = make(source);
    for (const user of [
      { id: 2 ** 53 - 1 },
      { id: '12345678901234567890' },
      { id },
      { id: 1e300 },
    ]) {
      client.participant({ user }).variants();
    }
    source.answer = () => ({ origin: 'fake', data: deliver('c') });
    await client.reload();
    client.participant({ user: { id: Number(id) } }).variants();
    client
      .participant({ user: { id: Number(id) } })
      .namespace('n')
      .get('x');
    expect(warnings).toEqual([
      'evenhand: the identity "user.id" is 1e+300, a number above 2^53, where several ids are read as one; pass it as a string or a bigint',
    ]);
  });

  it.each([
    ['a path of one key', [experiment('a', 'device')], [], 'the identity "device"'],
    ['a path of three keys', [experiment('a', 'a.b.c')], [], 'the identity "a.b.c"'],
    ['a unit of a namespace', [], [namespace], 'namespace "n": the unit "user.id"'],
  ])('is noticed as %s', (_what, experiments, namespaces, what) => {
    const value = Number(id);
    const client = make({ experiments, namespaces });
    const participant = client.participant({
      user: { id: value },
      device: value,
      a: { b: { c: value } },
    });
    participant.variants();
    if (namespaces.length > 0) participant.namespace('n').get('x');
    expect(warnings).toEqual([
      `evenhand: ${what} is 1234567890123456800, a number above 2^53, where several ids are read as one; pass it as a string or a bigint`,
    ]);
  });
});

describe('a delivery without experiments', () => {
  const namespace = {
    name: 'n',
    unit: 'user.id',
    segments: 10,
    experiments: [{ name: 'e', script: 'x = 1;' }],
    history: [{ add: 'e', segments: 10 }],
  };
  const deliver = (data: unknown) => () => ({ origin: 'fake', data });
  const deliverText = (data: unknown) => () => ({ origin: 'fake', text: JSON.stringify(data) });

  it.each([
    ['a list', ['a:on'], [], '1 experiment'],
    ['an object', { experiments: ['a:on', 'b:on'] }, { experiments: [] }, '2 experiments'],
    [
      'an object with namespaces',
      { experiments: ['a:on'], namespaces: [namespace] },
      { experiments: [], namespaces: [] },
      '1 experiment and 1 namespace',
    ],
    ['an object in place of a list', ['a:on'], { experiments: [] }, '1 experiment'],
  ])('is refused and reported once: %s', async (_what, before, empty, content) => {
    for (const deliveryOf of [deliver, deliverText]) {
      errors = [];
      const source = new FakeSource(deliveryOf(before), { intervalMs: 1000 });
      const client = make(source);
      source.answer = deliveryOf(empty);
      await jest.advanceTimersByTimeAsync(3500);
      expect(client.participant().isOn('a')).toBe(true);
      expect(client.status()).toMatchObject({ state: 'ready', problem: { code: 'source' } });
      expect(errors).toEqual([
        `evenhand: the source "fake" (fake) delivered no experiments in place of ${content}; check the source, or set allowEmpty: true if it may become empty\n  the previous experiments stay in force`,
      ]);
      expect(source.loads.map(({ known }) => known).slice(2)).toEqual([undefined, undefined]);

      source.answer = deliveryOf(['b:on']);
      await jest.advanceTimersByTimeAsync(1000);
      expect(client.participant().isOn('b')).toBe(true);
      expect(client.status().problem).toBeUndefined();
      await client.close();
    }
  });

  it('is refused if only namespaces are in force', async () => {
    const source = new FakeSource(deliver({ experiments: [], namespaces: [namespace] }));
    const client = make(source);
    source.answer = deliver([]);
    await expect(client.reload()).rejects.toThrow('in place of 1 namespace');
    expect(
      client
        .participant({ user: { id: 1 } })
        .namespace('n')
        .get('x'),
    ).toBe(1);
  });

  it('is refused if the source is asked with reload(), and does not reach the cache file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'evenhand-'));
    const cacheFile = join(folder, 'cache.json');
    const source = new FakeSource(() => on('a'));
    const client = make(source, { cacheFile });
    source.answer = deliver([]);
    await expect(client.reload()).rejects.toMatchObject({ code: 'source' });
    await client.close();
    expect(readFileSync(cacheFile, 'utf8')).toContain('a:on');
    rmSync(folder, { recursive: true });
  });

  it('is refused in place of a cache file or "bootstrap"', async () => {
    const source = failing({ intervalMs: 1000 });
    const client = make(source, { bootstrap: ['a:on'] });
    await client.ready();
    source.answer = deliver([]);
    await expect(client.reload()).rejects.toThrow('in place of 1 experiment;');
    expect(client.participant().isOn('a')).toBe(true);
  });

  it('is used as the first one, and after another empty one', async () => {
    const source = new FakeSource(deliver([]), { intervalMs: 1000 });
    const client = make(source);
    source.answer = deliver({ experiments: [] });
    await jest.advanceTimersByTimeAsync(1000);
    expect(client.experiments().experiments).toEqual([]);
    expect([errors, client.status().problem]).toEqual([[], undefined]);
  });

  it.each([
    ['with allowEmpty: true', {}, { allowEmpty: true }],
    ['from a source that is local', { local: true }, {}],
  ])('is used %s', async (_what, source_, options) => {
    const source = new FakeSource(() => on('a'), { intervalMs: 1000, ...source_ });
    const client = make(source, options);
    source.answer = deliver([]);
    await jest.advanceTimersByTimeAsync(1000);
    expect(client.participant().variant('a')).toBeUndefined();
    expect(client.status().problem).toBeUndefined();
  });

  it('is used from a specification in memory and from a file, watched or not', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'evenhand-'));
    const path = join(folder, 'experiments.json');
    const list = ['a:on'];
    const sources = [
      list,
      settingsSource(path),
      settingsSource(path, { watch: true }),
      settingsSource({ files: [path] }),
    ];
    for (const source of sources) {
      writeFileSync(path, '["a:on"]');
      const client = make(source);
      list.length = 0;
      writeFileSync(path, '[]');
      await client.reload();
      expect(client.experiments().experiments).toEqual([]);
      await client.close();
    }
    rmSync(folder, { recursive: true });
  });
});

describe('reload()', () => {
  it('puts a change in force before it resolves, also while the source is down', async () => {
    const source = new FakeSource(() => Promise.resolve(on('a')), { intervalMs: 1000 });
    const client = make(source);
    await client.ready();
    source.answer = () => Promise.reject(down);
    await jest.advanceTimersByTimeAsync(40_000);
    expect(await outcome(client.reload())).toMatch(/no route to host/);
    expect(client.participant().isOn('a')).toBe(true);
    source.answer = () => Promise.resolve(on('b'));
    await client.reload();
    expect(client.participant().isOn('b')).toBe(true);
    expect(client.status().problem).toBeUndefined();
  });

  it('rejects with every problem of an invalid specification', async () => {
    const source = new FakeSource(() => on('a'));
    const client = make(source);
    source.answer = () => ({ origin: 'fake', data: ['a:maybe', 7] });
    await expect(client.reload()).rejects.toMatchObject({
      code: 'spec',
      problems: { length: 2 },
    });
    expect(client.participant().isOn('a')).toBe(true);
  });

  it('makes a client ready that has not started', async () => {
    const source = failing();
    const client = make(source);
    await expect(client.ready()).rejects.toThrow('no route to host');
    source.answer = () => on('a');
    await client.reload();
    await client.ready();
    expect(client.participant().isOn('a')).toBe(true);
  });

  it('reads a file without "watch" again', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'evenhand-'));
    const path = join(folder, 'experiments.json');
    writeFileSync(path, '["a:on"]');
    const client = make(settingsSource(path));
    writeFileSync(path, '["a:off"]');
    await client.reload();
    expect(client.participant().isOff('a')).toBe(true);
    rmSync(path);
    await expect(client.reload()).rejects.toThrow('no such file');
    expect(client.participant().isOff('a')).toBe(true);
    rmSync(folder, { recursive: true });
  });

  it('rejects with a typed error after close()', async () => {
    const client = make(new FakeSource(() => on('a')));
    await client.close();
    await expect(client.reload()).rejects.toMatchObject({
      code: 'source',
      message: 'the source "fake" was closed',
    });
    expect(client.participant().isOn('a')).toBe(true);
  });
});

describe('startWithout: fallback', () => {
  it('decides nothing before the first load, logs that once, and decides afterwards', async () => {
    const { source, settle } = deferred();
    const client = make(source, { startWithout: 'fallback' });
    const early = client.participant({ user: { id: 1 } });
    for (let i = 0; i < 3; i++) {
      const participant = client.participant();
      expect([participant.variant('a'), participant.isOn('a'), participant.isOff('a')]).toEqual([
        undefined,
        false,
        false,
      ]);
      expect(participant.namespace('n').get('p', 'default')).toBe('default');
    }
    expect(warnings).toEqual([expect.stringMatching(/"fake" has not delivered yet/)]);
    expect(client.status()).toMatchObject({ state: 'starting', ready: true, provider: undefined });
    settle(on('a'));
    await client.ready();
    expect(client.participant().isOn('a')).toBe(true);
    expect(early.isOn('a')).toBe(false);
    expect(warnings).toHaveLength(1);
  });

  it('also applies to a synchronous source that fails', async () => {
    const source = new FakeSource(() => down, { intervalMs: 1000 });
    expect(() => make(source)).toThrow(/no route to host/);
    const client = make(source, { startWithout: 'fallback' });
    expect(client.participant().variant('a')).toBeUndefined();
    expect(client.status()).toMatchObject({ state: 'failed', ready: true });
    expect(errors).toEqual([expect.stringMatching(/no route to host/)]);
    source.answer = () => on('a');
    await jest.advanceTimersByTimeAsync(2000);
    expect(client.participant().isOn('a')).toBe(true);
  });
});

describe('a start while the source is down', () => {
  let directory: string;
  let cacheFile: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'evenhand-start-'));
    cacheFile = join(directory, 'cache.json');
  });

  afterEach(async () => {
    await Promise.all(clients.map((client) => client.close()));
    rmSync(directory, { recursive: true });
  });

  /** Writes the cache file of an earlier process. */
  async function leave(...names: string[]): Promise<void> {
    const client = make(new FakeSource(() => ({ ...on(...names), revision: 5 })), { cacheFile });
    await client.close();
  }

  it('uses the cache file until the source delivers', async () => {
    await leave('cached');
    const source = failing({ intervalMs: 1000 });
    const client = make(source, { cacheFile, bootstrap: ['bootstrap:on'] });
    const changed = jest.fn();
    client.on('changed', changed);
    await client.ready();
    expect(client.participant().isOn('cached')).toBe(true);
    expect(client.status()).toMatchObject({
      state: 'ready',
      provider: 'cache',
      revision: 5,
      ageMs: undefined,
      problem: { code: 'source' },
    });
    expect(warnings.join()).toMatch(
      /using the cache file .*cache\.json, saved at 20.* until the source/,
    );
    // A delivery of the source replaces the stand-in, whatever its revision.
    source.answer = () => Promise.resolve({ ...on('fresh'), revision: 3 });
    await jest.advanceTimersByTimeAsync(2000);
    expect(client.status()).toMatchObject({ provider: 'source', revision: 3, problem: undefined });
    expect(changed.mock.calls).toMatchObject([[{ added: ['fresh'], removed: ['cached'] }]]);
    await client.close();
    expect(readFileSync(cacheFile, 'utf8')).toContain('fresh:on');
  });

  it('uses "bootstrap" if the cache file is missing or invalid', async () => {
    const file = join(directory, 'bootstrap.json');
    writeFileSync(file, '["bootstrap:on"]');
    const options = { cacheFile, bootstrap: file };
    const first = make(failing(), options);
    await first.ready();
    expect(first.status()).toMatchObject({ provider: 'bootstrap', origin: file });
    expect(errors).toEqual([expect.stringMatching(/no route to host/)]);
    for (const [text, message] of [
      ['{', /is not a cache file of this version/],
      ['{"form":1,"savedAt":"2027","raw":{"origin":"x","data":["a:maybe"]}}', /x: 1 problem/],
    ] as const) {
      writeFileSync(cacheFile, text);
      warnings = [];
      const client = make(failing(), options);
      const problems: string[] = [];
      client.on('error', ({ message }) => void problems.push(message));
      await client.ready();
      expect(client.participant().isOn('bootstrap')).toBe(true);
      expect(warnings[0]).toMatch(message);
      expect(problems[0]).toMatch(/no route to host/);
      await client.close();
    }
  });

  it('uses the cache file also if the source fails synchronously or delivers an invalid specification', async () => {
    await leave('cached');
    const missing = settingsSource(join(directory, 'missing.json'), { watch: true });
    const bad = new FakeSource(() => ({ origin: 'x', data: ['a:maybe'] }), { intervalMs: 1000 });
    for (const source of [missing, bad]) {
      const client = make(source, { cacheFile });
      expect(client.participant().isOn('cached')).toBe(true);
      expect(client.status().problem).toBeDefined();
      await client.close();
    }
  });

  it('fails without a cache file and "bootstrap"', async () => {
    const client = make(failing(), { cacheFile });
    expect(await outcome(client.ready())).toMatch(/no route to host/);
    expect(() => client.participant()).toThrow(/no route to host/);
    expect(() => make(settingsSource(join(directory, 'missing.json')), { cacheFile })).toThrow(
      expect.objectContaining({ code: 'source' }),
    );
    const { source } = deferred();
    const hopeless = make(source, { bootstrap: join(directory, 'missing.json') });
    await jest.advanceTimersByTimeAsync(2000);
    expect(() => hopeless.participant()).toThrow(/has not delivered within 2000 ms/);
    expect(warnings.at(-1)).toMatch(/can't start without the source.*missing\.json/);
  });

  it('waits for a source that hangs only as long as requests wait', async () => {
    await leave('cached');
    const { source, settle } = deferred();
    const client = make(source, { cacheFile, startTimeoutMs: 500 });
    await jest.advanceTimersByTimeAsync(499);
    expect(client.status().state).toBe('starting');
    await jest.advanceTimersByTimeAsync(1);
    await client.ready();
    expect(client.status()).toMatchObject({ provider: 'cache' });
    settle(on('fresh'));
    await jest.advanceTimersByTimeAsync(0);
    expect(client.participant().isOn('fresh')).toBe(true);
  });

  it('keeps the last valid specification in the file, never an invalid one', async () => {
    const source = new FakeSource(() => on('a'), { intervalMs: 1000 });
    const client = make(source, { cacheFile });
    source.answer = () => on('b');
    await jest.advanceTimersByTimeAsync(1000);
    source.answer = () => ({ origin: 'fake', data: ['c:maybe'] });
    await jest.advanceTimersByTimeAsync(1000);
    await client.close();
    expect(readFileSync(cacheFile, 'utf8')).toContain('"b:on"');
  });

  it("reports once that the file can't be written, and writes it when possible", async () => {
    const write = jest.spyOn(fs.promises, 'open');
    const source = new FakeSource(() => on('a'), { intervalMs: 1000 });
    const missing = join(directory, 'missing');
    const client = make(source, { cacheFile: join(missing, 'cache.json') });
    const problems: EvenhandError[] = [];
    client.on('error', (problem) => void problems.push(problem));
    const pass = async () => {
      await jest.advanceTimersByTimeAsync(5000);
      await new Promise(setImmediate);
    };
    while (write.mock.calls.length < 4) await pass();
    expect(problems).toMatchObject([{ code: 'source' }]);
    expect(warnings).toEqual([expect.stringMatching(/cache\.json can't be written: ENOENT/)]);
    expect(client.status()).toMatchObject({ state: 'ready', problem: undefined });
    mkdirSync(missing);
    while (!fs.existsSync(join(missing, 'cache.json'))) await pass();
    await client.close();
    expect(readFileSync(join(missing, 'cache.json'), 'utf8')).toContain('a:on');
  });
});

describe("a source that can't watch for changes", () => {
  it('is reported once until it has watched for a while', async () => {
    let fail = (): void => {};
    const watch = (changed: () => void) => {
      changed();
      return new Promise<void>((_resolve, reject) => {
        fail = () => reject(new Error('connection reset'));
      });
    };
    const source = new FakeSource(() => on('a'), { intervalMs: 1000, watch });
    const client = make(source);
    source.watch = () => Promise.reject(new Error('connection reset'));
    fail();
    await jest.advanceTimersByTimeAsync(120_000);
    expect(warnings).toEqual([
      expect.stringMatching(/stopped watching.*connection reset.*is polled/),
    ]);
    source.watch = watch;
    await jest.advanceTimersByTimeAsync(60_000);
    expect(client.status().watching).toBe(true);
    fail();
    await jest.advanceTimersByTimeAsync(1000);
    expect(warnings).toHaveLength(2);
  });
});

describe('the options of a live client', () => {
  it.each<[object, RegExp]>([
    [{ cacheFile: '' }, /"cacheFile" must be a path/],
    [{ cacheFile: {} }, /"cacheFile"/],
    [{ bootstrap: true }, /"bootstrap" must be a path/],
    [{ startWithout: 'nothing' }, /"startWithout" must be "wait" or "fallback"/],
    [{ startTimeoutMs: -1 }, /"startTimeoutMs" must be a number of milliseconds from 0/],
    [{ staleAfterMs: 5 }, /"staleAfterMs" must be a number of milliseconds from 100/],
    [{ cachefile: 'x' }, /did you mean "cacheFile"/],
  ])('rejects %j', (options, message) => {
    expect(() => make([], options)).toThrow(
      expect.objectContaining({ code: 'option', message: expect.stringMatching(message) }),
    );
  });
});
