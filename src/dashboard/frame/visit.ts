import type { Snapshot } from '../../assignment/snapshot.ts';
import type { ClientStatus } from '../../client/status.ts';
import type { UsageReport } from '../../workbench/usage/usage-report.ts';
import type { ResultsBoard } from '../results/results-board.ts';
import type { DocumentPart, Workspace } from '../store/workspace.ts';
import type { Revision } from '../../specification/types.ts';
import type { Right } from './rights.ts';
import type { Tab } from './tabs.ts';

/** A change that was written or is proposed. */
export interface WrittenChange {
  readonly part: DocumentPart;
  /** The part as JSON before and after; undefined where it does not exist. */
  readonly before: string | undefined;
  readonly after: string | undefined;
  /** The whole JSON before and after. */
  readonly documentBefore: string;
  readonly documentAfter: string;
  readonly author: string;
  readonly reason: string;
  /** The revision of the store after a write; undefined for a proposal. */
  readonly revision: Revision | undefined;
}

/** Proposes a change and returns its address, if it has one. Bounded in time; may reject. */
export type Propose = (change: WrittenChange) => Promise<string | undefined>;

/** The parts of a mounted dashboard that all its pages use. */
export interface Board {
  /** The application's name, for the header. */
  readonly name: string;
  /** `production` asks before each write. */
  readonly environment: string;
  /** Returns the snapshot in force; undefined before the first one. */
  readonly inForce: () => Snapshot | undefined;
  readonly status: () => ClientStatus;
  /** Loads the source at once; it may reject. */
  readonly reload: () => Promise<void>;
  readonly results: ResultsBoard;
  /** The store; undefined for a dashboard that only reads. */
  readonly workspace: Workspace | undefined;
  /** Proposes a change of a source that can't be written; undefined if the application offers no way. */
  readonly propose: Propose | undefined;
  /** Called after each write; it never throws. */
  readonly told: (change: WrittenChange) => void;
  /** The places in the code; undefined if they are not known. */
  readonly usage: () => UsageReport | undefined;
  /** Returns the value to show for a context path: the value itself, or "hidden". */
  readonly redact: (path: string, value: unknown) => unknown;
  /** The IANA time zone of all times on pages. */
  readonly timeZone: string;
  /** The tabs of the header. */
  readonly tabs: readonly Tab[];
  /** Rows a page. */
  readonly pageSize: number;
}

/** One request for a page, after the checks of access. */
export interface Visit {
  readonly board: Board;
  /** The snapshot in force when the request came; a request sees only this one. */
  readonly snapshot: Snapshot;
  /** The parts of the path that the page's pattern leaves open, decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** The query, at most 8 KB. */
  readonly query: URLSearchParams;
  /** The rights of the visitor to write; empty without a store. */
  readonly rights: ReadonlySet<Right>;
  /** The visitor's name, as the application gives it; undefined without a store. */
  readonly author: string | undefined;
  /** The time of the request in milliseconds since 1970. */
  readonly now: number;
  /**
   * Returns the address of a page of the dashboard relative to this page, so that it works behind every
   * proxy: `link('experiments/checkout_steps')`, `link('', { state: 'stale' })`. Path parts are encoded.
   *
   * @param path from the dashboard's root, without a slash at its beginning; '' is the list of experiments
   */
  readonly link: (
    path: string,
    query?: Readonly<Record<string, string | number | undefined>>,
  ) => string;
}
