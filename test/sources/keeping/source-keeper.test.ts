import {
  type EvenhandError,
  type RawSpecification,
  type Revision,
  SourceError,
  SpecError,
} from 'evenhand';
import {
  type KeeperOptions,
  type NewDelivery,
  SourceKeeper,
  type SourceReport,
} from '../../../src/sources/keeping/source-keeper.ts';
import type { Steps } from '../../../src/runtime/steps.ts';
import { FakeSource, on } from '../fake-source.ts';

/** Uses every delivery and writes down the reports. */
class Notes implements Pick<KeeperOptions, 'use' | 'report'> {
  readonly used: (readonly [RawSpecification, Revision | undefined])[] = [];
  readonly problems: EvenhandError[] = [];
  readonly unwatchedFor: string[] = [];
  confirmations = 0;
  staleTimes = 0;
  /** The answer instead of "used". */
  refusal: EvenhandError | undefined;
  /** True while a delivery takes further steps of a millisecond each. */
  preparing = false;
  spentMs = 0;

  readonly use = (delivery: NewDelivery) => this.steps(delivery);

  private *steps({ raw, revision }: NewDelivery): Steps<'used' | EvenhandError> {
    while (this.preparing) {
      this.spentMs++;
      yield;
    }
    if (this.refusal !== undefined) return this.refusal;
    this.used.push([raw, revision]);
    return 'used';
  }

  readonly report = (report: SourceReport): void => {
    switch (report.is) {
      case 'confirmed':
        this.confirmations++;
        return;
      case 'failed':
        this.problems.push(report.problem);
        return;
      case 'unwatched':
        this.unwatchedFor.push(report.problem.message);
        return;
      case 'stale':
        this.staleTimes++;
        return;
      default:
        report satisfies never;
    }
  };
}

/** Keeps a source with random numbers from the middle of their range. */
function keep(
  source: FakeSource,
  options: { staleAfterMs?: number; draw?: number; refusal?: EvenhandError } = {},
) {
  const notes = new Notes();
  const { staleAfterMs, draw = 0.5 } = options;
  notes.refusal = options.refusal;
  const keeper = new SourceKeeper(source, {
    staleAfterMs,
    random: () => draw,
    use: notes.use,
    report: notes.report,
  });
  keepers.push(keeper);
  const first = keeper.begin();
  first?.catch(() => {});
  keeper.keep();
  return { keeper, notes, first };
}

const keepers: SourceKeeper[] = [];
const down = new Error('no route to host');

/** Returns the times between the starts of loads. */
const pausesOf = ({ loads }: FakeSource) =>
  loads.slice(1).map(({ at }, i) => Math.round(at - (loads[i]?.at ?? 0)));

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  for (const keeper of keepers.splice(0)) keeper.stop();
  jest.useRealTimers();
});

