import crypto from 'node:crypto';
import type express5 from 'express';
import type { Express, Request, RequestHandler } from 'express';
import request from 'supertest';
import { evenhand, type EvenhandOptions, type ExperimentsMiddleware } from 'evenhand';
import { attend } from '../../src/express/inspection/attend.ts';
import type { Inspection } from '../../src/express/inspection/inspection.ts';
import { recordingSink } from '../../src/testing/recording-sink.ts';
import { toolbar } from 'evenhand/toolbar';
import { toolbarView } from '../../src/toolbar/view/view.ts';
import { closing } from '../closing.ts';
import { Lines, withNodeEnv } from '../express/harness.ts';
import {
  type GeneratedRequest,
  type GeneratedShop,
  makeCall,
} from '../express/inspection/generated-shop.ts';

/** A response without its date. */
export interface TracedResponse {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** Everything that a run of an application leaves behind. */
export interface Traces {
  readonly responses: readonly TracedResponse[];
  readonly records: readonly unknown[];
  readonly calls: Readonly<Record<string, number>>;
  readonly lines: Lines;
  readonly status: unknown;
  readonly metrics: unknown;
}

/** The way in which requests are looked at: not at all, described before and after each call, or shown. */
export type Look = 'no' | 'view' | 'toolbar';

/** Runs requests one after the other. */
export async function traceRun(
  express: typeof express5,
  shop: GeneratedShop,
  sent: readonly GeneratedRequest[],
  look: Look,
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
  const middleware = withNodeEnv(production ? 'production' : undefined, () =>
    closing(evenhand(options)),
  );
  const app = shopApp(express, shop, middleware, look);
  const responses: TracedResponse[] = [];
  for (const { method, headers } of sent) {
    const asked = request(app)[method]('/');
    const response = await asked.set({ 'Sec-Fetch-Dest': 'document', ...headers });
    const { date: _date, ...rest } = response.headers;
    responses.push({ status: response.status, body: bodyOf(response), headers: rest });
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

/** Returns the body of a response; a response to HEAD has none, whatever its type says. */
function bodyOf({ text }: { readonly text?: string }): string {
  return text ?? '';
}

function shopApp(
  express: typeof express5,
  { calls }: GeneratedShop,
  middleware: ExperimentsMiddleware,
  look: Look,
): Express {
  const inspections = new WeakMap<Request, Inspection>();
  const looking: Record<Look, RequestHandler> = {
    no: (_req, _res, next) => next(),
    view: (req, _res, next) => {
      const attention = { inspects: true, mayOverride: false, granted: undefined };
      const inspection = attend(middleware, req, attention);
      if (inspection !== undefined) inspections.set(req, inspection);
      next();
    },
    toolbar: toolbar(middleware, { allow: () => true }),
  };
  const app = express();
  app.use((req, _res, next) => {
    const user = req.get('x-user');
    if (user !== undefined) Object.assign(req, { user: JSON.parse(user) });
    next();
  });
  app.use(looking[look]);
  app.use(middleware);
  app.get('/', (req, res) => {
    const see = (): void => {
      const inspection = inspections.get(req);
      if (inspection !== undefined) toolbarView(inspection, { middleware, req, redact: [] });
    };
    see();
    const results = calls.map((call) => {
      const result = makeCall(req, call);
      see();
      return result ?? null;
    });
    res.on('finish', see);
    res.send(`<!doctype html><title>Shop</title>${JSON.stringify(results)}`);
  });
  return app;
}
