import timers from 'node:timers';
import express from 'express';
import request from 'supertest';
import { createClient, createExposures, evenhand } from 'evenhand';
import type { Sink } from '../../src/exposures/delivery/sink.ts';
import { experiment } from '../assignment/build.ts';

const COUNT = 3;

/** Timers that never fire, put in place of all that a program can reach, as sinon does. */
function standStill(): () => void {
  const places = [globalThis, timers];
  const names = ['setTimeout', 'setImmediate', 'setInterval'] as const;
  const before = places.map((place) => names.map((name) => place[name]));
  const stopped = { ref: () => stopped, unref: () => stopped, hasRef: () => true };
  for (const place of places) {
    for (const name of names) Reflect.set(place, name, () => stopped);
  }
  return () => {
    for (const [i, place] of places.entries()) {
      for (const [j, name] of names.entries()) Reflect.set(place, name, before[i]?.[j]);
    }
  };
}

/** The ways to replace timers, each with the way back. */
const REPLACEMENTS: readonly [string, () => () => void][] = [
  [
    "Jest's fake timers",
    () => {
      jest.useFakeTimers();
      return () => jest.useRealTimers();
    },
  ],
  ['timers replaced everywhere', standStill],
];

const source = [experiment()];

/** A sink that counts its records, and fails as often as it is told to. */
function countingSink(failures = 0): Sink & { readonly written: number } {
  let left = failures;
  let written = 0;
  return {
    name: 'counting',
    get written() {
      return written;
    },
    async write(batch) {
      if (left-- > 0) throw new Error('down');
      written += batch.length;
    },
  };
}

/** The objects that are flushed and closed, each with a function that records. */
const RECORDERS = {
  client: (sinks: readonly Sink[]) => {
    const client = createClient({ source, exposures: { sinks }, logger: false });
    return {
      owner: client,
      exposures: client.exposures,
      participant: client.participant.bind(client),
    };
  },
  middleware: (sinks: readonly Sink[]) => {
    const owner = evenhand({ source, exposures: { sinks }, logger: false });
    const participant = (context: object) => owner.experiments().participant(context);
    return { owner, exposures: owner.exposures, participant };
  },
  'shared exposures': (sinks: readonly Sink[]) => {
    const exposures = createExposures({ sinks, logger: false });
    const client = createClient({ source, exposures, logger: false });
    return { owner: exposures, exposures, participant: client.participant.bind(client) };
  },
};

const CASES = Object.entries(RECORDERS).flatMap(([what, make]) =>
  REPLACEMENTS.flatMap(([how, replace]) =>
    [1, 2].map((sinks) => ({ what, make, how, replace, sinks })),
  ),
);

describe('with fake timers', () => {
  it.each(CASES)(
    'flush() and close() of $what write to $sinks sink(s): $how',
    async ({ make, replace, sinks: count }) => {
      for (const moment of ['before', 'after'] as const) {
        const sinks = Array.from({ length: count }, () => countingSink());
        let back = moment === 'before' ? replace() : undefined;
        try {
          const { owner, exposures, participant } = make(sinks);
          back ??= replace();
          for (let id = 0; id < COUNT; id++) participant({ user: { id } }).variant('exp');
          await exposures?.flush();
          expect(sinks.map(({ written }) => written)).toEqual(sinks.map(() => COUNT));
          participant({ user: { id: 'last' } }).variant('exp');
          await owner.close();
          expect(sinks.map(({ written }) => written)).toEqual(sinks.map(() => COUNT + 1));
        } finally {
          back?.();
        }
      }
    },
  );

  it.each(REPLACEMENTS)('flush() writes after failures of the sink: %s', async (_how, replace) => {
    const back = replace();
    try {
      const sink = countingSink(2);
      const exposures = { sink, retry: { minDelayMs: 1, maxDelayMs: 1 } };
      const client = createClient({ source, exposures, logger: false });
      client.participant({ user: { id: 1 } }).variant('exp');
      await client.exposures?.flush();
      expect(sink.written).toBe(1);
      await client.close();
    } finally {
      back();
    }
  });

  it.each(REPLACEMENTS)('close() resolves for a sink that hangs: %s', async (_how, replace) => {
    const back = replace();
    try {
      const hang = () => new Promise<void>(() => {});
      const sink = { name: 'hanging', write: hang, close: hang };
      const client = createClient({
        source,
        exposures: { sink, closeTimeoutMs: 20 },
        logger: false,
      });
      client.participant({ user: { id: 1 } }).variant('exp');
      await client.close();
      expect(client.exposures?.stats()).toMatchObject({ dropped: 1, queueLength: 0 });
    } finally {
      back();
    }
  });

  it.each(REPLACEMENTS)(
    'close() resolves for a write that hung before: %s',
    async (_how, replace) => {
      const hang = () => new Promise<void>(() => {});
      const sink = { name: 'hanging', write: hang };
      const client = createClient({
        source,
        exposures: { sink, closeTimeoutMs: 20, batch: { maxRecords: 1 } },
        logger: false,
      });
      client.participant({ user: { id: 1 } }).variant('exp');
      await new Promise((resolve) => setImmediate(resolve));
      const back = replace();
      try {
        await client.close();
        expect(client.exposures?.stats()).toMatchObject({ dropped: 1, queueLength: 0 });
      } finally {
        back();
      }
    },
  );

  it('flush() and close() work if the timers were replaced before the package was loaded', async () => {
    jest.useFakeTimers();
    try {
      await jest.isolateModulesAsync(async () => {
        const fresh = await import('evenhand');
        const sink = countingSink();
        const client = fresh.createClient({ source, exposures: { sink }, logger: false });
        client.participant({ user: { id: 1 } }).variant('exp');
        await client.exposures?.flush();
        client.participant({ user: { id: 2 } }).variant('exp');
        await client.close();
        expect(sink.written).toBe(2);
      });
    } finally {
      jest.useRealTimers();
    }
  });

  it('a test can still move the queue: a batch is written after batch.maxWaitMs', async () => {
    jest.useFakeTimers();
    try {
      const sink = countingSink();
      const client = createClient({ source, exposures: { sink }, logger: false });
      client.participant({ user: { id: 1 } }).variant('exp');
      await jest.advanceTimersByTimeAsync(1000);
      expect(sink.written).toBe(1);
      await client.close();
    } finally {
      jest.useRealTimers();
    }
  });

  it.each(REPLACEMENTS)('a client becomes ready, reloads and closes: %s', async (_how, replace) => {
    const back = replace();
    try {
      let revision = 0;
      const load = async () => {
        revision++;
        const data = Array.from({ length: 2000 }, (_, i) => `switch_${i}_${revision}:on`);
        return { data, origin: 'x', revision, final: true };
      };
      const client = createClient({
        source: { name: 'late', intervalMs: 1000, load },
        logger: false,
      });
      await client.ready();
      await client.reload();
      expect(client.status().revision).toBe(2);
      await client.close();
    } finally {
      back();
    }
  });

  it('the context provider of a request keeps its time limit', async () => {
    const app = express();
    const experiments = evenhand({
      source,
      contextProvider: () => new Promise<object>(() => {}),
      contextTimeoutMs: 20,
      onError: 'fallback',
      logger: false,
    });
    app.use(experiments, (_req, res) => void res.json('answered'));
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask'] });
    try {
      expect((await request(app).get('/')).body).toBe('answered');
    } finally {
      jest.useRealTimers();
    }
    await experiments.close();
  });
});
