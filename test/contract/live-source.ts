import { type Client, createClient, type EvenhandError, type Source } from 'evenhand';
import { until } from '../sources/until.ts';

/** The data behind a source, which a test changes. */
export interface Origin {
  /** The source that reads the data. */
  readonly source: Source;
  /** Replaces the data atomically. */
  write(text: string): void | Promise<void>;
  /** Makes reading fail until the next `write()`. */
  breakOff(): void | Promise<void>;
  /** Cleans up. */
  remove(): void | Promise<void>;
}

/** The differences between sources. */
export interface LiveSourceTraits {
  /** The kind of revisions: a hash of the content, or a count of the changes. @default 'content' */
  readonly revisions?: 'content' | 'counted';
  /** The accepted data: any text, or only JSON. @default 'text' */
  readonly holds?: 'text' | 'json';
}

/** Tests the behaviour of every changing source; call it in a `describe`. */
export function behavesAsLiveSource(
  make: (text: string) => Origin | Promise<Origin>,
  { revisions = 'content', holds = 'text' }: LiveSourceTraits = {},
): void {
  const isCounted = revisions === 'counted';
  let origin: Origin;
  let client: Client;
  let problems: EvenhandError[];
  let changes: (readonly string[])[];
  const names = () =>
    client
      .experiments()
      .experiments.map(({ name }) => name)
      .join();

  beforeEach(async () => {
    origin = await make('["a:on"]');
    client = createClient({ source: origin.source, logger: false });
    problems = [];
    changes = [];
    client.on('error', (problem) => void problems.push(problem));
    client.on('changed', ({ added, removed }) => void changes.push([...added, ...removed]));
    await client.ready();
  });

  afterEach(async () => {
    await client.close();
    await origin.remove();
  });

  it('delivers each change completely', async () => {
    for (const name of ['b', 'c', 'd']) {
      await origin.write(`["${name}:on"]`);
      await until(`${name} is in force`, () => names() === name);
    }
    await until('the last change is reported', () => changes.length === 3);
    expect(changes).toEqual([
      ['b', 'a'],
      ['c', 'b'],
      ['d', 'c'],
    ]);
    expect(problems).toEqual([]);
  });

  it(`has ${isCounted ? 'another' : 'the same'} revision when it goes back to a text`, async () => {
    const { revision } = client.status();
    await origin.write('["b:on"]');
    await until('b is in force', () => names() === 'b');
    expect(client.status().revision).not.toBe(revision);
    await origin.write('["a:on"]');
    await until('a is in force', () => names() === 'a');
    expect(client.status().revision === revision).toBe(!isCounted);
  });

  const bad = [
    ['invalid JSON', '["a:on",', 'json'],
    ['an invalid specification', '["b:maybe"]', 'spec'],
  ] as const;
  it.each(bad.filter(([, , code]) => holds === 'text' || code === 'spec'))(
    'keeps the experiments when there is %s, reports it once, and loads the fixed text',
    async (_what, text, code) => {
      await origin.write(text);
      await until('the problem is reported', () => problems.length > 0);
      expect(problems).toMatchObject([{ code }]);
      expect(client.status()).toMatchObject({ state: 'ready', problem: { code } });
      expect(names()).toBe('a');
      await origin.write('["b:on"]');
      await until('b is in force', () => names() === 'b');
      expect(problems).toHaveLength(1);
      expect(client.status().problem).toBeUndefined();
    },
  );

  it("keeps the experiments when the source can't be read, and loads them when it is back", async () => {
    await origin.breakOff();
    await until('the problem is reported', () => problems.length > 0);
    expect(problems[0]).toMatchObject({ code: 'source' });
    expect(names()).toBe('a');
    await origin.write('["b:on"]');
    await until('b is in force', () => names() === 'b');
    await until('it is well', () => client.status().problem === undefined);
  });

  it('has a change in force when reload() resolves', async () => {
    for (const name of ['b', 'c']) {
      await origin.write(`["${name}:on"]`);
      await client.reload();
      expect(names()).toBe(name);
    }
  });

  it('replaces its experiments by an empty list only if it is local', async () => {
    await origin.write('[]');
    const reloaded = client.reload();
    if (origin.source.local === true) {
      await reloaded;
      expect(names()).toBe('');
    } else {
      await expect(reloaded).rejects.toThrow('delivered no experiments in place of 1 experiment');
      expect(names()).toBe('a');
    }
    await origin.write('["b:on"]');
    await client.reload();
    expect(names()).toBe('b');
    expect(client.status().problem).toBeUndefined();
  });

  it('delivers nothing after it is closed', async () => {
    await client.close();
    await origin.write('["b:on"]');
    // Longer than any interval of these tests.
    await new Promise((resolve) => {
      setTimeout(resolve, 400);
    });
    expect(names()).toBe('a');
  });
}
