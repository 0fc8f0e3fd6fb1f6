import {
  type ChangedEvent,
  type ChangeNote,
  type Client,
  type ClientOptions,
  createClient,
  type Logger,
} from 'evenhand';
import { parseExperiments } from '../../src/assignment/parse-experiments.ts';
import { ChangeLog } from '../../src/client/change-log/change-log.ts';
import { Listeners } from '../../src/client/events.ts';
import { experiment } from '../assignment/build.ts';
import { FakeSource, on } from '../sources/fake-source.ts';

const clients: Client[] = [];
let infos: string[];
let problems: string[];
let changes: ChangedEvent[];

const note = (line: string) => void problems.push(line);
const logger: Logger = {
  info: (line) => void infos.push(line),
  warn: note,
  error: note,
};

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
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

interface Told {
  readonly source: FakeSource;
  readonly client: Client;
  /** Delivers another specification and waits until it is in force. */
  readonly deliver: (
    data: unknown,
    revision?: number | string,
    notes?: readonly ChangeNote[],
  ) => Promise<void>;
}

/** A client whose source delivers what the test says. */
async function start(data: unknown, options: ClientOptions = {}): Promise<Told> {
  const source = new FakeSource(() => ({ origin: 'fake', data, revision: 1 }), {
    intervalMs: 1000,
  });
  const client = createClient({ source, logger, allowEmpty: true, ...options });
  clients.push(client);
  client.on('changed', (event) => void changes.push(event));
  let next = 2;
  const deliver: Told['deliver'] = async (after, revision = next++, notes) => {
    source.answer = () => ({ origin: 'fake', data: after, revision, changes: notes });
    await jest.advanceTimersByTimeAsync(1000);
  };
  return { source, client, deliver };
}

/** An experiment with these allocations; one audience for each list. */
const button = (...audiences: object[]) => ({
  name: 'button_color',
  identity: 'user.id',
  variants: [{ name: 'blue' }, { name: 'green' }],
  audiences,
});
const split = (blue: number, rule?: string) => ({
  ...(rule !== undefined && { rule }),
  allocations: [
    { variant: 'blue', percent: blue },
    { variant: 'green', percent: 100 - blue },
  ],
});

const namespace = (history: object[], more: object = {}) => ({
  experiments: [],
  namespaces: [
    {
      name: 'checkout',
      unit: 'user.id',
      segments: 100,
      experiments: [{ name: 'words', script: 'x = 1;' }],
      history,
      ...more,
    },
  ],
});
const add = (name: string, segments: number) => ({ add: name, segments, experiment: 'words' });

