import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { type Client, createClient, settingsSource, type Source } from 'evenhand';
import { experiment } from '../assignment/build.ts';

const experiments = [
  {
    name: 'button',
    identity: 'user.id',
    variants: [{ name: 'bold', value: '#c00' }, { name: 'plain' }],
    audiences: [
      { rule: 'user.plan == "pro"', allocations: [{ variant: 'bold', percent: 100 }] },
      { allocations: [{ variant: 'plain', percent: 100 }] },
    ],
  },
  'search:on',
];

/** A source that answers with a promise. */
function later(load: () => unknown): Source {
  return { name: 'later', load: () => Promise.resolve().then(load) as never };
}

describe('createClient', () => {
  let directory: string;
  let file: string;

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'evenhand-'));
    file = join(directory, 'experiments.json');
    writeFileSync(file, JSON.stringify(experiments));
  });

  afterAll(() => rmSync(directory, { recursive: true }));

  it.each<[string, () => object | string]>([
    ['a path', () => file],
    ['a URL', () => new URL(`file://${file}`)],
    ['a list', () => experiments],
    ['an object', () => ({ experiments })],
    ['a source', () => settingsSource(file)],
    [
      'a source of text',
      () => ({ name: 't', load: () => ({ text: '["search:on"]', origin: 't' }) }),
    ],
  ])('decides synchronously with %s as its source', (_what, source) => {
    const client = createClient({ source: source() });
    expect(client.participant().isOn('search')).toBe(true);
    expect(client.experiments().has('search')).toBe(true);
  });

  it('makes participants with and without overrides', () => {
    const client = createClient({ source: experiments });
    const user = { id: 1, plan: 'pro' };
    expect(client.participant({ user }).value('button')).toBe('#c00');
    const overrides = { button: 'plain' };
    expect(client.participant({ user }, { overrides }).variant('button')).toBe('plain');
    expect(() => client.participant('anna' as never)).toThrow(
      expect.objectContaining({ code: 'context' }),
    );
  });

  it('passes its options on to its participants', () => {
    const lines: string[] = [];
    const log = (message: string) => void lines.push(message);
    const client = createClient({
      source: experiments,
      onError: 'fallback',
      logger: { warn: log, error: log },
    });
    expect(client.participant({ user: { id: 1 } }).variant('button')).toBe('plain');
    expect(client.participant().variant('nowhere')).toBeUndefined();
    expect(lines).toEqual([
      expect.stringContaining('"button"'),
      expect.stringContaining('"nowhere"'),
    ]);
    const dice = experiment({ name: 'dice', identity: 'random' });
    const drawing = (random: () => number) =>
      createClient({ source: [dice], random })
        .participant()
        .variant('dice');
    expect([drawing(() => 0.49), drawing(() => 0.5)]).toEqual(['a', 'b']);
  });

  it('throws every problem of an invalid specification', () => {
    expect(() => createClient({ source: ['oops', 'search:on', 'search:on'] })).toThrow(
      expect.objectContaining({
        code: 'spec',
        origin: 'config',
        problems: [
          expect.objectContaining({ path: '/0' }),
          expect.objectContaining({ path: '/2' }),
        ],
      }),
    );
    writeFileSync(join(directory, 'bad.json'), '{\n "experiments": [,]\n}');
    expect(() => createClient({ source: join(directory, 'bad.json') })).toThrow(
      expect.objectContaining({
        code: 'json',
        problems: [expect.objectContaining({ line: 2, column: 18 })],
      }),
    );
  });

  it.each<[string, () => unknown]>([
    ['nothing', () => undefined],
    ['a string', () => '["search:on"]'],
    ['no origin', () => ({ data: [] })],
    ['an origin that is not a string', () => ({ data: [], origin: 1 })],
    ['neither text nor data', () => ({ origin: 'x' })],
    ['a text that is not a string', () => ({ text: [], origin: 'x' })],
  ])('throws for a source that delivers %s', async (_what, load) => {
    const error = expect.objectContaining({
      code: 'source',
      message: expect.stringContaining('something other than a specification'),
    });
    expect(() => createClient({ source: { name: 'odd', load } })).toThrow(error);
    await expect(createClient({ logger: false, source: later(load) }).ready()).rejects.toEqual(
      error,
    );
  });

  it('throws an error of the source as a SourceError', () => {
    const cause = new Error('no route to host');
    const source: Source = {
      name: 'far',
      load() {
        throw cause;
      },
    };
    expect(() => createClient({ source })).toThrow(
      expect.objectContaining({
        code: 'source',
        cause,
        message: expect.stringMatching(/"far".*no route to host/),
      }),
    );
  });

  it.each<[object, RegExp]>([
    [{ sorce: 'x' }, /unknown option "sorce"; did you mean "source"\?/],
    [{ zzz: 1 }, /unknown option "zzz"; known: source, logger, onError, random/],
    [{ contextProvider: () => ({}) }, /unknown option "contextProvider"/],
    [{ onError: 'warn' }, /"onError" must be "throw" or "fallback", not "warn"/],
    [{ source: 7 }, /"source" must be .*, not 7/],
    [{ source: null }, /"source" must be .*, not null/],
    [{ logger: {} }, /"logger" must be .*, not an object/],
    [{ logger: true }, /"logger" must be .*, not true/],
    [{ logger: { warn: () => {} } }, /"logger"/],
    [{ random: 0.5 }, /"random" must be a function, not 0.5/],
    [[], /an options object, not an empty list/],
  ])('rejects the options %j', (options, message) => {
    expect(() => createClient(options)).toThrow(
      expect.objectContaining({ code: 'option', message: expect.stringMatching(message) }),
    );
  });

  it('treats an undefined option as absent', () => {
    const options = { source: experiments, logger: undefined, onError: undefined };
    expect(
      createClient(options as object)
        .participant()
        .isOn('search'),
    ).toBe(true);
  });
});