describe('polling', () => {
  it('loads at every interval and hands on only new deliveries', async () => {
    const source = new FakeSource(() => on('a'), { intervalMs: 1000 });
    const { notes } = keep(source);
    await jest.advanceTimersByTimeAsync(3500);
    expect(pausesOf(source)).toEqual([1000, 1000, 1000]);
    source.answer = () => on('b');
    await jest.advanceTimersByTimeAsync(1000);
    expect(notes.used.map(([raw]) => raw)).toEqual([on('a'), on('b')]);
    expect(notes.confirmations).toBe(5);
  });

  it.each([
    [0, 900],
    [1, 1100],
  ])('with the random number %d waits %d ms instead of a second', async (draw, pause) => {
    const source = new FakeSource(() => on('a'), { intervalMs: 1000 });
    keep(source, { draw });
    await jest.advanceTimersByTimeAsync(3 * pause + 1);
    expect(pausesOf(source)).toEqual([pause, pause, pause]);
  });

  it('passes the known revision and accepts "unchanged"', async () => {
    const source = new FakeSource(() => ({ ...on('a'), revision: 'r1' }), { intervalMs: 1000 });
    const { notes } = keep(source);
    source.answer = () => ({ unchanged: true });
    await jest.advanceTimersByTimeAsync(2500);
    expect(source.loads.map(({ known }) => known)).toEqual([undefined, 'r1', 'r1']);
    expect(notes).toMatchObject({ confirmations: 3, problems: [] });
    expect(notes.used).toHaveLength(1);
  });

  it('loads a source without interval and watch() only until it has delivered', async () => {
    const source = new FakeSource(() => on('a'));
    keep(source);
    await jest.advanceTimersByTimeAsync(1e8);
    expect(source.loads).toHaveLength(1);
    const late = new FakeSource(() => Promise.reject(down));
    const { notes } = keep(late);
    await jest.advanceTimersByTimeAsync(10_000);
    late.answer = () => on('a');
    await jest.advanceTimersByTimeAsync(1e8);
    const { length } = late.loads;
    expect(notes.used).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(1e8);
    expect(late.loads).toHaveLength(length);
  });

  it('never runs two loads at a time', async () => {
    let settle = (_delivery: ReturnType<typeof on>): void => {};
    const source = new FakeSource(() => on('a'), { intervalMs: 1000, timeoutMs: 60_000 });
    keep(source);
    source.answer = () => new Promise((resolve) => (settle = resolve));
    await jest.advanceTimersByTimeAsync(30_000);
    expect(source.loads).toHaveLength(2);
    settle(on('b'));
    await jest.advanceTimersByTimeAsync(1000);
    expect(source.loads).toHaveLength(3);
  });
});

describe('a delivery that takes long to prepare', () => {
  beforeEach(() => {
    // The steps wait for real turns of the event loop; a fake one would not let time pass.
    jest.useFakeTimers({ doNotFake: ['setImmediate'] });
  });

  afterEach(() => {
    jest.restoreAllMocks();
  });

  /** A source that has delivered `a`, and then `b`, whose use takes steps until `ready()`. */
  async function preparing() {
    const source = new FakeSource(() => on('a'), { intervalMs: 1000 });
    const kept = keep(source);
    source.answer = () => final('b');
    kept.notes.preparing = true;
    const now = performance.now.bind(performance);
    jest.spyOn(performance, 'now').mockImplementation(() => now() + kept.notes.spentMs);
    await jest.advanceTimersByTimeAsync(1000);
    const ready = () => (kept.notes.preparing = false);
    return { source, ...kept, ready };
  }

  /** Returns a delivery whose data doesn't change, so that it is used in steps. */
  const final = (name: string) => ({ ...on(name), final: true });

  it('is used and confirmed when it is ready', async () => {
    const { source, notes, ready } = await preparing();
    expect(notes.used.map(([raw]) => raw)).toEqual([on('a')]);
    expect(notes.confirmations).toBe(1);
    ready();
    await jest.advanceTimersByTimeAsync(0);
    expect(notes.used.map(([raw]) => raw)).toEqual([on('a'), final('b')]);
    expect(notes.confirmations).toBe(2);
    expect(source.loads).toHaveLength(2);
  });

  it('delays the next load of the source', async () => {
    const { source, notes, ready } = await preparing();
    source.answer = () => on('c');
    await jest.advanceTimersByTimeAsync(60_000);
    expect(source.loads).toHaveLength(2);
    ready();
    await jest.advanceTimersByTimeAsync(1000);
    expect(notes.used.map(([raw]) => raw)).toEqual([on('a'), final('b'), on('c')]);
  });

  it('is not used if the keeper is stopped meanwhile', async () => {
    const { keeper, notes, ready } = await preparing();
    keeper.stop();
    ready();
    await jest.advanceTimersByTimeAsync(0);
    expect(notes.used.map(([raw]) => raw)).toEqual([on('a')]);
    expect(notes).toMatchObject({ confirmations: 1, problems: [] });
  });

  it('leaves the previous one in use if it is invalid, and is reported', async () => {
    const { source, notes, ready } = await preparing();
    notes.refusal = new SpecError('spec', 'fake', []);
    ready();
    await jest.advanceTimersByTimeAsync(0);
    expect(notes.problems).toEqual([notes.refusal]);
    notes.refusal = undefined;
    // The delivery is the same and as invalid as before.
    await jest.advanceTimersByTimeAsync(1000);
    expect(source.loads).toHaveLength(3);
    expect(notes.used.map(([raw]) => raw)).toEqual([on('a')]);
    expect(notes.problems).toHaveLength(2);
  });
});

