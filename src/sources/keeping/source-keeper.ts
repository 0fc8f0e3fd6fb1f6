import type { EvenhandError } from '../../errors/evenhand-error.ts';
import { SourceError } from '../../errors/store-errors.ts';
import { quote } from '../../errors/show-value.ts';
import { type LoadEnd, ReloadSchedule } from './reload-schedule.ts';
import { isOlder, revisionOf } from '../revision.ts';
import type { Delivery, RawSpecification, Source } from '../source.ts';
import type { Revision } from '../../specification/types.ts';
import { asSourceError, assertRaw, isUnchanged } from '../source-error.ts';
import { Staleness } from './staleness.ts';
import { closedError, timedLoad } from './timed-load.ts';
import { type Timing, timingOf } from './timing.ts';
import { keepWatching } from './watch-loop.ts';

/** What is not confirmed for three intervals, but at least a minute, is stale. */
const STALE_INTERVALS = 3;
const MIN_STALE_MS = 60_000;

/** Who uses what a source delivers. */
export interface SourceUser {
  /**
   * Uses a delivery that is not the last one's.
   *
   * @throws EvenhandError for what can't be used: then the one before stays
   */
  use(raw: RawSpecification, revision: Revision | undefined): void;
  /**
   * Makes a delivery that is not the last one's ready, in slices between which the process does other
   * things; nothing else is delivered meanwhile. Resolves to what puts it in use.
   *
   * Rejects with EvenhandError for what can't be used: then the one before stays.
   *
   * @param signal aborted when nothing is to be put in use any more
   */
  prepare(
    raw: RawSpecification,
    revision: Revision | undefined,
    signal: AbortSignal,
  ): Promise<() => void>;
  /** What is in use is what the source has. */
  confirmed(): void;
  /** The source can't deliver, or what it delivers can't be used; the same problem each time. */
  failed(problem: EvenhandError): void;
  /** Nobody is listening for changes; the source is only polled. @param again as shortly before */
  unwatched(problem: EvenhandError, again: boolean): void;
  /** What is in use has not been confirmed for too long. */
  stale(): void;
}

/** How a source is kept. */
export interface KeeperOptions {
  /** Default: three intervals, at least a minute. */
  readonly staleAfterMs: number | undefined;
  /** Draws from [0, 1). */
  readonly random: () => number;
}

/** The last delivery that arrived. */
interface Seen {
  readonly revision: Revision | undefined;
  /** Why it could not be used. */
  readonly problem?: EvenhandError;
}

/** A delivery that is to be used. */
interface News {
  readonly raw: RawSpecification;
  readonly revision: Revision | undefined;
}

/**
 * Keeps its user up to date with a source: loads it, watches and polls it, waits for it no longer than
 * allowed, leaves it alone for a while when it fails, and refuses what is older than what is there. All
 * sources have this in common, so that each only has to deliver.
 */
export class SourceKeeper {
  private readonly source: Source;
  private readonly user: SourceUser;
  private readonly random: () => number;
  private readonly timing: Timing;
  private readonly schedule: ReloadSchedule;
  private readonly staleness: Staleness;
  private readonly closing = new AbortController();
  private seen: Seen | undefined;
  /** The newest revision that could be used. */
  private newest: Revision | undefined;
  private used = false;
  private failingSince: number | undefined;

  /** @throws OptionError (`option`) where the source's times can't be meant */
  constructor(source: Source, user: SourceUser, { staleAfterMs, random }: KeeperOptions) {
    this.source = source;
    this.user = user;
    this.random = random;
    this.timing = timingOf(source);
    this.schedule = new ReloadSchedule(this.timing, () => void this.reload(), random);
    this.staleness = new Staleness(
      this.isLive ? this.staleAfter(staleAfterMs) : Number.POSITIVE_INFINITY,
      () => user.stale(),
    );
  }

  /** Whether the source may deliver something else later. */
  get isLive(): boolean {
    return this.timing.intervalMs !== undefined;
  }

  /** Whether somebody is listening for changes. */
  get isWatched(): boolean {
    return this.schedule.watched;
  }

  /** Whether what is in use has not been confirmed for too long. */
  get isStale(): boolean {
    return this.staleness.stale;
  }

  /** Since when what is in use has not been confirmed, in milliseconds; undefined: it never was. */
  get ageMs(): number | undefined {
    return this.staleness.ageMs;
  }

  /**
   * The first load: done when this returns where the source answers at once, and then throws what is
   * wrong; else settled by the promise.
   */
  begin(): Promise<void> | undefined {
    this.schedule.begin();
    try {
      const delivery = this.ask();
      if (delivery instanceof Promise) return this.complete(delivery);
      this.take(delivery);
    } catch (error) {
      throw asSourceError(this.source, error);
    }
    return undefined;
  }

