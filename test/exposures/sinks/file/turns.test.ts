import { Turns } from '../../../../src/exposures/sinks/file/turns.ts';

const { signal } = new AbortController();

/** Moves the monotonic clock. */
function later(ms: number): void {
  const now = performance.now() + ms;
  jest.spyOn(performance, 'now').mockReturnValue(now);
}

afterEach(() => {
  jest.restoreAllMocks();
});

describe('Turns', () => {
  it('runs operations one after another, also after a failure', async () => {
    const turns = new Turns();
    const order: number[] = [];
    const run = (number: number) =>
      turns.run(async () => {
        order.push(number);
        await Promise.resolve();
        order.push(number);
        if (number === 1) throw new Error('first');
      }, signal);
    await Promise.allSettled([run(1), run(2), run(3)]);
    expect(order).toEqual([1, 1, 2, 2, 3, 3]);
  });

  it('waits for a running operation for ever', async () => {
    const turns = new Turns();
    void turns.run(() => new Promise(() => {}), signal);
    await Promise.resolve();
    later(86_400_000);
    const started = jest.fn(async () => {});
    void turns.run(started, signal);
    await new Promise((resolve) => setImmediate(resolve));
    expect(started).not.toHaveBeenCalled();
  });

  it('with a patience does not wait for an operation that is lost', async () => {
    later(0);
    const turns = new Turns(1000);
    void turns.run(() => new Promise(() => {}), signal);
    await new Promise((resolve) => setImmediate(resolve));
    later(999);
    const started = jest.fn(async () => {});
    void turns.run(started, signal);
    await new Promise((resolve) => setImmediate(resolve));
    expect(started).not.toHaveBeenCalled();
    later(1001);
    await turns.run(started, signal);
    expect(started).toHaveBeenCalledTimes(1);
  });
});
