import { AsyncResource } from 'node:async_hooks';
import type { EvenhandError } from '../../errors/evenhand-error.ts';
import { SourceError } from '../../errors/store-errors.ts';
import { quote } from '../../errors/show-value.ts';
import { inSlices } from '../../runtime/in-slices.ts';
import { keepAliveUntil } from '../../runtime/keep-alive.ts';
import { atOnce, type Steps } from '../../runtime/steps.ts';
import type { RawSpecification } from '../../specification/raw.ts';
import { isOlder, isText, isTexts, revisionOf } from '../../specification/read.ts';
import type { Revision } from '../../specification/types.ts';
import { asSourceError, assertRaw, type Delivery, isUnchanged, type Source } from '../source.ts';
import { type LoadEnd, ReloadSchedule } from './reload-schedule.ts';
import { Staleness } from './staleness.ts';
import { closedError, timedClose, timedLoad, type Timing, timingOf } from './timing.ts';
import { keepWatching } from './watch-loop.ts';

/** Default of `staleAfterMs`: three intervals, at least a minute. */
const STALE_INTERVALS = 3;
const MIN_STALE_MS = 60_000;

/** A delivery that has not been used before. */
export interface NewDelivery {
  readonly raw: RawSpecification;
  readonly revision: Revision | undefined;
}

/**
 * Puts a delivery in use, in steps; other work may run between the steps, but no other delivery. The
 * last step returns "used", or the problem if the delivery can't be used and the previous one stays.
 */
export type UseDelivery = (delivery: NewDelivery) => Steps<'used' | EvenhandError>;

/** A change in the state of a source. */
export type SourceReport =
  /** The delivery in use is the source's current one. */
  | { readonly is: 'confirmed' }
  /** The source can't deliver, or its delivery can't be used; reported at each load. */
  | { readonly is: 'failed'; readonly problem: EvenhandError }
  /** The source has stopped watching for changes and is only polled. `again`: also shortly before. */
  | { readonly is: 'unwatched'; readonly problem: EvenhandError; readonly again: boolean }
  /** The delivery in use has not been confirmed for too long. */
  | { readonly is: 'stale' };

/** Options of {@link SourceKeeper}. */
export interface KeeperOptions {
  /** Default: three intervals, at least a minute. */
  readonly staleAfterMs: number | undefined;
  /** Draws from [0, 1). */
  readonly random: () => number;
  readonly use: UseDelivery;
  readonly report: (report: SourceReport) => void;
}

/** A delivery that could not be used. */
interface Refused {
  readonly delivery: NewDelivery;
  readonly problem: EvenhandError;
}

/**
 * Keeps the deliveries of a source up to date: loads, watches and polls it, limits the time of a load,
 * retries with backoff after failures, and refuses revisions older than the newest one. A source only
 * has to deliver.
 */
export class SourceKeeper {
  private readonly source: Source;
  private readonly use: UseDelivery;
  private readonly report: (report: SourceReport) => void;
  private readonly random: () => number;
  private readonly timing: Timing;
  private readonly schedule: ReloadSchedule;
  /** Undefined for a source that delivers only once. */
  private readonly staleness: Staleness | undefined;
  private readonly closing = new AbortController();
  /** A request may ask for a load, but loads and what follows them are not part of it. */
  private readonly context = new AsyncResource('evenhand');
  /** The delivery in use. Only its revision is ever `known`. */
  private inUse: { readonly revision: Revision | undefined } | undefined;
  /** The last delivery, if it could not be used. */
  private refused: Refused | undefined;
  private failingSince: number | undefined;
  /** The load that runs now. */
  private loading: Promise<unknown> | undefined;
  /** The load that starts when the current one has ended; calls of `reload()` share it. */
  private next: Promise<void> | undefined;

  /** @throws OptionError (`option`) if a time of the source is out of range */
  constructor(source: Source, { staleAfterMs, random, use, report }: KeeperOptions) {
    this.source = source;
    this.use = use;
    this.report = report;
    this.random = random;
    this.timing = timingOf(source);
    this.schedule = new ReloadSchedule(this.timing, () => void this.load().catch(() => {}), random);
    this.staleness = this.isLive
      ? new Staleness(this.staleAfter(staleAfterMs), () => report({ is: 'stale' }))
      : undefined;
  }