describe('a source that fails', () => {
  it('is loaded after growing delays of up to 30 s, and polled as before when it works', async () => {
    const source = new FakeSource(() => on('a'), { intervalMs: 1000 });
    const { notes } = keep(source);
    source.answer = () => down;
    await jest.advanceTimersByTimeAsync(70_000);
    // The middle of 1, 2, 4, 8, 16, 30, 30 s.
    expect(pausesOf(source)).toEqual([1000, 500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]);
    expect(notes.problems[0]).toMatchObject({ code: 'source', cause: down });
    source.answer = () => on('a');
    await jest.advanceTimersByTimeAsync(18_000);
    expect(pausesOf(source).slice(-2)).toEqual([1000, 1000]);
  });

  it('is not loaded before its retryAfterMs, even for changes', async () => {
    const busy = new SourceError('busy', { retryAfterMs: 20_000 });
    let tell = (): void => {};
    const source = new FakeSource(() => on('a'), {
      intervalMs: 1000,
      watch: (changed) => {
        tell = changed;
        return new Promise(() => {});
      },
    });
    keep(source);
    source.answer = () => busy;
    await jest.advanceTimersByTimeAsync(1500);
    const { length } = source.loads;
    for (let i = 0; i < 15; i++) {
      tell();
      await jest.advanceTimersByTimeAsync(1000);
    }
    expect(source.loads).toHaveLength(length);
    source.answer = () => on('b');
    await jest.advanceTimersByTimeAsync(6000);
    expect(source.loads.length).toBeGreaterThan(length);
  });

  it('is aborted at its timeout, and a later answer is ignored', async () => {
    let settle = (_delivery: ReturnType<typeof on>): void => {};
    const source = new FakeSource(() => on('a'), { intervalMs: 1000, timeoutMs: 5000 });
    const { notes } = keep(source);
    source.answer = () => new Promise((resolve) => (settle = resolve));
    await jest.advanceTimersByTimeAsync(6100);
    expect(notes.problems.map(({ message }) => message)).toEqual([
      'the source "fake" took longer than 5000 ms',
    ]);
    expect(source.loads[1]?.signal.aborted).toBe(true);
    settle(on('late'));
    await jest.advanceTimersByTimeAsync(100);
    expect(notes.used).toHaveLength(1);
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['an invalid revision', { data: [], origin: 'x', revision: {} }],
    ['texts that are not objects', { texts: ['[]'], origin: 'x' }],
    ['"unchanged" before its first delivery', { unchanged: true }],
  ])('fails if it delivers %s', (_what, delivery) => {
    const source = new FakeSource(() => delivery as never);
    expect(() => keep(source)).toThrow(expect.objectContaining({ code: 'source' }));
  });
});

