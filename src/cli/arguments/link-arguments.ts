import { quote } from '../../errors/show-value.ts';
import { OptionError } from '../../errors/usage-errors.ts';
import { MIN_SECRET_BYTES } from '../../toolbar/share/limits.ts';
import { SHARE_PARAMETER } from '../../toolbar/share/share-link.ts';
import { isLoopbackHost } from '../../web/loopback.ts';
import { hostIn } from '../../web/public-address.ts';
import type { Host } from '../host/host.ts';

const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * Returns the secret in an environment variable. No message shows it.
 *
 * @param variable the name of the variable
 * @throws OptionError (`option`) if the variable is not set or the secret is too short
 */
export function secretArgument({ env }: Host, variable: string): string {
  // Someone may pass the secret itself, which the message must not show.
  if (!VARIABLE.test(variable) || variable.length >= MIN_SECRET_BYTES) {
    throw new OptionError(
      '--secret-env takes the name of an environment variable, such as EVENHAND_SHARE_SECRET, not the secret itself',
    );
  }
  const secret = env[variable];
  if (secret === undefined || secret === '') {
    throw new OptionError(
      `the environment variable ${variable} is not set; set it to the secret of toolbar({ share }), or name another one with --secret-env`,
    );
  }
  if (Buffer.byteLength(secret) < MIN_SECRET_BYTES) {
    throw new OptionError(
      `the secret in ${variable} is shorter than ${MIN_SECRET_BYTES} bytes; create one with: openssl rand -base64 32`,
    );
  }
  return secret;
}

/**
 * Reads the host of a site: `shop.example`, `localhost:3000`, or `http://shop.test` with the scheme. Without
 * a scheme, this machine has `http:` and other hosts have `https:`.
 *
 * @throws OptionError (`option`) for anything else
 */
export function siteArgument(option: string, text: string): URL {
  const [, scheme = '', rest = ''] = /^(?:(https?):\/\/)?([^/?#@\\\s]+)\/?$/i.exec(text) ?? [];
  const start = scheme === '' ? (isLoopbackHost(rest) ? 'http' : 'https') : scheme;
  const address = `${start}://${rest}`;
  if (rest !== '' && URL.canParse(address)) {
    const url = new URL(address);
    // The address of a host in other letters has its ASCII form, as requests have it.
    if (hostIn(url.host) === url.host) return url;
  }
  throw new OptionError(
    `${option} takes a host such as shop.example or localhost:3000, not ${quote(text)}`,
  );
}

/**
 * Reads the path of a page of a site, with or without a query.
 *
 * @throws OptionError (`option`) for anything else, and for a path with another token
 */
export function pageArgument(option: string, text: string, site: URL): URL {
  const isPath = text.startsWith('/') && URL.canParse(text, site.origin);
  const page = isPath ? new URL(text, site.origin) : undefined;
  // `//evil.example` is another host.
  if (page === undefined || page.origin !== site.origin) {
    throw new OptionError(`${option} takes a path such as /checkout, not ${quote(text)}`);
  }
  if (page.searchParams.has(SHARE_PARAMETER)) {
    throw new OptionError(`${option} has the parameter ${SHARE_PARAMETER} already; remove it`);
  }
  return page;
}