describe('a line about a change', () => {
  it.each([
    [
      'an allocation',
      [button(split(10))],
      [button(split(40))],
      'experiment changed name="button_color" before="blue 10, green 90" after="blue 40, green 60"',
    ],
    [
      'an allocation of one of two audiences',
      [button(split(10, 'user.plan == "pro"'), split(0))],
      [button(split(40, 'user.plan == "pro"'), split(0))],
      'experiment changed name="button_color" before="audience 1: blue 10, green 90" after="audience 1: blue 40, green 60"',
    ],
    [
      'a rule',
      [button(split(10, 'user.plan == "pro"'), split(0))],
      [button(split(10, 'user.plan == "max"'), split(0))],
      'experiment changed name="button_color" before="rule of audience 1: user.plan == \\"pro\\"" after="rule of audience 1: user.plan == \\"max\\""',
    ],
    [
      'a new audience',
      [button(split(10))],
      [button(split(50, 'user.id == 1'), split(10))],
      'experiment changed name="button_color" before="blue 10, green 90" after="rule of audience 1: user.id == 1; audience 1: blue 50, green 50; audience 2: blue 10, green 90"',
    ],
    [
      'a segment that its rules use',
      {
        segments: [{ name: 'paying', rule: 'user.plan == "pro"' }],
        experiments: [button(split(10, 'segments.paying'), split(0))],
      },
      {
        segments: [{ name: 'paying', rule: 'user.plan == "max"' }],
        experiments: [button(split(10, 'segments.paying'), split(0))],
      },
      'experiment changed name="button_color" before="segment paying: user.plan == \\"pro\\"" after="segment paying: user.plan == \\"max\\""',
    ],
    [
      'a segment that its rules begin to use',
      [button(split(10, 'user.id == 1'), split(0))],
      {
        segments: [{ name: 'paying', rule: 'user.id == 2' }],
        experiments: [button(split(10, 'segments.paying'), split(0))],
      },
      'experiment changed name="button_color" before="rule of audience 1: user.id == 1" after="rule of audience 1: segments.paying; segment paying: user.id == 2"',
    ],
    ['a switch', ['chat:on'], ['chat:off'], 'switch changed name="chat" before="on" after="off"'],
    [
      'a switch with allocations',
      ['chat:off'],
      [
        {
          ...button({
            allocations: [
              { variant: 'on', percent: 5 },
              { variant: 'off', percent: 95 },
            ],
          }),
          name: 'chat',
          variants: [{ name: 'on' }, { name: 'off' }],
        },
      ],
      'switch changed name="chat" before="off; identity: random" after="on 5, off 95; identity: user.id"',
    ],
    [
      'the variants and a value',
      [button({ allocations: [{ variant: 'blue', percent: 100 }] })],
      [
        {
          ...button({ allocations: [{ variant: 'blue', percent: 100 }] }),
          variants: [{ name: 'blue', value: { hex: '#00f' } }, { name: 'red' }],
        },
      ],
      'experiment changed name="button_color" before="variants: blue, green" after="variants: blue, red; value of blue: {\\"hex\\":\\"#00f\\"}"',
    ],
    [
      'identity, seed and description',
      [button(split(10))],
      [{ ...button(split(10)), identity: 'tenant.id', seed: 's2', description: 'again' }],
      'experiment changed name="button_color" before="identity: user.id; seed: button_color" after="identity: tenant.id; seed: s2; description: again"',
    ],
    [
      'stickiness',
      [button(split(10))],
      [{ ...button(split(10)), sticky: true }],
      'experiment changed name="button_color" before="none" after="sticky: true"',
    ],
    [
      'an added experiment',
      [],
      [button(split(10, 'user.id == 1'), split(0))],
      'experiment added name="button_color" after="rule of audience 1: user.id == 1; audience 1: blue 10, green 90; audience 2: blue 0, green 100"',
    ],
    ['an added switch', [], ['chat:on'], 'switch added name="chat" after="on"'],
    ['a removed switch', ['chat:on'], [], 'switch removed name="chat" before="on"'],
    [
      'new lines in the history of a namespace',
      namespace([add('may', 30)]),
      namespace([add('may', 30), { remove: 'may' }, add('june', 40)]),
      'namespace changed name="checkout" before="none" after="history: remove may, add june (40 segments)"',
    ],
    [
      'a rewritten history',
      namespace([add('may', 30), add('june', 40)]),
      namespace([add('may', 31), add('june', 40)]),
      'namespace changed name="checkout" before="history: add may (30 segments), add june (40 segments)" after="history: add may (31 segments), add june (40 segments)"',
    ],
    [
      'the defaults of a namespace',
      namespace([], { defaults: { x: 1 } }),
      namespace([], { defaults: { x: 2 } }),
      'namespace changed name="checkout" before="defaults: {\\"x\\":1}" after="defaults: {\\"x\\":2}"',
    ],
    [
      'a new value',
      [button(split(10))],
      [{ ...button(split(10)), variants: [{ name: 'blue', value: 1 }, { name: 'green' }] }],
      'experiment changed name="button_color" before="none" after="value of blue: 1"',
    ],
    [
      'an added namespace without experiments',
      [],
      namespace([]),
      'namespace added name="checkout" after="none"',
    ],
    [
      'an added namespace',
      [],
      namespace([add('may', 30)]),
      'namespace added name="checkout" after="add may (30 segments)"',
    ],
    [
      'a removed namespace',
      namespace([add('may', 30)]),
      [],
      'namespace removed name="checkout" before="add may (30 segments)"',
    ],
  ])('describes %s', async (_what, before, after, line) => {
    const { deliver } = await start(before);
    await deliver(after);
    expect(infos).toEqual([`evenhand: ${line} revision=2`]);
    expect(problems).toEqual([]);
  });

  it('describes a changed script by its checksum', async () => {
    const { deliver } = await start(namespace([]));
    await deliver(namespace([], { experiments: [{ name: 'words', script: 'x = 2;' }] }));
    expect(infos).toEqual([
      expect.stringMatching(
        /before="definition of words: .*\\"checksum\\":\\"[0-9a-f]{8}\\".*" after="definition of words: .*checksum/,
      ),
    ]);
  });

  it('has the author, the reason and the time if the source knows them', async () => {
    const { deliver } = await start(['a:on', 'b:on']);
    await deliver(['a:off', 'b:off', 'c:on'], 7, [
      { author: 'the pipeline' },
      { experiment: 'a', author: 'ada', reason: 'ticket 12', at: '2027-01-31T12:00:00.000Z' },
      { namespace: 'b', author: 'bob' },
      { experiment: 'not changed', author: 'eve' },
    ]);
    expect(infos).toEqual([
      'evenhand: switch changed name="a" before="on" after="off" revision=7 author="ada" reason="ticket 12" at="2027-01-31T12:00:00.000Z"',
      'evenhand: switch changed name="b" before="on" after="off" revision=7 author="the pipeline"',
      'evenhand: switch added name="c" after="on" revision=7 author="the pipeline"',
    ]);
  });

  it.each([
    ['not a list', 5],
    ['a list of anything', [null, 1, 'x', { author: 5, reason: {}, at: [] }, []]],
    [
      'an object that throws',
      [
        {
          get author() {
            throw new Error('broken');
          },
        },
      ],
    ],
  ])('is complete if the notes of the source are %s', async (_what, notes) => {
    const { client, deliver } = await start(['a:on']);
    await deliver(['a:off'], 2, notes as readonly ChangeNote[]);
    expect(infos).toEqual(['evenhand: switch changed name="a" before="on" after="off" revision=2']);
    expect(client.participant().isOff('a')).toBe(true);
    expect(problems).toEqual([]);
  });

  it('quotes a revision that is a text', async () => {
    const { deliver } = await start(['a:on']);
    await deliver(['a:off'], 'v 1');
    expect(infos).toEqual([expect.stringMatching(/ revision="v 1"$/)]);
  });

  it('contains no control character, and is a single line of bounded length', async () => {
    const evil = '\u001b[2J\r\n\u0085\u202e\u2028\0\u009b31m';
    const { deliver } = await start(namespace([]));
    await deliver(
      {
        experiments: [
          {
            ...button(split(10, `user.id == "${'x'.repeat(900)}"`), split(0)),
            description: evil,
          },
          { ...button(split(10, `user.id == "\u202e"`), split(0)), name: 'other' },
        ],
        namespaces: [{ ...namespace([]).namespaces[0], defaults: { [evil]: evil }, owner: evil }],
      },
      evil,
      [{ author: evil, reason: evil.repeat(100), at: evil }],
    );
    expect(infos).toHaveLength(3);
    for (const line of infos) {
      // oxlint-disable-next-line no-control-regex -- that is what is tested
      expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e]/);
      expect(line.length).toBeLessThan(4000);
    }
    for (const { before, after, author, reason } of changes.flatMap((event) => event.changes)) {
      expect([before, after, author, reason].join()).not.toMatch(/[\p{Cc}\u2028-\u202e]/u);
    }
  });
});

