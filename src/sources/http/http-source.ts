import {
  checkOptions,
  isObject,
  type OptionCheck,
  type OptionChecks,
} from '../../options/check-options.ts';
import { SourceError } from '../../errors/store-errors.ts';
import { listenToEvents } from './event-stream.ts';
import { type HttpAddress, type HttpHeaders, parseAddress } from './http-address.ts';
import { bodyText } from './http-body.ts';
import { getHttp } from './http-request.ts';
import { retryAfterMs } from '../../retry/retry-after.ts';
import { contentRevision } from '../../specification/read.ts';
import type { Delivery, LoadOptions, Source, WatchOptions } from '../source.ts';
import type { Revision } from '../../specification/types.ts';
import { isBetween, milliseconds } from '../../options/numbers.ts';
import { MIN_INTERVAL_MS } from '../keeping/timing.ts';

/** Options of `httpSource()`. */
export interface HttpSourceOptions {
  /**
   * Headers of each request, or a function that returns them, for example with a fresh token. They are
   * sent to the server of the address, not to redirect targets on other servers. @default none
   */
  headers?: HttpHeaders;
  /** The polling interval in milliseconds, [100, 86400000]. @default 1000 */
  intervalMs?: number;
  /** The longest time until the last byte of a response, in milliseconds, [1, 86400000]. @default 10000 */
  timeoutMs?: number;
  /** The largest response after decompression, in bytes, [1, 2^30]. @default 10 MiB */
  maxBytes?: number;
  /**
   * The address of a stream of server-sent events, absolute or relative to the first address. Each event
   * makes the client load the specification. While the stream is open, the polling interval is 30
   * seconds, or `intervalMs` if that is longer. @default none
   */
  push?: string | URL;
}

const DEFAULT_INTERVAL_MS = 1000;
const DEFAULT_TIMEOUT_MS = 10_000;
const MIB = 2 ** 20;
const DEFAULT_MAX_BYTES = 10 * MIB;
/** Longer texts exceed the limit of JavaScript strings. */
const MAX_MAX_BYTES = 2 ** 30;

/** The polling interval while the stream is open, in milliseconds; it catches lost events. */
const PUSHED_INTERVAL_MS = 30_000;

/** Milliseconds of silence after which a stream counts as dead; servers send comments more often. */
const MAX_SILENCE_MS = 120_000;

const httpChecks: OptionChecks = new Map<string, OptionCheck>([
  [
    'headers',
    {
      expected: 'an object of strings, or a function that returns one',
      accepts: (value) =>
        typeof value === 'function' ||
        (isObject(value) && Object.values(value).every((one) => typeof one === 'string')),
    },
  ],
  ['intervalMs', milliseconds(MIN_INTERVAL_MS)],
  ['timeoutMs', milliseconds(1)],
  [
    'maxBytes',
    {
      expected: 'a whole number of bytes from 1 to 2^30',
      accepts: (value) => Number.isInteger(value) && isBetween(value, 1, MAX_MAX_BYTES),
    },
  ],
  [
    'push',
    {
      expected: 'an address',
      accepts: (value) => value instanceof URL || (typeof value === 'string' && value !== ''),
    },
  ],
]);

/**
 * Makes a source of experiments at a web address: JSON as in `experiments.config.json`, optionally
 * compressed. Polling uses conditional requests (`ETag`, `Last-Modified`).
 *
 * @param address starts with `https:` or `http:`; a user and password in it are sent as a header
 * @throws OptionError (`option`) for an invalid address or invalid options
 */
export function httpSource(address: string | URL, options: HttpSourceOptions = {}): Source {
  options = checkOptions('httpSource()', options, httpChecks);
  const { intervalMs = DEFAULT_INTERVAL_MS, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const parsed = parseAddress('httpSource()', address);
  const document = new HttpDocument(parsed, options);
  const source: Source = {
    name: 'http',
    intervalMs,
    timeoutMs,
    load: (load) => document.load(load),
  };
  if (options.push === undefined) return source;
  const stream = parseAddress('httpSource({ push })', options.push, parsed.url);
  // Secrets of the first server must not reach another one.
  const isOwn = stream.url.origin === parsed.url.origin;
  const { headers = {} } = isOwn ? options : {};
  const authorization = stream.authorization ?? (isOwn ? parsed.authorization : undefined);
  const watched = { ...stream, authorization };
  return {
    ...source,
    watchedIntervalMs: Math.max(intervalMs, PUSHED_INTERVAL_MS),
    watch: (changed, watch) => listen(watched, headers, timeoutMs, changed, watch),
  };
}

/** The document at an address, and the validators of its last version. */
class HttpDocument {
  private readonly address: HttpAddress;
  private readonly headers: HttpHeaders;
  private readonly maxBytes: number;
  private last: { revision: Revision; validators: Record<string, string> } | undefined;

  constructor(address: HttpAddress, { headers = {}, maxBytes }: HttpSourceOptions) {
    this.address = address;
    this.headers = headers;
    this.maxBytes = maxBytes ?? DEFAULT_MAX_BYTES;
  }

  async load({ signal, known }: LoadOptions): Promise<Delivery> {
    const { address, headers, last } = this;
    const { shown } = address;
    // Without the last delivery at the client, a 304 would leave it with nothing.
    const validators = last !== undefined && last.revision === known ? last.validators : {};
    const ownHeaders = { accept: 'application/json', ...validators };
    const response = await getHttp({ address, headers, ownHeaders, signal });
    if (response.status === 304 && Object.keys(validators).length > 0) return { unchanged: true };
    if (response.status !== 200) throw await statusError(response, shown);
    const text = await bodyText(response, this.maxBytes, shown);
    const revision = contentRevision(text);
    this.last = { revision, validators: validatorsOf(response.headers) };
    return { text, origin: shown, revision };
  }
}

/** Returns the headers that make the next request conditional. */
function validatorsOf(headers: Headers): Record<string, string> {
  const etag = headers.get('etag');
  const lastModified = headers.get('last-modified');
  return {
    ...(etag !== null && { 'if-none-match': etag }),
    ...(lastModified !== null && { 'if-modified-since': lastModified }),
  };
}

async function statusError(response: Response, shown: string): Promise<SourceError> {
  const { status, headers, body } = response;
  await body?.cancel();
  return new SourceError(`${shown}: the server answered with status ${status}`, {
    retryAfterMs: retryAfterMs(headers.get('retry-after'), headers.get('date'), Date.now()),
  });
}

/** Listens until it is aborted or the stream has been silent for too long. */
async function listen(
  address: HttpAddress,
  headers: HttpHeaders,
  timeoutMs: number,
  changed: () => void,
  { signal }: WatchOptions,
): Promise<void> {
  const silence = new AbortController();
  const give = () => silence.abort(new SourceError(`${address.shown}: no data received in time`));
  let timer = setTimeout(give, timeoutMs).unref();
  const alive = () => {
    clearTimeout(timer);
    timer = setTimeout(give, MAX_SILENCE_MS).unref();
  };
  try {
    const ownHeaders = { accept: 'text/event-stream' };
    const either = AbortSignal.any([signal, silence.signal]);
    const response = await getHttp({ address, headers, ownHeaders, signal: either });
    alive();
    await listenToEvents(response, { changed, alive }, address.shown);
  } finally {
    clearTimeout(timer);
  }
}
