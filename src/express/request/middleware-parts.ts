import type { Snapshot } from '../../assignment/snapshot.ts';
import type { ClientStatus } from '../../client/status.ts';
import { showValue } from '../../errors/show-value.ts';
import { OptionError } from '../../errors/usage-errors.ts';
import type { Logger, OnceLogger } from '../../runtime/logger.ts';
import type { VisitSetup } from './visit-setup.ts';

/** The parts of a middleware that other parts of Evenhand use. */
export interface MiddlewareParts {
  readonly setup: VisitSetup;
  /** The middleware's logger; it never throws. */
  readonly logger: Logger;
  /** Logs a message the first time its key is seen. */
  readonly once: OnceLogger;
  /** The name of the override cookie; undefined if overrides are switched off. */
  readonly overrideCookie: string | undefined;
  /** True if exposures are recorded: with the options `exposures` or `hooks`. */
  readonly records: boolean;
  /** The key of the hashes that are recorded instead of units; undefined if units are recorded. */
  readonly secret: string | undefined;
  /** Returns the snapshot in force; undefined before the first one. */
  readonly inForce: () => Snapshot | undefined;
  /** Returns the status of the client. */
  readonly status: () => ClientStatus;
}

/** The parts of each middleware, which its application can't reach. */
export const middlewareParts = new WeakMap<object, MiddlewareParts>();

/**
 * Returns the parts of a middleware.
 *
 * @param where the call that was given the middleware, for the message
 * @throws OptionError (`option`) for anything but the middleware of `evenhand()`
 */
export function partsOf(where: string, middleware: unknown): MiddlewareParts {
  const known = typeof middleware === 'function' ? middlewareParts.get(middleware) : undefined;
  if (known !== undefined) return known;
  throw new OptionError(
    `${where} takes the middleware that evenhand() returns, not ${showValue(middleware)}`,
  );
}