describe('the log lines about holdouts', () => {
  const winter = { name: 'winter', identity: 'user.id', percent: 5, experiments: ['a'] };
  const spec = (...holdouts: object[]) => ({ experiments: ['a:on', 'b:on'], holdouts });

  it('say what was added, changed and removed', async () => {
    const { deliver } = await start(spec());
    await deliver(spec(winter));
    await deliver(spec({ ...winter, percent: 10, experiments: ['a', 'b'], owner: 'ada' }));
    await deliver(spec());
    expect(infos.map((line) => line.replace(/ revision=\d+/, ''))).toEqual([
      'evenhand: holdout added name="winter" after="percent: 5; experiments: a; identity: user.id; seed: winter"',
      'evenhand: holdout changed name="winter" before="percent: 5; experiments: a" after="percent: 10; experiments: a, b; owner: ada"',
      'evenhand: holdout removed name="winter" before="percent: 10; experiments: a, b; identity: user.id; seed: winter; owner: ada"',
    ]);
    const none = { added: [], removed: [], changed: [] };
    expect(changes).toMatchObject([
      { ...none, holdouts: { ...none, added: ['winter'] } },
      { ...none, holdouts: { ...none, changed: ['winter'] } },
      { ...none, holdouts: { ...none, removed: ['winter'] } },
    ]);
  });
});