describe('a client whose source answers later', () => {
  it('throws when it is asked before it is ready', async () => {
    const client = createClient({
      logger: false,
      source: later(() => ({ data: experiments, origin: 'later' })),
    });
    for (const ask of [() => client.experiments(), () => client.participant()]) {
      expect(ask).toThrow(
        expect.objectContaining({ code: 'source', message: expect.stringContaining('ready()') }),
      );
    }
    await client.ready();
    expect(client.participant().isOn('search')).toBe(true);
    expect(client.experiments().origin).toBe('later');
  });

  it('rejects ready() if the source fails, and throws the same error afterwards', async () => {
    const client = createClient({
      logger: false,
      source: later(() => {
        throw new Error('no route to host');
      }),
    });
    const error: unknown = await client.ready().catch((error: unknown) => error);
    expect(error).toMatchObject({
      code: 'source',
      message: expect.stringMatching(/"later".*no route to host/),
    });
    expect(() => client.participant()).toThrow(error as Error);
  });

  it('rejects ready() with every problem of its specification', async () => {
    const client = createClient({
      logger: false,
      source: later(() => ({ text: '["a:on",\n"a:on", "b"]', origin: 'table' })),
    });
    await expect(client.ready()).rejects.toMatchObject({
      code: 'spec',
      problems: [{ line: 2 }, { line: 2 }],
    });
  });

  it('does not end the process if nobody awaits ready()', async () => {
    const unhandled = jest.fn();
    process.on('unhandledRejection', unhandled);
    try {
      createClient({
        logger: false,
        source: later(() => {
          throw new Error('no route to host');
        }),
      });
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
      expect(unhandled).not.toHaveBeenCalled();
    } finally {
      process.off('unhandledRejection', unhandled);
    }
  });

  it('accepts any thenable as the answer of its source', async () => {
    const load = () =>
      runInNewContext('Promise.resolve({ data: ["search:on"], origin: "another realm" })') as never;
    const client = createClient({ source: { name: 'x', load } });
    await client.ready();
    expect(client.participant().isOn('search')).toBe(true);
  });
});

describe('close', () => {
  const closing = (close: () => unknown): [Client, jest.Mock] => {
    const closed = jest.fn(close);
    const source = { name: 'x', load: () => ({ data: ['search:on'], origin: 'x' }), close: closed };
    return [createClient({ source }), closed];
  };

  it('closes the source only once', async () => {
    const [client, closed] = closing(() => Promise.resolve());
    await Promise.all([client.close(), client.close()]);
    await client.close();
    expect(closed).toHaveBeenCalledTimes(1);
  });

  it('keeps the last experiments in force', async () => {
    const [client] = closing(() => undefined);
    await client.close();
    expect(client.participant().isOn('search')).toBe(true);
  });

  it('does nothing for a source without close()', async () => {
    await expect(createClient({ source: ['search:on'] }).close()).resolves.toBeUndefined();
  });
});
