import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { AssignmentPolicy } from '../assignment/policy.ts';
import type { Snapshot } from '../assignment/snapshot.ts';
import { Client, type ReadyOptions } from '../client/client.ts';
import type { ClientStatus } from '../client/status.ts';
import type { Exposures } from '../exposures/exposures.ts';
import type { Metric } from '../exposures/metrics/metric.ts';
import { type EvenhandOptions, parseOptions, type RequestSettings } from './options.ts';
import { createOverrideAccess } from './cookies/override-access.ts';
import { OverrideLink } from './cookies/override-link.ts';
import { healthHandler } from './health.ts';
import { assertCalled } from './not-called.ts';
import { RequestContext } from './request/request-context.ts';
import { type Kept, keptWith, stateIn } from './request/kept-with-request.ts';
import { type MiddlewareParts, middlewareParts } from './request/middleware-parts.ts';
import { TrackingCookie } from './cookies/tracking-cookie.ts';
import { Visit } from './request/visit.ts';
import { CookieVisit } from './sticky/cookie-visit.ts';
import { StickyCookie } from './sticky/sticky-cookie.ts';
import { StickyStore } from './sticky/sticky-store.ts';
import { StoreVisit } from './sticky/store-visit.ts';
import type { VisitSetup } from './request/visit-setup.ts';
import { ANONYMOUS_IDENTITY } from '../specification/reserved-identities.ts';

/** The middleware that `evenhand()` returns, with the client behind it. */
export interface ExperimentsMiddleware extends RequestHandler {
  /**
   * Resolves when the first experiments are in force; at once for a file. Requests wait for them by
   * themselves, for at most `startTimeoutMs`.
   *
   * Rejects with SourceError (`source`) or SpecError (`json`, `spec`).
   */
  ready(options?: ReadyOptions): Promise<void>;
  /**
   * Loads the source at once, even while it waits after a failure, like `client.reload()`. Resolves when
   * the answer is in force.
   *
   * Rejects with SourceError (`source`) or SpecError (`json`, `spec`); the previous experiments then stay
   * in force.
   */
  reload(): Promise<void>;
  /**
   * Returns the experiments in force.
   *
   * @throws SourceError (`source`) before `ready()` has resolved
   */
  experiments(): Snapshot;
  /** Calls a listener at each event, like `client.on()`. Returns the function that removes it. */
  on: Client['on'];
  /**
   * Returns the current revision, its age, any problem, and the experiments that fail. It has messages
   * and paths; for public checks use `health()`.
   */
  status(): ClientStatus;
  /**
   * Returns a handler for readiness probes, `app.get('/health', experiments.health())`. It responds
   * with a `HealthReport`: status 200 if requests can be decided, otherwise 503.
   */
  health(): RequestHandler;
  /** The recorder of exposures; undefined without the options `exposures` and `hooks`. */
  readonly exposures: Exposures | undefined;
  /** Returns the metrics of the client, for OpenTelemetry and Prometheus, like `client.metrics()`. */
  metrics(): Metric[];
  /**
   * Closes the source, writes the waiting exposures, waits for `sticky.write`, and closes the sinks except
   * those of `createExposures()`. Requests continue with the last experiments. May be called again. Never
   * rejects, and ends in time: see `Client.close()`.
   */
  close(): Promise<void>;
}

/**
 * Creates the middleware that gives each request its participant: `app.use(evenhand())`, and then
 * `req.isVariant('experiment_1', 'a')`. Only the context provider runs, and no cookie is read or set,
 * before the first decision.
 *
 * A request that meets the same middleware twice is not affected the second time. Another middleware,
 * for example of a mounted application with its own experiments, takes over until the request leaves
 * its application.
 *
 * @throws OptionError (`option`) for invalid options
 * @throws SourceError (`source`) for a file that can't be read
 * @throws SpecError (`json`, `spec`) for an invalid specification, with every problem
 */
