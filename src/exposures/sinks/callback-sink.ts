import { OptionError } from '../../errors/usage-errors.ts';
import { showValue } from '../../errors/show-value.ts';
import type { EventRecord } from '../records/record.ts';
import type { Sink } from '../delivery/sink.ts';
import { untilAborted } from '../../runtime/until-aborted.ts';

/**
 * Writes a batch. It returns or resolves when the records are safe. If it throws or rejects, it is
 * called again with the same batch; `permanent: true` on the error drops the batch instead.
 *
 * @param options its `signal` is aborted when the write takes too long; the batch then counts as
 *   failed
 */
export type SinkCallback = (
  batch: readonly EventRecord[],
  options: { readonly signal: AbortSignal },
) => void | Promise<void>;

/**
 * Returns a sink that passes each batch to a function. A function that ignores its aborted signal
 * may be called again while the earlier call is still running.
 *
 * @throws OptionError (`option`) if the argument is not a function
 */
export function callbackSink(callback: SinkCallback): Sink {
  if (typeof callback !== 'function') {
    throw new OptionError(`callbackSink() takes a function, not ${showValue(callback)}`);
  }
  return {
    name: 'callback',
    async write(batch, { signal }) {
      signal.throwIfAborted();
      if (batch.length === 0) return;
      await untilAborted(Promise.resolve(callback(batch, { signal })), signal);
    },
  };
}