  /** True if the source is loaded again after it has delivered. */
  private get isLive(): boolean {
    return this.timing.intervalMs !== undefined;
  }

  /** True while the source watches for changes. */
  get isWatched(): boolean {
    return this.schedule.watched;
  }

  /** True if the delivery in use has not been confirmed for too long. */
  get isStale(): boolean {
    return this.staleness?.stale === true;
  }

  /** Milliseconds since the source last confirmed the delivery in use; undefined before the first time. */
  get ageMs(): number | undefined {
    return this.staleness?.ageMs;
  }

  /**
   * Loads the source for the first time. A source that answers at once is done when this returns; any
   * other settles the promise.
   *
   * @throws EvenhandError if the source fails at once
   */
  begin(): Promise<void> | undefined {
    this.schedule.begin();
    try {
      const delivery = this.ask();
      if (delivery instanceof Promise) return this.complete(delivery);
      atOnce(this.take(this.newIn(delivery)));
    } catch (error) {
      throw asSourceError(this.source, error);
    }
    return undefined;
  }

  /**
   * Starts to poll and watch, after {@link begin}.
   *
   * @param problem of a first load that failed at once, if the application can start without it
   */
  keep(problem?: EvenhandError): void {
    if (problem !== undefined) this.wentWrong(problem);
    this.staleness?.start();
    if (this.source.watch === undefined) return;
    const listener = {
      changed: () => {
        this.schedule.watched = true;
        this.schedule.tell();
      },
      lost: (problem: SourceError, again: boolean) => {
        this.schedule.watched = false;
        // From now on the shorter interval applies, and a change may have been missed.
        this.schedule.tell();
        this.report({ is: 'unwatched', problem, again });
      },
    };
    void keepWatching(this.source, listener, this.closing.signal, this.random);
  }

  /**
   * Loads the source at once, also during a back-off. Resolves when the answer is in use. The source is
   * asked after the call: a load that already runs is awaited first, and calls made meanwhile share the
   * next one.
   *
   * Rejects with the problem if the source can't deliver or its delivery can't be used; with SourceError
   * (`source`) after {@link stop}.
   */
  reload(): Promise<void> {
    this.next ??= this.context.runInAsyncScope(() => keepAliveUntil(this.loadNext()));
    return this.next;
  }

  /** Stops loading and watching; does not close the source. */
  stop(): void {
    this.closing.abort(closedError(this.source));
    this.schedule.stop();
    this.staleness?.stop();
  }

  /**
   * Stops loading and watching, and closes the source.
   *
   * Rejects with SourceError (`source`) if the source can't be closed in time.
   */
  async close(): Promise<void> {
    this.stop();
    await timedClose(this.source, this.timing.timeoutMs);
  }

  private async loadNext(): Promise<void> {
    // The load that runs now reports its own problem.
    await this.loading?.catch(() => {});
    this.next = undefined;
    await this.load();
  }

  private ask(): Delivery | Promise<Delivery> {
    const { timeoutMs } = this.timing;
    const { signal } = this.closing;
    // After a delivery that could not be used, the source must deliver a whole specification again.
    const known = this.refused === undefined ? this.inUse?.revision : undefined;
    return timedLoad(this.source, { timeoutMs, known, signal });
  }

  private async load(): Promise<void> {
    this.closing.signal.throwIfAborted();
    this.schedule.begin();
    let delivery: Delivery | Promise<Delivery>;
    try {
      delivery = this.ask();
    } catch (error) {
      const problem = asSourceError(this.source, error);
      this.wentWrong(problem);
      throw problem;
    }
    await this.complete(Promise.resolve(delivery));
  }

  /** Completes a load. The problem of a failed one has been reported when the promise rejects. */
  private complete(delivery: Promise<Delivery>): Promise<void> {
    const loading = this.finish(delivery);
    this.loading = loading;
    return loading;
  }

