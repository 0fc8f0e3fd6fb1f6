import { WaitingForStart } from '../../src/client/waiting-for-start.ts';

/** Returns the state of a promise without letting time pass. */
async function fateOf(promise: Promise<unknown>): Promise<string> {
  let fate = 'waits';
  promise.then(
    () => (fate = 'goes on'),
    (error: Error) => (fate = error.message),
  );
  await new Promise(setImmediate);
  return fate;
}

describe('WaitingForStart', () => {
  it('makes all callers wait until there are experiments', async () => {
    const start = new WaitingForStart('x');
    const waiting = [start.ready(undefined), start.ready(1000), start.admit()];
    expect(await Promise.all(waiting.map(fateOf))).toEqual(['waits', 'waits', 'waits']);
    start.succeed();
    expect(await Promise.all(waiting.map(fateOf))).toEqual(['goes on', 'goes on', 'goes on']);
    expect(await Promise.all([start.ready(undefined), start.admit()].map(fateOf))).toEqual([
      'goes on',
      'goes on',
    ]);
  });

  it('rejects requests after their time, also later ones', async () => {
    const start = new WaitingForStart('x');
    const first = start.admit();
    start.refuse(new Error('late'));
    expect([await fateOf(first), await fateOf(start.admit())]).toEqual(['late', 'late']);
    // Callers with a timeout keep waiting.
    expect(await fateOf(start.ready(undefined))).toBe('waits');
    start.succeed();
    expect(await fateOf(start.admit())).toBe('goes on');
  });

  it('rejects waiting callers after a failed load, except those with a timeout', async () => {
    const start = new WaitingForStart('x');
    const [request, ready, patient] = [start.admit(), start.ready(undefined), start.ready(10_000)];
    start.fail(new Error('down'));
    const fates = [request, ready, start.admit(), start.ready(undefined)].map(fateOf);
    expect(await Promise.all(fates)).toEqual(['down', 'down', 'down', 'down']);
    expect(await fateOf(patient)).toBe('waits');
    start.succeed();
    expect(await fateOf(patient)).toBe('goes on');
    expect(await fateOf(start.ready(undefined))).toBe('goes on');
  });

  it('ignores failures after the start, and rejects all callers when the client closes', async () => {
    const started = new WaitingForStart('x');
    started.succeed();
    started.fail(new Error('down'));
    started.refuse(new Error('late'));
    started.end(new Error('closed'));
    expect(await fateOf(started.admit())).toBe('goes on');
    const never = new WaitingForStart('x');
    const patient = never.ready(10_000);
    never.end(new Error('closed'));
    expect([await fateOf(patient), await fateOf(never.admit())]).toEqual(['closed', 'closed']);
  });
});
