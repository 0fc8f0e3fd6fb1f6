import type { CookieOptions, Request, Response } from 'express';
import { OptionError } from '../../errors/usage-errors.ts';
import type { OnceLogger } from '../../runtime/logger.ts';
import { nodeCrypto } from '../../runtime/node-crypto.ts';
import { needsHttps } from './cookie-names.ts';
import { canSign, readCookie, readSignedCookie } from './read-cookies.ts';
import { askOnce, type AskedOption, type Question, wasAsked } from '../ask-once.ts';
import { type Cookie, type CookieProblem, setCookie } from './set-cookie.ts';
import { type PromisedHeaders, showPromises } from '../response/promised-headers.ts';

/** The tracking cookie, with its defaults filled in; see `TrackingCookieOptions`. */
export interface TrackingCookieSettings {
  readonly name: string;
  readonly maxAgeMs: number;
  readonly httpOnly: boolean;
  readonly sameSite: 'lax' | 'strict' | 'none';
  readonly path: string;
  readonly domain: string | undefined;
  /** Undefined follows the request's protocol. */
  readonly secure: boolean | undefined;
  readonly signed: boolean;
  readonly when: 'needed' | 'always';
  readonly renew: boolean;
  /** Undefined if all visitors are recognised. */
  readonly consent: Question | undefined;
}

/** The tracking key of one request. */
interface TrackingKey {
  readonly value: string;
  /** True if the request had no cookie, or an empty one. */
  readonly fresh: boolean;
  /** True if the request's cookie is the key, false if the key was computed from it. */
  readonly verbatim: boolean;
  /** True once the cookie was set, or need not or could not be set any more. */
  sent: boolean;
}

/** A request with its tracking keys, by the cookie's name. */
type Tracked = Request & { [KEYS]?: Map<string, TrackingKey> };

/** Shared by all middlewares and copies of the package, so that a request has one key. */
const KEYS: unique symbol = Symbol.for('evenhand/tracking-keys');

/**
 * A text that is used as the tracking key as it is: characters that are harmless in headers, logs and
 * pages, and no more of them than a record should hold. Spreadsheets take a text with `=`, `+` or `@` in
 * front for a formula.
 */
