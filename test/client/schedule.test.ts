import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ChangedEvent,
  type Client,
  type ClientOptions,
  createClient,
  parseExperiments,
} from 'evenhand';
import { recordingSink } from '../../src/testing/index.ts';
import { FakeSource } from '../sources/fake-source.ts';

const START = '2026-11-30T12:00:00Z';
const FIRST = '2026-12-01T09:00:00Z';
const SECOND = '2026-12-01T21:00:00Z';

const ms = (at: string): number => Date.parse(at);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Audiences that give everyone one variant. */
const all = (variant: string) => [{ allocations: [{ variant, percent: 100 }] }];

/** The switch `sale`: off, on from the first instant, off again from the second. */
const SALE = {
  name: 'sale',
  identity: 'user.id',
  variants: [{ name: 'on' }, { name: 'off' }],
  audiences: all('off'),
  schedule: [
    { at: FIRST, audiences: all('on') },
    { at: SECOND, audiences: all('off') },
  ],
};

const clients: Client[] = [];
let infos: string[];
let problems: string[];
let changes: ChangedEvent[];

const note = (line: string) => void problems.push(line);
const logger = { info: (line: string) => void infos.push(line), warn: note, error: note };

function make(source: object | string, options: ClientOptions = {}): Client {
  const client = createClient({ source, logger, ...options });
  clients.push(client);
  client.on('changed', (event) => void changes.push(event));
  return client;
}

const isOn = (client: Client): boolean => client.participant().isOn('sale');
const advance = (time: number): Promise<void> => jest.advanceTimersByTimeAsync(time);
const advanceTo = (at: string): Promise<void> => advance(ms(at) - Date.now());

beforeEach(() => {
  jest.useFakeTimers({
    now: ms(START),
    doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'],
  });
  jest.spyOn(Math, 'random').mockReturnValue(0.5);
  infos = [];
  problems = [];
  changes = [];
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  jest.useRealTimers();
  jest.restoreAllMocks();
});

