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
import { contentRevision } from '../../specification/raw.ts';
import type { Delivery, LoadOptions, Source, WatchOptions } from '../source.ts';
import type { Revision } from '../../specification/types.ts';
import { isBetween, milliseconds } from '../../options/numbers.ts';
import { MIN_INTERVAL_MS } from '../keeping/timing.ts';

/** Options of `httpSource()`. */
export interface HttpSourceOptions {
  /**
   * Headers of each request, or a function that gives them, where a token is renewed. They go to the
   * server of the address, not to others that it redirects to. @default none
   */
  headers?: HttpHeaders;
  /** How often the address is asked, in milliseconds, [100, 86400000]. @default 1000 */
  intervalMs?: number;
  /** How long an answer may take, to its last byte, in milliseconds, [1, 86400000]. @default 10000 */
  timeoutMs?: number;
  /** How large an answer may be, unpacked, in bytes, [1, 2^30]. @default 10 MiB */
  maxBytes?: number;
  /**
   * An address of server-sent events, absolute or relative to the first: at each event the
   * specification is loaded. While it is listened to, the address is asked every 30 seconds, or every
   * `intervalMs` if that is longer. @default none
   */
  push?: string | URL;
}

const DEFAULT_INTERVAL_MS = 1000;
const DEFAULT_TIMEOUT_MS = 10_000;
const MIB = 2 ** 20;
const DEFAULT_MAX_BYTES = 10 * MIB;
/** Beyond that a text is too long for JavaScript. */
const MAX_MAX_BYTES = 2 ** 30;

/** How often the address is asked while there are events: if one is lost, a change is late, not lost. */
const PUSHED_INTERVAL_MS = 30_000;

/** A stream that is silent for so long may be dead: servers send comments more often. */
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
 * A source of experiments at an address of a web server: JSON as in `experiments.config.json`. It is
 * asked whether it has changed (`ETag`, `Last-Modified`), and may be packed with gzip.
 *
 * @param address begins with `https:` or `http:`; a user and password in it are sent as a header
 * @throws OptionError (`option`) for an address or options that can't be meant
 */
export function httpSource(address: string | URL, options: HttpSourceOptions = {}): Source {
  checkOptions('httpSource()', options, httpChecks);
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
  // Another server is told no secrets of this one.
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

/** The document at an address, and what its server said of the version that was loaded. */
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
    // What did not arrive must not be asked for changes.
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

/** What the next request says, so that the server can answer that nothing has changed. */
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

/** Listens until it is aborted, or nothing has come for too long. */
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
