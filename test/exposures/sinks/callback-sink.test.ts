import type { EventRecord } from '../../../src/exposures/records/record.ts';
import { callbackSink } from '../../../src/exposures/sinks/callback-sink.ts';
import { describeSinkContract } from '../../contract/sink-contract.ts';
import { exposures, unaborted } from './records.ts';

describeSinkContract('callbackSink()', async () => {
  const received: EventRecord[] = [];
  let mode: 'works' | 'fails' | 'hangs' = 'works';
  const setMode = (to: typeof mode) => async () => {
    mode = to;
  };
  const sink = callbackSink((batch) => {
    if (mode === 'fails') throw new Error('down');
    if (mode === 'hangs') return new Promise<void>(() => {});
    received.push(...batch);
    return undefined;
  });
  return {
    sink,
    received: async () => received,
    breakDown: setMode('fails'),
    hang: setMode('hangs'),
    repair: setMode('works'),
    dispose: async () => {},
  };
});

describe('callbackSink', () => {
  it('passes the batch and the signal to the function', async () => {
    const callback = jest.fn();
    const batch = exposures(2);
    const options = unaborted();
    await callbackSink(callback).write(batch, options);
    expect(callback.mock.calls).toEqual([[batch, options]]);
    expect(callback.mock.calls[0]?.[1].signal).toBe(options.signal);
  });

  it('waits for a promise', async () => {
    const steps: string[] = [];
    const sink = callbackSink(async () => {
      await new Promise((resolve) => setImmediate(resolve));
      steps.push('safe');
    });
    await sink.write(exposures(1), unaborted());
    steps.push('written');
    expect(steps).toEqual(['safe', 'written']);
  });

  it("passes on the function's error, with its permanent and retryAfterMs", async () => {
    const refusal = Object.assign(new Error('never'), { permanent: true });
    const sink = callbackSink(() => {
      throw refusal;
    });
    await expect(sink.write(exposures(1), unaborted())).rejects.toBe(refusal);
  });

  it('rejects a value that is not a function', () => {
    expect(() => callbackSink('log' as never)).toThrow(
      'callbackSink() takes a function, not "log"',
    );
  });
});
