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

/** Timers of Node go no further; longer ones would fire at once. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** 1 MiB: what most servers take. Express's own `express.json()` takes 100 kB unless told otherwise. */
const DEFAULT_MAX_BYTES = 1024 * 1024;

/** What the sink sets itself. */
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
   * Sent with each request: `{ authorization: 'Bearer …' }`.
   *
   * @default none
   */
  headers?: Readonly<Record<string, string>>;
  /**
   * Signs each request after Standard Webhooks: `whsec_` and Base64, or any text; 16 bytes at least.
   * `verifyWebhook()` is the other end.
   *
   * @default none: requests are not signed
   */
  secret?: string;
  /**
   * Whether bodies from 1 KiB on are compressed.
   *
   * @default true
   */
  gzip?: boolean;
  /**
   * How long one request may take until the server's status is there, in ms.
   *
   * @default 10000
   */
  timeoutMs?: number;
  /**
   * Bytes that a body may have, before compression; a larger batch is sent in several requests, one
   * after another. A record that is larger by itself is sent all the same, alone.
   *
   * @default 1048576, 1 MiB
   */
  maxBytes?: number;
  /**
   * Whether `http:` will do for other hosts than this one. Units and secrets can be read on the way.
   *
   * @default false
   */
  allowHttp?: boolean;
}

/** Options of `webhookSink()`, checked and with their defaults. */
export interface WebhookSettings {
  readonly url: URL;
  /** The address as messages may show it: without the query, which may hold a secret. */
  readonly shownUrl: string;
  readonly headers: Headers;
  readonly secret: Buffer | undefined;
  readonly gzip: boolean;
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

const webhookChecks: OptionChecks = new Map<string, OptionCheck>([
  ['headers', checks.anObject],
  ['secret', { expected: 'a text', accepts: (value) => typeof value === 'string' }],
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
      expected: 'a number of bytes from 1 on',
      accepts: (value) => typeof value === 'number' && value >= 1,
    },
  ],
  ['allowHttp', checks.aBoolean],
]);

/**
 * Checks the arguments of `webhookSink()`.
 *
 * @throws OptionError (`option`) for what can't be meant; never with a secret in the message
 */
export function webhookSettings(url: string | URL, options: WebhookSinkOptions): WebhookSettings {
  checkOptions('webhookSink()', options, webhookChecks);
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
  // Not by instanceof: it may come from another realm.
  const text = isObject(url) && 'href' in url ? url['href'] : url;
  if (typeof text !== 'string' || !URL.canParse(text)) {
    throw new OptionError(`webhookSink() takes the address to post to, not ${showValue(url)}`);
  }
  const address = new URL(text);
  if (address.username !== '' || address.password !== '') {
    throw new OptionError(
      'webhookSink(): the address has a user or a password in it; give them as the header "authorization"',
    );
  }
  if (address.protocol === 'https:') return address;
  if (address.protocol === 'http:' && (allowHttp || isThisHost(address.hostname))) return address;
  throw new OptionError(
    `webhookSink(): the address must begin with https: and not ${quote(address.protocol)}; option "allowHttp" allows http: to other hosts than this one`,
  );
}

/** Whether what is sent there stays on this machine. The parser of URLs has normalised the name. */
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
        `webhookSink(): the header ${quote(name)} must be a text, not ${showValue(value)}`,
      );
    }
    if (OWN_HEADERS.has(name.toLowerCase())) {
      throw new OptionError(`webhookSink(): the header ${quote(name)} is set by the sink itself`);
    }
    setHeader(headers, name, value);
  }
  return headers;
}

function setHeader(headers: Headers, name: string, value: string): void {
  try {
    headers.set(name, value);
  } catch (error) {
    // Node shows the value, which may be a secret.
    const reason = thrownMessage(error).replaceAll(value, '…');
    throw new OptionError(`webhookSink(): the header ${quote(name)} can't be sent: ${reason}`);
  }
}
