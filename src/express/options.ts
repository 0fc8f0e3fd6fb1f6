import type { Request } from 'express';
import {
  checkOptions,
  checks,
  isObject,
  oneOf,
  type OptionChecks,
} from '../options/check-options.ts';
import type { OnError } from '../assignment/policy.ts';
import {
  clientChecks,
  type ClientOptions,
  splitClientOptions,
  type SplitOptions,
} from '../client/options.ts';
import { milliseconds } from '../options/numbers.ts';
import { quote } from '../errors/show-value.ts';
import { OptionError } from '../errors/usage-errors.ts';
import { type Logger, type OnceLogger, onceLogger, safeLogger } from '../runtime/logger.ts';
import type { OverrideSettings } from './cookies/override-access.ts';
import type { ContextProvider } from './request/context-provider.ts';
import type { LazyValue } from './request/request-context.ts';
import { mergeVary } from './response/promised-headers.ts';
import { aCookieName, aToken, cookieChecks, secureOf } from './cookies/cookie-checks.ts';
import { cookieOwner } from './cookies/cookie-names.ts';
import { recentName, type TrackingCookieSettings } from './cookies/tracking-cookie.ts';
import {
  checkStickyName,
  parseSticky,
  type StickyCookieOptions,
  type StickySettings,
  type StickyStoreOptions,
} from './sticky/sticky-options.ts';
import {
  DEFAULT_VIEW_NAMES,
  parseViewNames,
  type ViewNameList,
  type ViewNames,
} from './request/view-names.ts';

/** Options of `evenhand()`. */
export interface EvenhandOptions extends ClientOptions {
  /**
   * The reaction to a rule, an identity or a context provider that fails. @default `'fallback'` in
   * production (`NODE_ENV`), otherwise `'throw'`
   */
  onError?: OnError;
  /** Adds values to the context of rules and identities; may be async. @default none */
  contextProvider?: ContextProvider;
  /**
   * The longest time that a request waits for the promise of `contextProvider`, in milliseconds, [1,
   * 86400000]. Then the request fails, or with `onError: 'fallback'` continues without the values.
   * @default 10,000
   */
  contextTimeoutMs?: number;
  /**
   * Expensive context values: each is computed at most once for a request, and only if a rule or an
   * identity reads it. The functions must be synchronous. @default none
   */
  lazy?: Readonly<Record<string, LazyValue>>;
  /** The cookie that recognises visitors for experiments with the identity `anonymous`. */
  trackingCookie?: TrackingCookieOptions;
  /**
   * The place where the variants of experiments with `"sticky": true` are kept: `{ secret }` for a signed
   * cookie, or `{ read, write }`. @default they are not kept
   */
  sticky?: StickyCookieOptions | StickyStoreOptions;
  /** The cookie that forces variants, and the requests that may use it; `false` switches it off. */
  overrides?: false | OverrideOptions;
  /**
   * The `Vary` header of responses that contain a decision about the participant: `true` sets
   * `Cookie`, `false` none, a list names the headers. @default true
   */
  vary?: boolean | readonly string[];
  /**
   * The names of the functions for views in `res.locals`; `false` for none. Names that the application
   * sets itself stay as they are. @default their own names
   */
  viewNames?: false | ViewNames;
}

/** The tracking cookie. */
export interface TrackingCookieOptions {
  /**
   * The cookie's name. With the prefix `__Host-` or `__Secure-`, the cookie is always secure.
   * @default '__cwtk'
   */
  name?: string;
  /** The time the browser keeps the cookie, in milliseconds, above 0. @default 365 days */
  maxAgeMs?: number;
  /** `true` hides the cookie from scripts in the page. @default true */
  httpOnly?: boolean;
  /** The rule by which browsers send the cookie from other sites. @default 'lax' */
  sameSite?: 'lax' | 'strict' | 'none';
  /** The beginning of the paths to which browsers send the cookie. @default '/' */
  path?: string;
  /** The domain to which, with its subdomains, browsers send the cookie. @default the request's host only */
  domain?: string;
  /** `true` restricts the cookie to HTTPS. @default `req.secure`; true if the options require it */
  secure?: boolean;
  /** `true` signs the cookie, which needs cookie-parser with a secret. @default false */
  signed?: boolean;
  /**
   * `needed` sets the cookie when an experiment by `anonymous` is decided, `always` in the first
   * response. @default 'needed'
   */
  when?: 'needed' | 'always';
  /**
   * `true` sets the cookie again, with the same key, when less than half of its life is left. That
   * needs a second cookie of half its life, with `_r` after the name. @default true
   */
  renew?: boolean;
  /**
   * Returns `true` for a visitor who has consented to the cookie, `false` for one who has not, and
   * `undefined` if that is not known. Without `true` the cookie is neither read nor set, and
   * experiments with the identity `anonymous` give no variant. `false` also expires the cookies that the
   * visitor still has. Called at most once for a request, when the tracking key is first needed. Must be
   * synchronous; if it throws or returns anything else, that counts as `undefined`.
   * @default everyone is recognised
   */
  consent?: (req: Request) => boolean | undefined;
}

