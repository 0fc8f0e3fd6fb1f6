import type { Snapshot } from '../assignment/snapshot.ts';
import type { EvenhandError } from '../errors/evenhand-error.ts';
import { quote } from '../errors/show-value.ts';
import { thrownMessage } from '../errors/thrown.ts';
import type { Logger } from '../runtime/logger.ts';
import { atOnce, type Steps } from '../runtime/steps.ts';
import {
  type NewDelivery,
  SourceKeeper,
  type SourceReport,
} from '../sources/keeping/source-keeper.ts';
import { closedError } from '../sources/keeping/timing.ts';
import { asSourceError, type Source } from '../sources/source.ts';
import type { RawSpecification } from '../specification/raw.ts';
import { readSpecification, revisionOf } from '../specification/read.ts';
import type { Revision, Specification } from '../specification/types.ts';
import { startChangeLog } from './change-log/change-log.ts';
import type { ChangeLog } from './change-log/change-log.ts';
import { refuseEmpty } from './empty-guard.ts';
import { emptySnapshot } from './empty-snapshot.ts';
import { CurrentProblem, Listeners, type ReadyEvent, ReportedProblems } from './events.ts';
import { type Prepared, type ScheduleClock, startScheduleClock } from './schedule-clock.ts';
import { emptyWarning, notDelivered, staleWarning, unwatchedWarning } from './source-messages.ts';
import type { ClientSettings } from './options.ts';
import { countFailure, type LoadCounts } from './metrics/load-counts.ts';
import { type StandIn, StandIns } from './stand-ins.ts';
import {
  type Arrival,
  type ClientState,
  type ClientStatus,
  type InForce,
  statusOf,
} from './status.ts';
import { WaitingForStart } from './waiting-for-start.ts';

/** Makes a snapshot of a validated specification. */
type Compile = (specification: Specification, revision: Revision | undefined) => Steps<Snapshot>;

/** Called when a snapshot replaces another one. */
type Replaced = (before: Snapshot, after: Snapshot) => void;

/**
 * The snapshot in force. It is replaced as a whole when the source delivers a valid specification, and
 * stays when the source fails. Callers keep the snapshot they have taken, so a change blocks nobody.
 */
export class LiveSnapshot {
  /** The listeners of the client's events. */
  readonly listeners: Listeners;
  /** The loads so far. */
  readonly loads: LoadCounts = { good: 0, changed: 0, failed: new Map(), switches: 0 };
  private readonly source: Source;
  private readonly compile: Compile;
  private readonly operators: ClientSettings['operators'];
  private readonly replaced: Replaced;
  private readonly logger: Logger;
  private readonly waiting: WaitingForStart;
  private readonly standIns: StandIns | undefined;
  private readonly allowEmpty: boolean;
  private readonly keeper: SourceKeeper;
  /** A snapshot without experiments; undefined if requests wait instead. */
  private readonly empty: Snapshot | undefined;
  private readonly trouble: CurrentProblem;
  private readonly reportedUnwatched = new ReportedProblems();
  private current: InForce | undefined;
  /** Made at the first change. */
  private changeLog: ChangeLog | undefined;
  /** Made for the first specification with a schedule. */
  private clock: ScheduleClock | undefined;
  private saidEmpty = false;
  private timer: NodeJS.Timeout | undefined;

  /**
   * Loads the source. A source that answers synchronously is loaded when this returns.
   *
   * @throws SourceError, SpecError if a synchronous source fails and nothing stands in for it
   */
  constructor(settings: ClientSettings, compile: Compile, replaced: Replaced) {
    const { source, startWithout, startTimeoutMs, staleAfterMs } = settings;
    this.source = source;
    this.compile = compile;
    this.operators = settings.operators;
    this.replaced = replaced;
    this.logger = settings.logger;
    this.listeners = new Listeners(this.logger);
    this.trouble = new CurrentProblem(this.logger, this.listeners);
    this.waiting = new WaitingForStart(source.name);
    this.standIns =
      settings.standIns && new StandIns(settings.standIns, (problem) => this.warnOf(problem));
    this.allowEmpty = settings.allowEmpty;
    this.empty = startWithout === 'fallback' ? emptySnapshot() : undefined;
    this.keeper = new SourceKeeper(source, {
      staleAfterMs,
      random: Math.random,
      use: (delivery) => this.use(delivery),
      report: (report) => this.react(report),
    });
    this.load(startTimeoutMs);
  }

