import { AsyncResource } from 'node:async_hooks';
import { backoffMs, jittered } from './backoff.ts';
import type { Timing } from './timing.ts';

/** Milliseconds in which further changes join the first one, so that they cause one load. */
const GATHER_MS = 25;

/** The shortest time between two loads caused by changes, in milliseconds: a storm causes a handful. */
const SPACING_MS = 250;

/** Milliseconds before the next load of a delivery that may be half-written. */
const UNSETTLED_MS = 100;

/** The result of a load. */
export type LoadEnd =
  | { readonly outcome: 'good' }
  /** The source answered, but the specification is invalid. */
  | { readonly outcome: 'bad' }
  /** The specification is invalid and may be half-written. */
  | { readonly outcome: 'unsettled' }
  | { readonly outcome: 'failed'; readonly retryAfterMs: number | undefined };

/**
 * The schedule of a source's loads. One timer serves polling, retries after failures, and changes. Only
 * one load runs at a time; a change during a load causes another load afterwards.
 *
 * It uses a monotonic clock, so adjusting the computer's time has no effect.
 */
export class ReloadSchedule {
  private readonly timing: Timing;
  private readonly run: () => void;
  private readonly random: () => number;
  private timer: NodeJS.Timeout | undefined;
  private dueAt = Number.POSITIVE_INFINITY;
  private startedAt = Number.NEGATIVE_INFINITY;
  /** The earliest time of the next load for a change: the source has answered with a `retryAfterMs`. */
  private notBefore = Number.NEGATIVE_INFINITY;
  private failures = 0;
  private loading = false;
  private changed = false;
  private stopped = false;
  /** True while the source watches for changes. */
  watched = false;

  constructor(timing: Timing, run: () => void, random: () => number) {
    this.timing = timing;
    // A request may schedule a load, but loads are not part of it: see `sharedWork` in exposures.ts.
    this.run = AsyncResource.bind(run);
    this.random = random;
  }

  /** Notes that a load starts. */
  begin(): void {
    this.cancel();
    this.loading = true;
    this.changed = false;
    this.startedAt = performance.now();
  }

  /** Notes that the load has ended, and schedules the next one. */
  end(end: LoadEnd): void {
    this.loading = false;
    this.notBefore = Number.NEGATIVE_INFINITY;
    this.failures = end.outcome === 'failed' ? this.failures + 1 : 0;
    const delay = this.delayAfter(end);
    if (delay !== undefined) this.at(performance.now() + delay);
    if (this.changed) this.tell();
  }

  /** Schedules a load because something may have changed. */
  tell(): void {
    this.changed = true;
    if (this.loading) return;
    this.at(Math.max(performance.now() + GATHER_MS, this.startedAt + SPACING_MS, this.notBefore));
  }

  /** Cancels the next load and schedules no more. */
  stop(): void {
    this.stopped = true;
    this.cancel();
  }

  private delayAfter(end: LoadEnd): number | undefined {
    const { intervalMs, watchedIntervalMs } = this.timing;
    const interval = this.watched ? watchedIntervalMs : intervalMs;
    switch (end.outcome) {
      case 'unsettled':
        return UNSETTLED_MS;
      case 'failed': {
        const { retryAfterMs } = end;
        const backoff = backoffMs(this.failures, this.random);
        if (retryAfterMs === undefined) return backoff;
        this.notBefore = performance.now() + retryAfterMs;
        return retryAfterMs + backoff;
      }
      case 'good':
      case 'bad':
        return interval && jittered(interval, this.random);
      default:
        end satisfies never;
        return undefined;
    }
  }

  /** Schedules a load at a time, unless an earlier one is scheduled. */
  private at(due: number): void {
    if (this.stopped || due >= this.dueAt) return;
    this.cancel();
    this.dueAt = due;
    this.timer = setTimeout(this.run, Math.max(0, due - performance.now()));
    this.timer.unref();
  }

  private cancel(): void {
    clearTimeout(this.timer);
    this.dueAt = Number.POSITIVE_INFINITY;
  }
}
