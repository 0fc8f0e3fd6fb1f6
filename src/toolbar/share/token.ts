import { isObject } from '../../options/check-options.ts';
import { nodeCrypto } from '../../runtime/node-crypto.ts';
import { hostIn } from '../../web/public-address.ts';
import { MAX_AGE_MS, MAX_AUTHOR, MAX_OVERRIDES, MAX_TOKEN } from './limits.ts';

/** The overrides of a share link. */
export interface SharedOverrides {
  /** The host that the link works on, with its port, in lower case. */
  readonly host: string;
  /** At most 50: variant by experiment, namespace or `namespace.parameter`, as the override cookie has them. */
  readonly overrides: ReadonlyMap<string, string>;
  /** Seconds since 1970. */
  readonly expires: number;
  /** The name of the person who shared; empty if unknown. */
  readonly by: string;
}

/** The result of reading a token. Only tokens with a valid signature are `expired` or for another `host`. */
export type ReadToken =
  | { readonly shared: SharedOverrides; readonly problem?: undefined }
  | { readonly problem: 'invalid' | 'expired' | 'host'; readonly shared?: undefined };

/** Begins each signed text, so that no other text signed with the secret is a valid token. */
const CONTEXT = 'evenhand-override-v1\n';

const VERSION = 1;
const PURPOSE = 'override';

/** The properties of the payload: version, purpose, host, overrides, expiry, and the sharer's name. */
const KEYS: ReadonlySet<string> = new Set(['v', 'p', 'h', 'o', 'e', 'b']);

type Payload = Readonly<Record<string, unknown>>;

const SEPARATOR = '.';
const BASE64URL = /^[A-Za-z0-9_-]+$/;

const SECOND_MS = 1000;

const INVALID: ReadToken = { problem: 'invalid' };

/** Signs a share link's token: base64url(JSON) `.` base64url(HMAC-SHA-256). */
export function signToken(
  { host, overrides, expires, by }: SharedOverrides,
  secret: string,
): string {
  // A Map's entries become own properties, also those named `__proto__`.
  const o = Object.fromEntries(overrides);
  const json = { v: VERSION, p: PURPOSE, h: host, o, e: expires, ...(by !== '' && { b: by }) };
  const payload = Buffer.from(JSON.stringify(json)).toString('base64url');
  return payload + SEPARATOR + signatureOf(payload, secret).toString('base64url');
}

/**
 * Verifies a token. The comparison takes the same time for all signatures. Never throws.
 *
 * @param secrets the secrets that are accepted
 * @param host the host of the request, with its port; undefined accepts no token
 * @param nowMs the time in milliseconds since 1970
 */
export function readToken(
  token: string,
  secrets: readonly string[],
  host: string | undefined,
  nowMs: number,
): ReadToken {
  try {
    if (token.length > MAX_TOKEN) return INVALID;
    const [payload = '', signature = '', ...rest] = token.split(SEPARATOR);
    if (rest.length > 0 || !isSigned(payload, signature, secrets)) return INVALID;
    const shared = sharedIn(bytesIn(payload));
    if (shared === undefined) return INVALID;
    if (shared.host !== host) return { problem: 'host' };
    const leftMs = shared.expires * SECOND_MS - nowMs;
    if (leftMs <= 0) return { problem: 'expired' };
    return leftMs <= MAX_AGE_MS ? { shared } : INVALID;
  } catch {
    return INVALID;
  }
}

/**
 * Verifies a token like {@link readToken}.
 *
 * @returns undefined if it is forged, cut, expired, or for another host or purpose
 */
export function verifyToken(
  token: string,
  secrets: readonly string[],
  host: string | undefined,
  nowMs: number,
): SharedOverrides | undefined {
  return readToken(token, secrets, host, nowMs).shared;
}

function signatureOf(payload: string, secret: string): Buffer {
  return nodeCrypto()
    .createHmac('sha256', secret)
    .update(CONTEXT + payload)
    .digest();
}

function isSigned(payload: string, signature: string, secrets: readonly string[]): boolean {
  const given = bytesIn(signature);
  if (given === undefined || bytesIn(payload) === undefined) return false;
  let isValid = false;
  for (const secret of secrets) {
    const expected = signatureOf(payload, secret);
    // All secrets are tried, so that the time does not tell which one has signed.
    if (given.length === expected.length && nodeCrypto().timingSafeEqual(given, expected)) {
      isValid = true;
    }
  }
  return isValid;
}

/** Decodes base64url; returns undefined for a text that is not the only way to write its bytes. */
function bytesIn(text: string): Buffer | undefined {
  if (!BASE64URL.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
}

/** Reads a signed payload; undefined if it is for another purpose or does not have its exact shape. */
function sharedIn(bytes: Buffer | undefined): SharedOverrides | undefined {
  const json: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  if (!isObject(json) || !Object.keys(json).every((key) => KEYS.has(key))) return undefined;
  // Without a prototype, so that nothing can be inherited.
  const { v, p, h, o, e, b = '' } = Object.assign(Object.create(null), json) as Payload;
  if (v !== VERSION || p !== PURPOSE || !isObject(o)) return undefined;
  if (typeof h !== 'string' || hostIn(h) !== h) return undefined;
  if (!Number.isSafeInteger(e) || typeof e !== 'number') return undefined;
  if (typeof b !== 'string' || b.length > MAX_AUTHOR) return undefined;
  const entries = Object.entries(o);
  if (entries.length === 0 || entries.length > MAX_OVERRIDES) return undefined;
  const overrides = new Map<string, string>();
  for (const [name, value] of entries) {
    if (name === '' || typeof value !== 'string' || value === '') return undefined;
    overrides.set(name, value);
  }
  return { host: h, overrides, expires: e, by: b };
}
