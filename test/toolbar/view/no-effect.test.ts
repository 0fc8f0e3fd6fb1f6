import crypto from 'node:crypto';
import type express5 from 'express';
import type { Request } from 'express';
import * as fc from 'fast-check';
import request from 'supertest';
import type { EvenhandOptions } from 'evenhand';
import { recordingSink } from '../../../src/testing/recording-sink.ts';
import { toolbarView } from '../../../src/toolbar/view/view.ts';
import type { ToolbarView } from '../../../src/toolbar/view/toolbar-view.ts';
import { attendedApp } from '../../express/inspection/attended-app.ts';
import { Lines, versions, withNodeEnv } from '../../express/harness.ts';
import { SEED } from '../../seed.ts';
import {
  type GeneratedRequest,
  type GeneratedShop,
  makeCall,
  requests,
  shops,
} from '../../express/inspection/generated-shop.ts';

/** Everything that a run of an application leaves behind. */
interface Traces {
  readonly responses: readonly unknown[];
  readonly records: readonly unknown[];
  readonly calls: Readonly<Record<string, number>>;
  readonly lines: Lines;
  readonly status: unknown;
  readonly metrics: unknown;
}

/** Runs requests one after the other, looked at or not. */
async function run(
  express: typeof express5,
  shop: GeneratedShop,
  sent: readonly GeneratedRequest[],
  isLookedAt: boolean,
): Promise<Traces> {
  const calls = { random: 0, bytes: 0, provider: 0, lazy: 0, consent: 0, allow: 0, ignore: 0 };
  jest.spyOn(crypto, 'randomBytes').mockImplementation((size: number) => {
    calls.bytes++;
    return Buffer.alloc(size, calls.bytes);
  });
  const [sink, lines] = [recordingSink(), new Lines()];
  const { experiments, holdouts, namespaces, onError, consent, sticky, production } = shop;
  const lazily = (value: unknown) => (req: Request) => {
    calls.lazy++;
    // A lazy value may ask for a decision itself.
    req.peek('search');
    if (value instanceof Error) throw value;
    return value;
  };
  const options: EvenhandOptions = {
    source: { experiments, holdouts, namespaces },
    logger: lines,
    onError,
    random: () => (calls.random++ % 10) / 10,
    contextProvider: () => {
      calls.provider++;
      return { provided: 'x' };
    },
    lazy: { lazy_plan: lazily('pro'), lazy_id: lazily(7), failing: lazily(new Error('fails')) },
    exposures: {
      sink,
      ignore: () => {
        calls.ignore++;
        return false;
      },
    },
    overrides: {
      allow: () => {
        calls.allow++;
        return true;
      },
    },
    ...(consent === undefined
      ? {}
      : {
          trackingCookie: {
            consent: () => {
              calls.consent++;
              return consent;
            },
          },
        }),
    ...(sticky ? { sticky: { secret: 's'.repeat(32) } } : {}),
  };
  const views: ToolbarView[] = [];
  const { app, middleware, last } = withNodeEnv(production ? 'production' : undefined, () =>
    attendedApp({
      express,
      options,
      attention: { mayOverride: false },
      when: () => isLookedAt,
      extend: (app) => {
        app.get('/', (req, res) => {
          const see = (): void => {
            if (isLookedAt) views.push(toolbarView(last(), { middleware, req, redact: [] }));
          };
          see();
          const results = shop.calls.map((call) => {
            const result = makeCall(req, call);
            see();
            return result ?? null;
          });
          res.on('finish', see);
          res.json(results);
        });
      },
    }),
  );
  const responses: unknown[] = [];
  for (const { method, headers } of sent) {
    const response = await request(app)[method]('/').set(headers);
    const { date: _date, ...rest } = response.headers;
    responses.push({ status: response.status, body: response.body as unknown, headers: rest });
  }
  await middleware.exposures?.flush();
  const {
    ageMs: _age,
    inForceSince: _since,
    problemSince: _problem,
    failing,
    ...status
  } = middleware.status();
  const records = sink.records.map(({ id: _id, time: _time, ...record }) => record);
  expect(views.length > 0).toBe(isLookedAt);
  return {
    responses,
    records,
    calls,
    lines,
    status: {
      ...status,
      failing: failing.map(({ experiment, namespace, count }) => ({
        experiment,
        namespace,
        count,
      })),
    },
    metrics: middleware.metrics().filter(({ name }) => !/age|time|seconds/.test(name)),
  };
}

/** Only the clock stands still. */
const REAL = [
  'hrtime',
  'nextTick',
  'performance',
  'queueMicrotask',
  'setImmediate',
  'clearImmediate',
  'setInterval',
  'clearInterval',
  'setTimeout',
  'clearTimeout',
] as const;

describe.each(versions)('looking at requests on Express $version', ({ express }) => {
  beforeEach(() => {
    // Cookies and rules show the time.
    jest.useFakeTimers({ now: new Date('2026-06-01T12:00:00Z'), doNotFake: [...REAL] });
  });

  afterEach(() => {
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  it('changes no response, record, draw, key, call of the application, log or count', async () => {
    await fc.assert(
      fc.asyncProperty(shops, requests, async (shop, sent) => {
        const plain = await run(express, shop, sent, false);
        expect(await run(express, shop, sent, true)).toEqual(plain);
      }),
      { seed: SEED, numRuns: 25, endOnFailure: true },
    );
  });
});
