import type { EvenhandError } from '../errors/evenhand-error.ts';
import type { Logger } from '../runtime/logger.ts';
import type { Revision } from '../specification/types.ts';
import { thrownMessage } from '../errors/thrown.ts';
import { watchRejection } from '../runtime/thenable.ts';
import type { Change, ChangedNames } from './change.ts';
import type { Provider } from './status.ts';

/** The event of a client that has experiments for the first time. */
export interface ReadyEvent {
  /**
   * The source's own revision, or a hash of the content. While a schedule's step is in force, its instant
   * follows: `7@2026-12-01T09:00:00Z`.
   */
  readonly revision: Revision | undefined;
  /** The origin of the experiments: a file's path, an address. */
  readonly origin: string;
  /** The provider of the experiments: the source, or its stand-in. */
  readonly provider: Provider;
}

/** The event of other experiments in force. Running requests keep the ones they started with. */
export interface ChangedEvent extends ReadyEvent, ChangedNames {
  /** The changes one by one, with their authors: experiments and switches first, then namespaces, holdouts and metrics. */
  readonly changes: readonly Change[];
}

/** The event of a source that has not confirmed the experiments in force for too long. */
export interface StaleEvent {
  readonly revision: Revision | undefined;
  /** Milliseconds since the last confirmation; undefined if the source has never delivered. */
  readonly ageMs: number | undefined;
}

/** The events of a client, by name, with the argument of their listeners. */
export interface ClientEvents {
  ready: ReadyEvent;
  changed: ChangedEvent;
  stale: StaleEvent;
  /** Emitted once for each problem until it is over; it needs no listener. */
  error: EvenhandError;
}

type Listener<Name extends keyof ClientEvents> = (event: ClientEvents[Name]) => void;

/** The listeners of a client's events. An error thrown by a listener is logged. */
export class Listeners {
  private readonly logger: Logger;
  private readonly byName: { [Name in keyof ClientEvents]: Set<Listener<Name>> } = {
    ready: new Set(),
    changed: new Set(),
    stale: new Set(),
    error: new Set(),
  };

  /** @param logger one that does not throw */
  constructor(logger: Logger) {
    this.logger = logger;
  }

  /** Adds a listener and returns the function that removes it. */
  on<Name extends keyof ClientEvents>(name: Name, listener: Listener<Name>): () => void {
    const listeners: Set<Listener<Name>> = this.byName[name];
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  /** Returns true if an event has a listener. */
  has(name: keyof ClientEvents): boolean {
    return this.byName[name].size > 0;
  }

  /** Calls the listeners of an event. */
  emit<Name extends keyof ClientEvents>(name: Name, event: ClientEvents[Name]): void {
    const listeners: Set<Listener<Name>> = this.byName[name];
    for (const listener of Array.from(listeners)) {
      try {
        // The type says void, but a listener may be async.
        watchRejection(listener(event), (error) => this.threw(name, error));
      } catch (error) {
        this.threw(name, error);
      }
    }
  }

  private threw(name: string, error: unknown): void {
    this.logger.error(`evenhand: a listener of "${name}" threw: ${thrownMessage(error)}`);
  }
}

/** The number of different problems that are remembered; then all are forgotten. */
const MAX_PROBLEMS = 100;

/** The problems that have been reported, so that one met at every load is reported once until it is over. */
export class ReportedProblems {
  private readonly messages = new Set<string>();

  /** Remembers a problem; returns true if it was not known. */
  isNew(problem: EvenhandError): boolean {
    if (this.messages.has(problem.message)) return false;
    if (this.messages.size >= MAX_PROBLEMS) this.messages.clear();
    this.messages.add(problem.message);
    return true;
  }

  /** Forgets all problems; returns whether there were any. */
  clear(): boolean {
    const any = this.messages.size > 0;
    this.messages.clear();
    return any;
  }
}

/** The current problem of a source. It is logged and emitted once, until it is over. */
export class CurrentProblem {
  /** Undefined if there is no problem. */
  error: EvenhandError | undefined;
  /** The start of the problem: ISO 8601. */
  since: string | undefined;
  private readonly reported = new ReportedProblems();
  private readonly logger: Logger;
  private readonly listeners: Listeners;

  /** @param logger one that does not throw */
  constructor(logger: Logger, listeners: Listeners) {
    this.logger = logger;
    this.listeners = listeners;
  }

  /**
   * Notes a problem and reports it if it is new.
   *
   * @param consequence the second line of the log entry; empty for none
   */
  note(problem: EvenhandError, consequence: string): void {
    this.error = problem;
    this.since ??= new Date().toISOString();
    if (!this.reported.isNew(problem)) return;
    this.logger.error(
      `evenhand: ${problem.message}${consequence === '' ? '' : `\n  ${consequence}`}`,
    );
    this.listeners.emit('error', problem);
  }

  /** Notes that the problem is over; returns whether one had been reported. */
  end(): boolean {
    this.error = undefined;
    this.since = undefined;
    return this.reported.clear();
  }
}
