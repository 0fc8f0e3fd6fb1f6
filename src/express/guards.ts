import type { NextFunction, Request, RequestHandler } from 'express';
import type { Participant } from '../assignment/participant.ts';
import type {
  ExperimentName,
  SwitchName,
  VariantOf,
  VariantsOf,
} from '../assignment/declared-names.ts';
import { checkOptions, type OptionChecks } from '../options/check-options.ts';
import { OptionError } from '../errors/usage-errors.ts';
import { showValue } from '../errors/show-value.ts';
import { expressError } from './express-error.ts';
import { participantOf } from './request/kept-with-request.ts';

/** Options of the guards. */
export interface GuardOptions {
  /**
   * Where other participants are sent (302): a path, `/plans`, or a whole `http:` or `https:` address.
   * Never make a guard of what a request brought, which could send visitors anywhere. Without it, what
   * the guard stands before is as if it were not there: see `requireVariant`.
   */
  redirectTo?: string;
}

/** A whole address that a page may be at. Browsers take a backslash for a slash. */
const WHOLE_ADDRESS = /^https?:\/\/[^/\\]/i;

/** What is one although it has not that form, `//evil.example`, or runs in the page, `javascript:…`. */
const MISTAKABLE = /^(?:[/\\]{2}|[^/?#]*:)/;

/** Control characters, and what a header can't hold; browsers drop some, and read what is left. */
const UNPRINTABLE = /[^\u0021-\u007e\u00a1-\u{10ffff}]/u;

/** Express 4 takes this word for the page that the visitor came from, be it of another site. */
const REFERRER = 'back';

const guardChecks: OptionChecks = new Map([
  [
    'redirectTo',
    {
      expected:
        'a path such as "/plans", or an address with http: or https:, without spaces, backslashes and control characters',
      accepts: isAddress,
    },
  ],
]);

function isAddress(value: unknown): boolean {
  if (typeof value !== 'string' || value === '' || value === REFERRER) return false;
  if (UNPRINTABLE.test(value) || value.includes('\\')) return false;
  return WHOLE_ADDRESS.test(value) || !MISTAKABLE.test(value);
}

/**
 * A guard that lets only participants with a variant pass:
 * `app.get('/search', requireVariant('search', ['a', 'b']), handler)`.
 *
 * In a route, others go on to the next matching route. In `app.use()`, or alone in a route, the guard
 * is for all that follows: they leave the router it stands in, and where that is the application they
 * get its 404. So put a guard for a router inside it: `beta.use(requireOn('beta'))`. An error while deciding goes to the error handler.
 *
 * @param variant one variant, or several of which any will do
 * @throws OptionError (`option`) when made, for what can't be meant
 */
export function requireVariant<Name extends ExperimentName>(
  name: Name,
  variants: readonly VariantOf<Name>[],
  options?: GuardOptions,
): RequestHandler;
export function requireVariant<Name extends ExperimentName>(
  name: Name,
  variant: VariantsOf<Name>,
  options?: GuardOptions,
): RequestHandler;
export function requireVariant(
  name: string,
  variant: string | readonly string[],
  options: GuardOptions = {},
): RequestHandler {
  checkName('requireVariant()', name);
  const variants: readonly unknown[] = Array.isArray(variant) ? variant : [variant];
  if (variants.length === 0 || !variants.every((one) => typeof one === 'string' && one !== '')) {
    throw new OptionError(
      `requireVariant() takes a variant, or a list of variants, after the experiment's name, not ${showValue(variant)}`,
    );
  }
  return guard('requireVariant()', (who) => who.isVariant(name, variant), options);
}

/** A guard that lets only participants pass for whom the switch is on; see `requireVariant`. */
export function requireOn(name: SwitchName, options: GuardOptions = {}): RequestHandler {
  checkName('requireOn()', name);
  return guard('requireOn()', (who) => who.isOn(name), options);
}

/** A guard that lets only participants pass for whom the switch is off; see `requireVariant`. */
export function requireOff(name: SwitchName, options: GuardOptions = {}): RequestHandler {
  checkName('requireOff()', name);
  return guard('requireOff()', (who) => who.isOff(name), options);
}

function checkName(where: string, name: unknown): void {
  if (typeof name === 'string' && name !== '') return;
  throw new OptionError(`${where} takes an experiment's name first, not ${showValue(name)}`);
}

function guard(
  where: string,
  passes: (participant: Participant) => boolean,
  options: GuardOptions,
): RequestHandler {
  checkOptions(where, options, guardChecks);
  const { redirectTo } = options;
  const handler: RequestHandler = (req, res, next) => {
    let pass: boolean;
    try {
      pass = passes(participantOf(req, where));
    } catch (error) {
      next(expressError(where, error));
      return;
    }
    if (pass) next();
    else if (redirectTo !== undefined) res.redirect(302, redirectTo);
    else if (standsInRoute(handler, req, next)) next('route');
    else next('router');
  };
  return handler;
}

/**
 * Whether a guard is running as part of a route, where `next('route')` leaves that route. Anywhere
 * else `next('route')` means no more than `next()`: it would open what the guard stands before.
 *
 * Having the guard among its handlers is not enough for `req.route`: Express leaves there the last
 * route that matched, also after it was left, and the guard may stand in two places. But outside a
 * route Express calls a handler with `req.next` itself. Where something has wrapped handlers (as some
 * tracing packages do) and neither can be told, the guard stays closed.
 *
 * A guard that is the last handler of its route, as in `app.all('/beta/{*rest}', guard)`, is meant for
 * all routes behind it, which `next('route')` would open.
 */
function standsInRoute(handler: RequestHandler, req: Request, next: NextFunction): boolean {
  const { route } = req as { route?: { stack?: readonly { handle?: unknown }[] } };
  const handlers = route?.stack?.map(({ handle }) => handle) ?? [];
  return next !== req.next && handlers.includes(handler) && handlers.at(-1) !== handler;
}