describe('a client with a schedule', () => {
  it('puts each step in force at its instant, not a millisecond before', async () => {
    const client = make([SALE]);
    const seen: boolean[] = [];
    for (const at of [FIRST, SECOND]) {
      await advance(ms(at) - 1 - Date.now());
      seen.push(isOn(client));
      await advance(1);
      seen.push(isOn(client));
    }
    expect(seen).toEqual([false, true, true, false]);
    expect(problems).toEqual([]);
  });

  it('starts with the step of the present time', () => {
    jest.setSystemTime(ms(FIRST));
    expect(isOn(make([SALE]))).toBe(true);
    jest.setSystemTime(ms(SECOND));
    expect(isOn(make([SALE]))).toBe(false);
  });

  it('waits for an instant that is farther away than the longest timeout', async () => {
    jest.setSystemTime(ms('2026-01-01T00:00:00Z'));
    const set = jest.spyOn(globalThis, 'setTimeout');
    const client = make([SALE]);
    await advance(HOUR);
    expect(new Set(set.mock.calls.map(([, delay]) => delay))).toEqual(new Set([30_000]));
    expect(isOn(client)).toBe(false);
    jest.setSystemTime(ms(FIRST) - HOUR);
    await advance(HOUR);
    expect(isOn(client)).toBe(true);
  });

  it('follows a clock that jumps forward, as after sleep, within 30 seconds', async () => {
    const client = make([SALE]);
    jest.setSystemTime(ms(FIRST) + HOUR);
    await advance(30_000);
    expect(isOn(client)).toBe(true);
    jest.setSystemTime(ms(SECOND) + HOUR);
    await advance(30_000);
    expect(isOn(client)).toBe(false);
  });

  it('follows a clock that jumps back, also after the last step', async () => {
    const client = make([SALE]);
    await advanceTo(SECOND);
    jest.setSystemTime(ms(SECOND) - HOUR);
    await advance(30_000);
    expect(isOn(client)).toBe(true);
    jest.setSystemTime(ms(FIRST) - HOUR);
    await advance(30_000);
    expect(isOn(client)).toBe(false);
    expect(changes.map(({ revision }) => String(revision).split('@')[1])).toEqual([
      FIRST,
      SECOND,
      FIRST,
      undefined,
    ]);
    await advanceTo(FIRST);
    expect(isOn(client)).toBe(true);
  });

  it('gives each switch a revision of its own and keeps the source’s revision in the status', async () => {
    const source = new FakeSource(() => ({ origin: 'fake', data: [SALE], revision: 7 }));
    const client = make(source);
    expect(client.status()).toMatchObject({ revision: 7, nextSwitch: FIRST });
    expect(client.status().lastSwitch).toBeUndefined();
    expect(client.experiments().revision).toBe(7);
    await advanceTo(FIRST);
    expect(client.status()).toMatchObject({
      revision: 7,
      lastSwitch: FIRST,
      nextSwitch: SECOND,
      inForceSince: '2026-12-01T09:00:00.000Z',
    });
    expect(client.experiments().revision).toBe(`7@${FIRST}`);
    await advanceTo(SECOND);
    expect(client.status().nextSwitch).toBeUndefined();
    // A process that starts later has the same revision.
    expect(make(source).experiments().revision).toBe(`7@${SECOND}`);
  });

  it('logs each switch and emits "changed"', async () => {
    const source = new FakeSource(() => ({ origin: 'fake', data: [SALE, 'chat:on'], revision: 7 }));
    make(source);
    await advanceTo(FIRST);
    expect(infos).toEqual([
      `evenhand: switch changed name="sale" before="off" after="on" revision="7@${FIRST}" reason="by schedule" at="${FIRST}"`,
    ]);
    expect(changes).toMatchObject([
      {
        revision: `7@${FIRST}`,
        provider: 'source',
        changed: ['sale'],
        changes: [{ kind: 'switch', reason: 'by schedule', changedAt: FIRST }],
      },
    ]);
  });

  it('logs nothing for a step that has the audiences of the one before', async () => {
    make([{ ...SALE, schedule: [{ at: FIRST, audiences: all('off') }] }]);
    await advanceTo(SECOND);
    expect([infos, changes]).toEqual([[], []]);
  });

  it('describes a changed plan by its instants', async () => {
    const source = new FakeSource(() => ({ origin: 'fake', data: [SALE] }), { intervalMs: 1000 });
    make(source);
    const schedule = [{ at: SECOND, audiences: all('on') }];
    source.answer = () => ({ origin: 'fake', data: [{ ...SALE, schedule }] });
    await advance(1000);
    expect(changes[0]?.changes).toMatchObject([
      {
        name: 'sale',
        before: `from ${FIRST}: on; from ${SECOND}: off`,
        after: `from ${SECOND}: on`,
      },
    ]);
  });

  it('leaves running requests their snapshot', async () => {
    const client = make([SALE]);
    const before = client.participant();
    await advanceTo(FIRST);
    expect([before.isOn('sale'), isOn(client)]).toEqual([false, true]);
  });

  it('counts the switches', async () => {
    const client = make([SALE]);
    await advanceTo(SECOND);
    const metric = client.metrics().find(({ name }) => name === 'evenhand.schedule.switches');
    expect(metric?.samples).toEqual([{ labels: {}, value: 2 }]);
    const loads = client.metrics().find(({ name }) => name === 'evenhand.reloads');
    expect(loads?.samples[0]).toMatchObject({ labels: { result: 'changed' }, value: 1 });
  });

  it('explains the step in force and the next one', async () => {
    const client = make([SALE]);
    const schedule = () => client.participant().explain('sale').schedule;
    expect(schedule()).toEqual({ next: FIRST });
    await advanceTo(FIRST);
    expect(schedule()).toEqual({ since: FIRST, next: SECOND });
    const overridden = client.participant({}, { overrides: { sale: 'off' } }).explain('sale');
    expect(overridden).toMatchObject({ overridden: true, schedule: { since: FIRST } });
    await advanceTo(SECOND);
    expect(schedule()).toEqual({ since: SECOND });
  });

  it('follows the schedule of a new delivery, and none if it has none', async () => {
    const source = new FakeSource(() => ({ origin: 'fake', data: [SALE] }), { intervalMs: MINUTE });
    const client = make(source);
    const later = { ...SALE, schedule: [{ at: SECOND, audiences: all('on') }] };
    source.answer = () => ({ origin: 'fake', data: [later] });
    await advanceTo(FIRST);
    expect(isOn(client)).toBe(false);
    await advanceTo(SECOND);
    expect(isOn(client)).toBe(true);
    source.answer = () => ({ origin: 'fake', data: ['sale:off'] });
    await advance(MINUTE);
    expect(isOn(client)).toBe(false);
    expect(client.status()).toMatchObject({ lastSwitch: undefined, nextSwitch: undefined });
  });

  it('keeps the step in force when the source delivers again, and refuses an invalid schedule', async () => {
    const source = new FakeSource(() => ({ origin: 'fake', data: [SALE] }), { intervalMs: MINUTE });
    const client = make(source);
    await advanceTo(FIRST);
    source.answer = () => ({ origin: 'fake', data: [SALE, 'chat:on'] });
    await advance(MINUTE);
    expect([isOn(client), client.participant().isOn('chat')]).toEqual([true, true]);
    const twice = [SALE.schedule[0], SALE.schedule[0]];
    source.answer = () => ({ origin: 'fake', data: [{ ...SALE, schedule: twice }] });
    await advance(MINUTE);
    expect(client.status().problem?.message).toMatch(/step 2 is at the same instant as step 1/);
    await advanceTo(SECOND);
    expect(isOn(client)).toBe(false);
  });

  it('switches a file, and follows it after a change of the file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'evenhand-schedule-'));
    const path = join(folder, 'experiments.config.json');
    writeFileSync(path, JSON.stringify([SALE]));
    const client = make(path);
    await advanceTo(FIRST);
    expect(isOn(client)).toBe(true);
    writeFileSync(path, JSON.stringify(['sale:off']));
    await client.reload();
    expect(isOn(client)).toBe(false);
    rmSync(folder, { recursive: true });
  });

  it('decides by the present time with the cache file, which keeps the whole schedule', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'evenhand-schedule-'));
    const cacheFile = join(folder, 'cache.json');
    const first = createClient({
      source: new FakeSource(async () => ({ origin: 'fake', data: [SALE] })),
      logger,
      cacheFile,
    });
    await first.ready();
    await first.close();
    jest.setSystemTime(ms(FIRST));
    const down = new FakeSource(() => new Error('down'));
    const client = make(down, { cacheFile });
    expect(isOn(client)).toBe(true);
    expect(client.status().provider).toBe('cache');
    await advanceTo(SECOND);
    expect(isOn(client)).toBe(false);
    rmSync(folder, { recursive: true });
  });

  it('stops the switches when it is closed', async () => {
    const client = make([SALE]);
    await client.close();
    expect(jest.getTimerCount()).toBe(0);
    await advanceTo(FIRST);
    expect([isOn(client), infos]).toEqual([false, []]);
  });

  it('records exposures with the checksum of the audiences in force', async () => {
    const checksums = async (source: object, at: readonly string[]): Promise<unknown[]> => {
      const sink = recordingSink();
      const client = make(source, { exposures: { sink } });
      for (const instant of at) {
        await advanceTo(instant);
        client.participant({ user: { id: 'u-1' } }).variant('button');
      }
      await client.exposures?.flush();
      return sink.exposures().map(({ checksum }) => checksum);
    };
    const split = (percent: number) => [
      {
        allocations: [
          { variant: 'a', percent },
          { variant: 'b', percent: 100 - percent },
        ],
      },
    ];
    const button = {
      name: 'button',
      identity: 'user.id',
      variants: [{ name: 'a' }, { name: 'b' }],
      audiences: split(50),
    };
    const schedule = [{ at: FIRST, audiences: split(20) }];
    const found = await checksums([{ ...button, schedule }], [START, FIRST]);
    expect(new Set(found).size).toBe(2);
    // The schedule itself is not part of a checksum.
    jest.setSystemTime(ms(START));
    const direct = [button, { ...button, audiences: split(20) }];
    expect(found).toEqual(
      (await Promise.all(direct.map((one) => checksums([one], [START])))).flat(),
    );
  });

  it('starts the counts of the split alarm again at a switch', async () => {
    const sink = recordingSink();
    const audiences = (percent: number) => [
      {
        allocations: [
          { variant: 'on', percent },
          { variant: 'off', percent: 100 - percent },
        ],
      },
    ];
    const client = make(
      [
        {
          ...SALE,
          exposure: 'auto',
          audiences: audiences(50),
          schedule: [{ at: FIRST, audiences: audiences(20) }],
        },
      ],
      { exposures: { sink } },
    );
    const expose = (count: number): void => {
      for (let id = 0; id < count; id++) client.participant({ user: { id } }).variant('sale');
    };
    const counted = () =>
      client.exposures
        ?.stats()
        .splits.map(({ variants }) => variants.reduce((sum, { units }) => sum + units, 0));
    expose(40);
    expect(counted()).toEqual([40]);
    await advanceTo(FIRST);
    expose(10);
    expect(counted()).toEqual([10]);
  });
});

