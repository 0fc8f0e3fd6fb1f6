import { SourceError } from '../../errors/store-errors.ts';
import { quote } from '../../errors/show-value.ts';
import { thrownMessage } from '../../errors/thrown.ts';
import { backoffMs } from './backoff.ts';
import { pause } from '../../runtime/pause.ts';
import type { Source } from '../source.ts';

/** Who has listened for that long, in milliseconds, was well: trying again begins anew. */
const STEADY_MS = 10_000;

/** Whom the loop tells. */
export interface WatchListener {
  /** There may be something new; also when listening begins, since something may have been missed. */
  changed(): void;
  /** Nobody listens now. @param again whether it is as it was shortly before */
  lost(problem: SourceError, again: boolean): void;
}

/**
 * Keeps somebody listening at a source: begins again, after a while that grows, whenever listening
 * ends. Ends when aborted.
 *
 * @param random draws from [0, 1)
 */
export async function keepWatching(
  source: Source,
  listener: WatchListener,
  signal: AbortSignal,
  random: () => number,
): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    const began = performance.now();
    let cause: unknown = new Error('watch() returned');
    try {
      await source.watch?.(() => signal.aborted || listener.changed(), { signal });
    } catch (error) {
      cause = error;
    }
    if (signal.aborted) return;
    failures = performance.now() - began < STEADY_MS ? failures + 1 : 1;
    listener.lost(
      new SourceError(
        `the source ${quote(source.name)} stopped watching for changes: ${thrownMessage(cause)}`,
        { cause },
      ),
      failures > 1,
    );
    await pause(backoffMs(failures, random), signal);
  }
}
