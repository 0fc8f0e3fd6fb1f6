import { AsyncResource } from 'node:async_hooks';
import type { Visitor, NamespaceExposure, TrackedEvent } from '../assignment/listener.ts';
import type { Outcome } from '../assignment/outcome.ts';
import type { ExperimentRecord } from '../planout/experiments/experiment-log.ts';
import { realTimers } from '../runtime/real-timers.ts';
import { type Logger, onceLogger, type OnceLogger, safeLogger } from '../runtime/logger.ts';
import type { ExperimentSpec } from '../specification/types.ts';
import { ContextValues } from './records/context-values.ts';
import { drainAtEnd, type Drainable } from './delivery/drain.ts';
import { readHappening } from './records/tracked-event.ts';
import type { Metric } from './metrics/metric.ts';
import { metricsOf } from './metrics/metrics.ts';
import { type ExposuresOptions, type ExposuresSettings, parseExposuresOptions } from './options.ts';
import type { ExposureRecord } from './records/record.ts';
import {
  type NotRecorded,
  paramsText,
  type Recorded,
  Recorder,
  UNDEALT,
} from './records/recorder.ts';
import { SeenUnits } from './deduplication/seen-units.ts';
import type { QueueSettings } from './delivery/queue-settings.ts';
import { SinkQueue, type SinkStats } from './delivery/sink-queue.ts';
import type { Split } from './split-watch/watched-audience.ts';
import { SplitWatch } from './split-watch/split-watch.ts';
import { UnitReader } from './records/unit-reader.ts';
import { UuidSequence } from './records/uuid.ts';

/** The counts of exposures and outcomes so far. */
export interface ExposureStats {
  /** The number of created records, exposures and outcomes. */
  readonly recorded: number;
  /** The number of exposures left out because the unit had already seen the variant. */
  readonly deduplicated: number;
  /** The number of exposures left out because no person saw the response. */
  readonly ignored: number;
  /** The number of remembered pairs of unit and variant. */
  readonly remembered: number;
  /** The number of records that the sinks accepted, added up over all sinks like those below. */
  readonly written: number;
  readonly retried: number;
  readonly dropped: number;
  readonly queueLength: number;
  /** The time the oldest record has waited for any sink, in ms; undefined if none waits. */
  readonly oldestAgeMs: number | undefined;
  readonly sinks: readonly SinkStats[];
  /** The splits of the experiments in force. */
  readonly splits: readonly Split[];
}

/** Returns the current specification of an experiment, by its name. */
export type InForce = (experiment: string) => ExperimentSpec | undefined;

/** The shortest time that a sink has to close, in milliseconds, even if `closeTimeoutMs` is over. */
const MIN_CLOSE_MS = 500;

/** Distinguishes exposures from options, also those of another copy of the package. */
const BRAND: unique symbol = Symbol.for('evenhand/exposures');

/**
 * Creates a recorder of exposures for several clients or middlewares to share:
 * `evenhand({ exposures })`. The application that creates it closes it.
 *
 * @throws OptionError (`option`) for invalid options
 */
export function createExposures(options: ExposuresOptions): Exposures {
  return new Exposures(parseExposuresOptions('createExposures()', options));
}

/** Returns true if a value was created by `createExposures()`. */
export function isExposures(value: unknown): value is Exposures {
  return typeof value === 'object' && value !== null && BRAND in value;
}

/** Records exposures and outcomes and delivers them to each sink. */
export class Exposures {
  readonly [BRAND] = true;
  private readonly settings: ExposuresSettings;
  private readonly logger: Logger;
  private readonly once: OnceLogger;
  private readonly seen: SeenUnits;
  private readonly recorder: Recorder;
  private readonly units = new UnitReader();
  private readonly queues: readonly SinkQueue[];
  private readonly watch: SplitWatch;
  private readonly clients: InForce[] = [];
  /** Removes the handlers of the process's end; undefined before the first record. */
  private leave: (() => void) | undefined;
  private closing: Promise<void> | undefined;
  private recorded = 0;
  private deduplicated = 0;
  private ignored = 0;