describe('a client without a schedule', () => {
  it('starts no timer', () => {
    make(['sale:on']);
    expect(jest.getTimerCount()).toBe(0);
    make([SALE]);
    expect(jest.getTimerCount()).toBe(1);
  });
});

describe('parseExperiments', () => {
  it('takes the audiences of the present, or of the given instant', () => {
    const decide = (at?: Date) =>
      parseExperiments([SALE], at === undefined ? {} : { at })
        .participant()
        .variant('sale');
    expect(decide()).toBe('off');
    expect(decide(new Date(FIRST))).toBe('on');
    jest.setSystemTime(ms(FIRST));
    expect(decide()).toBe('on');
  });

  it('shows the step in force and all steps', () => {
    const [spec] = parseExperiments([SALE], { at: new Date(FIRST) }).experiments;
    expect(spec).toMatchObject({ since: FIRST, audiences: all('on'), schedule: SALE.schedule });
    expect(parseExperiments([SALE]).experiments[0]).not.toHaveProperty('since');
  });

  it.each([['2026-12-01'], [0], [new Date(Number.NaN)], [{}], [null]])(
    'refuses %p as the instant',
    (at) => {
      const parse = () => parseExperiments([SALE], { at: at as unknown as Date });
      expect(parse).toThrow(/parseExperiments\(\): option "at" must be a valid Date, not /);
    },
  );
});