describe('lines about metrics and analyses', () => {
  const metric = { name: 'revenue', type: 'sum', outcome: 'purchase', value: 'value' };
  const a = experiment({ name: 'a' });
  const spec = (analysis: object | undefined, ...metrics: object[]) => ({
    experiments: [{ ...a, analysis }],
    metrics,
  });

  it('say in words what was added, changed and removed', async () => {
    const { deliver } = await start(spec(undefined));
    await deliver(spec({ primary: ['revenue'] }, metric));
    await deliver(spec({ primary: ['revenue'] }, { ...metric, window: null, where: 'a == 1' }));
    await deliver(spec(undefined));
    expect(infos.map((line) => line.replace(/ revision=\d+/, ''))).toEqual([
      'evenhand: experiment changed name="a" before="none" after="primary metrics of the analysis: revenue"',
      'evenhand: metric added name="revenue" after="type: sum; outcome: value of purchase; window: 7d; cap: quantile 0.999; better: up"',
      'evenhand: metric changed name="revenue" before="outcome: value of purchase; window: 7d" after="outcome: value of purchase where \\"a == 1\\"; window: until the end"',
      'evenhand: experiment changed name="a" before="primary metrics of the analysis: revenue" after="none"',
      'evenhand: metric removed name="revenue" before="type: sum; outcome: value of purchase where \\"a == 1\\"; window: until the end; cap: quantile 0.999; better: up"',
    ]);
    const none = { added: [], removed: [], changed: [] };
    expect(changes).toMatchObject([
      { ...none, changed: ['a'], metrics: { ...none, added: ['revenue'] } },
      { ...none, metrics: { ...none, changed: ['revenue'] } },
      { ...none, changed: ['a'], metrics: { ...none, removed: ['revenue'] } },
    ]);
  });
});

describe('the event "changed"', () => {
  it('has the facts of the lines, and the names as before', async () => {
    const { deliver } = await start(['a:on', 'b:on']);
    await deliver(['a:off', 'c:on'], 7, [{ experiment: 'a', author: 'ada', reason: 'why' }]);
    const unknown = { author: undefined, reason: undefined, changedAt: undefined };
    expect(changes).toEqual([
      {
        revision: 7,
        origin: 'fake',
        provider: 'source',
        added: ['c'],
        removed: ['b'],
        changed: ['a'],
        namespaces: { added: [], removed: [], changed: [] },
        holdouts: { added: [], removed: [], changed: [] },
        metrics: { added: [], removed: [], changed: [] },
        changes: [
          {
            kind: 'switch',
            name: 'a',
            action: 'changed',
            before: 'on',
            after: 'off',
            ...unknown,
            author: 'ada',
            reason: 'why',
          },
          {
            kind: 'switch',
            name: 'c',
            action: 'added',
            before: undefined,
            after: 'on',
            ...unknown,
          },
          {
            kind: 'switch',
            name: 'b',
            action: 'removed',
            before: 'on',
            after: undefined,
            ...unknown,
          },
        ],
      },
    ]);
  });

  it('comes also without a logger', async () => {
    const { deliver } = await start(['a:on'], { logger: false });
    await deliver(['a:off']);
    expect(changes).toMatchObject([{ changed: ['a'] }]);
  });
});

describe('a reload', () => {
  it('logs nothing without a difference, even with another order, notation or revision', async () => {
    const { client, deliver } = await start(['a:on', button(split(10))]);
    await deliver([button(split(10)), 'a:on']);
    const { audiences, variants, name, identity } = button(split(10));
    await deliver([
      { audiences, variants, identity, name },
      {
        name: 'a',
        identity: 'random',
        variants: [{ name: 'on' }, { name: 'off' }],
        audiences: [{ allocations: [{ variant: 'on', percent: 100 }] }],
      },
    ]);
    expect(client.status().revision).toBe(3);
    expect([infos, problems, changes]).toEqual([[], [], []]);
  });

  it('logs nothing about the first experiments, nor about refused ones', async () => {
    const { deliver } = await start(['a:on']);
    await deliver([{ name: 'x' }]);
    expect(infos).toEqual([]);
    expect(problems).toHaveLength(1);
  });

  it('logs what differs from the cache file or bootstrap that it replaces', async () => {
    const source = new FakeSource(() => Promise.reject(new Error('down')), { intervalMs: 1000 });
    const client = createClient({ source, logger, bootstrap: ['a:off'] });
    clients.push(client);
    await jest.advanceTimersByTimeAsync(0);
    source.answer = () => Promise.resolve({ ...on('a'), revision: 5 });
    await jest.advanceTimersByTimeAsync(1000);
    expect(infos).toEqual(['evenhand: switch changed name="a" before="off" after="on" revision=5']);
  });

  it('logs at most 20 changes and counts the others', async () => {
    const names = (state: string, from: number, to: number) =>
      Array.from({ length: to - from }, (_, i) => `s${from + i}:${state}`);
    const { deliver } = await start(names('on', 0, 40));
    await deliver(names('off', 10, 50));
    expect(infos).toHaveLength(21);
    expect(infos[20]).toBe('evenhand: 30 more changed added=10 changed=10 removed=10 revision=2');
    expect(changes[0]?.changes).toHaveLength(50);
  });

  it('logs each of several changes in their order', async () => {
    const { deliver } = await start(['a:on']);
    for (const state of ['off', 'on', 'off']) await deliver([`a:${state}`]);
    expect(infos.map((line) => / after=(\S+) revision=(\d)/.exec(line)?.slice(1))).toEqual([
      ['"off"', '2'],
      ['"on"', '3'],
      ['"off"', '4'],
    ]);
  });
});

