import type { Request } from 'express';
import type { StickyAssignment } from '../../assignment/experiment.ts';
import { quote } from '../../errors/show-value.ts';
import { OptionError } from '../../errors/usage-errors.ts';
import { checkOptions, checks, type OptionChecks } from '../../options/check-options.ts';
import { milliseconds } from '../../options/numbers.ts';
import { cookieChecks, secureOf } from '../cookies/cookie-checks.ts';

/** Keeps the variants of sticky experiments in a signed cookie. */
export interface StickyCookieOptions {
  /**
   * The secret that signs the cookie, of at least 32 characters. Of a list, the first signs and all are
   * accepted: to change the secret, put the new one in front, and remove the old one a year later.
   */
  secret: string | readonly string[];
  /**
   * The cookie's name. With the prefix `__Host-` or `__Secure-`, the cookie is always secure.
   * @default '__cwst'
   */
  name?: string;
  /** The time the browser keeps the cookie, in milliseconds, above 0. @default 365 days */
  maxAgeMs?: number;
  /** The rule by which browsers send the cookie from other sites. @default 'lax' */
  sameSite?: 'lax' | 'strict' | 'none';
  /** The beginning of the paths to which browsers send the cookie. @default '/' */
  path?: string;
  /** The domain to which, with its subdomains, browsers send the cookie. @default the request's host only */
  domain?: string;
  /** `true` restricts the cookie to HTTPS. @default `req.secure`; true if the options require it */
  secure?: boolean;
}

/** Keeps the variants of sticky experiments where the application wants, such as in its sessions. */
export interface StickyStoreOptions {
  /**
   * Returns the assignments of a request's participant, or a promise of them; nothing if there are none.
   * Called once for each request while an experiment is sticky, before the next handler runs. Anything
   * that does not fit the experiments is ignored.
   */
  read: (
    req: Request,
  ) =>
    | readonly StickyAssignment[]
    | null
    | undefined
    | Promise<readonly StickyAssignment[] | null | undefined>;
  /**
   * Keeps the assignments in place of the earlier ones. It gets the whole list, at most 1,000, once after
   * the response and only if something is new.
   */
  write: (req: Request, assignments: readonly StickyAssignment[]) => unknown;
  /**
   * The longest time that a request waits for `read`, and that `write` may take, in milliseconds, [1,
   * 86400000]. After a `read` that fails or is late, the request is decided without it, and nothing is
   * written. @default 1,000
   */
  timeoutMs?: number;
}

/** The sticky cookie, with its defaults filled in. */
export interface StickyCookieSettings {
  /** The first signs, all are accepted. */
  readonly secrets: readonly string[];
  readonly name: string;
  readonly maxAgeMs: number;
  readonly sameSite: 'lax' | 'strict' | 'none';
  readonly path: string;
  readonly domain: string | undefined;
  /** Undefined follows the request's protocol. */
  readonly secure: boolean | undefined;
}

/** The application's own place, with the defaults filled in. */
export interface StickyStoreSettings {
  readonly read: (req: Request) => unknown;
  readonly write: (req: Request, assignments: readonly StickyAssignment[]) => unknown;
  readonly timeoutMs: number;
}

/** The place where sticky assignments are kept. */
export type StickySettings = StickyCookieSettings | StickyStoreSettings;

const WHERE = 'evenhand({ sticky })';
const DEFAULT_NAME = '__cwst';
const DEFAULT_TIMEOUT_MS = 1000;
const DAY_MS = 86_400_000;

/** 32 characters of base64 have 192 bits. */
const MIN_SECRET_LENGTH = 32;

/** Each secret may cost a signature for each request. */
const MAX_SECRETS = 10;

const stickyChecks: OptionChecks = new Map([
  [
    'secret',
    {
      expected: `a text of at least ${MIN_SECRET_LENGTH} characters, or a list of 1 to ${MAX_SECRETS} of them`,
      accepts: (value) =>
        Array.isArray(value)
          ? value.length > 0 && value.length <= MAX_SECRETS && value.every(isSecret)
          : isSecret(value),
    },
  ],
  ...cookieChecks,
  ['read', checks.aFunction],
  ['write', checks.aFunction],
  ['timeoutMs', milliseconds(1)],
]);

function isSecret(value: unknown): boolean {
  return typeof value === 'string' && value.length >= MIN_SECRET_LENGTH;
}

/**
 * Checks the option `sticky` and fills in its defaults.
 *
 * @throws OptionError (`option`) for invalid options
 */
export function parseSticky(given: StickyCookieOptions | StickyStoreOptions): StickySettings {
  // The message of a check would show the value.
  if (Object.hasOwn(given, 'secret')) checkSecret(given);
  const options: Partial<StickyCookieOptions & StickyStoreOptions> = checkOptions(
    WHERE,
    given,
    stickyChecks,
  );
  const { secret, read, write, timeoutMs, ...cookie } = options;
  if (secret === undefined) {
    if (read === undefined || write === undefined) {
      throw new OptionError(`${WHERE}: set "secret" for a cookie, or both "read" and "write"`);
    }
    const [other] = Object.keys(cookie);
    if (other !== undefined) throw new OptionError(`${WHERE}: ${quote(other)} needs "secret"`);
    return { read, write, timeoutMs: timeoutMs ?? DEFAULT_TIMEOUT_MS };
  }
  const extra = ['read', 'write', 'timeoutMs'].find((name) => Object.hasOwn(options, name));
  if (extra !== undefined) {
    throw new OptionError(
      `${WHERE}: "secret" keeps the variants in a cookie, so ${quote(extra)} has no effect; remove one of the two`,
    );
  }
  const { name = DEFAULT_NAME, sameSite = 'lax', path = '/', domain, secure } = cookie;
  const checked = { name, sameSite, path, domain, secure, httpOnly: true };
  return {
    secrets: [secret].flat(),
    name,
    maxAgeMs: cookie.maxAgeMs ?? 365 * DAY_MS,
    sameSite,
    path,
    domain,
    secure: secureOf(WHERE, checked, DEFAULT_NAME),
  };
}

/** @throws OptionError (`option`) if another cookie has the name of the sticky cookie */
export function checkStickyName(name: string, others: readonly string[]): void {
  if (!others.includes(name)) return;
  throw new OptionError(
    `${WHERE}: another cookie of evenhand() is named ${quote(name)}; choose another "name"`,
  );
}

/** Checks the secret without showing it. */
function checkSecret(given: object): void {
  const value: unknown = Reflect.get(given, 'secret');
  const check = stickyChecks.get('secret');
  if (value === undefined || check === undefined || check.accepts(value)) return;
  throw new OptionError(
    `${WHERE}: option "secret" must be ${check.expected}; create one with: openssl rand -base64 32`,
  );
}
