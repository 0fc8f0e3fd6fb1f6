import { SourceError } from '../../errors/store-errors.ts';
import { quote } from '../../errors/show-value.ts';
import { thrownMessage } from '../../errors/thrown.ts';
import { backoffMs } from './backoff.ts';
import { pause } from '../../runtime/pause.ts';
import type { Source } from '../source.ts';

/** Milliseconds of watching after which the next failure counts as the first one. */
const STEADY_MS = 10_000;

/** The callbacks of {@link keepWatching}. */
export interface WatchListener {
  /** Something may have changed. Also called when watching starts, for changes missed before. */
  changed(): void;
  /** Watching has ended. @param again true if it also ended shortly before */
  lost(problem: SourceError, again: boolean): void;
}

/**
 * Keeps a source watching: restarts `watch()` whenever it ends, after a delay that grows. Ends when
 * aborted.
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
