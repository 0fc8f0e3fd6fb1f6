import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { ANONYMOUS } from '../assignment/namespaces/namespace-assignment.ts';
import type { Snapshot } from '../assignment/snapshot.ts';
import { Client, type ReadyOptions } from '../client/client.ts';
import type { ClientStatus } from '../client/status.ts';
import type { Exposures } from '../exposures/exposures.ts';
import type { Metric } from '../exposures/metrics/metric.ts';
import { provideContext } from './request/context-provider.ts';
import { type EvenhandOptions, parseOptions, type RequestSettings } from './options.ts';
import { createOverrideAccess } from './cookies/override-access.ts';
import { createOverrideReader } from './cookies/override-cookie.ts';
import { healthHandler } from './health.ts';
import { extendRequest } from './request/request-api.ts';
import { RequestContext } from './request/request-context.ts';
import {
  holderOf,
  inForce,
  type RequestState,
  setState,
  stateIn,
  type StateHolder,
} from './request/request-state.ts';
import { TrackingCookie } from './cookies/tracking-cookie.ts';
import { extendLocals } from './request/view-locals.ts';
import { Visit, type VisitSetup } from './request/visit.ts';

/** What `evenhand()` makes: the middleware, and the client behind it. */
export interface ExperimentsMiddleware extends RequestHandler {
  /**
   * Resolves when there are experiments to decide by; at once for a file. Requests wait for it by
   * themselves, but no longer than `startTimeoutMs`.
   *
   * Rejects with SourceError (`source`) or SpecError (`json`, `spec`).
   */
  ready(options?: ReadyOptions): Promise<void>;
  /**
   * The set of experiments in force.
   *
   * @throws SourceError (`source`) before `ready()` has resolved
   */
  experiments(): Snapshot;
  /** As `client.on()`: calls a listener at each event; gives the function that removes it. */
  on: Client['on'];
  /** How it is: what is in force, since when, and what is wrong. Not for everybody: see `health()`. */
  status(): ClientStatus;
  /**
   * A handler for readiness probes, `app.get('/health', experiments.health())`: answers a
   * `HealthReport`, with the status 200 where requests can be decided and 503 where they can't.
   */
  health(): RequestHandler;
  /** What records exposures; undefined without the options `exposures` and `hooks`. */
  readonly exposures: Exposures | undefined;
  /** The figures of exposures, for OpenTelemetry and Prometheus; empty where nothing is recorded. */
  metrics(): Metric[];
  /**
   * Closes the source, and writes the exposures that wait; the sinks are closed too, but for those of
   * `createExposures()`. Requests go on with the last set. May be called again.
   */
  close(): Promise<void>;
}

/**
 * Makes the middleware that gives each request its participant: `app.use(evenhand())`, and then
 * `req.isVariant('experiment_1', 'a')`. Nothing but the context provider runs, and no cookie is
 * read or set, before the first decision.
 *
 * The same middleware met twice by a request does nothing the second time. Another one (a mounted
 * application may have its own experiments) takes over from there on, until the request leaves the
 * application it stands in.
 *
 * @throws OptionError (`option`) for options that can't be meant
 * @throws SourceError (`source`) for a file that can't be read
 * @throws SpecError (`json`, `spec`) for a bad specification, with every problem
 */
export function evenhand(options: EvenhandOptions = {}): ExperimentsMiddleware {
  const { request: settings, ...clientSettings } = parseOptions(options);
  const setup = createSetup(settings);
  const client = new Client(clientSettings);

  // What is done for each request makes no function, for which the engine would keep its arguments.
  const middleware: RequestHandler = (req, res, next) => {
    let pending: Promise<void> | undefined;
    try {
      const holder = holderOf(req);
      const before = stateIn(holder);
      if (before === undefined || inForce(before, req).owner !== setup) {
        const snapshot = client.inForce;
        pending =
          snapshot === undefined
            ? beginLater(req, res, holder, before)
            : begin(req, res, holder, before, snapshot);
      }
    } catch (error) {
      next(error);
      return;
    }
    if (pending === undefined) next();
    else void resume(pending, next);
  };

  async function beginLater(
    req: Request,
    res: Response,
    holder: StateHolder,
    before: RequestState | undefined,
  ): Promise<void> {
    await begin(req, res, holder, before, await client.admit());
  }

  /** Begins a visit; answers with a promise only where the context provider does. */
  function begin(
    req: Request,
    res: Response,
    holder: StateHolder,
    before: RequestState | undefined,
    snapshot: Snapshot,
  ): Promise<void> | undefined {
    const visit = new Visit(setup, req, res, snapshot);
    const { contextProvider } = settings;
    const pending =
      contextProvider && provideContext(contextProvider, req, visit.context, settings);
    if (pending !== undefined) return enterLater(pending, visit, req, res, holder, before);
    enter(visit, req, res, holder, before);
    return undefined;
  }

  async function enterLater(
    provided: Promise<void>,
    ...entering: Parameters<typeof enter>
  ): Promise<void> {
    await provided;
    enter(...entering);
  }

  /** From here on the request can be asked. */
  function enter(
    visit: Visit,
    req: Request,
    res: Response,
    holder: StateHolder,
    before: RequestState | undefined,
  ): void {
    setState(holder, visit, req, before);
    extendRequest(req);
    extendLocals(res, req);
    if (settings.trackingCookie.when === 'always') visit.track();
  }

  return Object.assign(middleware, {
    ready: (options?: ReadyOptions) => client.ready(options),
    experiments: () => client.experiments(),
    on: client.on.bind(client),
    status: () => client.status(),
    health: () => healthHandler(client),
    exposures: client.exposures,
    metrics: () => client.metrics(),
    close: () => client.close(),
  });
}

/** All that does not depend on a request. */
function createSetup({ lazy, trackingCookie, overrides, vary, once }: RequestSettings): VisitSetup {
  const production = process.env.NODE_ENV === 'production';
  return {
    Context: lazy === undefined ? RequestContext : RequestContext.withLazy(lazy),
    tracking: new TrackingCookie(trackingCookie, once),
    ownKey: lazy !== undefined && Object.hasOwn(lazy, ANONYMOUS),
    readOverrides:
      overrides &&
      createOverrideReader(overrides.cookie, createOverrideAccess(overrides, production, once)),
    vary,
  };
}

/** Goes on once a request has begun. */
async function resume(pending: Promise<void>, next: NextFunction): Promise<void> {
  try {
    await pending;
  } catch (error) {
    next(error);
    return;
  }
  next();
}
