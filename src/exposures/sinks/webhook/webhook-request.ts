import type ofNode from 'node:zlib';
import { promisify } from 'node:util';
import { loadPackage } from '../../../runtime/load-package.ts';
import { quote } from '../../../errors/show-value.ts';
import { thrownMessage } from '../../../errors/thrown.ts';
import { retryAfterMs } from '../../../retry/retry-after.ts';
import { SinkError } from '../sink-error.ts';
import type { WebhookSettings } from './webhook-options.ts';
import { idempotencyKey, signWebhook } from './webhook-signature.ts';

/** The smallest compressed body; smaller ones are not worth the time. */
const MIN_GZIP_BYTES = 1024;

/** The most bytes read of a response, so that its connection can be reused. */
const MAX_ANSWER_BYTES = 16 * 1024;

/** The longest time to read a response after its status has arrived, in milliseconds. */
const MAX_ANSWER_MS = 1000;

/** The statuses below 500 that are worth a retry: Timeout, Too Early, Too Many Requests. */
const PASSING: ReadonlySet<number> = new Set([408, 425, 429]);

/**
 * Posts one body.
 *
 * @throws SinkError if the server has not accepted the body; permanent for a status of 400 to 499
 *   other than 408, 425 and 429. If the signal is aborted, its reason.
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
    // Following a redirect would send records and secret headers to an address nobody has
    // configured.
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
      ? `no response within ${settings.timeoutMs} ms`
      : `the request failed: ${fetchFailure(cause)}`;
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

/** Returns the start of a response. */
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
    // The status has arrived, and only that decides.
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
      `${url}: the server answered ${status}, a redirect, which is not followed; configure the final URL`,
    );
  }
  return new SinkError(`${url}: the server answered ${status}${said}`, {
    permanent: status >= 400 && status < 500 && !PASSING.has(status),
    retryAfterMs: retryAfterMs(headers.get('retry-after'), headers.get('date'), Date.now()),
  });
}

/** Returns the cause of a failed `fetch()`, whose own message is only "fetch failed". */
function fetchFailure(thrown: unknown): string {
  const hasCause = typeof thrown === 'object' && thrown !== null && 'cause' in thrown;
  return thrownMessage(hasCause && thrown.cause !== undefined ? thrown.cause : thrown);
}
