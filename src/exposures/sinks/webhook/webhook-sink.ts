import type { EventRecord } from '../../records/record.ts';
import type { Sink } from '../../delivery/sink.ts';
import { encodeRecord } from '../json-lines.ts';
import { SinkError } from '../sink-error.ts';
import { type WebhookSinkOptions, webhookSettings } from './webhook-options.ts';
import { postBody } from './webhook-request.ts';

/** The bytes of `[` and `]`. */
const BRACKETS_BYTES = 2;

/**
 * Returns a sink that posts each batch to an HTTP server as a JSON list, `application/json`, which
 * `express.json()` and most collectors accept. A batch that is sent again has the same
 * `Idempotency-Key`, so that the server can recognise it.
 *
 * Any 2xx status is success. The statuses 408, 425, 429 and 5xx, redirects (which are never
 * followed) and failed connections are retried, after `Retry-After` if the server sends it. After
 * any other status the batch is dropped.
 *
 * @param url starts with `https:`; `http:` is allowed for this host only, unless `allowHttp` is set
 * @throws OptionError (`option`) for an invalid URL or invalid options
 */
export function webhookSink(url: string | URL, options: WebhookSinkOptions = {}): Sink {
  const settings = webhookSettings(url, options);
  return {
    name: 'webhook',
    async write(batch, { signal }) {
      signal.throwIfAborted();
      let refused: unknown;
      for (const body of bodiesOf(batch, settings.maxBytes)) {
        try {
          await postBody(body, settings, signal);
        } catch (error) {
          // The requests after a rejected one are still sent.
          if (!(error instanceof SinkError && error.permanent === true)) throw error;
          refused = error;
        }
      }
      if (refused !== undefined) throw refused;
    },
  };
}

/** Yields a batch as JSON lists, each of at most `maxBytes` or of one record. */
function* bodiesOf(batch: readonly EventRecord[], maxBytes: number): Generator<string> {
  let items: string[] = [];
  let bytes = BRACKETS_BYTES;
  for (const record of batch) {
    const item = encodeRecord(record);
    const itemBytes = Buffer.byteLength(item) + 1;
    if (items.length > 0 && bytes + itemBytes > maxBytes) {
      yield `[${items.join(',')}]`;
      items = [];
      bytes = BRACKETS_BYTES;
    }
    items.push(item);
    bytes += itemBytes;
  }
  if (items.length > 0) yield `[${items.join(',')}]`;
}
