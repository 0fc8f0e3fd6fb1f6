import type { ErrorCode, EvenhandError } from '../errors/evenhand-error.ts';
import type { Revision } from '../specification/types.ts';

/** Who gave the experiments in force: the source; or, as it could not, the cache file or `bootstrap`. */
export type Provider = 'source' | 'cache' | 'bootstrap';

/**
 * How a client is: `starting` before the first load has ended; `failed` where it ended badly and there
 * are no experiments yet; `stale` where what is in force has not been confirmed for too long; else
 * `ready`.
 */
export type ClientState = 'starting' | 'failed' | 'ready' | 'stale';

/** How a client is, in full: for logs and dashboards of your own. */
export interface ClientStatus {
  readonly state: ClientState;
  /** Whether decisions can be made: there are experiments, or with `startWithout: 'fallback'` none. */
  readonly ready: boolean;
  /** The source's name: `file`, `http`. */
  readonly source: string;
  /** Who gave what is in force; undefined where nothing is, as all that follows. */
  readonly provider: Provider | undefined;
  /** Where it came from: a file's path, an address without secrets. */
  readonly origin: string | undefined;
  /** The source's own, or a hash of the content. */
  readonly revision: Revision | undefined;
  /** When it was put in force: ISO 8601. */
  readonly inForceSince: string | undefined;
  /** How long ago the source confirmed it, in milliseconds; 0 or more. */
  readonly ageMs: number | undefined;
  /** Whether somebody is listening for changes; else the source is polled, or never asked again. */
  readonly watching: boolean;
  /** What is wrong now; undefined where nothing is. */
  readonly problem: EvenhandError | undefined;
  /** Since when it is: ISO 8601. */
  readonly problemSince: string | undefined;
}

/** How a client is, for everybody: no message, address or path is in it. */
export interface HealthReport {
  readonly state: ClientState;
  /** Whether decisions can be made. */
  readonly ready: boolean;
  readonly source: string;
  readonly provider: Provider | null;
  readonly revision: Revision | null;
  /** How long ago the source confirmed what is in force, in whole seconds. */
  readonly ageSeconds: number | null;
  readonly watching: boolean;
  /** What is wrong now: the error's code, and since when. The message is in the log. */
  readonly problem: { readonly code: ErrorCode; readonly since: string } | null;
}

const MS_PER_SECOND = 1000;

/** The part of a status that may be shown to everybody. */
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
  };
}
