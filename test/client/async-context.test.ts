import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import express from 'express';
import request from 'supertest';
import { createClient, createExposures, evenhand, type Source } from 'evenhand';
import { closing } from '../closing.ts';
import { experiment } from '../assignment/build.ts';

const requests = new AsyncLocalStorage<string>();

/** The stores that a callback has found, by the callback's name. */
class Found {
  private readonly stores = new Map<string, (string | undefined)[]>();

  /** Notes the store of the running code. */
  readonly note = (callback: string): void => {
    const known = this.stores.get(callback) ?? [];
    this.stores.set(callback, [...known, requests.getStore()]);
  };

  /** Resolves when a callback was called. */
  async called(callback: string): Promise<void> {
    while (!this.stores.has(callback)) await sleep(5);
  }

  /** Returns the different stores of each callback. */
  all(): Record<string, (string | undefined)[]> {
    return Object.fromEntries(
      [...this.stores].map(([name, stores]) => [name, [...new Set(stores)]]),
    );
  }
}

const outside = [undefined];
const source = [experiment()];

/** Runs code as a part of a request. */
const inRequest = <T>(run: () => T): T => requests.run('request 1', run);

describe('the AsyncLocalStorage of a request', () => {
  it('is not seen by sinks, onDrop and the logger of failures', async () => {
    const found = new Found();
    const logger = { warn: () => found.note('warn'), error: () => found.note('error') };
    let fails = true;
    const client = createClient({
      source,
      logger,
      exposures: {
        sink: {
          name: 'noting',
          async write(batch, { signal }) {
            found.note('write');
            signal.addEventListener('abort', () => found.note('abort'));
            await Promise.resolve();
            found.note('write, later');
            if (fails) throw new Error('down');
            if (batch.length > 1) await new Promise(() => {});
          },
          async close() {
            found.note('close');
            throw new Error('busy');
          },
        },
        batch: { maxRecords: 2, maxWaitMs: 1 },
        queue: { maxRecords: 2 },
        retry: { minDelayMs: 1, maxDelayMs: 1 },
        writeTimeoutMs: 20,
        closeTimeoutMs: 20,
        onDrop: () => found.note('onDrop'),
      },
    });
    inRequest(() => client.participant({ user: { id: 0 } }).variant('exp'));
    await found.called('error');
    fails = false;
    await inRequest(() => client.exposures?.flush());
    inRequest(() => {
      for (let id = 1; id < 9; id++) client.participant({ user: { id } }).variant('exp');
    });
    await found.called('abort');
    await inRequest(() => client.close());
    expect(found.all()).toEqual({
      write: outside,
      'write, later': outside,
      abort: outside,
      error: outside,
      warn: outside,
      onDrop: outside,
      close: outside,
    });
  });

  it('is not seen by sinks that several clients share', async () => {
    const found = new Found();
    const write = async () => found.note('write');
    const exposures = createExposures({ sink: { name: 'noting', write } });
    const clients = [createClient({ source, exposures }), createClient({ source, exposures })];
    for (const client of clients) {
      inRequest(() => client.participant({ user: { id: 1 } }).variant('exp'));
    }
    await inRequest(() => exposures.close());
    expect(found.all()).toEqual({ write: outside });
  });

  it('is not seen by the warning about a split that is off', async () => {
    const found = new Found();
    const logger = { warn: () => found.note('warn'), error: () => found.note('error') };
    const skewed = experiment({ name: 'skewed' });
    const exposures = { sink: { name: 'none', write: async () => {} } };
    const client = createClient({ source: [skewed], exposures, logger });
    inRequest(() => {
      // Only those who have "a" are recorded.
      for (let id = 0; id < 2000; id++) {
        const participant = client.participant({ user: { id } });
        if (participant.peek('skewed') === 'a') participant.variant('skewed');
      }
    });
    expect(found.all()).toEqual({ warn: outside });
    await client.close();
  });

  it('is not seen by loads and events of a source that a request has announced a change for', async () => {
    const found = new Found();
    let announce = (): void => {};
    let revision = 0;
    const watched: Source = {
      name: 'watched',
      load: () => {
        found.note('load');
        revision++;
        return { data: [`switch_${revision}:on`], origin: 'x', revision };
      },
      watch: (changed, { signal }) => {
        announce = changed;
        found.note('watch');
        return new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
      },
      close: () => found.note('close'),
    };
    const client = closing(createClient({ source: watched, staleAfterMs: 100, logger: false }));
    client.on('changed', () => found.note('changed'));
    client.on('stale', () => found.note('stale'));
    inRequest(() => announce());
    await found.called('changed');
    await found.called('stale');
    await inRequest(() => client.reload());
    expect(found.all()).toEqual({
      load: outside,
      watch: outside,
      changed: outside,
      stale: outside,
    });
  });

  it('is seen by callbacks that belong to the request', async () => {
    const found = new Found();
    const app = express();
    app.use((_req, _res, next) => requests.run('request 1', next));
    const experiments = closing(
      evenhand({
        source: [experiment({ identity: 'visitor' })],
        exposures: { sink: { name: 'none', write: async () => {} } },
        hooks: { decision: () => found.note('decision'), exposure: () => found.note('exposure') },
        contextProvider: async () => {
          await sleep(1);
          found.note('contextProvider');
          return {};
        },
        lazy: {
          visitor: () => {
            found.note('lazy');
            return 1;
          },
        },
        logger: { warn: () => found.note('warn'), error: () => found.note('error') },
      }),
    );
    app.use(experiments);
    app.get('/', (req, res) => {
      found.note('handler');
      req.variant('exp');
      req.variant('unknown');
      res.end();
    });
    await request(app).get('/');
    const inside = ['request 1'];
    expect(found.all()).toEqual({
      contextProvider: inside,
      handler: inside,
      lazy: inside,
      decision: inside,
      exposure: inside,
      warn: inside,
    });
  });

  it('is kept for a request that waits for the first experiments', async () => {
    const found = new Found();
    let deliver = (): void => {};
    const load = () =>
      new Promise<{ data: unknown; origin: string }>((resolve) => {
        deliver = () => resolve({ data: source, origin: 'x' });
      });
    const app = express();
    app.use((_req, _res, next) => requests.run('request 1', next));
    app.use(closing(evenhand({ source: { name: 'late', load } })));
    app.get('/', (_req, res) => {
      found.note('handler');
      res.end();
    });
    const answer = request(app).get('/');
    setTimeout(() => deliver(), 50);
    await answer;
    expect(found.all()).toEqual({ handler: ['request 1'] });
  });
});
