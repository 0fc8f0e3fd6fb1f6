import { OptionError } from '../../../errors/usage-errors.ts';
import { checkOptions, type OptionChecks } from '../../../options/check-options.ts';
import { nodeCrypto } from '../../../runtime/node-crypto.ts';

/** The prefix of a Base64 secret in Standard Webhooks. */
const SECRET_PREFIX = 'whsec_';

/** The shortest secret; fewer bytes could be guessed. */
const MIN_SECRET_BYTES = 16;

/** The prefix of signatures of version 1, HMAC-SHA-256, the only version. */
const VERSION_PREFIX = 'v1,';

/**
 * The largest distance of the signing time from now, in milliseconds, as Standard Webhooks
 * recommends.
 */
const DEFAULT_TOLERANCE_MS = 5 * 60 * 1000;

/** The most signatures that are checked, because the sender may be hostile. */
const MAX_SIGNATURES = 10;

/** The length of the Idempotency-Key, in hexadecimal digits. */
const KEY_HEX_DIGITS = 32;

/** The headers that prove the sender of a request; their names are in lower case. */
export interface SignatureHeaders {
  readonly 'webhook-id': string;
  readonly 'webhook-timestamp': string;
  readonly 'webhook-signature': string;
}

/** The headers of a received request: `req.headers` of Node and Express. */
export type ReceivedHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Options of {@link verifyWebhook}. */
export interface VerifyWebhookOptions {
  /**
   * The largest distance of the signing time from now, in milliseconds. It stops an attacker from
   * repeating a recorded request later.
   *
   * @default 300000, five minutes
   */
  toleranceMs?: number;
  /**
   * The current time, in milliseconds since 1970.
   *
   * @default Date.now()
   */
  now?: number;
}

const verifyChecks: OptionChecks = new Map([
  [
    'toleranceMs',
    {
      expected: 'a number of milliseconds, 0 or more',
      accepts: (value) => typeof value === 'number' && value >= 0,
    },
  ],
  [
    'now',
    {
      expected: 'a time in milliseconds since 1970',
      accepts: (value) => typeof value === 'number' && !Number.isNaN(value),
    },
  ],
]);

/** Returns 32 hexadecimal digits of the body's SHA-256, so that equal bodies have equal keys. */
export function idempotencyKey(body: string): string {
  return nodeCrypto().createHash('sha256').update(body).digest('hex').slice(0, KEY_HEX_DIGITS);
}

/**
 * Returns the bytes of a secret: the decoded Base64 after `whsec_`, otherwise the bytes of the
 * text.
 *
 * @throws OptionError (`option`) if there are fewer than 16
 */
export function secretBytes(secret: string): Buffer {
  const bytes = secret.startsWith(SECRET_PREFIX)
    ? Buffer.from(secret.slice(SECRET_PREFIX.length), 'base64')
    : Buffer.from(secret);
  if (bytes.length < MIN_SECRET_BYTES) {
    throw new OptionError(
      `a webhook secret must have at least ${MIN_SECRET_BYTES} bytes, not ${bytes.length}; generate one with: openssl rand -base64 32`,
    );
  }
  return bytes;
}

/**
 * Signs a request according to Standard Webhooks (https://www.standardwebhooks.com, version 1): the
 * HMAC-SHA-256, in Base64, of id, time and body, separated by dots.
 *
 * @param body the body before compression
 * @param now in milliseconds since 1970
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
 * Returns true if a request comes from `webhookSink()` with the same secret, is unchanged and is
 * recent. No content of a request makes it throw.
 *
 * @param body the decompressed, unparsed bytes of the request, as
 *   `express.raw({ type: 'application/json' })` provides them
 * @throws OptionError (`option`) for a secret of fewer than 16 bytes
 */
export function verifyWebhook(
  body: Uint8Array | string,
  headers: ReceivedHeaders,
  secret: string,
  options: VerifyWebhookOptions = {},
): boolean {
  const own = checkOptions('verifyWebhook()', options, verifyChecks);
  const { toleranceMs = DEFAULT_TOLERANCE_MS, now = Date.now() } = own;
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
