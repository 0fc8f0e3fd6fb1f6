import { checkOptions, type OptionChecks } from '../options/check-options.ts';
import type { Participant } from '../assignment/participant.ts';
import type { AssignmentPolicy, DecisionCounts } from '../assignment/policy.ts';
import { type ParticipantOptions, Snapshot } from '../assignment/snapshot.ts';
import type { Exposures, InForce } from '../exposures/exposures.ts';
import type { Metric } from '../exposures/metrics/metric.ts';
import { type ClientExposures, setUpExposures } from '../exposures/setup.ts';
import { milliseconds } from '../options/numbers.ts';
import { recordContextShape, type ShapeRecorder } from './context-shape/shape-recorder.ts';
import { isChanged } from './is-changed.ts';
import { DecisionErrors } from './decision-errors.ts';
import type { ClientEvents } from './events.ts';
import { LiveSnapshot } from './live-snapshot.ts';
import { clientMetrics } from './metrics/client-metrics.ts';
import {
  clientChecks,
  type ClientOptions,
  splitClientOptions,
  type SplitOptions,
} from './options.ts';
import type { ClientStatus } from './status.ts';

/**
 * Makes a client, which decides without Express: for jobs and scripts.
 *
 * A file or a specification in memory is loaded before this returns. A source that answers with a
 * promise has to be awaited: `await client.ready()`.
 *
 * @throws OptionError (`option`) for invalid options
 * @throws SourceError (`source`) if the source can't deliver
 * @throws SpecError (`json`, `spec`) for an invalid specification, with every problem
 */
export function createClient(options: ClientOptions = {}): Client {
  options = checkOptions('createClient()', options, clientChecks);
  return new Client(splitClientOptions(options));
}

/** Options of `ready()`. */
export interface ReadyOptions {
  /**
   * The longest time to wait, in milliseconds, [0, 86400000]. Failed loads don't end the wait, because
   * the source is loaded again. @default until the first load has ended
   */
  timeoutMs?: number;
}

const readyChecks: OptionChecks = new Map([['timeoutMs', milliseconds(0)]]);

/** A client made by `createClient()`: the snapshot in force, and its source. */
export class Client {
  /**
   * The policy of all decisions.
   *
   * @internal
   */
  readonly policy: AssignmentPolicy;
  private readonly live: LiveSnapshot;
  private readonly decisions: DecisionCounts;
  private readonly observed: ClientExposures | undefined;
  private readonly shape: ShapeRecorder | undefined;
  private counted: DecisionErrors | undefined;
  private closing: Promise<void> | undefined;

  /** Made by `createClient()` and `evenhand()`. */
  constructor({ client: settings, observing }: SplitOptions) {
    const policy: AssignmentPolicy = {
      ...settings.policy,
      failed: (error, part, participant) => {
        this.decisionErrors.note(error, part);
        this.observed?.hooks?.error(error, part, participant);
      },
    };
    this.policy = policy;
    this.decisions = policy.counts;
    const inForce: InForce = (name) => this.live.snapshot?.specOf(name);
    this.observed = observing && setUpExposures(observing, policy, inForce);
    const observer = this.observed?.observer;
    const { recordContextShape: path } = settings;
    this.shape = path === undefined ? undefined : recordContextShape(path, policy.once, observer);
    const listener = this.shape ?? observer;
    this.live = new LiveSnapshot(
      settings,
      (specification, revision) => Snapshot.steps(specification, policy, listener, revision),
      (before, after) => this.counted?.forget((part) => isChanged(part, before, after)),
    );
  }

  /**
   * Resolves when the client has experiments; immediately for a file or a specification.
   *
   * Rejects if nothing stands in for a failing source: with SourceError (`source`) if the source can't
   * deliver, with SpecError (`json`, `spec`) for an invalid specification. Rejects with OptionError
   * (`option`) for invalid options. The source is loaded again, so a later call may resolve.
   */
  async ready(options: ReadyOptions = {}): Promise<void> {
    const { timeoutMs } = checkOptions('ready()', options, readyChecks);
    await this.live.ready(timeoutMs);
  }

