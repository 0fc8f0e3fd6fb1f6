import { OptionError } from '../../errors/usage-errors.ts';
import { showValue } from '../../errors/show-value.ts';
import type { EventRecord } from '../records/record.ts';
import type { Sink } from '../delivery/sink.ts';
import { untilAborted } from '../../runtime/until-aborted.ts';

/**
 * Takes a batch: returns, or resolves, when its records are safe; throws or rejects to be called again
 * with the same batch, with `permanent: true` on the error to have it dropped.
 *
 * @param options its `signal` is aborted when it takes too long; the batch then counts as failed
 */
export type SinkCallback = (
  batch: readonly EventRecord[],
  options: { readonly signal: AbortSignal },
) => void | Promise<void>;

/**
 * A sink that hands each batch to a function. One that goes on after its signal was aborted may be
 * called again beside that.
 *
 * @throws OptionError (`option`) for anything but a function
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