  /** The snapshot in force. Before the first one: the snapshot without experiments, or undefined. */
  get snapshot(): Snapshot | undefined {
    if (this.current !== undefined) return this.current.snapshot;
    if (this.empty !== undefined && !this.saidEmpty) {
      this.saidEmpty = true;
      this.logger.warn(emptyWarning(this.source.name));
    }
    return this.empty;
  }

  /** The error for callers that need a snapshot before there is one. */
  get absence(): EvenhandError {
    const why = 'yet; await client.ready() first';
    return this.trouble.error ?? notDelivered(this.source.name, why);
  }

  /** Resolves when there is a snapshot; see `Client.ready()`. */
  ready(timeoutMs: number | undefined): Promise<void> {
    return this.waiting.ready(timeoutMs);
  }

  /** Resolves to the snapshot for a request that arrived before the first one. */
  async admit(): Promise<Snapshot> {
    await this.waiting.admit();
    const { snapshot } = this;
    if (snapshot === undefined) throw this.absence;
    return snapshot;
  }

  /** Returns the status of the client, without the decisions that fail. */
  status(): Omit<ClientStatus, 'failing'> {
    const { state, source, current, trouble, keeper } = this;
    const ready = current !== undefined || this.empty !== undefined;
    const place = this.clock?.place;
    return statusOf({ state, ready, source: source.name, current, trouble, keeper, place });
  }

  /** Loads the source at once; see `Client.reload()`. */
  reload(): Promise<void> {
    return this.keeper.reload();
  }

  /** Closes the source; the snapshot in force stays. Never rejects: a failure is logged. */
  async close(): Promise<void> {
    clearTimeout(this.timer);
    const parts = [this.keeper.close(), this.standIns?.close() ?? Promise.resolve()];
    this.changeLog?.close();
    this.clock?.close();
    this.waiting.end(closedError(this.source));
    for (const part of await Promise.allSettled(parts)) {
      if (part.status === 'rejected') {
        this.logger.warn(`evenhand: ${thrownMessage(part.reason)}`);
      }
    }
  }

  /** Compiles a delivery of the source and puts it in force; the previous one decides until then. */
  private *use({ raw, revision }: NewDelivery): Steps<'used' | EvenhandError> {
    let prepared: Prepared;
    try {
      prepared = yield* this.prepare(raw, revision);
    } catch (error) {
      return asSourceError(this.source, error);
    }
    const before = this.current?.snapshot;
    if (before !== undefined && !this.allowEmpty) {
      const refusal = refuseEmpty(this.source.name, before, prepared.snapshot);
      if (refusal !== undefined) return refusal;
    }
    this.standIns?.save(raw, revision);
    // Writing megabytes as JSON takes a slice of its own.
    yield;
    if (this.clock !== undefined) prepared = yield* this.clock.upToDate(prepared);
    this.put(prepared, { revision, provider: 'source', changes: raw.changes });
    this.loads.changed++;
    return 'used';
  }

  private react(report: SourceReport): void {
    switch (report.is) {
      case 'confirmed':
        this.loads.good++;
        if (this.trouble.end()) {
          this.logger.warn(`evenhand: the source ${quote(this.source.name)} works again`);
        }
        return;
      case 'failed':
        countFailure(this.loads, report.problem.code);
        this.note(report.problem);
        if (this.current === undefined && !this.standIn()) this.waiting.fail(report.problem);
        return;
      case 'unwatched':
        if (!report.again) this.reportedUnwatched.clear();
        if (this.reportedUnwatched.isNew(report.problem)) {
          this.logger.warn(unwatchedWarning(report.problem));
        }
        return;
      case 'stale':
        this.stale();
        return;
      default:
        report satisfies never;
    }
  }

