import { type Client, createClient, createExposures, type Sink } from 'evenhand';
import { experiment, recordingLogger } from '../assignment/build.ts';
import { hostileNames, hostileValues, hostileWays } from '../generators/hostile-values.ts';
import type { EventRecord } from '../../src/exposures/records/record.ts';

const COUNT = 10;

/** A sink that keeps what it is given. */
class ListSink implements Sink {
  readonly name: string = 'list';
  readonly records: EventRecord[] = [];
  closed = 0;

  async write(batch: readonly EventRecord[]): Promise<void> {
    this.records.push(...batch);
  }

  async close(): Promise<void> {
    this.closed++;
  }
}

/** A promise that never settles. */
const forever = (): Promise<void> => new Promise(() => {});

function raise(): never {
  throw new Error('mine');
}

const reject = (): Promise<never> => Promise.reject(new Error('mine'));

/** The ways in which a callback can fail to finish, with the reason that the log gives. */
const FAILURES: readonly [string, () => unknown, RegExp][] = [
  ['throws', raise, /mine/],
  ['rejects', reject, /mine/],
  ['never settles', forever, /did not finish within \d+ ms/],
];

function record(client: Client): void {
  for (let id = 0; id < COUNT; id++) client.participant({ user: { id } }).variant('exp');
}

const source = {
  name: 'given',
  timeoutMs: 20,
  load: () => ({ data: [experiment()], origin: 'x' }),
};

describe('client.close()', () => {
  it.each(FAILURES)(
    'writes the records when the close() of the source %s',
    async (_how, close, reason) => {
      const logger = recordingLogger();
      const sink = new ListSink();
      const client = createClient({
        source: { ...source, close: close as () => Promise<void> },
        exposures: { sink },
        logger,
      });
      record(client);
      await client.close();
      expect(sink).toMatchObject({ closed: 1, records: { length: COUNT } });
      expect(logger.warnings).toEqual([
        expect.stringMatching(/^evenhand: the source "given" could not be closed: /),
      ]);
      expect(logger.warnings[0]).toMatch(reason);
    },
  );

  it.each(FAILURES)(
    'closes the source and the other sink when the close() of a sink %s',
    async (_how, close, reason) => {
      const logger = recordingLogger();
      const [broken, good] = [new ListSink(), new ListSink()];
      Object.assign(broken, { name: 'broken', close });
      const closeSource = jest.fn();
      const client = createClient({
        source: { ...source, close: closeSource },
        exposures: { sinks: [broken, good], closeTimeoutMs: 300 },
        logger,
      });
      record(client);
      await client.close();
      expect(closeSource).toHaveBeenCalledTimes(1);
      expect(good).toMatchObject({ closed: 1, records: { length: COUNT } });
      expect(broken.records).toHaveLength(COUNT);
      expect(logger.warnings).toEqual([
        expect.stringMatching(/^evenhand: the sink "broken" could not be closed: /),
      ]);
      expect(logger.warnings[0]).toMatch(reason);
    },
  );

  it.each(FAILURES)(
    'writes to the other sink, and counts what is lost, when the write() of a sink %s',
    async (_how, write) => {
      const logger = recordingLogger();
      const [broken, good] = [new ListSink(), new ListSink()];
      Object.assign(broken, { name: 'broken', write });
      const client = createClient({
        source,
        exposures: { sinks: [broken, good], closeTimeoutMs: 300 },
        logger,
      });
      record(client);
      await client.close();
      expect(good.records).toHaveLength(COUNT);
      const [first] = client.exposures?.stats().sinks ?? [];
      expect(first).toMatchObject({ dropped: COUNT, written: 0, queueLength: 0 });
      expect(broken.closed).toBe(1);
      const lost = logger.errors.filter((line) => line.includes('has lost 10 records'));
      expect(lost).toHaveLength(1);
    },
  );

  it('resolves while a load hangs, and rejects ready()', async () => {
    const client = createClient({ source: { name: 'hanging', load: forever as never } });
    const ready = client.ready();
    await client.close();
    await expect(ready).rejects.toThrow('the source "hanging" was closed');
  });

  it('resolves while watch() ignores its signal', async () => {
    const client = createClient({ source: { ...source, watch: forever } });
    await expect(client.close()).resolves.toBeUndefined();
  });

  it('resolves when shared exposures have a sink that never writes, and leaves it open', async () => {
    const sink = Object.assign(new ListSink(), { write: forever });
    const exposures = createExposures({ sink, closeTimeoutMs: 20, logger: false });
    const client = createClient({ source, exposures });
    record(client);
    await client.close();
    expect(sink.closed).toBe(0);
    await exposures.close();
    expect(sink.closed).toBe(1);
    expect(exposures.stats()).toMatchObject({ dropped: COUNT, queueLength: 0 });
  });

  it('resolves whatever the source and a sink throw, reject with or return', async () => {
    const all = hostileNames.flatMap((name) =>
      Object.entries(hostileWays).map(([way, give]) => ({ name, way, give })),
    );
    const closed = all.map(async ({ name, way, give }) => {
      const fail = () => give(hostileValues[name]?.()) as Promise<void>;
      const sink = new ListSink();
      const broken = { name: 'broken', write: fail, close: fail };
      const client = createClient({
        source: { ...source, close: fail },
        exposures: { sinks: [broken, sink], closeTimeoutMs: 2000 },
        logger: false,
      });
      record(client);
      await client.close();
      const { written, dropped, recorded } = client.exposures?.stats() ?? {};
      return [name, way, sink.records.length, recorded, (written ?? 0) + (dropped ?? 0)];
    });
    const right = all.map(({ name, way }) => [name, way, COUNT, COUNT, 2 * COUNT]);
    expect(await Promise.all(closed)).toEqual(right);
  });
});