describe('the logger of changes', () => {
  it('may lack info; changes are then not logged', async () => {
    const { client, deliver } = await start(['a:on'], { logger: { warn: note, error: note } });
    await deliver(['a:off']);
    expect(client.participant().isOff('a')).toBe(true);
    expect([infos, problems]).toEqual([[], []]);
  });

  it.each([
    [
      'throw',
      () => {
        throw new Error('full');
      },
    ],
    ['reject', () => Promise.reject(new Error('full'))],
  ])('may %s', async (_what, info) => {
    const { client, deliver } = await start(['a:on'], { logger: { ...logger, info } });
    await deliver(['a:off']);
    expect(client.participant().isOff('a')).toBe(true);
    expect(changes).toHaveLength(1);
  });

  it('is called as a method, as pino and winston need', async () => {
    class Log {
      readonly lines: string[] = [];
      info(line: string) {
        this.lines.push(line);
      }
      warn() {}
      error() {}
    }
    const log = new Log();
    const { deliver } = await start(['a:on'], { logger: log });
    await deliver(['a:off']);
    expect(log.lines).toHaveLength(1);
  });

  it('is refused if info is not a function', () => {
    const broken = { ...logger, info: 'yes' } as unknown as Logger;
    expect(() => createClient({ source: ['a:on'], logger: broken })).toThrow(
      expect.objectContaining({ code: 'option' }),
    );
  });
});

describe('many experiments', () => {
  const many = (percent: number) =>
    parseExperiments(
      Array.from({ length: 200 }, (_, i) => ({
        ...button(split(i === 150 ? percent : 50, 'user.id == 1'), split(0)),
        name: `experiment_${i}`,
      })),
    );
  const one = many(10);
  const other = many(20);
  const event = { revision: 2, origin: 'fake', provider: 'source' } as const;
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  let log: ChangeLog;

  beforeEach(() => {
    // Each step seems to take a second, so that a slice is over after it.
    let now = 0;
    jest.spyOn(performance, 'now').mockImplementation(() => (now += 1000));
    log = new ChangeLog(logger, new Listeners(logger));
  });

  it('are compared in many turns of the event loop, so that requests are answered', async () => {
    log.add({ before: one, after: other, event, notes: undefined });
    expect(infos).toEqual([]);
    let turns = 0;
    for (; infos.length === 0; turns++) await turn();
    expect(turns).toBeGreaterThan(20);
    expect(infos).toEqual([
      'evenhand: experiment changed name="experiment_150" before="audience 1: blue 10, green 90" after="audience 1: blue 20, green 80" revision=2',
    ]);
  });

  it('are compared in the order of their changes, and merged if too many changes wait', async () => {
    for (let revision = 2; revision <= 40; revision++) {
      const [before, after] = revision % 2 === 0 ? [one, other] : [other, one];
      log.add({ before, after, event: { ...event, revision }, notes: undefined });
    }
    const revisions = () => infos.map((line) => Number(/revision=(\d+)/.exec(line)?.[1]));
    while (!revisions().includes(40)) await turn();
    expect(revisions()).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 40]);
  });

  it('are not compared further when the client closes', async () => {
    log.add({ before: one, after: other, event, notes: undefined });
    log.close();
    for (let i = 0; i < 100; i++) await turn();
    expect([infos, problems]).toEqual([[], []]);
  });
});