describe('a bad delivery', () => {
  const refusal = new SourceError('bad');
  Object.defineProperty(refusal, 'code', { value: 'spec' });

  it('is checked once, reported at each load, and polled at the usual interval until it is fixed', async () => {
    const source = new FakeSource(() => on('a'), { intervalMs: 1000 });
    const { notes } = keep(source);
    notes.refusal = refusal;
    source.answer = () => on('bad');
    await jest.advanceTimersByTimeAsync(5500);
    expect(pausesOf(source)).toEqual([1000, 1000, 1000, 1000, 1000]);
    expect(notes.problems).toEqual(Array.from({ length: 5 }, () => refusal));
    notes.refusal = undefined;
    await jest.advanceTimersByTimeAsync(1000);
    // The same invalid delivery: nothing has been fixed.
    expect(notes.used).toHaveLength(1);
    source.answer = () => on('good');
    await jest.advanceTimersByTimeAsync(1000);
    expect(notes.used.map(([raw]) => raw)).toEqual([on('a'), on('good')]);
  });

  it('stays invalid while the source answers "unchanged"', async () => {
    const source = new FakeSource(() => on('a'), { intervalMs: 1000 });
    const { notes } = keep(source);
    notes.refusal = refusal;
    source.answer = () => on('bad');
    await jest.advanceTimersByTimeAsync(1500);
    source.answer = () => ({ unchanged: true });
    await jest.advanceTimersByTimeAsync(1000);
    expect(notes.problems).toEqual([refusal, refusal]);
    expect(notes.confirmations).toBe(1);
  });

  it.each([
    ['a numbered revision', 8],
    ['a textual revision', 'v1'],
    ['no revision', undefined],
  ])('with %s is never known, at start and while running', async (_what, revision) => {
    const deliver = (name: string) => () => ({ ...on(name), revision });
    const source = new FakeSource(() => Promise.resolve({ ...on('bad'), revision }), {
      intervalMs: 1000,
    });
    const { notes } = keep(source, { refusal });
    await jest.advanceTimersByTimeAsync(2500);
    notes.refusal = undefined;
    source.answer = deliver('good');
    await jest.advanceTimersByTimeAsync(1000);
    expect(notes.used.map(([raw]) => raw)).toEqual([deliver('good')()]);
    const inUse = notes.used[0]?.[1];

    notes.refusal = refusal;
    source.answer = () => ({ ...on('bad'), revision: 9 });
    await jest.advanceTimersByTimeAsync(2000);
    notes.refusal = undefined;
    source.answer = () => ({ ...on('fixed'), revision: 9 });
    await jest.advanceTimersByTimeAsync(2000);
    expect(notes.used.at(-1)).toEqual([{ ...on('fixed'), revision: 9 }, 9]);
    const { loads } = source;
    expect(loads.map(({ known }) => known)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      inUse,
      undefined,
      undefined,
      9,
    ]);
  });

  it('in text is checked again under the same revision only if the text differs', async () => {
    const text = (name: string) => ({ origin: 'fake', revision: 7, text: `["${name}:on"]` });
    const source = new FakeSource(() => Promise.resolve(text('bad')), { intervalMs: 1000 });
    const { notes } = keep(source, { refusal });
    await jest.advanceTimersByTimeAsync(0);
    notes.refusal = undefined;
    await jest.advanceTimersByTimeAsync(1000);
    expect(notes).toMatchObject({ used: [], problems: [refusal, refusal] });
    source.answer = () => text('good');
    await jest.advanceTimersByTimeAsync(1000);
    expect(notes.used).toEqual([[text('good'), 7]]);
  });

  it('is forgotten when the source goes back to the delivery in use', async () => {
    const source = new FakeSource(() => ({ ...on('a'), revision: 'a' }), { intervalMs: 1000 });
    const { notes } = keep(source);
    notes.refusal = refusal;
    source.answer = () => ({ ...on('bad'), revision: 'bad' });
    await jest.advanceTimersByTimeAsync(1000);
    source.answer = () => ({ ...on('a'), revision: 'a' });
    await jest.advanceTimersByTimeAsync(2000);
    expect(notes).toMatchObject({ confirmations: 3, problems: [refusal] });
    expect(notes.used).toHaveLength(1);
    expect(source.loads.map(({ known }) => known)).toEqual([undefined, 'a', undefined, 'a']);
  });

  it('is not reported while it may be half-written', async () => {
    const source = new FakeSource(() => on('a'), { intervalMs: 1000, settleMs: 500 });
    const { notes } = keep(source);
    source.answer = () => down;
    await jest.advanceTimersByTimeAsync(1400);
    expect(pausesOf(source)).toEqual([1000, 100, 100, 100, 100]);
    expect(notes.problems).toEqual([]);
    source.answer = () => on('b');
    await jest.advanceTimersByTimeAsync(100);
    expect(notes.used).toHaveLength(2);
    source.answer = () => down;
    await jest.advanceTimersByTimeAsync(1600);
    expect(notes.problems).toHaveLength(1);
  });
});

