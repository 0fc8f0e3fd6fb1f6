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
import { assertCalled } from './not-called.ts';
import { participantOf } from './request/kept-with-request.ts';

/** Options of the guards. */
export interface GuardOptions {
  /**
   * The redirect (302) for other participants: a path, `/plans`, or a complete `http:` or `https:`
   * address. Never take it from a request, which could send visitors anywhere. Without it, other
   * participants skip the guarded handlers: see `requireVariant`.
   */
  redirectTo?: string;
}

/** A complete address of a page. Browsers read a backslash as a slash. */
const WHOLE_ADDRESS = /^https?:\/\/[^/\\]/i;

/**
 * Texts that lead elsewhere, such as `//evil.example`, or run in the page, such as `javascript:…`.
 */
const MISTAKABLE = /^(?:[/\\]{2}|[^/?#]*:)/;

/** Control characters, which browsers may drop, and characters that a header can't contain. */
const UNPRINTABLE = /[^\u0021-\u007e\u00a1-\u{10ffff}]/u;

/**
 * Express 4 redirects this word to the page that the visitor came from, which may be on another
 * site.
 */
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
 * Returns a guard that lets only participants with a variant pass:
 * `app.get('/search', requireVariant('search', ['a', 'b']), handler)`.
 *
 * In a route, other participants fall through to the next matching route. In `app.use()`, or alone in a
 * route, the guard protects everything after it: other participants leave its router, and get a 404 if
 * that is the application. So put a guard for a router inside it: `beta.use(requireOn('beta'))`. An
 * error while deciding goes to the error handler.
 *
 * @param variant one variant, or several of which one must match
 * @throws OptionError (`option`) for invalid arguments, when the guard is created
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
  checkName('requireVariant()', name, [name, variant, options]);
  const variants: readonly unknown[] = Array.isArray(variant) ? variant : [variant];
  if (variants.length === 0 || !variants.every((one) => typeof one === 'string' && one !== '')) {
    throw new OptionError(
      `requireVariant() takes a variant, or a list of variants, after the experiment's name, not ${showValue(variant)}`,
    );
  }
  return guard('requireVariant()', (who) => who.isVariant(name, variant), options);
}

/**
 * Returns a guard that lets only participants pass for whom the switch is on; see `requireVariant`.
 */
export function requireOn(name: SwitchName, options?: GuardOptions): RequestHandler;
export function requireOn(
  name: string,
  options: GuardOptions = {},
  ...more: unknown[]
): RequestHandler {
  checkName('requireOn()', name, [name, options, ...more]);
  return guard('requireOn()', (who) => who.isOn(name), options);
}

/**
 * Returns a guard that lets only participants pass for whom the switch is off; see
 * `requireVariant`.
 */
export function requireOff(name: SwitchName, options?: GuardOptions): RequestHandler;
export function requireOff(
  name: string,
  options: GuardOptions = {},
  ...more: unknown[]
): RequestHandler {
  checkName('requireOff()', name, [name, options, ...more]);
  return guard('requireOff()', (who) => who.isOff(name), options);
}

/** The calls for the message about a guard without one. */
const CALLS: Readonly<Record<string, string>> = {
  'requireVariant()': 'requireVariant("experiment", "variant")',
  'requireOn()': 'requireOn("switch")',
  'requireOff()': 'requireOff("switch")',
};

function checkName(where: string, name: unknown, given: readonly unknown[]): void {
  if (typeof name === 'string' && name !== '') return;
  assertCalled(where, given, CALLS[where]);
  throw new OptionError(`${where} takes an experiment's name first, not ${showValue(name)}`);
}

function guard(
  where: string,
  passes: (participant: Participant) => boolean,
  options: GuardOptions,
): RequestHandler {
  const { redirectTo } = checkOptions(where, options, guardChecks);
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
 * Returns true if a guard runs as part of a route, where `next('route')` leaves that route. Anywhere
 * else `next('route')` means the same as `next()`, which would let everyone pass.
 *
 * It is not enough that `req.route` has the guard among its handlers: Express keeps the last route that
 * matched there, also after the request left it, and the guard may be in two places. But outside a
 * route Express calls a handler with `req.next` itself. If a package has wrapped handlers, as some
 * tracing packages do, and neither can be recognised, the guard stays closed.
 *
 * A guard that is the last handler of its route, as in `app.all('/beta/{*rest}', guard)`, protects all
 * routes after it, which `next('route')` would open.
 */
function standsInRoute(handler: RequestHandler, req: Request, next: NextFunction): boolean {
  const { route } = req as { route?: { stack?: readonly { handle?: unknown }[] } };
  const handlers = route?.stack?.map(({ handle }) => handle) ?? [];
  return next !== req.next && handlers.includes(handler) && handlers.at(-1) !== handler;
}
