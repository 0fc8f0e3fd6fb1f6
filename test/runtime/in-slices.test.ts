import { inSlices } from '../../src/runtime/in-slices.ts';
import type { Steps } from '../../src/runtime/steps.ts';

const never = new AbortController().signal;

/** The test's own clock, in milliseconds: on a busy machine, even no work can take longer than a slice. */
let now = 0;

beforeEach(() => {
  jest.spyOn(performance, 'now').mockImplementation(() => now);
});

afterEach(() => {
  jest.restoreAllMocks();
});

function work(ms: number): void {
  now += ms;
}

/** Steps of a millisecond each: longer than a slice. */
function* slow(steps: number, done: number[]): Steps<string> {
  for (let i = 1; i <= steps; i++) {
    work(1);
    done.push(i);
    yield;
  }
  return 'done';
}

describe('inSlices', () => {
  it('finishes short work at once', async () => {
    let isDone = false;
    function* little(): Steps<void> {
      yield;
      isDone = true;
    }
    const promise = inSlices(little(), never);
    expect(isDone).toBe(true);
    await promise;
  });

  it('lets other work run between the slices', async () => {
    const done: number[] = [];
    const seen: number[] = [];
    const look = () => {
      seen.push(done.length);
      if (done.length < 5) setImmediate(look);
    };
    setImmediate(look);
    expect(await inSlices(slow(5, done), never)).toBe('done');
    expect(done).toEqual([1, 2, 3, 4, 5]);
    expect(seen.slice(0, 5)).toEqual([1, 2, 3, 4, 5]);
  });

  /** Runs work in small steps while each turn of the event loop also does other work. */
  async function slicesOf(workMs: number, otherMs: (turn: number) => number, maxSliceMs?: number) {
    const STEP_MS = 0.125;
    const slices: number[] = [];
    let spent = 0;
    function* steps(): Steps<void> {
      for (let done = 0; done < workMs; done += STEP_MS) {
        work(STEP_MS);
        spent += STEP_MS;
        yield;
      }
    }
    const start = now;
    const state = { isOver: false };
    const promise = inSlices(steps(), never, maxSliceMs).finally(() => (state.isOver = true));
    while (!state.isOver) {
      slices.push(spent);
      spent = 0;
      work(otherMs(slices.length));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await promise;
    return { longestMs: Math.max(...slices), totalMs: now - start, turns: slices.length };
  }

  it.each([
    ['nothing else', 0],
    ['0.1 ms of other work', 0.1],
    ['0.5 ms of other work', 0.5],
  ])('keeps slices short if each turn has %s', async (_what, otherMs) => {
    const { longestMs } = await slicesOf(1000, () => otherMs);
    expect(longestMs).toBe(0.5);
  });

  it('keeps slices short for work of some thousand experiments under usual load', async () => {
    expect(await slicesOf(60, () => 1.5)).toMatchObject({ longestMs: 0.5, totalMs: 240 });
  });

  it.each([
    ['60 ms of work and turns of 40 ms', 60, 40, 600],
    ['300 ms of work and turns of 40 ms', 300, 40, 1900],
    ['300 ms of work and turns of 10 ms', 300, 10, 1300],
    ['300 ms of work and turns of 3 ms', 300, 3, 1300],
    ['60 ms of work and turns of 50 ms', 60, 50, 600],
  ])('ends within two seconds with %s', async (_what, workMs, otherMs, withinMs) => {
    const { longestMs, totalMs, turns } = await slicesOf(workMs, () => otherMs);
    expect(totalMs).toBeLessThan(withinMs);
    expect(turns).toBeLessThan(withinMs / otherMs);
    expect(longestMs).toBeLessThanOrEqual(Math.max(10, otherMs / 4) + 0.125);
    expect(longestMs).toBeLessThan(otherMs);
  });

  it('adds at most a quarter to turns that are very long', async () => {
    const { longestMs, turns } = await slicesOf(300, () => 1000);
    expect(turns).toBeLessThan(5);
    expect(longestMs).toBeLessThanOrEqual(250.125);
  });

  it('keeps to a shorter longest slice for work that is not urgent', async () => {
    const { longestMs, totalMs } = await slicesOf(100, () => 40, 4);
    expect(longestMs).toBeLessThanOrEqual(4.125);
    expect(totalMs).toBeLessThan(1500);
  });

  it('catches up after a long turn among short ones', async () => {
    const { longestMs, totalMs } = await slicesOf(300, (turn) => (turn % 3 === 0 ? 40 : 1));
    expect(totalMs).toBeLessThan(1300);
    expect(longestMs).toBeLessThanOrEqual(10.125);
  });

  it('rejects with the error of any step', async () => {
    function* failing(): Steps<never> {
      work(1);
      yield;
      throw new Error('no further');
    }
    await expect(inSlices(failing(), never)).rejects.toThrow('no further');
  });

  it('stops once it is aborted', async () => {
    const done: number[] = [];
    const controller = new AbortController();
    const promise = inSlices(slow(1000, done), controller.signal);
    controller.abort(new Error('closed'));
    await expect(promise).rejects.toThrow('closed');
    expect(done).toEqual([1]);
  });
});
