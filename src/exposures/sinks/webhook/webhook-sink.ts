import type { EventRecord } from '../../records/record.ts';
import type { Sink } from '../../delivery/sink.ts';
import { encodeRecord } from '../json-lines.ts';
import { SinkError } from '../sink-error.ts';
import { type WebhookSinkOptions, webhookSettings } from './webhook-options.ts';
import { postBody } from './webhook-request.ts';

/** `[` and `]`, or a comma and one of them. */
const BRACKETS_BYTES = 2;

/**
 * A sink that posts each batch to an HTTP server as a JSON list, `application/json`, which
 * `express.json()` and most collectors take as it is. `Idempotency-Key` is the same whenever the same
 * batch is sent again, so that the server can tell.
 *
 * 2xx is success. 429, 408, 425, 5xx, redirects (which are never followed) and failing connections are
 * worth another try, after `Retry-After` where the server says so; other statuses are not, and the
 * batch is dropped.
 *
 * @param url `https:`; `http:` only for this host, unless `allowHttp`
 * @throws OptionError (`option`) for an address or options that can't be meant
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
          // A record that the server can't take must not take those after it along.
          if (!(error instanceof SinkError && error.permanent === true)) throw error;
          refused = error;
        }
      }
      if (refused !== undefined) throw refused;
    },
  };
}

/** A batch as JSON lists of at most so many bytes, or of one record. */
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
