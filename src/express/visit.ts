import type { Request, Response } from 'express';
import type { Snapshot } from '../assignment/snapshot.ts';
import { isThenable } from '../client/thenable.ts';
import { markCaching } from './caching.ts';
import { readCookie } from './cookies.ts';
import { expressError } from './express-error.ts';
import type { Settings } from './options.ts';
import { createOverrideAccess } from './override-access.ts';
import { parseOverrides } from './override-cookie.ts';
import { attach } from './request-api.ts';
import { adopt, RequestContext } from './request-context.ts';
import { TrackingCookie } from './tracking-cookie.ts';

/**
 * Gives a request its participant, of the snapshot it will keep. Answers with a promise only where
 * the context provider does.
 *
 * @param owner the middleware
 * @throws ContextError (`context`), and whatever the context provider throws, unless `onError` is
 *   `fallback`
 */
export type Visit = (
  req: Request,
  res: Response,
  snapshot: Snapshot,
  owner: object,
) => Promise<void> | undefined;

/** The identity that is the tracking key. */
const ANONYMOUS = 'anonymous';

/**
 * Makes the visit of one middleware; all that does not depend on the request is done here.
 *
 * @throws OptionError (`option`) for an entry of `overrides.allowIps` that can't be meant
 */
export function createVisit(settings: Settings): Visit {
  const { contextProvider, lazy, vary } = settings;
  const Context = lazy === undefined ? RequestContext : RequestContext.withLazy(lazy);
  const tracking = new TrackingCookie(settings.trackingCookie, settings.once);
  const trackAlways =
    settings.trackingCookie.when === 'always' &&
    (lazy === undefined || !Object.hasOwn(lazy, ANONYMOUS));
  const readOverrides = createOverrideReader(settings);

  const begin = (
    req: Request,
    res: Response,
    snapshot: Snapshot,
    owner: object,
    context: RequestContext,
  ): void => {
    const participant = snapshot.watchedParticipant(
      context,
      readOverrides && (() => readOverrides(req)),
      (outcome) => {
        markCaching(res, outcome, vary);
        if (outcome.bucket !== undefined && outcome.experiment.spec.identity === ANONYMOUS) {
          tracking.keep(req, res);
        }
      },
    );
    attach(req, res, { owner, participant });
    if (trackAlways && !Object.hasOwn(context, ANONYMOUS)) {
      tracking.keyOf(req);
      tracking.keep(req, res);
    }
  };

  if (contextProvider === undefined) {
    return (req, res, snapshot, owner) => {
      begin(req, res, snapshot, owner, new Context(req, tracking));
      return undefined;
    };
  }

  return (req, res, snapshot, owner) => {
    const context = new Context(req, tracking);
    const start = (): void => begin(req, res, snapshot, owner, context);
    const startWith = (given: unknown): void => {
      try {
        adopt(context, given);
      } catch (error) {
        goWithout(settings, error);
      }
      start();
    };
    let given: unknown;
    try {
      given = contextProvider(req);
    } catch (error) {
      goWithout(settings, error);
      start();
      return undefined;
    }
    if (!isThenable(given)) {
      startWith(given);
      return undefined;
    }
    return Promise.resolve(given).then(startWith, (error: unknown) => {
      goWithout(settings, error);
      start();
    });
  };
}

/** Throws why there are no values of the context provider, or logs it once, as `onError` has it. */
function goWithout({ onError, once }: Settings, thrown: unknown): void {
  const error: unknown = expressError('"contextProvider"', thrown);
  if (onError === 'throw') throw error;
  const reason = error instanceof Error ? error.message : String(error);
  once.error(
    `contextProvider\n${reason}`,
    `evenhand: requests go on without the values of "contextProvider", which failed: ${reason}`,
  );
}

const NO_OVERRIDES: ReadonlyMap<string, string> = new Map();

/** Reads the overrides of a request, if it has any and may have them; undefined: nobody may. */
function createOverrideReader({
  overrides,
  once,
}: Settings): ((req: Request) => ReadonlyMap<string, string>) | undefined {
  if (overrides === undefined) return undefined;
  const mayOverride = createOverrideAccess(
    overrides,
    process.env['NODE_ENV'] === 'production',
    once,
  );
  return (req) => {
    const text = readCookie(req, overrides.cookie);
    return text === undefined || !mayOverride(req) ? NO_OVERRIDES : parseOverrides(text);
  };
}
