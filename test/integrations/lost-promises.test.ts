import { EventEmitter } from 'node:events';
import { kafkaSink } from 'evenhand/kafka';
import { natsSink } from 'evenhand/nats';
import { redisStreamSink } from 'evenhand/redis';
import type { Sink } from '../../src/exposures/delivery/sink.ts';
import { exposures, unaborted } from '../exposures/sinks/records.ts';

/** A client's method that never settles the first time, and succeeds afterwards. */
function lostFirst(): jest.Mock<Promise<unknown>, []> {
  return jest
    .fn(() => Promise.resolve<unknown>([]))
    .mockImplementationOnce(() => new Promise(() => {}));
}

/** Sinks whose clients lose their first promise, with the method that is called. */
const SINKS: Readonly<Record<string, (send: jest.Mock) => Sink>> = {
  'kafkaSink()': (send) => kafkaSink({ producer: { send }, topic: 'exposures' }),
  'natsSink() with JetStream': (send) =>
    natsSink({ jetstream: { publish: send }, subject: 'exposures' }),
  'natsSink() with a connection': (send) =>
    natsSink({ connection: { flush: send, publish: () => {} }, subject: 'exposures' }),
  'redisStreamSink()': (send) => {
    const transaction = { xadd: () => transaction, exec: send };
    const client = Object.assign(new EventEmitter(), {
      status: 'ready',
      hget: () => {},
      duplicate: () => {},
      multi: () => transaction,
    });
    return redisStreamSink({ client: client as never, maxLength: false });
  },
};

afterEach(() => {
  jest.restoreAllMocks();
});

describe.each(Object.entries(SINKS))('%s', (_name, make) => {
  it('sends a batch again when its client has lost the promise', async () => {
    const send = lostFirst();
    const sink = make(send);
    const batch = exposures(1);
    const controller = new AbortController();
    const first = sink.write(batch, controller);
    await new Promise((resolve) => setImmediate(resolve));
    controller.abort(new Error('late'));
    await expect(first).rejects.toThrow('late');
    expect(send).toHaveBeenCalledTimes(1);
    const now = performance.now() + 300_001;
    jest.spyOn(performance, 'now').mockReturnValue(now);
    await sink.write(batch, unaborted());
    expect(send.mock.calls.length).toBeGreaterThan(1);
  });
});
