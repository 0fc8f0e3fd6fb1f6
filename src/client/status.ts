import type { Snapshot } from '../assignment/snapshot.ts';
import type { ErrorCode, EvenhandError } from '../errors/evenhand-error.ts';
import type { SourceKeeper } from '../sources/keeping/source-keeper.ts';
import type { ChangeNote } from '../specification/raw.ts';
import type { SchedulePlace } from '../specification/schedule/schedule.ts';
import type { Revision } from '../specification/types.ts';
import type { FailingPart } from './decision-errors.ts';

/** The provider of the experiments in force: the source, or the stand-in for a source that is down. */
export type Provider = 'source' | 'cache' | 'bootstrap';

/**
 * The state of a client. `starting`: the first load has not ended. `failed`: loads have failed and
 * there are no experiments yet. `stale`: the source has not confirmed the experiments for too long.
 * `degraded`: not stale, but decisions of some experiments fail (see `failing`). Otherwise `ready`.
 */
export type ClientState = 'starting' | 'failed' | 'ready' | 'stale' | 'degraded';

/** The snapshot that decides now, and its origin. */
export interface InForce {
  readonly snapshot: Snapshot;
  readonly revision: Revision | undefined;
  readonly provider: Provider;
  /** ISO 8601. */
  readonly since: string;
}

/** The facts about a snapshot that comes into force. */
export interface Arrival extends Pick<InForce, 'revision' | 'provider'> {
  /** The source's notes about the changes. */
  readonly changes: readonly ChangeNote[] | undefined;
}

/** The parts of a client that its status is made from. */
interface StatusParts extends Pick<ClientStatus, 'state' | 'ready' | 'source'> {
  readonly current: InForce | undefined;
  readonly trouble: {
    readonly error: EvenhandError | undefined;
    readonly since: string | undefined;
  };
  readonly keeper: Pick<SourceKeeper, 'ageMs' | 'isWatched'>;
  /** Undefined if no specification has had a schedule. */
  readonly place: SchedulePlace | undefined;
}

/** Returns the status of a client, without the decisions that fail. */
export function statusOf(parts: StatusParts): Omit<ClientStatus, 'failing'> {
  const { state, ready, source, current, trouble, keeper, place } = parts;
  return {
    state,
    ready,
    source,
    provider: current?.provider,
    origin: current?.snapshot.origin,
    revision: current?.revision,
    experiments: current?.snapshot.experiments.length ?? 0,
    namespaces: current?.snapshot.namespaces.length ?? 0,
    inForceSince: current?.since,
    lastSwitch: place?.since,
    nextSwitch: place?.next,
    ageMs: keeper.ageMs,
    watching: keeper.isWatched,
    problem: trouble.error,
    problemSince: trouble.since,
  };
}

/** The full status of a client, for your own logs and dashboards. */
export interface ClientStatus {
  readonly state: ClientState;
  /** True if decisions can be made: with experiments, or with none under `startWithout: 'fallback'`. */
  readonly ready: boolean;
  /** The source's name: `file`, `http`. */
  readonly source: string;
  /** The provider of the experiments; undefined before there are any, like the next two fields. */
  readonly provider: Provider | undefined;
  /** The origin of the experiments: a file's path, an address without secrets. */
  readonly origin: string | undefined;
  /** The source's own revision, or a hash of the content. */
  readonly revision: Revision | undefined;
  /** The number of experiments and switches in force; 0 before there are any. */
  readonly experiments: number;
  /** The number of namespaces in force; 0 before there are any. */
  readonly namespaces: number;
  /** The time at which the experiments came into force: ISO 8601; undefined before. */
  readonly inForceSince: string | undefined;
  /** The latest instant of a schedule that has passed: ISO 8601; undefined if there is none. */
  readonly lastSwitch: string | undefined;
  /** The next instant of a schedule, at which audiences change: ISO 8601; undefined if there is none. */
  readonly nextSwitch: string | undefined;
  /** Milliseconds since the source last confirmed the experiments; undefined for a source that loads once. */
  readonly ageMs: number | undefined;
  /** True while the source watches for changes; otherwise it is polled, or loaded only once. */
  readonly watching: boolean;
  /** The current problem; undefined if there is none. */
  readonly problem: EvenhandError | undefined;
  /** The start of the problem: ISO 8601. */
  readonly problemSince: string | undefined;
  /**
   * The experiments and namespaces whose decisions fail, the last failure first. An entry disappears
   * when a new revision changes the experiment, or after ten minutes without a failure.
   */
  readonly failing: readonly FailingPart[];
}

/** The status of a client without messages, addresses or paths: safe to show to anyone. */
export interface HealthReport {
  readonly state: ClientState;
  /** True if decisions can be made. */
  readonly ready: boolean;
  readonly source: string;
  readonly provider: Provider | null;
  readonly revision: Revision | null;
  /** Whole seconds since the source last confirmed the experiments. */
  readonly ageSeconds: number | null;
  readonly watching: boolean;
  /** The code and start of the current problem; its message is in the log. */
  readonly problem: { readonly code: ErrorCode; readonly since: string } | null;
  /** The number of entries in the `failing` of the status. */
  readonly failing: number;
}

const MS_PER_SECOND = 1000;

/** Returns the part of a status that is safe to show to anyone. */
export function healthOf(status: ClientStatus): HealthReport {
  const { state, ready, source, provider, revision, ageMs, watching, problem, problemSince } =
    status;
  return {
    state,
    ready,
    source,
    provider: provider ?? null,
    revision: revision ?? null,
    ageSeconds: ageMs === undefined ? null : Math.floor(ageMs / MS_PER_SECOND),
    watching,
    problem:
      problem === undefined || problemSince === undefined
        ? null
        : { code: problem.code, since: problemSince },
    failing: status.failing.length,
  };
}
