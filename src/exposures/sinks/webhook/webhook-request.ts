import type ofNode from 'node:zlib';
import { promisify } from 'node:util';
import { loadPackage } from '../../../runtime/load-package.ts';
import { quote } from '../../../errors/show-value.ts';
import { thrownMessage } from '../../../errors/thrown.ts';
import { retryAfterMs } from '../../../retry/retry-after.ts';
import { SinkError } from '../sink-error.ts';
import type { WebhookSettings } from './webhook-options.ts';
import { idempotencyKey, signWebhook } from './webhook-signature.ts';

/** Smaller bodies are not worth the time. */
const MIN_GZIP_BYTES = 1024;

/** So much of an answer is read, so that its connection can be used again; the rest is cut off. */
const MAX_ANSWER_BYTES = 16 * 1024;

/** So long is waited for the rest of an answer whose status is known, in ms. */
const MAX_ANSWER_MS = 1000;

/** Statuses below 500 of which the next try may be better: Timeout, Too Early, Too Many Requests. */
const PASSING: ReadonlySet<number> = new Set([408, 425, 429]);

/**
 * Posts one body.
 *
 * @throws SinkError where the server has not taken it: permanent for a status of 400 to 499 other than
 *   408, 425 and 429; the signal's reason where it is aborted
 */
export async function postBody(
  body: string,
  settings: WebhookSettings,
  signal: AbortSignal,
): Promise<void> {
  const request = {
    method: 'POST',
    headers: headersOf(body, settings),
    body: await compressed(body, settings),
    // Followed, the records and the headers would go to an address that nobody has configured.
    redirect: 'manual',
  } as const;
  if (typeof request.body !== 'string') request.headers.set('content-encoding', 'gzip');
  const timeout = AbortSignal.timeout(settings.timeoutMs);
  let response: Response;
  try {
    response = await fetch(settings.url, {
      ...request,
      signal: AbortSignal.any([signal, timeout]),
    });
  } catch (cause) {
    signal.throwIfAborted();
    const reason = timeout.aborted
      ? `no answer within ${settings.timeoutMs} ms`
      : `no connection: ${reasonOf(cause)}`;
    throw new SinkError(`${settings.shownUrl}: ${reason}`, { cause });
  }
  const answer = await readAnswer(response, signal);
  if (!response.ok) throw failureOf(response, answer, settings.shownUrl);
}

function headersOf(body: string, { headers: given, secret }: WebhookSettings): Headers {
  const headers = new Headers(given);
  const key = idempotencyKey(body);
  headers.set('content-type', 'application/json');
  headers.set('idempotency-key', key);
  if (secret === undefined) return headers;
  const signature = signWebhook(key, body, secret, Date.now());
  for (const [name, value] of Object.entries<string>({ ...signature })) headers.set(name, value);
  return headers;
}

async function compressed(body: string, { gzip }: WebhookSettings): Promise<string | Uint8Array> {
  if (!gzip || body.length < MIN_GZIP_BYTES) return body;
  return new Uint8Array(await promisify((loadPackage('node:zlib') as typeof ofNode).gzip)(body));
}

/** The beginning of an answer. */
async function readAnswer({ body }: Response, signal: AbortSignal): Promise<string> {
  if (body === null) return '';
  const reader = body.getReader();
  const cancel = (): void => {
    reader.cancel().catch(() => {});
  };
  const end = AbortSignal.any([signal, AbortSignal.timeout(MAX_ANSWER_MS)]);
  end.addEventListener('abort', cancel, { once: true });
  const chunks: Uint8Array[] = [];
  try {
    for (let length = 0; length <= MAX_ANSWER_BYTES;) {
      const { done, value } = await reader.read();
      if (done) break;
      chunks.push(value as Uint8Array);
      length += chunks.at(-1)?.length ?? 0;
    }
  } catch {
    // The status has been told, and that is what counts.
  } finally {
    end.removeEventListener('abort', cancel);
    cancel();
  }
  return Buffer.concat(chunks).toString();
}

function failureOf(response: Response, answer: string, url: string): SinkError {
  const { status, headers } = response;
  const said = answer === '' ? '' : ` ${quote(answer)}`;
  if (status >= 300 && status < 400) {
    return new SinkError(
      `${url}: the server answered ${status}; redirects are not followed, give the address it leads to`,
    );
  }
  return new SinkError(`${url}: the server answered ${status}${said}`, {
    permanent: status >= 400 && status < 500 && !PASSING.has(status),
    retryAfterMs: retryAfterMs(headers.get('retry-after'), headers.get('date'), Date.now()),
  });
}

/** `fetch()` says "fetch failed" and has the reason as its cause. */
function reasonOf(thrown: unknown): string {
  const hasCause = typeof thrown === 'object' && thrown !== null && 'cause' in thrown;
  return thrownMessage(hasCause && thrown.cause !== undefined ? thrown.cause : thrown);
}
