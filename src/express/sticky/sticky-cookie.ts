import type { CookieOptions, Request, Response } from 'express';
import type { ExperimentTable } from '../../assignment/experiment.ts';
import type { DecisionCounts } from '../../assignment/policy.ts';
import { StickyBook } from '../../assignment/special/sticky-book.ts';
import type { StickyEntry } from '../../assignment/special/sticky-entry.ts';
import type { OnceLogger } from '../../runtime/logger.ts';
import { needsHttps } from '../cookies/cookie-names.ts';
import { readCookie } from '../cookies/read-cookies.ts';
import { cookieLength, type CookieProblem, replaceCookie } from '../cookies/set-cookie.ts';
import { type PromisedHeaders, showPromises } from '../response/promised-headers.ts';
import { type CodedEntry, formatContent, parseContent } from './cookie-format.ts';
import { CookieKeys, SIGNING_LENGTH } from './cookie-keys.ts';
import { codesOf } from './experiment-codes.ts';
import type { StickyCookieSettings } from './sticky-options.ts';

/** The longest cookie that all browsers keep, with its attributes. */
const MAX_LENGTH = 4096;

const DAY_MS = 86_400_000;

/** Browsers keep no cookie longer: RFC 6265bis, section 5.5. */
const LONGEST_LIFE_DAYS = 400;

/** Reads and sets the signed cookie that keeps the variants of sticky experiments. */
export class StickyCookie {
  private readonly settings: StickyCookieSettings;
  private readonly keys: CookieKeys;
  private readonly once: OnceLogger;
  private readonly counts: DecisionCounts;
  private readonly lifeDays: number;

  constructor(settings: StickyCookieSettings, once: OnceLogger, counts: DecisionCounts) {
    this.settings = settings;
    this.keys = new CookieKeys(settings.secrets, settings.name);
    this.once = once;
    this.counts = counts;
    this.lifeDays = Math.min(Math.ceil(settings.maxAgeMs / DAY_MS), LONGEST_LIFE_DAYS);
  }

  /**
   * Returns the assignments in a request's cookie that fit the experiments. A cookie that is forged,
   * damaged, too long or too old is counted and ignored. Never throws.
   */
  read(req: Request, experiments: ExperimentTable): StickyBook {
    const units = this.keys.unitCodes();
    const text = this.textOf(req);
    if (text === undefined || text === '') return new StickyBook([], units);
    const verified = text.length > MAX_LENGTH ? undefined : this.keys.verify(text);
    const content = verified && parseContent(verified.content);
    const age = content === undefined ? Number.NaN : today() - content.day;
    if (verified === undefined || content === undefined || age > this.lifeDays) {
      this.counts.refusedStickyCookies++;
      return new StickyBook([], units);
    }
    const entries = content.entries.flatMap((entry) => this.decode(entry, experiments) ?? []);
    const isDue = !verified.isCurrent || age > this.lifeDays / 2;
    return new StickyBook(entries, units, isDue);
  }

  /**
   * Sets the cookie. Assignments that don't fit are dropped, the oldest first, with one warning for each
   * set of experiments. Never throws.
   *
   * @param promised the headers that the response needs when it is sent
   */
  save(
    req: Request,
    res: Response,
    promised: PromisedHeaders,
    book: StickyBook,
    experiments: ExperimentTable,
  ): void {
    book.changed = false;
    const { name, maxAgeMs } = this.settings;
    const options = { ...this.attributes(req), maxAge: maxAgeMs };
    const length = cookieLength(req, { name, value: '', options });
    const codes = codesOf(experiments);
    const entries = book.entries.flatMap((entry): CodedEntry[] => {
      const coded = codes.encode(entry);
      return coded === undefined
        ? []
        : [{ experiment: coded[0], variant: coded[1], units: entry.units }];
    });
    const room = MAX_LENGTH - length - SIGNING_LENGTH;
    const { text, dropped } = formatContent({ day: today(), entries }, room);
    if (dropped > 0) this.drop(book, dropped, codes.fingerprint);
    const problem = replaceCookie(req, res, promised, {
      name,
      value: this.keys.sign(text),
      options,
    });
    if (problem !== undefined) {
      this.warn(problem);
      return;
    }
    if (needsHttps(name) && !isSecure(req)) this.warnOfHttp(name);
    // A shared cache would give this visitor's variants to everyone.
    promised.private = 'always';
    showPromises(res, promised);
  }

  /** Expires the cookie of a visitor who has refused or withdrawn consent. Never throws. */
  expire(req: Request, res: Response, promised: PromisedHeaders): void {
    const { name } = this.settings;
    if (this.textOf(req) === undefined) return;
    const cookie = { name, value: '', options: { ...this.attributes(req), maxAge: 0 } };
    if (replaceCookie(req, res, promised, cookie) !== undefined) return;
    promised.private = 'always';
    showPromises(res, promised);
  }

  private textOf(req: Request): string | undefined {
    try {
      return readCookie(req, this.settings.name);
    } catch {
      // The request of a mock, or `req.cookies` of the application that throws.
      return undefined;
    }
  }

  private decode(
    { experiment, variant, units }: CodedEntry,
    experiments: ExperimentTable,
  ): StickyEntry | undefined {
    // Without the code of an identity, the entry would belong to more participants.
    for (const code of units.values()) if (!this.keys.knows(code)) return undefined;
    const decoded = codesOf(experiments).decode(experiment, variant);
    return decoded && { ...decoded, units: new Map(units) };
  }

  private drop(book: StickyBook, count: number, fingerprint: string): void {
    book.dropOldest(count);
    this.once.warn(
      `sticky-cookie full ${fingerprint}`,
      `evenhand: the cookie ${this.settings.name} has no room for all sticky assignments of a visitor, so the oldest are dropped; end sticky experiments that are over, or keep assignments with sticky: { read, write }`,
    );
  }

  private warn(problem: CookieProblem): void {
    const { name } = this.settings;
    this.once.warn(
      `sticky-cookie ${problem}`,
      problem === 'sent'
        ? `evenhand: a sticky experiment was decided after the response's headers were sent, so the cookie ${name} could not be set and the variant is not kept; call variant() before sending the response`
        : `evenhand: a sticky experiment was decided for a response that can't set cookies, so the cookie ${name} could not be set and the variant is not kept; decide the experiment in an earlier request, such as the request for the page`,
    );
  }

  private warnOfHttp(name: string): void {
    this.once.warn(
      'sticky-cookie http',
      `evenhand: browsers accept the cookie ${name} over HTTPS only, but this request came over HTTP; use HTTPS or, if a proxy does, set Express's "trust proxy"`,
    );
  }

  private attributes(req: Request): CookieOptions {
    const { sameSite, path, domain, secure = isSecure(req) } = this.settings;
    const rest = domain === undefined ? {} : { domain };
    return { httpOnly: true, sameSite, path, secure, ...rest };
  }
}

function today(): number {
  return Math.floor(Date.now() / DAY_MS);
}

/** Reading `req.secure` calls the application's "trust proxy" function, which may throw. */
function isSecure(req: Request): boolean {
  try {
    return req.secure;
  } catch {
    return false;
  }
}