/** The override cookie. Outside production (by `NODE_ENV`) everyone may use it. */
export interface OverrideOptions {
  /** The cookie's name. @default '__cw' */
  cookie?: string;
  /**
   * The addresses and CIDR ranges that may use it in production, compared with `req.ip`. @default
   * []
   */
  allowIps?: readonly string[];
  /** Returns exactly `true` for a request that may use it in production. @default nobody */
  allow?: (req: Request) => boolean;
  /**
   * The query parameter that sets the cookie: with `'__cw'`, the link `/page?__cw=experiment:variant`
   * forces the variant and redirects to `/page`. For requests that may use the cookie. @default none
   */
  parameter?: string;
}

/** The options of `evenhand()` with their defaults, split by concern. */
export interface MiddlewareSettings extends SplitOptions {
  readonly request: RequestSettings;
}

/** The options for requests and responses. */
export interface RequestSettings {
  readonly logger: Logger;
  readonly once: OnceLogger;
  readonly contextProvider: ContextProvider | undefined;
  readonly contextTimeoutMs: number;
  readonly lazy: Readonly<Record<string, LazyValue>> | undefined;
  readonly trackingCookie: TrackingCookieSettings;
  /** Undefined if the variants of sticky experiments are not kept. */
  readonly sticky: StickySettings | undefined;
  readonly overrides: OverrideSettings | undefined;
  /** The value of the `Vary` header. */
  readonly vary: string | undefined;
  readonly viewNames: ViewNameList;
}

const DAY_MS = 86_400_000;
const DEFAULT_CONTEXT_TIMEOUT_MS = 10_000;

/** Characters that are not percent-encoded: the `unreserved` of RFC 3986, section 2.3. */
const PARAMETER = /^[A-Za-z0-9._~-]+$/;
/** A name that a rule can use. */
const CONTEXT_NAME = /^[A-Za-z][A-Za-z0-9_]*$/;

const evenhandChecks: OptionChecks = new Map([
  ...clientChecks,
  ['contextProvider', checks.aFunction],
  ['contextTimeoutMs', milliseconds(1)],
  [
    'lazy',
    {
      expected: 'an object of functions whose names rules can use',
      accepts: (value) =>
        isObject(value) &&
        Object.entries(value).every(
          ([name, compute]) => CONTEXT_NAME.test(name) && checks.aFunction.accepts(compute),
        ),
    },
  ],
  ['trackingCookie', checks.anObject],
  ['sticky', checks.anObject],
  [
    'overrides',
    {
      expected: 'false or an object',
      accepts: (value) => value === false || isObject(value),
    },
  ],
  [
    'vary',
    {
      expected: 'true, false or a list of header names',
      accepts: (value) =>
        typeof value === 'boolean' || (Array.isArray(value) && value.every(aToken.accepts)),
    },
  ],
  [
    'viewNames',
    {
      expected: 'false or an object of names',
      accepts: (value) => value === false || isObject(value),
    },
  ],
]);

const trackingChecks: OptionChecks = new Map([
  ...cookieChecks,
  ['httpOnly', checks.aBoolean],
  ['signed', checks.aBoolean],
  ['when', oneOf('needed', 'always')],
  ['renew', checks.aBoolean],
  ['consent', checks.aFunction],
]);

const overrideChecks: OptionChecks = new Map([
  ['cookie', aCookieName],
  [
    'allowIps',
    {
      expected: 'a list of addresses and CIDR ranges',
      accepts: (value) => Array.isArray(value) && value.every((entry) => typeof entry === 'string'),
    },
  ],
  ['allow', checks.aFunction],
  [
    'parameter',
    {
      expected: 'the name of a query parameter: letters, digits and -._~',
      accepts: (value) => typeof value === 'string' && PARAMETER.test(value),
    },
  ],
]);

