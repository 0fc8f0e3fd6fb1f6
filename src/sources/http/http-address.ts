import { SourceError } from '../../errors/store-errors.ts';
import { OptionError } from '../../errors/usage-errors.ts';

/** Headers to send, or what gives them for each request, as where a token is renewed. */
export type HttpHeaders =
  | Readonly<Record<string, string>>
  | (() => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>);

/** Where something is loaded from. */
export interface HttpAddress {
  /** Without user and password. */
  readonly url: URL;
  /** For messages: without anything that may be a secret, as is what follows a question mark. */
  readonly shown: string;
  /** The header of the user and password that were in the address; undefined where none were. */
  readonly authorization: string | undefined;
}

/**
 * Reads an address.
 *
 * @param where what it was given to, for messages
 * @param base what a relative address starts from
 * @throws OptionError (`option`) where it is no address of a web server; the message does not show it
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

/** An address for messages. */
export function showUrl(url: URL): string {
  return `${url.origin}${url.pathname}`;
}

/** RFC 7617. */
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
 * Headers that can be sent.
 *
 * @throws SourceError (`source`) for a name or value that can't be; values are not shown
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