describe('revisions', () => {
  const at = (revision: Revision, name = `r${revision}`) => ({ ...on(name), revision });

  it('that are older are refused and reported', async () => {
    const source = new FakeSource(() => at(8), { intervalMs: 1000 });
    const { notes } = keep(source);
    source.answer = () => at(5);
    await jest.advanceTimersByTimeAsync(1100);
    expect(notes.used).toHaveLength(1);
    expect(notes.problems[0]?.message).toMatch(/revision 5, older than revision 8/);
    source.answer = () => at(9);
    await jest.advanceTimersByTimeAsync(2000);
    expect(notes.used.map(([, revision]) => revision)).toEqual([8, 9]);
  });

  it('that are strings have no order', async () => {
    const source = new FakeSource(() => at('8'), { intervalMs: 1000 });
    const { notes } = keep(source);
    source.answer = () => at('5');
    await jest.advanceTimersByTimeAsync(1100);
    expect(notes.used.map(([, revision]) => revision)).toEqual(['8', '5']);
  });

  it('that are known are not read again', async () => {
    const source = new FakeSource(() => at(8), { intervalMs: 1000 });
    const { notes } = keep(source);
    source.answer = () => at(8, 'other');
    await jest.advanceTimersByTimeAsync(1100);
    expect(notes.used).toHaveLength(1);
  });
});

