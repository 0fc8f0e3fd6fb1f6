import { checkOptions, type OptionChecks } from '../options/check-options.ts';
import type { Participant } from '../assignment/participant.ts';
import { type ParticipantOptions, Snapshot } from '../assignment/snapshot.ts';
import type { Exposures, InForce } from '../exposures/exposures.ts';
import type { Metric } from '../exposures/metrics/metric.ts';
import { type ClientExposures, setUpExposures } from '../exposures/setup.ts';
import { milliseconds } from '../options/numbers.ts';
import type { ClientEvents } from './events.ts';
import { LiveSnapshot } from './live-snapshot.ts';
import {
  clientChecks,
  type ClientOptions,
  splitClientOptions,
  type SplitOptions,
} from './options.ts';
import type { ClientStatus } from './status.ts';

/**
 * Experiments from a source, ready to decide; Evenhand without Express, for jobs and scripts.
 *
 * A file or a specification in memory is loaded at once. A source that answers with a promise has to
 * be awaited: `await client.ready()`.
 *
 * @throws OptionError (`option`) for options that can't be meant
 * @throws SourceError (`source`) where the source can't deliver
 * @throws SpecError (`json`, `spec`) for a bad specification, with every problem
 */
export function createClient(options: ClientOptions = {}): Client {
  checkOptions('createClient()', options, clientChecks);
  return new Client(splitClientOptions(options));
}

/** What `ready()` takes. */
export interface ReadyOptions {
  /**
   * Waits that long, through failures, since the source is asked again: in milliseconds,
   * [0, 86400000]. @default until the first load has ended
   */
  timeoutMs?: number;
}

const readyChecks: OptionChecks = new Map([['timeoutMs', milliseconds(0)]]);

/** What `createClient()` makes: the snapshot in force, and its source. */
export class Client {
  private readonly live: LiveSnapshot;
  private readonly observed: ClientExposures | undefined;
  private closing: Promise<void> | undefined;

  /** Made by `createClient()` and `evenhand()`. */
  constructor({ client: settings, observing }: SplitOptions) {
    const { policy } = settings;
    const inForce: InForce = (name) => this.live.snapshot?.specOf(name);
    this.observed = observing && setUpExposures(observing, policy, inForce);
    const observer = this.observed?.observer;
    this.live = new LiveSnapshot(settings, (specification, revision) =>
      Snapshot.steps(specification, policy, observer, revision),
    );
  }

  /**
   * Resolves when there are experiments to decide by; at once for a file or a specification.
   *
   * Rejects with SourceError (`source`) where the source can't deliver, with SpecError (`json`,
   * `spec`) for a bad specification, and nothing stands in for it; with OptionError (`option`) for
   * options that can't be meant. The source is asked again: a later call may resolve.
   */
  async ready(options: ReadyOptions = {}): Promise<void> {
    checkOptions('ready()', options, readyChecks);
    await this.live.ready(options.timeoutMs);
  }

  /**
   * The set of experiments in force; immutable, so it can be kept for as long as one set is wanted.
   *
   * @throws SourceError (`source`) before `ready()` has resolved; why it rejected, after that
   */
  experiments(): Snapshot {
    const { snapshot } = this.live;
    if (snapshot === undefined) throw this.live.absence;
    return snapshot;
  }

  /**
   * A participant for a context: `client.participant({ user }).variant('experiment_1')`.
   *
   * @throws ContextError (`context`) where the context is no object
   * @throws SourceError (`source`) before `ready()` has resolved
   */
  participant(context?: object, options?: ParticipantOptions): Participant {
    return this.experiments().participant(context, options);
  }

  /**
   * Calls a listener at each event of a name: `ready`, `changed`, `stale`, `error`. Nobody has to
   * listen, and a listener that throws is logged.
   *
   * @returns removes the listener
   */
  on<Name extends keyof ClientEvents>(
    name: Name,
    listener: (event: ClientEvents[Name]) => void,
  ): () => void {
    return this.live.listeners.on(name, listener);
  }

  /** How the client is: what is in force, since when, and what is wrong. */
  status(): ClientStatus {
    return this.live.status();
  }

  /** What records exposures; undefined without the options `exposures` and `hooks`. */
  get exposures(): Exposures | undefined {
    return this.observed?.exposures;
  }

  /** The figures of exposures, for OpenTelemetry and Prometheus; empty where nothing is recorded. */
  metrics(): Metric[] {
    return this.observed?.exposures.metrics() ?? [];
  }

  /**
   * Closes the source, and writes the exposures that wait; the sinks are closed too, but for those of
   * `createExposures()`. Decisions go on with the last snapshot. May be called again.
   */
  close(): Promise<void> {
    this.closing ??= this.closeAll();
    return this.closing;
  }

  private async closeAll(): Promise<void> {
    await Promise.all([this.live.close(), this.observed?.close()]);
  }

  /**
   * The snapshot in force, if there is one; the one without experiments, where that is wanted.
   *
   * @internal
   */
  get inForce(): Snapshot | undefined {
    return this.live.snapshot;
  }

  /**
   * The snapshot for a request that has come before there was one: waits, but not for long.
   *
   * @internal
   */
  admit(): Promise<Snapshot> {
    return this.live.admit();
  }
}