  /** Goes on from there; with the problem of a first load that failed at once, but can be done without. */
  keep(problem?: EvenhandError): void {
    if (problem !== undefined) this.wentWrong(problem);
    if (this.isLive) this.staleness.start();
    if (this.source.watch === undefined) return;
    const listener = {
      changed: () => {
        this.schedule.watched = true;
        this.schedule.tell();
      },
      lost: (problem: SourceError, again: boolean) => {
        this.schedule.watched = false;
        // By the shorter interval from now on; and something may have been missed.
        this.schedule.tell();
        this.user.unwatched(problem, again);
      },
    };
    void keepWatching(this.source, listener, this.closing.signal, this.random);
  }

  /** Ends everything; the source itself is not closed. */
  stop(): void {
    this.closing.abort();
    this.schedule.stop();
    this.staleness.stop();
  }

  private ask(): Delivery | Promise<Delivery> {
    const { timeoutMs } = this.timing;
    const { signal } = this.closing;
    return timedLoad(this.source, { timeoutMs, known: this.seen?.revision, signal });
  }

  private async reload(): Promise<void> {
    this.schedule.begin();
    let delivery: Delivery | Promise<Delivery>;
    try {
      delivery = this.ask();
    } catch (error) {
      this.wentWrong(asSourceError(this.source, error));
      return;
    }
    // It has been told what is wrong.
    await this.complete(Promise.resolve(delivery)).catch(() => {});
  }

  private async complete(delivery: Promise<Delivery>): Promise<void> {
    try {
      await this.takeInSlices(await delivery);
    } catch (error) {
      const problem = asSourceError(this.source, error);
      if (!this.closing.signal.aborted) this.wentWrong(problem);
      throw problem;
    }
  }

  /** Gives the user what is new; throws where what is there can't be used, new or not. */
  private take(delivery: Delivery): void {
    const news = this.newsIn(delivery);
    if (news !== undefined) {
      try {
        this.user.use(news.raw, news.revision);
      } catch (error) {
        throw this.unusable(news, error);
      }
      this.taken(news);
    }
    this.wentWell();
  }

  /** The same; from the moment on in which it is used there is no step in between. */
  private async takeInSlices(delivery: Delivery): Promise<void> {
    const news = this.newsIn(delivery);
    if (news !== undefined) {
      const { signal } = this.closing;
      try {
        const use = await this.user.prepare(news.raw, news.revision, signal);
        signal.throwIfAborted();
        use();
      } catch (error) {
        throw this.unusable(news, error);
      }
      this.taken(news);
    }
    this.wentWell();
  }

  private taken({ revision }: News): void {
    this.seen = { revision };
    this.newest = revision;
  }

  private unusable({ revision }: News, error: unknown): EvenhandError {
    const problem = asSourceError(this.source, error);
    this.seen = { revision, problem };
    return problem;
  }

  /** What has not been delivered before; throws where what is there can't be used, new or not. */
  private newsIn(delivery: Delivery): News | undefined {
    if (this.closing.signal.aborted) throw closedError(this.source);
    if (isUnchanged(delivery)) {
      if (this.seen === undefined) {
        throw new SourceError(
          `the source ${quote(this.source.name)} says that nothing has changed, but has delivered nothing yet`,
        );
      }
      if (this.seen.problem !== undefined) throw this.seen.problem;
      return undefined;
    }
    assertRaw(this.source, delivery);
    const revision = revisionOf(delivery);
    if (this.seen !== undefined && revision !== undefined && revision === this.seen.revision) {
      if (this.seen.problem !== undefined) throw this.seen.problem;
      return undefined;
    }
    this.refuseOlder(revision);
    return { raw: delivery, revision };
  }

  /** A server that lags behind another one must not take a change back. */
  private refuseOlder(revision: Revision | undefined): void {
    if (!isOlder(revision, this.newest)) return;
    throw new SourceError(
      `the source ${quote(this.source.name)} delivered revision ${revision}, which is older than ${this.newest}, the one in force; if it was set back on purpose, restart`,
    );
  }

  private wentWell(): void {
    this.used = true;
    this.failingSince = undefined;
    if (this.isLive) this.staleness.confirm();
    this.schedule.end({ outcome: 'good' });
    this.user.confirmed();
  }

  private wentWrong(problem: EvenhandError): void {
    const now = performance.now();
    this.failingSince ??= now;
    if (this.used && now - this.failingSince < this.timing.settleMs) {
      this.schedule.end({ outcome: 'unsettled' });
      return;
    }
    this.schedule.end(this.endOf(problem));
    this.user.failed(problem);
  }

  /** A source that is well is polled as ever; one that delivers once only is tried until it has. */
  private endOf(problem: EvenhandError): LoadEnd {
    if (problem.code !== 'source' && this.isLive) return { outcome: 'bad' };
    const retryAfterMs = problem instanceof SourceError ? problem.retryAfterMs : undefined;
    return { outcome: 'failed', retryAfterMs };
  }

  private staleAfter(given: number | undefined): number {
    const { intervalMs = 0, watchedIntervalMs = 0 } = this.timing;
    const longest = Math.max(intervalMs, watchedIntervalMs);
    return given ?? Math.max(MIN_STALE_MS, STALE_INTERVALS * longest);
  }
}
