import { OptionError } from '../../errors/usage-errors.ts';
import { checks, oneOf, type OptionCheck, type OptionChecks } from '../../options/check-options.ts';
import { needsHttps, prefixProblem } from './cookie-names.ts';

/** The options of a cookie that browsers check together, as given. */
export interface GivenCookie {
  readonly name: string;
  readonly sameSite: 'lax' | 'strict' | 'none';
  readonly path: string;
  readonly domain: string | undefined;
  readonly secure: boolean | undefined;
  readonly httpOnly: boolean;
}

const DAY_MS = 86_400_000;

/** A header or cookie name: the `token` of RFC 9110, section 5.6.2. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/**
 * RFC 6265, section 4.1.1: printable characters except `;`, and `<`, which the package "cookie"
 * rejects.
 */
const PATH = /^\/[ -:=-~]*$/;
/** RFC 1034, section 3.5: labels of 1 to 63 characters that neither begin nor end with a hyphen. */
const DOMAIN =
  /^\.?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/i;

/** Accepts the name of a header. */
export const aToken: OptionCheck = {
  expected: 'a name of letters, digits and -_.',
  accepts: (value) => typeof value === 'string' && TOKEN.test(value),
};

/** Accepts the name of a cookie. */
export const aCookieName: OptionCheck = {
  expected: aToken.expected,
  // cookie-parser loses a cookie of this name.
  accepts: (value) => aToken.accepts(value) && value !== '__proto__',
};

/** The options that cookies of Evenhand have in common. */
export const cookieChecks: OptionChecks = new Map([
  ['name', aCookieName],
  [
    'maxAgeMs',
    {
      // Past this, Date can't hold when it ends.
      expected: 'a number of milliseconds above 0, at most 100 years',
      accepts: (value) => typeof value === 'number' && value > 0 && value <= 36_525 * DAY_MS,
    },
  ],
  ['sameSite', oneOf('lax', 'strict', 'none')],
  [
    'path',
    {
      expected: 'a path that begins with /',
      accepts: (value) => typeof value === 'string' && PATH.test(value),
    },
  ],
  [
    'domain',
    {
      expected: 'a domain name',
      accepts: (value) => typeof value === 'string' && DOMAIN.test(value),
    },
  ],
  ['secure', checks.aBoolean],
]);

/**
 * Returns the attribute `Secure` of a cookie; undefined follows the request's protocol.
 *
 * @param where the option, for messages
 * @throws OptionError (`option`) for options with which browsers refuse the cookie
 */
export function secureOf(
  where: string,
  given: GivenCookie,
  defaultName: string,
): true | undefined | false {
  const { name, sameSite, secure } = given;
  if (sameSite === 'none' && secure === false) {
    throw new OptionError(
      `${where}: browsers refuse a cookie with sameSite "none" that is not secure; leave "secure" out or set it to true`,
    );
  }
  const hasPrefix = name !== defaultName && needsHttps(name);
  const problem = hasPrefix && prefixProblem(given);
  if (typeof problem === 'string') throw new OptionError(`${where}: ${problem}`);
  return secure ?? (sameSite === 'none' || hasPrefix ? true : undefined);
}
