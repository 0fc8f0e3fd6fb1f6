import type { NextFunction, RequestHandler } from 'express';
import type { Snapshot } from '../assignment/snapshot.ts';
import { Client } from '../client/client.ts';
import { expressError } from './express-error.ts';
import { type EvenhandOptions, parseOptions } from './options.ts';
import { stateOf } from './request-api.ts';
import { createVisit } from './visit.ts';

/** What `evenhand()` makes: the middleware, and the client behind it. */
export interface ExperimentsMiddleware extends RequestHandler {
  /**
   * Resolves when there are experiments to decide by; at once for a file. Requests wait for it by
   * themselves.
   *
   * Rejects with SourceError (`source`) or SpecError (`json`, `spec`).
   */
  ready(): Promise<void>;
  /**
   * The set of experiments in force.
   *
   * @throws SourceError (`source`) before `ready()` has resolved
   */
  experiments(): Snapshot;
  /** Closes the source. Requests go on with the last set. May be called again. */
  close(): Promise<void>;
}

/**
 * Makes the middleware that gives each request its participant: `app.use(evenhand())`, and then
 * `req.isVariant('experiment_1', 'a')`. Nothing is computed, and no cookie read or set, before the
 * first decision.
 *
 * The same middleware met twice by a request does nothing the second time. Another one (a mounted
 * application may have its own experiments) takes over from there on.
 *
 * @throws OptionError (`option`) for options that can't be meant
 * @throws SourceError (`source`) for a file that can't be read
 * @throws SpecError (`json`, `spec`) for a bad specification, with every problem
 */
export function evenhand(options: EvenhandOptions = {}): ExperimentsMiddleware {
  const visit = createVisit(parseOptions(options));
  const client = new Client(options);

  const middleware: RequestHandler = (req, res, next) => {
    if (stateOf(req)?.owner === middleware) {
      next();
      return;
    }
    const snapshot = client.inForce;
    let pending: Promise<void> | undefined;
    try {
      pending =
        snapshot === undefined
          ? client.ready().then(() => visit(req, res, client.experiments(), middleware))
          : visit(req, res, snapshot, middleware);
    } catch (error) {
      next(expressError('evenhand()', error));
      return;
    }
    if (pending === undefined) next();
    else void resume(pending, next);
  };

  return Object.assign(middleware, {
    ready: () => client.ready(),
    experiments: () => client.experiments(),
    close: () => client.close(),
  });
}

/** Goes on once a request is prepared. */
async function resume(pending: Promise<void>, next: NextFunction): Promise<void> {
  try {
    await pending;
  } catch (error) {
    next(expressError('evenhand()', error));
    return;
  }
  next();
}