  /**
   * Called by `createExposures()` and by clients.
   *
   * @param logger used if the settings have none
   */
  constructor(settings: ExposuresSettings, logger?: Logger | false) {
    const { service, session, context } = settings;
    const now = () => performance.now();
    const random = () => Math.random();
    this.settings = settings;
    this.logger = safeLogger(settings.logger ?? logger);
    this.once = onceLogger(this.logger);
    this.seen = new SeenUnits(settings.maxEntries, settings.ttlMs, now, random);
    this.recorder = new Recorder({
      seen: this.seen,
      ids: new UuidSequence(),
      now: () => Date.now(),
      secret: settings.secret,
      contextValues: context.length === 0 ? undefined : new ContextValues(context),
      service,
      session,
    });
    const shared = sharedWork(this.logger);
    const limits = { ...settings, ...shared, now, random };
    this.queues = settings.sinks.map((sink) => new SinkQueue(sink, limits));
    this.watch = new SplitWatch({ logger: shared.logger, inForce: (name) => this.inForce(name) });
  }

  /** Returns the current counts. */
  stats(): ExposureStats {
    const sinks = this.queues.map((queue) => queue.stats());
    const sum = (read: (sink: SinkStats) => number) =>
      sinks.reduce((total, sink) => total + read(sink), 0);
    const ages = sinks.flatMap(({ oldestAgeMs }) => oldestAgeMs ?? []);
    return {
      recorded: this.recorded,
      deduplicated: this.deduplicated,
      ignored: this.ignored,
      remembered: this.seen.size,
      written: sum(({ written }) => written),
      retried: sum(({ retried }) => retried),
      dropped: sum(({ dropped }) => dropped),
      queueLength: sum(({ queueLength }) => queueLength),
      oldestAgeMs: ages.length === 0 ? undefined : Math.max(...ages),
      sinks,
      splits: this.watch.splits(),
    };
  }

  /**
   * The option `ignore`, which the middleware asks about its requests.
   *
   * @internal
   */
  get ignore(): ExposuresSettings['ignore'] {
    return this.settings.ignore;
  }

  /**
   * The key of the hashes that are recorded instead of units; undefined if units are recorded.
   *
   * @internal
   */
  get secret(): string | undefined {
    return this.settings.secret;
  }

  /** Returns the counts as metrics for OpenTelemetry and Prometheus. */
  metrics(): Metric[] {
    return metricsOf(this.stats());
  }

  /**
   * Writes the waiting records. Resolves when every record so far has been written or dropped, without
   * a time limit. Never rejects.
   */
  async flush(): Promise<void> {
    await this.write(undefined);
  }

  /**
   * Writes the waiting records and closes the sinks. Records that are not written in time are dropped
   * and counted, like all later records. Never rejects; may be called again. Resolves at most a second
   * after `timeoutMs`, even if a sink never responds.
   *
   * @param options `timeoutMs`: the time to wait for the sinks. Default: the option `closeTimeoutMs`
   */
  close({ timeoutMs = this.settings.closeTimeoutMs }: { timeoutMs?: number } = {}): Promise<void> {
    this.closing ??= this.drainAndClose(timeoutMs);
    return this.closing;
  }

  /** Calls `close()`: `await using exposures = createExposures(…)`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /**
   * Writes the waiting records until the time is over. Never rejects.
   *
   * @internal
   */
  async drain(timeoutMs = this.settings.closeTimeoutMs): Promise<void> {
    const patience = new AbortController();
    const timer = realTimers.setTimeout(() => patience.abort(), timeoutMs);
    await this.write(patience.signal);
    // Only once more, for records that came meanwhile: under load there are always some.
    await this.write(patience.signal);
    realTimers.clearTimeout(timer);
  }

  /**
   * Watches the splits of a client's experiments.
   *
   * @internal
   */
  attach(inForce: InForce): void {
    this.clients.push(inForce);
  }

  /**
   * Records an exposure to an experiment of the specification.
   *
   * @param identity the path of the unit. Default: the path that decided
   * @returns the record, or the reason why none was created
   * @internal
   */
  recordExposure(
    outcome: Outcome,
    unit: string | undefined,
    context: object,
    visitor: Visitor | undefined,
    identity?: string,
  ): ExposureRecord | NotRecorded {
    const recorded = this.recorder.exposure(outcome, unit, context, visitor, identity);
    return this.keep(recorded, outcome.experiment.spec);
  }

  /**
   * Records an exposure to an experiment of a namespace.
   *
   * @internal
   */
  recordNamespaceExposure(
    exposure: NamespaceExposure,
    context: object,
    visitor: Visitor | undefined,
  ): ExposureRecord | NotRecorded {
    return this.keep(this.recorder.exposureInNamespace(exposure, context, visitor), undefined);
  }

