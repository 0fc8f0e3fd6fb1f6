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