const KEY = /^(?![=+@])[\w.!#$%()*+/:=?@[\]^{|}~-]{1,256}$/;

/** 128 bits, so that no two visitors get the same key. */
const KEY_BYTES = 16;

/** The end of the second cookie's name, after the name of the tracking cookie. */
const RECENT_SUFFIX = '_r';

/** The option that asks for consent. */
const CONSENT: AskedOption = {
  name: 'trackingCookie.consent',
  effect: 'the visitor counts as one without consent',
};

const DAY_MS = 86_400_000;

/** Browsers keep no cookie longer: RFC 6265bis, section 5.5. */
const LONGEST_LIFE_MS = 400 * DAY_MS;

/** The most keys whose renewal is remembered. */
const MAX_RENEWED = 1000;

/** Returns the name of the cookie that says that the tracking cookie was set or renewed recently. */
export function recentName(name: string): string {
  return name + RECENT_SUFFIX;
}

/**
 * Reads and sets the cookie that recognises a visitor who is not logged in.
 *
 * A request does not say how old its cookies are. So the tracking cookie is set together with a second
 * one that lives half as long: once that is missing, less than half of the key's life is left, and both
 * are set again with the same key.
 */
export class TrackingCookie {
  private readonly settings: TrackingCookieSettings;
  private readonly once: OnceLogger;
  /** The times of renewals, by key. */
  private readonly renewed = new Map<string, number>();

  constructor(settings: TrackingCookieSettings, once: OnceLogger) {
    this.settings = settings;
    this.once = once;
  }

  /** Returns true if the visitor has consented to the cookie, or if the application does not ask. */
  mayRecognise(req: Request): boolean {
    return this.settings.consent === undefined || this.consentOf(req) === true;
  }

  /** Returns true if the visitor has refused or withdrawn consent. */
  isRefused(req: Request): boolean {
    return this.consentOf(req) === false;
  }

  /**
   * Returns the tracking key of a request: the text of its cookie. A text with unusual characters, or
   * longer than 256, is replaced by 32 hexadecimal digits computed from it, so that its visitor keeps
   * one key. Without a cookie, returns a new key, which stays the same for the request.
   *
   * @returns undefined without the visitor's consent; the cookie is then not read
   * @throws OptionError (`option`) for a signed cookie without cookie-parser's secret
   */
  keyOf(req: Tracked): string | undefined {
    if (!this.mayRecognise(req)) return undefined;
    const keys = (req[KEYS] ??= new Map<string, TrackingKey>());
    let key = keys.get(this.settings.name);
    if (key === undefined) {
      key = identify(this.read(req));
      keys.set(this.settings.name, key);
    }
    return key.value;
  }

  /**
   * Returns the tracking key if a decision has read it already; null if it was withheld, and undefined
   * if nothing has read it. Asks the application nothing.
   */
  keySoFar(req: Tracked): string | null | undefined {
    const { name, consent } = this.settings;
    const withheld = consent !== undefined && wasAsked(req, consent) && !this.mayRecognise(req);
    return withheld ? null : req[KEYS]?.get(name)?.value;
  }

  /**
   * Sets the cookie if the key was read and is new or is to be renewed. If the visitor has refused
   * consent, expires the cookies that the request still has. Logs once if a new key can't be set, and
   * never throws.
   *
   * @param promised the headers that the response needs when it is sent
   */
  keep(req: Tracked, res: Response, promised: PromisedHeaders): void {
    const { name, consent } = this.settings;
    if (consent !== undefined) {
      // The application has provided the key itself.
      if (!wasAsked(req, consent)) return;
      if (!this.mayRecognise(req)) {
        this.expire(req, res, promised);
        return;
      }
    }
    const key = req[KEYS]?.get(name);
    if (key === undefined || key.sent) return;
    key.sent = true;
    if (!key.fresh && !(key.verbatim && this.isDue(req, key.value))) return;
    const [cookie, recent] = this.cookies(req, key.value);
    const problem = setCookie(req, res, promised, cookie);
    if (problem !== undefined) {
      if (key.fresh) this.warn(problem);
      return;
    }
    if (recent !== undefined) setCookie(req, res, promised, recent);
    if (needsHttps(name) && !req.secure) this.warnOfHttp(name);
    // A shared cache would give the key in this response to everyone.
    promised.private = 'always';
    showPromises(res, promised);
  }

  /**
   * Returns true if the visitor has a key, or the response sets one. Never throws: a cookie that can't
   * be read counts as missing.
   */
  isKept(req: Tracked): boolean {
    try {
      if (this.keyOf(req) === undefined) return false;
    } catch {
      return false;
    }
    const key = req[KEYS]?.get(this.settings.name);
    return key !== undefined && (!key.fresh || key.sent);
  }

  /** Returns the answer of the application; undefined if it has none, which also withholds the key. */
  private consentOf(req: Request): boolean | undefined {
    const { consent } = this.settings;
    return consent && askOnce(req, consent, CONSENT, this.once);
  }

  /**
   * Expires the cookies of a visitor who has refused or withdrawn consent. Scripts can't: the tracking
   * cookie is `HttpOnly`. Without a clear answer the cookies stay, because a failure of the application
   * must not cost its visitors their keys.
   */
  private expire(req: Request, res: Response, promised: PromisedHeaders): void {
    if (!this.isRefused(req)) return;
    const { name } = this.settings;
    const attributes = this.attributes(req);
    for (const one of [name, recentName(name)]) {
      if (readCookie(req, one) === undefined || promised.cookies?.has(one) === true) continue;
      const cookie = { name: one, value: '', options: { ...attributes, maxAge: 0 } };
      // A shared cache would expire the cookies of visitors who have consented.
      if (setCookie(req, res, promised, cookie) === undefined) promised.private = 'always';
    }
    showPromises(res, promised);
  }

  private read(req: Request): string | undefined {
    const { name, signed } = this.settings;
    if (!signed) return readCookie(req, name);
    if (canSign(req)) return readSignedCookie(req, name);
    throw new OptionError(
      'the option trackingCookie.signed needs cookie-parser with a secret, mounted before the first decision: app.use(cookieParser("a secret"))',
    );
  }

  private warn(problem: CookieProblem): void {
    const { name } = this.settings;
    this.once.warn(
      `tracking-cookie ${problem}`,
      problem === 'sent'
        ? `evenhand: an experiment by "anonymous" was decided after the response's headers were sent, so the cookie ${name} could not be set and the visitor will get a new key on the next request; call variant() before sending the response`
        : `evenhand: an experiment by "anonymous" was decided for a response that can't set cookies, so the cookie ${name} could not be set and the visitor will get a new key on the next request; decide the experiment in an earlier request, such as the request for the page`,
    );
  }

  /**
   * Returns true if less than half of the key's life is left. A proxy that drops the second cookie would
   * make each response a renewal, which no shared cache may store. So a process renews a key once a day
   * at most, as long as it remembers the key.
   */
  private isDue(req: Request, key: string): boolean {
    const { name, renew } = this.settings;
    if (!renew || readCookie(req, recentName(name)) !== undefined) return false;
    const now = Date.now();
    const last = this.renewed.get(key);
    if (last !== undefined && now - last < DAY_MS) return false;
    if (this.renewed.size >= MAX_RENEWED) this.renewed.clear();
    this.renewed.set(key, now);
    return true;
  }

  /** Returns the cookie for a key, and the second cookie if keys are renewed. */
  private cookies(req: Request, key: string): readonly [Cookie, Cookie?] {
    const { name, maxAgeMs, signed, renew } = this.settings;
    const attributes = this.attributes(req);
    // Express would encode the percent signs of a key that another service has set.
    const encoding = signed ? { signed } : { encode: String };
    const cookie = {
      name,
      value: key,
      options: { ...attributes, ...encoding, maxAge: maxAgeMs },
    };
    if (!renew) return [cookie];
    const maxAge = Math.min(maxAgeMs, LONGEST_LIFE_MS) / 2;
    return [cookie, { name: recentName(name), value: '1', options: { ...attributes, maxAge } }];
  }

  private attributes(req: Request): CookieOptions {
    const { httpOnly, sameSite, path, domain, secure = req.secure } = this.settings;
    return { httpOnly, sameSite, path, secure, ...(domain === undefined ? {} : { domain }) };
  }

  private warnOfHttp(name: string): void {
    this.once.warn(
      'tracking-cookie http',
      `evenhand: browsers accept the cookie ${name} over HTTPS only, but this request came over HTTP; use HTTPS or, if a proxy does, set Express's "trust proxy"`,
    );
  }
}

/** Returns the key of the visitor who sent a cookie with this text. */
function identify(text: string | undefined): TrackingKey {
  if (text === undefined || text === '') {
    const value = nodeCrypto().randomBytes(KEY_BYTES).toString('hex');
    return { value, fresh: true, verbatim: false, sent: false };
  }
  if (KEY.test(text)) return { value: text, fresh: false, verbatim: true, sent: false };
  const digest = nodeCrypto().createHash('sha256').update(text).digest('hex');
  return { value: digest.slice(0, 2 * KEY_BYTES), fresh: false, verbatim: false, sent: false };
}
