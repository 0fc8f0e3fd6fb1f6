import { backoffMs, jittered } from './backoff.ts';
import type { Timing } from './timing.ts';

/** News that come together are one: how long the first waits for others, in milliseconds. */
const GATHER_MS = 25;

/** Between two loads for news, in milliseconds, so that a storm of news is a handful of loads. */
const SPACING_MS = 250;

/** How soon a delivery is looked at again that may be half-written, in milliseconds. */
const UNSETTLED_MS = 100;

/** How a load ended. */
export type LoadEnd =
  | { readonly outcome: 'good' }
  /** It can't be used, but the source is well. */
  | { readonly outcome: 'bad' }
  /** It may be half-written. */
  | { readonly outcome: 'unsettled' }
  | { readonly outcome: 'failed'; readonly retryAfterMs: number | undefined };

/**
 * When a source is loaded next: one timer for the interval, for trying again after a failure, and for
 * news. Only one load is under way at a time; news that come meanwhile are looked at afterwards.
 *
 * By a clock that is never set, so that a jump of the computer's time changes nothing.
 */
export class ReloadSchedule {
  private readonly timing: Timing;
  private readonly run: () => void;
  private readonly random: () => number;
  private timer: NodeJS.Timeout | undefined;
  private dueAt = Number.POSITIVE_INFINITY;
  private startedAt = Number.NEGATIVE_INFINITY;
  /** Not before that, whatever the news: the source has asked to be left alone. */
  private notBefore = Number.NEGATIVE_INFINITY;
  private failures = 0;
  private loading = false;
  private news = false;
  private stopped = false;
  /** Whether somebody is listening for news. */
  watched = false;

  constructor(timing: Timing, run: () => void, random: () => number) {
    this.timing = timing;
    this.run = run;
    this.random = random;
  }

  /** A load begins. */
  begin(): void {
    this.cancel();
    this.loading = true;
    this.news = false;
    this.startedAt = performance.now();
  }

  /** The load has ended. */
  end(end: LoadEnd): void {
    this.loading = false;
    this.notBefore = Number.NEGATIVE_INFINITY;
    this.failures = end.outcome === 'failed' ? this.failures + 1 : 0;
    const delay = this.delayAfter(end);
    if (delay !== undefined) this.at(performance.now() + delay);
    if (this.news) this.tell();
  }

  /** There may be something new. */
  tell(): void {
    this.news = true;
    if (this.loading) return;
    this.at(Math.max(performance.now() + GATHER_MS, this.startedAt + SPACING_MS, this.notBefore));
  }

  /** Nothing is loaded any more. */
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

  /** Loads then, or sooner if that was planned already. */
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