describe('changes', () => {
  /** Makes a source whose changes and end of watching the test triggers. */
  function watched(times: Partial<FakeSource> = {}) {
    const ends: ((error?: Error) => void)[] = [];
    let tell = (): void => {};
    let signal: AbortSignal | undefined;
    const source = new FakeSource(() => on('a'), {
      intervalMs: 60_000,
      ...times,
      watch: (changed, options) => {
        ({ signal } = options);
        tell = changed;
        changed();
        return new Promise((resolve, reject) => {
          ends.push((error) => (error === undefined ? resolve() : reject(error)));
        });
      },
    });
    return { source, ends, tell: () => tell(), aborted: () => signal?.aborted };
  }

  it('are loaded at once, and also when watching starts', async () => {
    const { source, tell } = watched();
    const { notes, keeper } = keep(source);
    expect(keeper.isWatched).toBe(true);
    await jest.advanceTimersByTimeAsync(1000);
    expect(source.loads).toHaveLength(2);
    source.answer = () => on('b');
    tell();
    await jest.advanceTimersByTimeAsync(25);
    expect(notes.used).toHaveLength(2);
  });

  it('cause a handful of loads for 10,000 in a second, including the last one', async () => {
    const { source, tell } = watched();
    const { notes } = keep(source);
    await jest.advanceTimersByTimeAsync(10_000);
    const before = source.loads.length;
    for (let i = 0; i < 10_000; i++) {
      source.answer = () => on(`v${i}`);
      tell();
      if (i % 10 === 0) await jest.advanceTimersByTimeAsync(1);
    }
    await jest.advanceTimersByTimeAsync(300);
    expect(source.loads.length - before).toBeLessThanOrEqual(6);
    // Loads don't wait for the end of the storm.
    expect(source.loads.length - before).toBeGreaterThanOrEqual(4);
    expect(notes.used.at(-1)?.[0]).toEqual(on('v9999'));
  });

  it('during a load cause another load afterwards', async () => {
    const { source, tell } = watched();
    const { notes } = keep(source);
    await jest.advanceTimersByTimeAsync(1000);
    let settle = (_delivery: ReturnType<typeof on>): void => {};
    source.answer = () => new Promise((resolve) => (settle = resolve));
    tell();
    await jest.advanceTimersByTimeAsync(100);
    source.answer = () => on('c');
    tell();
    settle(on('b'));
    await jest.advanceTimersByTimeAsync(300);
    expect(notes.used.map(([raw]) => raw)).toEqual([on('a'), on('b'), on('c')]);
  });

  it('are also found by polling at the interval for watched sources', async () => {
    const { source, ends } = watched({ intervalMs: 1000, watchedIntervalMs: 10_000 });
    const { notes, keeper } = keep(source);
    await jest.advanceTimersByTimeAsync(30_500);
    expect(pausesOf(source)).toEqual([250, 10_000, 10_000, 10_000]);
    ends[0]?.(new Error('connection reset'));
    await jest.advanceTimersByTimeAsync(0);
    expect(keeper.isWatched).toBe(false);
    expect(notes.unwatchedFor[0]).toMatch(/"fake" stopped watching.*: connection reset/);
    source.watch = () => Promise.reject(new Error('connection refused'));
    await jest.advanceTimersByTimeAsync(3000);
    expect(pausesOf(source).slice(-2)).toEqual([1000, 1000]);
    expect(notes.unwatchedFor.at(-1)).toMatch(/refused/);
    expect(notes.problems).toEqual([]);
  });

  it('are watched again when watch() ends, with a load for missed ones', async () => {
    const { source, ends } = watched();
    const { notes, keeper } = keep(source);
    await jest.advanceTimersByTimeAsync(20_000);
    source.answer = () => on('missed');
    ends[0]?.();
    await jest.advanceTimersByTimeAsync(1000);
    expect(ends).toHaveLength(2);
    expect(keeper.isWatched).toBe(true);
    expect(notes.used.at(-1)?.[0]).toEqual(on('missed'));
  });

  it('are watched after growing delays while watch() keeps failing', async () => {
    const begun: number[] = [];
    const source = new FakeSource(() => on('a'), {
      watch: () => {
        begun.push(performance.now());
        return Promise.reject(down);
      },
    });
    keep(source);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(begun.slice(1).map((at, i) => Math.round(at - (begun[i] ?? 0)))).toEqual([
      500, 1000, 2000, 4000, 8000, 15_000, 15_000,
    ]);
  });

  it('are ignored after stop()', async () => {
    const { source, tell, aborted, ends } = watched();
    const { keeper, notes } = keep(source);
    await jest.advanceTimersByTimeAsync(1000);
    keeper.stop();
    expect(aborted()).toBe(true);
    tell();
    ends[0]?.(down);
    await jest.advanceTimersByTimeAsync(1e6);
    expect(source.loads).toHaveLength(2);
    expect(notes.unwatchedFor).toEqual([]);
    expect(jest.getTimerCount()).toBe(0);
  });
});

describe('the name of a source', () => {
  it.each([undefined, null, 7])('must be a string, not %p', (name) => {
    const source = Object.assign(new FakeSource(() => on('search')), { name });
    expect(() => keep(source)).toThrow(
      /^the source has no name, which messages show; set its "name"/,
    );
  });
});

