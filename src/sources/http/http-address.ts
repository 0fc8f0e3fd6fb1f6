import { SourceError } from '../../errors/store-errors.ts';
import { OptionError } from '../../errors/usage-errors.ts';

/** Headers to send, or a function that returns them for each request, for example with a fresh token. */
export type HttpHeaders =
  | Readonly<Record<string, string>>
  | (() => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>);

/** A parsed address. */
export interface HttpAddress {
  /** Without user and password. */
  readonly url: URL;
  /** The address for messages, without its query, which may hold secrets. */
  readonly shown: string;
  /** The `Authorization` header for the user and password in the address; undefined without them. */
  readonly authorization: string | undefined;
}

/**
 * Parses an address.
 *
 * @param where the function it was passed to, for messages
 * @param base the base of a relative address
 * @throws OptionError (`option`) if it is not an address of a web server; the message does not contain it
 */
export function parseAddress(where: string, given: string | URL, base?: URL): HttpAddress {
  let url: URL;
  try {
    url = new URL(given, base);
  } catch {
    throw new OptionError(
      `${where} takes an address such as "https://example.com/experiments.json"`,
    );
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new OptionError(
      `${where} takes an address that begins with http: or https:, not ${url.protocol}`,
    );
  }
  const { username, password } = url;
  url.username = '';
  url.password = '';
  url.hash = '';
  return {
    url,
    shown: showUrl(url),
    authorization: username === '' && password === '' ? undefined : basic(username, password),
  };
}

/** Returns an address for messages, without its query. */
export function showUrl(url: URL): string {
  return `${url.origin}${url.pathname}`;
}

/** Returns the value of a basic `Authorization` header (RFC 7617). */
function basic(username: string, password: string): string {
  const credentials = `${decode(username)}:${decode(password)}`;
  return `Basic ${Buffer.from(credentials).toString('base64')}`;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/**
 * Converts headers to the form that `fetch` takes.
 *
 * @throws SourceError (`source`) for an invalid name or value; the message does not contain the value
 */
export function toHeaders(given: Readonly<Record<string, string>>): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(given)) {
    try {
      headers.set(name, value);
    } catch {
      throw new SourceError(
        `the header ${JSON.stringify(name)} can't be sent: its name or value contains characters that headers can't contain`,
      );
    }
  }
  return headers;
}