  /**
   * Records an event of a participant.
   *
   * @returns the problem, if the event can't be recorded
   * @internal
   */
  recordOutcome(event: TrackedEvent, visitor: Visitor | undefined): string | undefined {
    const happening = readHappening(event);
    if ('problem' in happening) return happening.problem;
    const units = this.units.read(event, visitor);
    this.push(this.recorder.outcome({ ...happening, units }, event.context));
    return undefined;
  }

  /**
   * Records an entry that an experiment of `evenhand/planout` logged.
   *
   * @param identity the name of the unit in exposures
   * @param unit undefined if it is missing
   * @internal
   */
  recordPlanout(log: ExperimentRecord, identity: string, unit: string | undefined): void {
    const { recorder } = this;
    if (log.event === 'exposure') {
      const subject = recorder.subjectOf(log.name, log.salt, log.checksum, identity);
      const variant = paramsText(log.params);
      const overridden = log.overridden === true;
      const exposure = { ...UNDEALT, subject, variant, unit, overridden };
      this.keep(recorder.exposureOf(exposure, {}), undefined);
      return;
    }
    const happening = readHappening({ name: log.event, properties: log.extra_data });
    if ('problem' in happening) {
      this.once.warn(happening.problem, `evenhand: logEvent(): ${happening.problem}`);
      return;
    }
    const units = new Map(unit === undefined ? [] : [[identity, unit]]);
    this.push(recorder.outcome({ ...happening, units }, {}));
  }

  private keep(
    recorded: Recorded<ExposureRecord> | NotRecorded,
    spec: ExperimentSpec | undefined,
  ): ExposureRecord | NotRecorded {
    if (recorded === undefined) return undefined;
    if (recorded === 'known' || recorded === 'unseen') {
      if (recorded === 'known') this.deduplicated++;
      else this.ignored++;
      return recorded;
    }
    this.push(recorded);
    if (spec !== undefined) this.watch.add(recorded.record, spec);
    return recorded.record;
  }

  private push({ record, bytes }: Recorded): void {
    this.recorded++;
    if (this.leave === undefined && this.closing === undefined) this.begin();
    for (const queue of this.queues) queue.push(record, bytes);
  }

  private async write(patience: AbortSignal | undefined): Promise<void> {
    await Promise.all(this.queues.map((queue) => queue.flush(patience)));
  }

  private inForce(experiment: string): ExperimentSpec | undefined {
    for (const inForce of this.clients) {
      const spec = inForce(experiment);
      if (spec !== undefined) return spec;
    }
    return undefined;
  }

  /** Adds the handlers of the process's end, with the first record: not every process records. */
  private begin(): void {
    this.leave = this.queues.length === 0 ? () => {} : drainAtEnd(this.asDrainable());
  }

  private asDrainable(): Drainable {
    const pending = (): number => this.queues.reduce((total, queue) => total + queue.pending, 0);
    return {
      drainsOnSignals: this.settings.drainOnSignals,
      pending,
      drain: () => this.drain(),
      reportLost: () => {
        const count = pending();
        this.logger.error(
          `evenhand: the process ends with ${count} ${count === 1 ? 'record' : 'records'} not written`,
        );
      },
    };
  }

  private async drainAndClose(timeoutMs: number): Promise<void> {
    const began = performance.now();
    await this.drain(timeoutMs);
    const leftMs = Math.round(timeoutMs - (performance.now() - began));
    const patienceMs = Math.max(MIN_CLOSE_MS, leftMs);
    await Promise.all(this.queues.map((queue) => queue.close(patienceMs)));
    this.leave?.();
  }
}

/**
 * Returns the way to run shared work, and the logger of it. A batch has the records of many requests,
 * so it is written, and its failure logged, in the async context in which the recorder was created. In
 * that of one request, `AsyncLocalStorage` would give the others' records that request's store.
 */
function sharedWork(logger: Logger): Pick<QueueSettings, 'outside' | 'logger'> {
  const context = new AsyncResource('evenhand');
  const outside = <Result>(run: () => Result): Result => context.runInAsyncScope(run);
  return {
    outside,
    logger: {
      warn: (message) => outside(() => logger.warn(message)),
      error: (message) => outside(() => logger.error(message)),
    },
  };
}
