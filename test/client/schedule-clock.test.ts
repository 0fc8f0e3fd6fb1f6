import type { Snapshot } from '../../src/assignment/snapshot.ts';
import { type Prepared, ScheduleClock } from '../../src/client/schedule-clock.ts';
import { atOnce, type Steps } from '../../src/runtime/steps.ts';
import { specificationSteps } from '../../src/specification/specification.ts';
import type { Specification } from '../../src/specification/types.ts';

const FIRST = Date.parse('2026-12-01T09:00:00Z');
const SECOND = Date.parse('2026-12-01T09:00:01Z');

/** A specification whose audiences change at these instants, from `v0` to `v1` and so on. */
function specification(...instants: number[]): Specification {
  const audiences = (i: number) => [{ allocations: [{ variant: `v${i}`, percent: 100 }] }];
  const data = [
    {
      name: 'x',
      identity: 'user.id',
      variants: [0, ...instants].map((_, i) => ({ name: `v${i}` })),
      audiences: audiences(0),
      schedule: instants.map((at, i) => ({
        at: new Date(at).toISOString(),
        audiences: audiences(i + 1),
      })),
    },
  ];
  return atOnce(specificationSteps(data, { origin: 'test' }));
}

/** A clock whose snapshots are names: the variant that everyone gets. */
class Bench {
  readonly put: string[] = [];
  readonly errors: string[] = [];
  /** Called in the middle of each compilation. */
  during: () => void = () => {};
  readonly clock = new ScheduleClock({
    compile: (inForce) => this.compile(inForce),
    put: (prepared) => this.use(prepared),
    logger: { warn() {}, error: (line) => void this.errors.push(line) },
  });

  use({ snapshot, schedule }: Prepared): void {
    this.put.push(snapshot as unknown as string);
    this.clock.follow(schedule);
  }

  load(one: Specification): void {
    this.use(atOnce(this.clock.prepare(one, 1)));
  }

  private *compile({ experiments }: Specification): Steps<Snapshot> {
    yield;
    this.during();
    yield;
    return experiments[0]?.audiences[0]?.allocations[0]?.variant as unknown as Snapshot;
  }
}

let bench: Bench;

const settled = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
};

async function advance(ms: number): Promise<void> {
  await jest.advanceTimersByTimeAsync(ms);
  await settled();
}

beforeEach(() => {
  jest.useFakeTimers({
    now: FIRST - 1000,
    doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'performance'],
  });
  // Each step takes a slice of its own.
  let now = 0;
  jest.spyOn(performance, 'now').mockImplementation(() => (now += 5));
  bench = new Bench();
});

afterEach(() => {
  bench.clock.close();
  jest.useRealTimers();
  jest.restoreAllMocks();
});

describe('ScheduleClock', () => {
  it('does not overwrite a load that arrives during a switch', async () => {
    bench.load(specification(FIRST));
    bench.during = () => {
      bench.during = () => {};
      bench.load(specification(SECOND));
    };
    await advance(1000);
    expect(bench.put).toEqual(['v0', 'v0']);
    await advance(1000);
    expect(bench.put).toEqual(['v0', 'v0', 'v1']);
  });

  it('does not put a past step in force if an instant comes during a load or a switch', async () => {
    bench.during = () => {
      bench.during = () => {};
      jest.setSystemTime(SECOND);
    };
    const one = specification(FIRST, SECOND);
    expect(atOnce(bench.clock.upToDate(atOnce(bench.clock.prepare(one, 1)))).snapshot).toBe('v2');
    jest.setSystemTime(FIRST - 1000);
    bench.load(one);
    bench.during = () => {
      bench.during = () => {};
      jest.setSystemTime(SECOND);
    };
    await advance(1000);
    expect(bench.put).toEqual(['v0', 'v2']);
  });

  it('gives up after three tries if the clock jumps all the time, and looks again', async () => {
    const one = specification(FIRST, SECOND);
    let tries = 0;
    bench.during = () => {
      tries++;
      jest.setSystemTime(Date.now() < FIRST ? SECOND : FIRST - 1000);
    };
    bench.use(atOnce(bench.clock.upToDate(atOnce(bench.clock.prepare(one, 1)))));
    expect(tries).toBe(4);
    bench.during = () => {};
    await advance(1);
    expect(bench.put.at(-1)).toBe(Date.now() < FIRST ? 'v0' : 'v2');
  });

  it('ends a switch that runs when it is closed', async () => {
    bench.load(specification(FIRST));
    bench.during = () => bench.clock.close();
    await advance(2000);
    expect([bench.put, bench.errors]).toEqual([['v0'], []]);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('logs a switch that fails and tries it again after 30 seconds', async () => {
    bench.load(specification(FIRST));
    bench.during = () => {
      throw new Error('no memory');
    };
    await advance(1000);
    expect(bench.errors).toEqual([
      "evenhand: the step of a schedule can't be put in force: no memory; trying again in 30 s",
    ]);
    bench.during = () => {};
    await advance(29_999);
    expect(bench.put).toEqual(['v0']);
    await advance(1);
    expect(bench.put).toEqual(['v0', 'v1']);
  });

  it('looks at the clock every 30 seconds while the next instant is far away', async () => {
    bench.load(specification(FIRST + 1e9));
    const set = jest.spyOn(globalThis, 'setTimeout');
    await advance(90_000);
    expect(set.mock.calls.map(([, delay]) => delay)).toEqual([30_000, 30_000, 30_000]);
  });
});
