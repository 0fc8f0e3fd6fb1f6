import { type Client, createClient, type EvenhandError, type Source } from 'evenhand';
import { until } from '../sources/until.ts';

/** Something that a source reads, as a test changes it. */
export interface Origin {
  /** A source that reads it. */
  readonly source: Source;
  /** Puts a text there; whole or not at all. */
  write(text: string): void | Promise<void>;
  /** Makes it impossible to read, until something is written. */
  breakOff(): void | Promise<void>;
  /** Cleans up. */
  remove(): void | Promise<void>;
}

/** How sources differ. */
export interface LiveSourceTraits {
  /** Whether a revision is a hash of the content, or counts the changes. Default: content */
  readonly revisions?: 'content' | 'counted';
  /** Whether any text can be put there, or JSON only. Default: text */
  readonly holds?: 'text' | 'json';
}

/** What every source that can change does, on the real thing; to be called in a `describe`. */
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

  it('puts changes in force, each whole', async () => {
    for (const name of ['b', 'c', 'd']) {
      await origin.write(`["${name}:on"]`);
      await until(`${name} is in force`, () => names() === name);
    }
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
    ['no JSON', '["a:on",', 'json'],
    ['no specification', '["b:maybe"]', 'spec'],
  ] as const;
  it.each(bad.filter(([, , code]) => holds === 'text' || code === 'spec'))(
    'keeps what is in force when there is %s, says so once, and takes what is repaired',
    async (_what, text, code) => {
      await origin.write(text);
      await until('the problem is told', () => problems.length > 0);
      expect(problems).toMatchObject([{ code }]);
      expect(client.status()).toMatchObject({ state: 'ready', problem: { code } });
      expect(names()).toBe('a');
      await origin.write('["b:on"]');
      await until('b is in force', () => names() === 'b');
      expect(problems).toHaveLength(1);
      expect(client.status().problem).toBeUndefined();
    },
  );

  it('keeps what is in force when nothing can be read, and takes what comes back', async () => {
    await origin.breakOff();
    await until('the problem is told', () => problems.length > 0);
    expect(problems[0]).toMatchObject({ code: 'source' });
    expect(names()).toBe('a');
    await origin.write('["b:on"]');
    await until('b is in force', () => names() === 'b');
    await until('it is well', () => client.status().problem === undefined);
  });

  it('delivers nothing any more when it is closed', async () => {
    await client.close();
    await origin.write('["b:on"]');
    // Longer than any interval of these tests.
    await new Promise((resolve) => {
      setTimeout(resolve, 400);
    });
    expect(names()).toBe('a');
  });
}
