import type { EvenhandError } from '../errors/evenhand-error.ts';
import type { Logger } from '../runtime/logger.ts';
import type { Revision } from '../specification/types.ts';
import { thrownMessage } from '../errors/thrown.ts';
import type { ChangedNames } from './changed-names.ts';
import type { Provider } from './status.ts';

/** There are experiments to decide by, for the first time. */
export interface ReadyEvent {
  readonly revision: Revision | undefined;
  /** Where they came from: a file's path, an address. */
  readonly origin: string;
  /** Who gave them: the source, or what stands in for it. */
  readonly provider: Provider;
}

/** Other experiments are in force. Requests under way keep those they began with. */
export interface ChangedEvent extends ReadyEvent, ChangedNames {}

/** What is in force has not been confirmed by the source for too long; decisions go on with it. */
export interface StaleEvent {
  readonly revision: Revision | undefined;
  /** Since when, in milliseconds; undefined where the source has never delivered. */
  readonly ageMs: number | undefined;
}

/** The events of a client, by name, with what their listeners are given. */
export interface ClientEvents {
  ready: ReadyEvent;
  changed: ChangedEvent;
  stale: StaleEvent;
  /** Once for each problem, until it is over. Nobody has to listen. */
  error: EvenhandError;
}

type Listener<Name extends keyof ClientEvents> = (event: ClientEvents[Name]) => void;

/** Who listens to a client's events. A listener that throws harms nobody: it is logged. */
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

  /** Adds a listener; gives the function that removes it. */
  on<Name extends keyof ClientEvents>(name: Name, listener: Listener<Name>): () => void {
    const listeners: Set<Listener<Name>> = this.byName[name];
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  /** Whether anybody listens. */
  has(name: keyof ClientEvents): boolean {
    return this.byName[name].size > 0;
  }

  /** Tells whoever listens. */
  emit<Name extends keyof ClientEvents>(name: Name, event: ClientEvents[Name]): void {
    const listeners: Set<Listener<Name>> = this.byName[name];
    for (const listener of Array.from(listeners)) {
      try {
        // It may be async all the same.
        Promise.resolve(listener(event)).catch((error: unknown) => this.threw(name, error));
      } catch (error) {
        this.threw(name, error);
      }
    }
  }

  private threw(name: string, error: unknown): void {
    this.logger.error(`evenhand: a listener of "${name}" threw: ${thrownMessage(error)}`);
  }
}
