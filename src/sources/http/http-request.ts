import { SourceError } from '../../errors/store-errors.ts';
import { thrownMessage } from '../../errors/thrown.ts';
import { type HttpAddress, type HttpHeaders, showUrl, toHeaders } from './http-address.ts';

/** More redirects than that lead nowhere. */
const MAX_REDIRECTS = 5;

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** What is asked for. */
export interface HttpRequest {
  readonly address: HttpAddress;
  /** The application's headers: for the address's own server only. */
  readonly headers: HttpHeaders;
  /** Ours, without secrets; sent wherever it leads. */
  readonly ownHeaders: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/**
 * Sends a GET request and follows redirects: to another server without the application's headers, and
 * never from https to http.
 *
 * Rejects with SourceError (`source`) where there is no answer.
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
    throw new SourceError(`${shown}: no answer: ${reasonOf(error)}`, { cause: error });
  }
}

/**
 * Where an answer redirects to.
 *
 * @param from the address that was asked
 * @param shown for messages: the address that it began with
 * @throws SourceError (`source`) where that is no place to go
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

/** What went wrong; `fetch` says it in the cause. */
export function reasonOf(error: unknown): string {
  const cause =
    typeof error === 'object' && error !== null && 'cause' in error ? error.cause : undefined;
  return thrownMessage(cause ?? error);
}
