import {
  checkOptions,
  checks,
  isObject,
  type OptionCheck,
  type OptionChecks,
} from '../../../options/check-options.ts';
import { OptionError } from '../../../errors/usage-errors.ts';
import { quote, showValue } from '../../../errors/show-value.ts';
import { thrownMessage } from '../../../errors/thrown.ts';
import { secretBytes } from './webhook-signature.ts';

const DEFAULT_TIMEOUT_MS = 10_000;

/** The longest timer of Node; a longer one would fire immediately. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** 1 MiB: most servers accept it. The default limit of `express.json()` is only 100 kB. */
const DEFAULT_MAX_BYTES = 1024 * 1024;

/** The headers that the sink sets itself. */
const OWN_HEADERS: ReadonlySet<string> = new Set([
  'content-type',
  'content-encoding',
  'content-length',
  'idempotency-key',
  'webhook-id',
  'webhook-timestamp',
  'webhook-signature',
]);

/** Options of `webhookSink()`. */
export interface WebhookSinkOptions {
  /**
   * Headers of each request: `{ authorization: 'Bearer …' }`.
   *
   * @default none
   */
  headers?: Readonly<Record<string, string>>;
  /**
   * The secret that signs each request according to Standard Webhooks: `whsec_` and Base64, or any
   * text, of at least 16 bytes. The receiver checks the signature with `verifyWebhook()`.
   *
   * @default none: requests are not signed
   */
  secret?: string;
  /**
   * Compresses bodies of at least 1 KiB.
   *
   * @default true
   */
  gzip?: boolean;
  /**
   * The longest time until the server's status arrives, in milliseconds.
   *
   * @default 10000
   */
  timeoutMs?: number;
  /**
   * The largest size of a body before compression, in bytes. A larger batch is sent in several
   * requests, one after another. A record that is larger by itself is sent alone.
   *
   * @default 1048576, 1 MiB
   */
  maxBytes?: number;
  /**
   * Allows `http:` for other hosts than this one. Units and secrets can then be read in transit.
   *
   * @default false
   */
  allowHttp?: boolean;
}

/** The checked options of `webhookSink()` with their defaults. */
export interface WebhookSettings {
  readonly url: URL;
  /** The URL for messages, without its query, which may contain a secret. */
  readonly shownUrl: string;
  readonly headers: Headers;
  readonly secret: Buffer | undefined;
  readonly gzip: boolean;
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

const webhookChecks: OptionChecks = new Map<string, OptionCheck>([
  ['headers', checks.anObject],
  ['secret', { expected: 'a string', accepts: (value) => typeof value === 'string' }],
  ['gzip', checks.aBoolean],
  [
    'timeoutMs',
    {
      expected: `a number of milliseconds from 1 to ${MAX_TIMEOUT_MS}`,
      accepts: (value) => typeof value === 'number' && value >= 1 && value <= MAX_TIMEOUT_MS,
    },
  ],
  [
    'maxBytes',
    {
      expected: 'a number of bytes, 1 or more',
      accepts: (value) => typeof value === 'number' && value >= 1,
    },
  ],
  ['allowHttp', checks.aBoolean],
]);

/**
 * Checks the arguments of `webhookSink()`.
 *
 * @throws OptionError (`option`) for invalid arguments; its message never contains a secret
 */
export function webhookSettings(url: string | URL, options: WebhookSinkOptions): WebhookSettings {
  options = checkOptions('webhookSink()', options, webhookChecks);
  const address = checkUrl(url, options.allowHttp ?? false);
  return {
    url: address,
    shownUrl: address.origin + address.pathname,
    headers: checkHeaders(options.headers ?? {}),
    secret: options.secret === undefined ? undefined : secretBytes(options.secret),
    gzip: options.gzip ?? true,
    timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    maxBytes: options.maxBytes ?? DEFAULT_MAX_BYTES,
  };
}

function checkUrl(url: unknown, allowHttp: boolean): URL {
  // `instanceof` fails for a URL of another realm.
  const text = isObject(url) && 'href' in url ? url['href'] : url;
  if (typeof text !== 'string' || !URL.canParse(text)) {
    throw new OptionError(`webhookSink(): the first argument must be a URL, not ${showValue(url)}`);
  }
  const address = new URL(text);
  if (address.username !== '' || address.password !== '') {
    throw new OptionError(
      'webhookSink(): the URL contains a user name or a password; send them in the header "authorization" instead',
    );
  }
  if (address.protocol === 'https:') return address;
  if (address.protocol === 'http:' && (allowHttp || isThisHost(address.hostname))) return address;
  throw new OptionError(
    `webhookSink(): the URL must start with https:, not ${quote(address.protocol)}; to send over http: to another host, set allowHttp: true`,
  );
}

/** Returns true for this machine. The URL parser has normalised the name. */
function isThisHost(name: string): boolean {
  return (
    name === 'localhost' ||
    name.endsWith('.localhost') ||
    /^127\.\d+\.\d+\.\d+$/.test(name) ||
    name === '[::1]'
  );
}

function checkHeaders(given: Readonly<Record<string, unknown>>): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(given)) {
    if (typeof value !== 'string') {
      throw new OptionError(
        `webhookSink(): the header ${quote(name)} must be a string, not ${showValue(value)}`,
      );
    }
    if (OWN_HEADERS.has(name.toLowerCase())) {
      throw new OptionError(
        `webhookSink(): the header ${quote(name)} is set by the sink itself; remove it`,
      );
    }
    setHeader(headers, name, value);
  }
  return headers;
}

function setHeader(headers: Headers, name: string, value: string): void {
  try {
    headers.set(name, value);
  } catch (error) {
    // Node's message contains the value, which may be a secret.
    const reason = thrownMessage(error).replaceAll(value, '…');
    throw new OptionError(`webhookSink(): the header ${quote(name)} is invalid: ${reason}`);
  }
}