  private async finish(delivery: Promise<Delivery>): Promise<void> {
    try {
      const found = this.newIn(await delivery);
      const steps = this.take(found);
      // Data that may still change must be read at once: a later step could read half of a new version.
      if (found !== undefined && mayChange(found.raw)) atOnce(steps);
      else await inSlices(steps, this.closing.signal);
    } catch (error) {
      const problem = asSourceError(this.source, error);
      if (!this.closing.signal.aborted) this.wentWrong(problem);
      throw problem;
    }
  }

  /** Puts a new delivery in use, or throws its problem; confirms the one in use if there is none. */
  private *take(delivery: NewDelivery | undefined): Steps<void> {
    if (delivery !== undefined) {
      const answer = yield* this.use(delivery);
      if (answer !== 'used') {
        this.refused = { delivery, problem: answer };
        throw answer;
      }
      this.inUse = { revision: delivery.revision };
    }
    this.refused = undefined;
    this.wentWell();
  }

  /** Returns the delivery if it is a new one; throws again the problem of a bad one that has not changed. */
  private newIn(delivery: Delivery): NewDelivery | undefined {
    this.closing.signal.throwIfAborted();
    const { inUse, refused } = this;
    if (isUnchanged(delivery)) {
      if (refused !== undefined) throw refused.problem;
      if (inUse !== undefined) return undefined;
      throw new SourceError(
        `the source ${quote(this.source.name)} answered "unchanged" before its first delivery; load() must return a specification first`,
      );
    }
    assertRaw(this.source, delivery);
    const found = { raw: delivery, revision: revisionOf(delivery) };
    const { revision } = found;
    if (inUse !== undefined && revision !== undefined && revision === inUse.revision)
      return undefined;
    if (refused !== undefined && isSame(found, refused.delivery)) throw refused.problem;
    this.refuseOlder(revision);
    return found;
  }

  /** A replica that lags behind must not undo a change. */
  private refuseOlder(revision: Revision | undefined): void {
    const newest = this.inUse?.revision;
    if (!isOlder(revision, newest)) return;
    throw new SourceError(
      `the source ${quote(this.source.name)} delivered revision ${revision}, older than revision ${newest} in use; if you rolled it back on purpose, restart the application`,
    );
  }

  private wentWell(): void {
    this.failingSince = undefined;
    this.staleness?.confirm();
    this.schedule.end({ outcome: 'good' });
    this.report({ is: 'confirmed' });
  }

  private wentWrong(problem: EvenhandError): void {
    const now = performance.now();
    this.failingSince ??= now;
    if (this.inUse !== undefined && now - this.failingSince < this.timing.settleMs) {
      this.schedule.end({ outcome: 'unsettled' });
      return;
    }
    this.schedule.end(this.endOf(problem));
    this.report({ is: 'failed', problem });
  }

  /** A bad delivery is polled at the usual interval; a source that can't deliver is retried with backoff. */
  private endOf(problem: EvenhandError): LoadEnd {
    const isBad = problem === this.refused?.problem || problem.code !== 'source';
    if (this.isLive ? isBad : this.inUse !== undefined) return { outcome: 'bad' };
    const retryAfterMs = problem instanceof SourceError ? problem.retryAfterMs : undefined;
    return { outcome: 'failed', retryAfterMs };
  }

  private staleAfter(given: number | undefined): number {
    const { intervalMs = 0, watchedIntervalMs = 0 } = this.timing;
    const longest = Math.max(intervalMs, watchedIntervalMs);
    return given ?? Math.max(MIN_STALE_MS, STALE_INTERVALS * longest);
  }
}

function mayChange(raw: RawSpecification): boolean {
  return !isText(raw) && !isTexts(raw) && raw.final !== true;
}

/** Returns true for the same content. An unusable delivery may be repaired under the same revision. */
function isSame(one: NewDelivery, other: NewDelivery): boolean {
  if (one.revision === undefined || one.revision !== other.revision) return false;
  if (isText(one.raw) && isText(other.raw)) return one.raw.text === other.raw.text;
  // Without a revision of its own, it is a hash of the content.
  return one.raw.revision === undefined && other.raw.revision === undefined;
}