  private stale(): void {
    const { current, keeper } = this;
    const event = { revision: current?.revision, ageMs: keeper.ageMs };
    this.logger.warn(staleWarning(this.source.name, event, current !== undefined));
    this.listeners.emit('stale', event);
  }

  private load(startTimeoutMs: number): void {
    let pending: Promise<void> | undefined;
    try {
      pending = this.keeper.begin();
    } catch (error) {
      if (!this.standIn() && this.empty === undefined) throw error;
      this.keeper.keep(error as EvenhandError);
      return;
    }
    if (pending !== undefined) {
      // react() reports the problem.
      pending.catch(() => {});
      this.timer = setTimeout(() => this.late(startTimeoutMs), startTimeoutMs);
      this.timer.unref();
    }
    this.keeper.keep();
  }

  /** Ends the wait of requests for the first load. */
  private late(waitedMs: number): void {
    if (this.current !== undefined || this.trouble.error !== undefined) return;
    const problem = notDelivered(this.source.name, `within ${waitedMs} ms`);
    this.note(problem);
    if (!this.standIn()) this.waiting.refuse(problem);
  }

  /** Puts the cache file or `bootstrap` in force; returns whether one of them is. */
  private standIn(): boolean {
    if (this.standIns === undefined) return false;
    return this.standIns.standIn(({ raw, provider, what }: StandIn) => {
      const revision = revisionOf(raw);
      const prepared = atOnce(this.prepare(raw, revision));
      this.put(prepared, { revision, provider, changes: raw.changes });
      this.logger.warn(
        `evenhand: using ${what} until the source ${quote(this.source.name)} delivers`,
      );
    });
  }

  private *prepare(raw: RawSpecification, revision: Revision | undefined): Steps<Prepared> {
    const specification = yield* readSpecification(raw, this.operators);
    const { warnings } = specification;
    if (warnings !== undefined) this.logger.warn(`evenhand: ${warnings.join('\n  ')}`);
    if (specification.scheduled !== true) {
      return { snapshot: yield* this.compile(specification, revision), schedule: undefined };
    }
    this.clock ??= startScheduleClock({
      compile: this.compile,
      put: (prepared, changes) => {
        this.loads.switches++;
        if (this.current !== undefined) this.put(prepared, { ...this.current, changes });
      },
      logger: this.logger,
    });
    return yield* this.clock.prepare(specification, revision);
  }

  private put({ snapshot, schedule }: Prepared, { revision, provider, changes }: Arrival): void {
    const before = this.current?.snapshot;
    this.current = { snapshot, revision, provider, since: new Date().toISOString() };
    this.clock?.follow(schedule);
    const event: ReadyEvent = { revision: snapshot.revision, origin: snapshot.origin, provider };
    if (before === undefined) {
      clearTimeout(this.timer);
      this.waiting.succeed();
      // Later, because nobody can listen before the client's constructor has returned.
      queueMicrotask(() => this.listeners.emit('ready', event));
    } else {
      this.replaced(before, snapshot);
      this.changeLog ??= startChangeLog(this.logger, this.listeners);
      this.changeLog.add({ before, after: snapshot, event, notes: changes });
    }
  }

  /** Remembers the current problem and reports it if it is new. */
  private note(problem: EvenhandError): void {
    const stays = this.current === undefined ? '' : 'the previous experiments stay in force';
    this.trouble.note(problem, stays);
  }

  /** Reports a problem of a stand-in; the source may still be well. */
  private warnOf(problem: EvenhandError): void {
    this.logger.warn(`evenhand: ${problem.message}`);
    this.listeners.emit('error', problem);
  }

  private get state(): ClientState {
    if (this.current === undefined) return this.trouble.error === undefined ? 'starting' : 'failed';
    return this.keeper.isStale ? 'stale' : 'ready';
  }
}