  /**
   * Loads the source at once, even while it waits after a failure. Resolves when the answer is in force,
   * also if nothing has changed. The source is asked after the call, so a change made before it is in the
   * answer; calls made while a load runs share the next one. A file without `watch` is read again, and a
   * specification in memory is read again as it is now. The process stays alive until the promise settles.
   *
   * Rejects if the answer can't be used; the previous experiments stay in force: with SourceError
   * (`source`) if the source can't deliver or the client is closed, with SpecError (`json`, `spec`) for an
   * invalid specification.
   */
  reload(): Promise<void> {
    return this.live.reload();
  }

  /**
   * Returns the snapshot in force. It is immutable; keep it to decide with the same experiments.
   *
   * @throws SourceError (`source`) before `ready()` has resolved; the error of `ready()` if it rejected
   */
  experiments(): Snapshot {
    const { snapshot } = this.live;
    if (snapshot === undefined) throw this.live.absence;
    return snapshot;
  }

  /**
   * Makes a participant for a context: `client.participant({ user }).variant('experiment_1')`.
   *
   * @throws ContextError (`context`) if the context is not an object
   * @throws SourceError (`source`) before `ready()` has resolved
   */
  participant(context?: object, options?: ParticipantOptions): Participant {
    return this.experiments().participant(context, options);
  }

  /**
   * Adds a listener of an event: `ready`, `changed`, `stale` or `error`. No event needs a listener, and
   * an error thrown by a listener is logged.
   *
   * @returns a function that removes the listener
   */
  on<Name extends keyof ClientEvents>(
    name: Name,
    listener: (event: ClientEvents[Name]) => void,
  ): () => void {
    return this.live.listeners.on(name, listener);
  }

  /**
   * Returns the status of the client: the snapshot in force, its age, the current problem of the source,
   * and the experiments whose decisions fail.
   */
  status(): ClientStatus {
    const status = this.live.status();
    const failing = this.counted?.failing() ?? [];
    const degraded = status.state === 'ready' && failing.length > 0;
    return { ...status, state: degraded ? 'degraded' : status.state, failing };
  }

  /**
   * The counts of the decisions that failed.
   *
   * @internal
   */
  get decisionErrors(): DecisionErrors {
    // Created when it is needed: most clients have no errors.
    this.counted ??= new DecisionErrors();
    return this.counted;
  }

  /** The recorder of exposures; undefined without the options `exposures` and `hooks`. */
  get exposures(): Exposures | undefined {
    return this.observed?.exposures;
  }

  /**
   * Returns the metrics for OpenTelemetry and Prometheus: about the source, the experiments in force and
   * failed decisions, and about exposures if they are recorded.
   */
  metrics(): Metric[] {
    const { loads } = this.live;
    const own = clientMetrics({
      status: this.status(),
      loads,
      decisions: this.decisions,
      errors: this.decisionErrors,
    });
    return [...own, ...(this.observed?.exposures.metrics() ?? [])];
  }

  /**
   * Closes the source, and writes the queued exposures and the file of `recordContextShape`. Sinks are
   * closed too, except those of `createExposures()`. Decisions keep using the last snapshot. Further
   * calls return the same promise.
   *
   * Never rejects: what can't be closed is logged, and the rest is closed anyway. Resolves at most a
   * second after `closeTimeoutMs` or after five seconds, whichever is later.
   */
  close(): Promise<void> {
    this.closing ??= this.closeAll();
    return this.closing;
  }

  private async closeAll(): Promise<void> {
    await Promise.all([this.live.close(), this.observed?.close(), this.shape?.close()]);
  }

  /**
   * The snapshot in force; before the first one, the snapshot without experiments, or undefined.
   *
   * @internal
   */
  get inForce(): Snapshot | undefined {
    return this.live.snapshot;
  }

  /**
   * Resolves to the snapshot for a request that arrived before there was one; waits `startTimeoutMs`.
   *
   * @internal
   */
  admit(): Promise<Snapshot> {
    return this.live.admit();
  }
}