describe('reload()', () => {
  /** A source that the test answers, load by load. */
  function asked(times: Partial<FakeSource> = {}) {
    const waiting: ((answer: ReturnType<typeof on> | Promise<never>) => void)[] = [];
    const source = new FakeSource(() => new Promise((resolve) => waiting.push(resolve)), times);
    const answer = async (delivery: ReturnType<typeof on> | Promise<never>) => {
      waiting.shift()?.(delivery);
      await jest.advanceTimersByTimeAsync(0);
    };
    return { source, answer };
  }

  it('asks at once during a back-off, and resolves when the answer is in use', async () => {
    const source = new FakeSource(() => on('a'), { intervalMs: 1000 });
    const { keeper, notes } = keep(source);
    source.answer = () => Promise.reject(new SourceError('busy', { retryAfterMs: 3_600_000 }));
    await jest.advanceTimersByTimeAsync(60_000);
    const { length } = source.loads;
    source.answer = () => Promise.resolve(on('b'));
    await keeper.reload();
    expect(source.loads).toHaveLength(length + 1);
    expect(notes.used.map(([raw]) => raw)).toEqual([on('a'), on('b')]);
    await jest.advanceTimersByTimeAsync(1000);
    expect(pausesOf(source).at(-1)).toBe(1000);
  });

  it('resolves after a confirmation without a change', async () => {
    const source = new FakeSource(() => ({ ...on('a'), revision: 1 }), { intervalMs: 1000 });
    const { keeper, notes } = keep(source);
    source.answer = () => ({ unchanged: true });
    await keeper.reload();
    expect(notes).toMatchObject({ confirmations: 2, used: { length: 1 } });
  });

  it.each([
    ['the source throws', () => down],
    ['the source rejects', () => Promise.reject(down)],
    ['the delivery is not a specification', () => 7 as never],
  ])('rejects if %s; the delivery in use stays', async (_what, answer) => {
    const source = new FakeSource(() => on('a'), { intervalMs: 1000 });
    const { keeper, notes } = keep(source);
    source.answer = answer;
    await expect(keeper.reload()).rejects.toMatchObject({ code: 'source' });
    expect(notes.problems).toHaveLength(1);
    expect(notes.used).toHaveLength(1);
  });

  it('rejects each time with the problem of a delivery that can’t be used', async () => {
    const source = new FakeSource(() => on('a'), { intervalMs: 1000 });
    const { keeper, notes } = keep(source);
    notes.refusal = new SourceError('bad');
    source.answer = () => on('bad');
    for (let i = 0; i < 2; i++) await expect(keeper.reload()).rejects.toBe(notes.refusal);
  });

  it('shares one load between calls, but never an answer that was requested before the call', async () => {
    const { source, answer } = asked({ intervalMs: 60_000 });
    const { keeper, notes } = keep(source);
    const done: string[] = [];
    const reload = (name: string) => keeper.reload().then(() => done.push(name));
    const early = [reload('1'), reload('2')];
    await answer(on('start'));
    expect([source.loads.length, done]).toEqual([2, []]);
    const late = [reload('3'), reload('4')];
    await answer(on('early'));
    expect([source.loads.length, done]).toEqual([3, ['1', '2']]);
    await answer(on('late'));
    await Promise.all([...early, ...late]);
    expect([source.loads.length, done]).toEqual([3, ['1', '2', '3', '4']]);
    expect(notes.used.map(([raw]) => raw)).toEqual([on('start'), on('early'), on('late')]);
  });

  it('asks again after a load that fails meanwhile', async () => {
    const { source, answer } = asked({ intervalMs: 60_000 });
    const { keeper, notes } = keep(source);
    const reloaded = keeper.reload();
    await answer(Promise.reject(down));
    await answer(on('a'));
    await reloaded;
    expect(notes.used.map(([raw]) => raw)).toEqual([on('a')]);
  });

  it('loads a source that loads only once again, without retries after a failure', async () => {
    const source = new FakeSource(() => on('a'));
    const { keeper, notes } = keep(source);
    source.answer = () => on('b');
    await keeper.reload();
    source.answer = () => down;
    await expect(keeper.reload()).rejects.toThrow('no route to host');
    await jest.advanceTimersByTimeAsync(1e8);
    expect(source.loads).toHaveLength(3);
    expect(notes.used.map(([raw]) => raw)).toEqual([on('a'), on('b')]);
  });

  it('rejects after stop(), also while it waits', async () => {
    const { source } = asked({ intervalMs: 1000 });
    const { keeper } = keep(source);
    const waiting = keeper.reload();
    keeper.stop();
    for (const one of [waiting, keeper.reload()]) {
      await expect(one).rejects.toMatchObject({
        code: 'source',
        message: 'the source "fake" was closed',
      });
    }
    expect(source.loads).toHaveLength(1);
  });
});

