import { quote } from '../../errors/show-value.ts';

/** The options of a cookie that browsers check if its name has a prefix. */
interface CheckedOptions {
  readonly name: string;
  readonly path: string;
  readonly domain: string | undefined;
  readonly secure: boolean | undefined;
  readonly httpOnly: boolean;
}

// Browsers compare prefixes without regard to case: RFC 6265bis, section 5.6.
const HTTPS_PREFIX = /^__(?:host|secure|http)-/i;
const HOST_PREFIX = /^__host-/i;
const HTTP_PREFIX = /^__(?:host-)?http-/i;

/** Returns true if browsers accept a cookie of this name over HTTPS only, with the attribute `Secure`. */
export function needsHttps(name: string): boolean {
  return HTTPS_PREFIX.test(name);
}

/**
 * Returns the reason why browsers would refuse a cookie because of its name's prefix, and the remedy.
 *
 * @returns undefined if they accept it
 */
export function prefixProblem(options: CheckedOptions): string | undefined {
  const { name, path, domain, secure, httpOnly } = options;
  const refused = (reason: string) => `browsers refuse a cookie named ${quote(name)} ${reason}`;
  if (needsHttps(name) && secure === false) {
    return refused('that is not secure; leave "secure" out or set it to true');
  }
  if (HOST_PREFIX.test(name) && domain !== undefined) {
    return refused('that has a domain; leave "domain" out or choose the prefix "__Secure-"');
  }
  if (HOST_PREFIX.test(name) && path !== '/') {
    return refused('with another path than "/"; leave "path" out or choose the prefix "__Secure-"');
  }
  if (HTTP_PREFIX.test(name) && !httpOnly) {
    return refused('that scripts can read; leave "httpOnly" out or set it to true');
  }
  return undefined;
}

/** Cookies of other packages and services, by a pattern of their names. */
const OWNERS: readonly (readonly [RegExp, string])[] = [
  [/^_(?:ga|gid|gat|gac|gcl)(?:_|$)|^__utm[a-z]$/, 'Google Analytics'],
  [/^_fb[pc]$/, 'Meta'],
  [/^ajs_/, 'Segment'],
  [/^(?:amplitude_|AMP_)/, 'Amplitude'],
  [/^mp_.*_mixpanel$/, 'Mixpanel'],
  [/^ph_.*_posthog$/, 'PostHog'],
  [/^optimizely/i, 'Optimizely'],
  [/^_vwo_/, 'VWO'],
  [/^intercom-/, 'Intercom'],
  [/^__stripe_/, 'Stripe'],
  [/^(?:__cf|cf_)/, 'Cloudflare'],
  [/^AWS(?:ALB|ELB)/, 'AWS load balancers'],
  [/^connect\.sid$/, 'express-session'],
  [/^(?:session|express:sess)(?:\.sig)?$/, 'cookie-session'],
  [/^koa[.:]sess(?:\.sig)?$/, 'koa-session'],
  [/^(?:__host-|__secure-)?(?:next-auth|authjs)\./i, 'Auth.js'],
  [/^(?:_csrf|csrf-token|XSRF-TOKEN|__Host-psifi\.x-csrf-token)$/, 'CSRF protection'],
  [/^(?:sessionid|csrftoken|django_language)$/, 'Django'],
  [/^(?:PHPSESSID|laravel_session)$/, 'PHP'],
  [/^JSESSIONID$/, 'Java servers'],
  [/^(?:ASP\.NET_|\.AspNetCore\.)/, 'ASP.NET'],
  [/^i18next(?:lng)?$/i, 'i18next'],
  [/^NEXT_LOCALE$/, 'Next.js'],
];

/** Returns the package or service that has a cookie of this name; undefined if none is known. */
export function cookieOwner(name: string): string | undefined {
  return OWNERS.find(([pattern]) => pattern.test(name))?.[1];
}
