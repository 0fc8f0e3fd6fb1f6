import { OptionError } from '../../../errors/usage-errors.ts';
import { nodeCrypto } from '../../../runtime/node-crypto.ts';

/** What Standard Webhooks writes before a secret in Base64. */
const SECRET_PREFIX = 'whsec_';

/** Fewer bytes could be guessed. */
const MIN_SECRET_BYTES = 16;

/** Of the one version there is: HMAC-SHA-256. */
const VERSION_PREFIX = 'v1,';

/** A request that can't be as old, or as new, is refused; in ms. What Standard Webhooks recommends. */
const DEFAULT_TOLERANCE_MS = 5 * 60 * 1000;

/** Signatures beyond these are not looked at: whoever asks may be hostile. */
const MAX_SIGNATURES = 10;

/** Bytes of the hash in the Idempotency-Key. */
const KEY_HEX_DIGITS = 32;

/** The headers of a request that tell who sent it; names in lower case. */
export interface SignatureHeaders {
  readonly 'webhook-id': string;
  readonly 'webhook-timestamp': string;
  readonly 'webhook-signature': string;
}

/** What a webhook was received with: `req.headers` of Node and Express. */
export type ReceivedHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Options of {@link verifyWebhook}. */
export interface VerifyWebhookOptions {
  /**
   * How far the time of signing may lie from now, in ms: what was overheard can't be sent again later.
   *
   * @default 300000, five minutes
   */
  toleranceMs?: number;
  /**
   * The time now, in ms since 1970.
   *
   * @default Date.now()
   */
  now?: number;
}

/** A key that is the same for the same body: 32 hexadecimal digits of its SHA-256. */
export function idempotencyKey(body: string): string {
  return nodeCrypto().createHash('sha256').update(body).digest('hex').slice(0, KEY_HEX_DIGITS);
}

/**
 * The bytes of a secret: those that `whsec_…` has in Base64, else the text's own.
 *
 * @throws OptionError (`option`) where there are fewer than 16
 */
export function secretBytes(secret: string): Buffer {
  const bytes = secret.startsWith(SECRET_PREFIX)
    ? Buffer.from(secret.slice(SECRET_PREFIX.length), 'base64')
    : Buffer.from(secret);
  if (bytes.length < MIN_SECRET_BYTES) {
    throw new OptionError(
      `a webhook's secret must have at least ${MIN_SECRET_BYTES} bytes, not ${bytes.length}; make one with: openssl rand -base64 32`,
    );
  }
  return bytes;
}

/**
 * Signs a request after Standard Webhooks (https://www.standardwebhooks.com, version 1): the
 * HMAC-SHA-256, in Base64, of id, time and body with points between them.
 *
 * @param body as it is before compression
 * @param now in ms since 1970
 */
export function signWebhook(
  id: string,
  body: string,
  secret: Buffer,
  now: number,
): SignatureHeaders {
  const timestamp = String(Math.floor(now / 1000));
  const signature = hmac(secret, id, timestamp, body).toString('base64');
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': VERSION_PREFIX + signature,
  };
}

/**
 * Whether a request comes from `webhookSink()` with the same secret, is unchanged, and recent. Never
 * throws because of what was received.
 *
 * @param body the bytes of the request after decompression, before anything has parsed them: what
 *   `express.raw({ type: 'application/json' })` gives
 * @throws OptionError (`option`) for a secret of fewer than 16 bytes
 */
export function verifyWebhook(
  body: Uint8Array | string,
  headers: ReceivedHeaders,
  secret: string,
  { toleranceMs = DEFAULT_TOLERANCE_MS, now = Date.now() }: VerifyWebhookOptions = {},
): boolean {
  const key = secretBytes(secret);
  const id = headers['webhook-id'];
  const timestamp = headers['webhook-timestamp'];
  const signatures = headers['webhook-signature'];
  if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof signatures !== 'string') {
    return false;
  }
  if (!/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(now - Number(timestamp) * 1000) > toleranceMs) return false;
  const expected = hmac(key, id, timestamp, body);
  return signatures
    .split(' ', MAX_SIGNATURES)
    .filter((one) => one.startsWith(VERSION_PREFIX))
    .map((one) => Buffer.from(one.slice(VERSION_PREFIX.length), 'base64'))
    .some((one) => one.length === expected.length && nodeCrypto().timingSafeEqual(one, expected));
}

function hmac(secret: Buffer, id: string, timestamp: string, body: Uint8Array | string): Buffer {
  return nodeCrypto()
    .createHmac('sha256', secret)
    .update(`${id}.${timestamp}.`)
    .update(body)
    .digest();
}
