import type { Request, Response } from 'express';
import { OptionError } from '../../errors/usage-errors.ts';
import type { OnceLogger } from '../../runtime/logger.ts';
import { nodeCrypto } from '../../runtime/node-crypto.ts';
import { canSign, readCookie, readSignedCookie } from './read-cookies.ts';
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
}

/** The tracking key of one request. */
interface TrackingKey {
  readonly value: string;
  /** True if the request had no valid key. */
  readonly fresh: boolean;
  /** True once the cookie was set, or could not be set any more. */
  sent: boolean;
}

/** A request with its tracking keys, by the cookie's name. */
type Tracked = Request & { [KEYS]?: Map<string, TrackingKey> };

/** Shared by all middlewares and copies of the package, so that a request has one key. */
const KEYS: unique symbol = Symbol.for('evenhand/tracking-keys');

/** A valid tracking key: characters that are harmless in headers, logs and pages. */
const KEY = /^[A-Za-z0-9_-]{1,128}$/;

/** 128 bits, so that no two visitors get the same key. */
const KEY_BYTES = 16;

/** Reads and sets the cookie that recognises a visitor who is not logged in. */
export class TrackingCookie {
  private readonly settings: TrackingCookieSettings;
  private readonly once: OnceLogger;

  constructor(settings: TrackingCookieSettings, once: OnceLogger) {
    this.settings = settings;
    this.once = once;
  }

  /**
   * Returns the tracking key of a request: the key in its cookie, otherwise a new key of 32 hexadecimal
   * digits, which stays the same for the request.
   *
   * @throws OptionError (`option`) for a signed cookie without cookie-parser's secret
   */
  keyOf(req: Tracked): string {
    const keys = (req[KEYS] ??= new Map<string, TrackingKey>());
    let key = keys.get(this.settings.name);
    if (key === undefined) {
      const brought = this.read(req);
      const valid = brought !== undefined && KEY.test(brought);
      key = {
        value: valid ? brought : newKey(),
        fresh: !valid,
        sent: false,
      };
      keys.set(this.settings.name, key);
    }
    return key.value;
  }

  /**
   * Sets the cookie if the key was read and is new. Logs once if that is not possible, and never throws.
   *
   * @param promised the headers that the response needs when it is sent
   */
  keep(req: Tracked, res: Response, promised: PromisedHeaders): void {
    const { name } = this.settings;
    const key = req[KEYS]?.get(name);
    if (key === undefined || !key.fresh || key.sent) return;
    key.sent = true;
    const options = this.attributes(req);
    const problem = setCookie(req, res, promised, { name, value: key.value, options });
    if (problem !== undefined) {
      this.warn(problem);
      return;
    }
    // A shared cache would give the key in this response to everyone.
    promised.private = 'always';
    showPromises(res, promised);
  }

  /**
   * Returns true if the visitor has a valid key, or the response sets one. Never throws: a cookie that
   * can't be read counts as missing.
   */
  isKept(req: Tracked): boolean {
    try {
      this.keyOf(req);
    } catch {
      return false;
    }
    const key = req[KEYS]?.get(this.settings.name);
    return key !== undefined && (!key.fresh || key.sent);
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
        : `evenhand: an experiment by "anonymous" was decided for a response that can't set cookies, so the cookie ${name} could not be set and the visitor will get a new key on the next request; decide the experiment in an earlier request, such as that of the page`,
    );
  }

  private attributes(req: Request): Cookie['options'] {
    const { maxAgeMs, httpOnly, sameSite, path, domain, secure, signed } = this.settings;
    return {
      maxAge: maxAgeMs,
      httpOnly,
      sameSite,
      path,
      secure: secure ?? req.secure,
      signed,
      ...(domain === undefined ? {} : { domain }),
    };
  }
}

function newKey(): string {
  return nodeCrypto().randomBytes(KEY_BYTES).toString('hex');
}