export function evenhand(options?: EvenhandOptions): ExperimentsMiddleware;
export function evenhand(options: EvenhandOptions = {}, ...more: unknown[]): ExperimentsMiddleware {
  if (more.length > 0) assertCalled('evenhand()', [options, ...more], 'app.use(evenhand())');
  const { request, ...clientSettings } = parseOptions(options);
  const client = new Client(clientSettings);
  const { setup, visit, settle } = createVisits(request, client.policy, client.exposures);

  // Nothing here creates a function for a request: V8 would allocate room for its arguments.
  const middleware: RequestHandler = (req, res, next) => {
    let pending: Promise<void> | undefined;
    try {
      const kept = keptWith(req);
      if (stateIn(kept, req)?.owner !== setup) {
        const snapshot = client.inForce;
        pending =
          snapshot === undefined
            ? enterLater(req, res, kept)
            : visit(req, res, snapshot).enter(kept);
      }
    } catch (error) {
      next(error);
      return;
    }
    if (pending === undefined) next();
    else void resume(pending, next);
  };

  /** Waits for the first experiments. */
  async function enterLater(req: Request, res: Response, kept: Kept): Promise<void> {
    await visit(req, res, await client.admit()).enter(kept);
  }

  const link = createLink(request, setup);
  const made = link === undefined ? middleware : followFirst(link, middleware);
  middlewareParts.set(made, partsFor(setup, request, client));
  return Object.assign(made, {
    ready: (options?: ReadyOptions) => client.ready(options),
    reload: () => client.reload(),
    experiments: () => client.experiments(),
    on: client.on.bind(client),
    status: () => client.status(),
    health: (...given: unknown[]) => {
      assertCalled('health()', given, 'app.get("/health", experiments.health())');
      return healthHandler(client);
    },
    exposures: client.exposures,
    metrics: () => client.metrics(),
    close: async () => {
      await Promise.all([client.close(), settle?.()]);
    },
  });
}

/** Returns the parts that a toolbar and a dashboard use. */
function partsFor(
  setup: VisitSetup,
  { logger, once }: RequestSettings,
  client: Client,
): MiddlewareParts {
  return {
    setup,
    logger,
    once,
    overrideCookie: setup.overrides?.cookie,
    records: client.exposures !== undefined,
    secret: client.exposures?.secret,
    inForce: () => client.inForce,
    status: () => client.status(),
  };
}

/** The visits of a middleware. */
interface Visits {
  readonly setup: VisitSetup;
  /** Creates the visit of a request. */
  readonly visit: (req: Request, res: Response, snapshot: Snapshot) => Visit;
  /** Resolves when nothing is being written any more; undefined if visits write nothing. */
  readonly settle?: () => Promise<void>;
}

/** Creates the parts that are the same for all requests, and the function that adds the others. */
function createVisits(
  settings: RequestSettings,
  policy: AssignmentPolicy,
  exposures: Exposures | undefined,
): Visits {
  const { sticky, once } = settings;
  const shared = createSetup(settings, policy, exposures);
  if (sticky === undefined) {
    return { setup: shared, visit: (req, res, snapshot) => new Visit(shared, req, res, snapshot) };
  }
  if ('secrets' in sticky) {
    const stickyCookie = new StickyCookie(sticky, once, policy.counts);
    const setup = { ...shared, stickyCookie };
    return { setup, visit: (req, res, snapshot) => new CookieVisit(setup, req, res, snapshot) };
  }
  const stickyStore = new StickyStore(sticky, once, policy.counts);
  const setup = { ...shared, stickyStore };
  return {
    setup,
    visit: (req, res, snapshot) => new StoreVisit(setup, req, res, snapshot),
    settle: () => stickyStore.settle(),
  };
}

/** Creates the parts that are the same for all requests. */
function createSetup(
  settings: RequestSettings,
  policy: AssignmentPolicy,
  exposures: Exposures | undefined,
): VisitSetup {
  const { contextProvider, contextTimeoutMs, lazy, trackingCookie, overrides, vary } = settings;
  const { viewNames, once } = settings;
  const production = process.env.NODE_ENV === 'production';
  return {
    Context: lazy === undefined ? RequestContext : RequestContext.withLazy(lazy),
    contextProvider,
    failures: { ...policy, contextTimeoutMs },
    tracking: new TrackingCookie(trackingCookie, once),
    tracksAlways: trackingCookie.when === 'always',
    ownKey: lazy !== undefined && Object.hasOwn(lazy, ANONYMOUS_IDENTITY),
    overrides: overrides && {
      cookie: overrides.cookie,
      mayOverride: createOverrideAccess(overrides, production, once),
      reported: production ? undefined : new Set(),
    },
    vary,
    viewNames,
    ignore: exposures?.ignore,
  };
}

/** Returns the links that set the override cookie; undefined without the option. */
function createLink(
  { overrides, once }: RequestSettings,
  setup: VisitSetup,
): OverrideLink | undefined {
  if (overrides?.parameter === undefined || setup.overrides === undefined) return undefined;
  const { cookie, mayOverride, reported } = setup.overrides;
  return new OverrideLink({
    parameter: overrides.parameter,
    cookie,
    mayOverride,
    once: reported && once,
  });
}

/** Returns a middleware that follows override links, and does nothing else for them. */
function followFirst(link: OverrideLink, middleware: RequestHandler): RequestHandler {
  return (req, res, next) => {
    if (!link.follow(req, res)) void middleware(req, res, next);
  };
}

/** Calls the next handler once the request has entered. */
async function resume(pending: Promise<void>, next: NextFunction): Promise<void> {
  try {
    await pending;
  } catch (error) {
    next(error);
    return;
  }
  next();
}