/**
 * Checks the options of `evenhand()`, fills in the defaults and splits them by concern.
 *
 * @throws OptionError (`option`) for invalid options
 */
export function parseOptions(given: EvenhandOptions): MiddlewareSettings {
  // The message of a check would show the secret.
  if (typeof given?.sticky === 'string') {
    throw new OptionError('evenhand(): option "sticky" must be an object: sticky: { secret }');
  }
  const options = checkOptions('evenhand()', given, evenhandChecks);
  const { contextProvider, lazy, vary = true, viewNames } = options;
  const trackingCookie = parseTrackingCookie(options.trackingCookie ?? {});
  const overrides = parseOverrideOptions(options.overrides ?? {});
  const trackingNames = [trackingCookie.name, recentName(trackingCookie.name)];
  if (overrides !== undefined && trackingNames.includes(overrides.cookie)) {
    throw new OptionError(
      `evenhand(): the override cookie and the tracking cookie can't both be named ${JSON.stringify(overrides.cookie)}`,
    );
  }
  const sticky = options.sticky && parseSticky(options.sticky);
  if (sticky !== undefined && 'secrets' in sticky) {
    checkStickyName(sticky.name, [...trackingNames, ...(overrides ? [overrides.cookie] : [])]);
  }
  const logger = safeLogger(options.logger);
  const once = onceLogger(logger);
  if (trackingCookie.name !== DEFAULT_TRACKING_NAME) warnOfOwner(trackingCookie.name, once);
  const request = {
    logger,
    once,
    contextProvider,
    contextTimeoutMs: options.contextTimeoutMs ?? DEFAULT_CONTEXT_TIMEOUT_MS,
    lazy,
    trackingCookie,
    sticky,
    overrides,
    vary: parseVary(vary),
    viewNames: viewNames === undefined ? DEFAULT_VIEW_NAMES : parseViewNames(viewNames),
  };
  const onError = process.env.NODE_ENV === 'production' ? 'fallback' : 'throw';
  return { request, ...splitClientOptions(options, onError, sticky !== undefined) };
}

const TRACKING = 'evenhand({ trackingCookie })';

const DEFAULT_TRACKING_NAME = '__cwtk';

function parseTrackingCookie(given: TrackingCookieOptions): TrackingCookieSettings {
  const options = checkOptions(TRACKING, given, trackingChecks);
  const { name = DEFAULT_TRACKING_NAME, sameSite = 'lax', secure, domain } = options;
  const { path = '/', httpOnly = true } = options;
  const checked = { name, sameSite, path, domain, secure, httpOnly };
  return {
    name,
    maxAgeMs: options.maxAgeMs ?? 365 * DAY_MS,
    httpOnly,
    sameSite,
    path,
    domain,
    // Most applications leave both as they are, and the checks need not be loaded.
    secure:
      name === DEFAULT_TRACKING_NAME && sameSite !== 'none'
        ? secure
        : secureOf(TRACKING, checked, DEFAULT_TRACKING_NAME),
    signed: options.signed ?? false,
    when: options.when ?? 'needed',
    renew: options.renew ?? true,
    consent: options.consent,
  };
}

/** Warns of a name that another package uses: its cookie would be overwritten. */
function warnOfOwner(name: string, once: OnceLogger): void {
  const owner = cookieOwner(name);
  if (owner === undefined) return;
  once.warn(
    'tracking-cookie name',
    `evenhand: the tracking cookie is named ${quote(name)}, like a cookie of ${owner}, which it would overwrite; choose another trackingCookie.name`,
  );
}

function parseOverrideOptions(options: false | OverrideOptions): RequestSettings['overrides'] {
  if (options === false) return undefined;
  const own = checkOptions('evenhand({ overrides })', options, overrideChecks);
  const { cookie = '__cw', allowIps = [], allow, parameter } = own;
  return { cookie, allowIps, allow, parameter };
}

function parseVary(vary: boolean | readonly string[]): string | undefined {
  const headers = vary === true ? ['Cookie'] : vary === false ? [] : vary;
  return headers.length === 0 ? undefined : mergeVary('', headers.join(', '));
}
