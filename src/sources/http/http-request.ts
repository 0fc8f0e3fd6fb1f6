import { SourceError } from '../../errors/store-errors.ts';
import { thrownMessage, thrownProperty } from '../../errors/thrown.ts';
import { type HttpAddress, type HttpHeaders, showUrl, toHeaders } from './http-address.ts';

/** The most redirects that are followed. */
const MAX_REDIRECTS = 5;

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** The argument of {@link getHttp}. */
export interface HttpRequest {
  readonly address: HttpAddress;
  /** The application's headers; sent only to the server of the address. */
  readonly headers: HttpHeaders;
  /** Evenhand's headers, without secrets; also sent to redirect targets. */
  readonly ownHeaders: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/**
 * Sends a GET request and follows redirects: to other servers without the application's headers, and
 * never from https to http.
 *
 * Rejects with SourceError (`source`) if no response arrives.
 */
export async function getHttp(request: HttpRequest): Promise<Response> {
  const { address, headers, ownHeaders, signal } = request;
  const { shown } = address;
  const given = toHeaders(typeof headers === 'function' ? await headers() : headers);
  if (address.authorization !== undefined && !given.has('authorization')) {
    given.set('authorization', address.authorization);
  }
  let { url } = address;
  let trusted = true;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const sent = new Headers(ownHeaders);
    if (trusted) for (const [name, value] of given) sent.set(name, value);
    const response = await send(url, sent, signal, shown);
    if (!REDIRECTS.has(response.status)) return response;
    await response.body?.cancel();
    const next = redirectTarget(response, url, shown);
    trusted &&= next.origin === url.origin;
    url = next;
  }
  throw new SourceError(`${shown}: redirected more than ${MAX_REDIRECTS} times`);
}

async function send(
  url: URL,
  headers: Headers,
  signal: AbortSignal,
  shown: string,
): Promise<Response> {
  try {
    return await fetch(url, { headers, signal, redirect: 'manual' });
  } catch (error) {
    throw new SourceError(`${shown}: no answer: ${fetchFailure(error)}`, { cause: error });
  }
}

/**
 * Returns the target of a redirect.
 *
 * @param from the address of the redirecting response
 * @param shown the first address, for messages
 * @throws SourceError (`source`) if the target is invalid or less secure
 */
export function redirectTarget(response: Response, from: URL, shown: string): URL {
  const location = response.headers.get('location') ?? '';
  let target: URL;
  try {
    target = new URL(location, from);
  } catch {
    throw new SourceError(`${shown}: redirected to an invalid address`);
  }
  const isWeb = target.protocol === 'https:' || target.protocol === 'http:';
  if (!isWeb || (from.protocol === 'https:' && target.protocol === 'http:')) {
    throw new SourceError(
      `${shown}: redirected to ${isWeb ? showUrl(target) : target.protocol}, which is less secure; use that address directly if you trust it`,
    );
  }
  // Credentials come from the application, not from a server.
  target.username = '';
  target.password = '';
  return target;
}

/** Returns the reason of a failed request, which `fetch` puts into the cause. */
export function fetchFailure(error: unknown): string {
  return thrownMessage(thrownProperty(error, 'cause') ?? error);
}