describe('the delivery in use', () => {
  it('is reported as stale once each time the source has not confirmed it for too long', async () => {
    const source = new FakeSource(() => on('a'), { intervalMs: 1000 });
    const { notes, keeper } = keep(source, { staleAfterMs: 5000 });
    await jest.advanceTimersByTimeAsync(60_000);
    expect([notes.staleTimes, keeper.isStale]).toEqual([0, false]);
    source.answer = () => down;
    await jest.advanceTimersByTimeAsync(60_000);
    expect([notes.staleTimes, keeper.isStale]).toEqual([1, true]);
    expect(keeper.ageMs).toBeGreaterThan(55_000);
    source.answer = () => on('a');
    await jest.advanceTimersByTimeAsync(30_000);
    expect([notes.staleTimes, keeper.isStale]).toEqual([1, false]);
    source.answer = () => down;
    await jest.advanceTimersByTimeAsync(60_000);
    expect(notes.staleTimes).toBe(2);
  });

  it.each([
    [1000, 60_000],
    [60_000, 180_000],
  ])('with an interval of %d ms is stale after %d ms', async (intervalMs, after) => {
    const source = new FakeSource(() => on('a'), { intervalMs });
    const { keeper } = keep(source);
    source.answer = () => down;
    await jest.advanceTimersByTimeAsync(after - 1);
    expect(keeper.isStale).toBe(false);
    await jest.advanceTimersByTimeAsync(1);
    expect(keeper.isStale).toBe(true);
  });

  it('is not affected by a jump of the computer’s time', async () => {
    const source = new FakeSource(() => on('a'), { intervalMs: 1000 });
    const { notes, keeper } = keep(source, { staleAfterMs: 5000 });
    for (const jump of [1e10, -2e10]) {
      jest.setSystemTime(Date.now() + jump);
      const { length } = source.loads;
      await jest.advanceTimersByTimeAsync(3001);
      expect(source.loads.length - length).toBe(3);
    }
    expect([notes.staleTimes, keeper.isStale]).toEqual([0, false]);
    source.answer = () => down;
    jest.setSystemTime(0);
    await jest.advanceTimersByTimeAsync(7000);
    expect(keeper.isStale).toBe(true);
    expect(keeper.ageMs).toBeLessThan(8000);
  });

  it('is never stale for a source that loads only once', async () => {
    const { keeper, notes } = keep(new FakeSource(() => on('a')), { staleAfterMs: 1000 });
    await jest.advanceTimersByTimeAsync(1e9);
    expect([keeper.isStale, keeper.ageMs, notes.staleTimes]).toEqual([false, undefined, 0]);
  });
});

describe('the times of a source', () => {
  it.each([
    [
      { intervalMs: 99 },
      /intervalMs must be a number of milliseconds from 100 to 86400000, not 99/,
    ],
    [{ intervalMs: Number.NaN }, /intervalMs/],
    [{ intervalMs: '1s' }, /intervalMs.*not "1s"/],
    [{ watchedIntervalMs: Infinity }, /watchedIntervalMs/],
    [{ timeoutMs: 0 }, /timeoutMs/],
    [{ settleMs: -1 }, /settleMs/],
    [{ settleMs: 60_001 }, /settleMs/],
  ])('reject %j', (times, message) => {
    const source = new FakeSource(() => on('a'), times as object);
    expect(() => keep(source)).toThrow(
      expect.objectContaining({ code: 'option', message: expect.stringMatching(message) }),
    );
  });
});
